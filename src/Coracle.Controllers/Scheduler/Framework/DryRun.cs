namespace Coracle.Controllers.Scheduling;

/// <summary>Asks "what if" about nodes, for a PostFilter: pods are thought onto nodes or away from them. All must be undone before it returns.</summary>
public sealed class DryRun
{
    private readonly SchedulingCycle cycle;
    private readonly Profile profile;
    private readonly CycleState state;
    private readonly PodInfo pod;

    internal DryRun(SchedulingCycle cycle, Profile profile, CycleState state, PodInfo pod) => (this.cycle, this.profile, this.state, this.pod) = (cycle, profile, state, pod);

    public Nominations Nominations => cycle.Nominations;

    /// <summary>All Filters, with regard to pods that are nominated to the node.</summary>
    public Verdict Fits(NodeInfo node) => cycle.Fits(profile, state, pod, node);

    public void Add(PodInfo other, NodeInfo node) => Assumption.Add(profile, state, pod, other, node);
    public void Remove(PodInfo other, NodeInfo node) => Assumption.Remove(profile, state, pod, other, node);
}
