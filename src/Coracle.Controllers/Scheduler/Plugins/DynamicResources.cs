namespace Coracle.Controllers.Scheduling;

/// <summary>Devices that pods claim. There are no claims yet: what is here is what is said of pods without any when nothing fits.</summary>
public sealed class DynamicResources : Plugin, IPostFilter
{
    private readonly PostFilterResult nothing = new(Verdict.Unschedulable("no new claims to deallocate"));

    public override string Name => "DynamicResources";

    public PostFilterResult PostFilter(CycleState state, PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun) => nothing;
}
