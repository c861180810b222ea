namespace Coracle.Node.Cri;

public enum ContainerChangeKind
{
    Created,
    Started,

    /// <summary>Its first process has ended. By the time this is delivered, a status call shows the exit.</summary>
    Stopped,

    Deleted,

    /// <summary>The kernel killed something in it for want of memory; a Stopped follows if that was its first process.</summary>
    OutOfMemory,

    /// <summary>
    /// The stream has (re)started and changes before it may have gone unseen: list everything anew. The first element of
    /// every stream; <see cref="ContainerChange.Id"/> is empty.
    /// </summary>
    Resync,
}

/// <summary>A hint that a container or a pod sandbox is no longer what it was; the runtime's status calls tell what it is.</summary>
/// <param name="Id">Of a container or of a sandbox.</param>
/// <param name="At">When the runtime saw it.</param>
public sealed record ContainerChange(ContainerChangeKind Kind, string Id, DateTimeOffset At);
