using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>The plugins of "default-scheduler", in the order of execution, with upstream's weights (apis/config/v1/default_plugins.go).</summary>
public static class DefaultProfile
{
    public const string SchedulerName = "default-scheduler";

    public static Profile New(Client client, string name = SchedulerName) => new(name,
    [
        new(new SchedulingGates()),
        new(new PrioritySort()),
        new(new NodeUnschedulable()),
        new(new NodeName()),
        new(new TaintToleration(), Weight: 3),
        new(new NodeAffinityMatch(), Weight: 2),
        new(new NodePorts()),
        new(new NodeResourcesFit()),
        new(new VolumeRestrictions()),
        new(new NodeVolumeLimits()),
        new(new VolumeBinding(client)),
        new(new VolumeZone()),
        new(new PodTopologySpread(), Weight: 2),
        new(new InterPodAffinity(), Weight: 2),
        new(new DynamicResources(client)),
        new(new DefaultPreemption(client, name)),
        new(new BalancedAllocation()),
        new(new ImageLocality()),
        new(new DefaultBinder(client)),
    ]);
}
