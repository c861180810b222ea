using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>What every stored object carries: its identity, its place in time, and who owns it.</summary>
[ApiType]
public sealed partial class ObjectMeta
{
    /// <summary>The object's name, unique among its kind in its namespace. Cannot be changed.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>A prefix from which the server makes a unique name when no name is given.</summary>
    [Field(2)]
    public string GenerateName { get; set; } = "";

    /// <summary>The namespace in which the name is unique. Empty for kinds that live outside namespaces. Cannot be changed.</summary>
    [Field(3)]
    public string Namespace { get; set; } = "";

    /// <summary>No longer filled in by the system.</summary>
    [Field(4)]
    public string SelfLink { get; set; } = "";

    /// <summary>Given by the server at creation; differs from that of every other object, past ones of the same name included.</summary>
    [Field(5)]
    public string Uid { get; set; } = "";

    /// <summary>The version of this object, opaque to clients: it changes with every write and serves optimistic concurrency and watches.</summary>
    [Field(6)]
    public string ResourceVersion { get; set; } = "";

    /// <summary>Counts the changes of the desired state.</summary>
    [Field(7)]
    public long Generation { get; set; }

    /// <summary>When the server created the object, in UTC.</summary>
    [Field(8)]
    public DateTimeOffset? CreationTimestamp { get; set; }

    /// <summary>When deletion was asked for, plus the grace period. Once set it is never unset; the object goes when its finalizers are gone.</summary>
    [Field(9)]
    public DateTimeOffset? DeletionTimestamp { get; set; }

    /// <summary>Seconds for graceful termination before the object is removed. May only become shorter.</summary>
    [Field(10)]
    public long? DeletionGracePeriodSeconds { get; set; }

    /// <summary>Keys and values by which objects are organised and selected.</summary>
    [Field(11)]
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>Keys and values that tools attach; not for selecting.</summary>
    [Field(12)]
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>The objects that this one depends on: when all are gone it is collected. At most one of them is its controller.</summary>
    [Field(13), ListType("map", "uid"), Patch("merge", MergeKey = "uid")]
    public List<OwnerReference>? OwnerReferences { get; set; }

    /// <summary>Who must finish their work before the object may go, each removing its own entry.</summary>
    [Field(14), ListType("set"), Patch("merge")]
    public List<string>? Finalizers { get; set; }

    /// <summary>Which manager set which fields, kept by the server for apply.</summary>
    [Field(17), ListType("atomic")]
    public List<ManagedFieldsEntry>? ManagedFields { get; set; }
}
