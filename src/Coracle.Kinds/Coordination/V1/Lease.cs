using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Coordination.V1;

/// <summary>Says who holds something, and that the holder is alive: a leader, or a node.</summary>
[Kind("coordination.k8s.io/v1", "Lease", "leases", UnconditionalUpdate = false, CreateOnUpdate = true, Rules = typeof(LeaseRules))]
public sealed partial class Lease
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who holds it, and until when.</summary>
    [Field(2)]
    public LeaseSpec Spec { get; set; } = new();
}

/// <summary>Who holds a lease, and until when.</summary>
[ApiType]
public sealed partial class LeaseSpec
{
    /// <summary>The holder; free when absent or empty.</summary>
    [Field(1)]
    public string? HolderIdentity { get; set; }

    /// <summary>For how many seconds after renewTime others must respect the holder.</summary>
    [Field(2)]
    public int? LeaseDurationSeconds { get; set; }

    /// <summary>When the holder got the lease.</summary>
    [Field(3), MicroTime]
    public DateTimeOffset? AcquireTime { get; set; }

    /// <summary>When the holder last renewed it.</summary>
    [Field(4), MicroTime]
    public DateTimeOffset? RenewTime { get; set; }

    /// <summary>How often the holder changed.</summary>
    [Field(5)]
    public int? LeaseTransitions { get; set; }

    /// <summary>How the holder is chosen, where the server chooses it.</summary>
    [Field(6)]
    public string? Strategy { get; set; }

    /// <summary>Who had better be the holder; the present one is asked to let go.</summary>
    [Field(7)]
    public string? PreferredHolder { get; set; }
}

/// <summary>How the server chooses the holder of a lease.</summary>
public static class CoordinatedLeaseStrategy
{
    public const string OldestEmulationVersion = "OldestEmulationVersion";
}
