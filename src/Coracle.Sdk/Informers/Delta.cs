using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>How an object of a cache changed.</summary>
public enum DeltaType
{
    /// <summary>The cache has it now.</summary>
    Added,

    /// <summary>It is another than before.</summary>
    Updated,

    /// <summary>The cache has it no more.</summary>
    Deleted,
}

/// <summary>
/// How one object of a cache changed. Replaying the deltas of an informer yields its cache, whatever happened to the connection: an object that
/// vanished while the watch was broken is told as Deleted, with its last known state.
/// </summary>
public readonly record struct Delta<T>(DeltaType Type, T? Old, T? New) where T : class, IKubernetesObject
{
    /// <summary>The object as it is, or as it was last known before it went.</summary>
    public T Object => New ?? Old!;
    /// <summary>The object's key.</summary>
    public Key Key => Key.Of(Object);

    /// <summary>Part of the first list, or of the replay to a handler that came later: nothing happened just now.</summary>
    public bool Initial { get; init; }

    /// <summary>Told again by a periodic resync: <see cref="Old"/> and <see cref="New"/> are the same object.</summary>
    public bool Resync { get; init; }
}

/// <summary>Which objects of a kind a cache holds.</summary>
public sealed record CacheScope
{
    /// <summary>Only those of this namespace; "" for all.</summary>
    public string Namespace { get; init; } = "";
    /// <summary>Only those whose labels match; "" for all.</summary>
    public string LabelSelector { get; init; } = "";
    /// <summary>Only those whose fields match; "" for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Every object of the kind.</summary>
    public static CacheScope All { get; } = new();
}
