namespace Coracle.Controllers.Scheduling;

/// <summary>Thinks a pod onto a node, or away from it, for the pod being scheduled: on the node itself and in what PreFilters prepared. Must be undone within the cycle.</summary>
internal static class Assumption
{
    public static void Add(Profile profile, CycleState state, PodInfo pod, PodInfo added, NodeInfo node)
    {
        node.Add(added);
        foreach (var (plugin, point) in profile.PreFilter)
            if ((state.SkipFilter & plugin.Bit) == 0) point.AddPod(state, pod, added, node);
    }

    public static void Remove(Profile profile, CycleState state, PodInfo pod, PodInfo removed, NodeInfo node)
    {
        node.Remove(removed);
        foreach (var (plugin, point) in profile.PreFilter)
            if ((state.SkipFilter & plugin.Bit) == 0) point.RemovePod(state, pod, removed, node);
    }
}
