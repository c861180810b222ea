using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What to do at turning points of a container's life.</summary>
[ApiType]
public sealed partial class Lifecycle
{
    /// <summary>Done right after the start. When it fails, the container is restarted.</summary>
    [Field(1)]
    public LifecycleHandler? PostStart { get; set; }

    /// <summary>Done before the container is asked to stop, within the grace period.</summary>
    [Field(2)]
    public LifecycleHandler? PreStop { get; set; }

    /// <summary>The signal that asks the container to stop; the image's own unless given. Needs spec.os.name.</summary>
    [Field(3)]
    public string? StopSignal { get; set; }
}

/// <summary>What to do at a turning point of a container's life. One field is set.</summary>
[ApiType]
public sealed partial class LifecycleHandler
{
    /// <summary>Run a command in the container.</summary>
    [Field(1)]
    public ExecAction? Exec { get; set; }

    /// <summary>Send an HTTP request.</summary>
    [Field(2)]
    public HTTPGetAction? HttpGet { get; set; }

    /// <summary>No longer supported.</summary>
    [Field(3)]
    public TCPSocketAction? TcpSocket { get; set; }

    /// <summary>Wait.</summary>
    [Field(4)]
    public SleepAction? Sleep { get; set; }
}

/// <summary>A wait.</summary>
[ApiType]
public sealed partial class SleepAction
{
    /// <summary>How long.</summary>
    [Field(1), Required]
    public long Seconds { get; set; }
}
