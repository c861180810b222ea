using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Coordination.V1;

[Kind("coordination.k8s.io/v1", "Lease", "leases", UnconditionalUpdate = false, CreateOnUpdate = true, Rules = typeof(LeaseRules))]
public sealed partial class Lease
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public LeaseSpec Spec { get; set; } = new();
}

[ApiType]
public sealed partial class LeaseSpec
{
    [Field(1)]
    public string? HolderIdentity { get; set; }

    [Field(2)]
    public int? LeaseDurationSeconds { get; set; }

    [Field(3), MicroTime]
    public DateTimeOffset? AcquireTime { get; set; }

    [Field(4), MicroTime]
    public DateTimeOffset? RenewTime { get; set; }

    [Field(5)]
    public int? LeaseTransitions { get; set; }

    [Field(6)]
    public string? Strategy { get; set; }

    [Field(7)]
    public string? PreferredHolder { get; set; }
}

public static class CoordinatedLeaseStrategy
{
    public const string OldestEmulationVersion = "OldestEmulationVersion";
}
