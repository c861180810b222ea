namespace Coracle.Controllers.Scheduling;

/// <summary>What plugins keep about one pod from PreFilter to PostBind. Not shared between pods.</summary>
public sealed class CycleState(int plugins)
{
    private object?[]? data;

    /// <summary>Plugins whose Filter (Score) has nothing to say about this pod.</summary>
    internal ulong SkipFilter { get; set; }
    internal ulong SkipScore { get; set; }

    /// <summary>The cluster as of this cycle. Only for what is called on the scheduling loop.</summary>
    public ClusterState? Cluster { get; internal init; }

    /// <summary>The nodes that PreFilters left; null for all.</summary>
    internal HashSet<string>? Nodes { get; private set; }

    /// <summary>The plugin's own data, or null.</summary>
    public T? Get<T>(Plugin plugin) where T : class => data?[plugin.Slot] as T;

    public void Set(Plugin plugin, object value) => (data ??= new object?[plugins])[plugin.Slot] = value;

    /// <summary>Only these nodes can take the pod. What several plugins say is intersected.</summary>
    public void RestrictTo(IEnumerable<string> nodes)
    {
        if (Nodes is null) Nodes = new(nodes, StringComparer.Ordinal);
        else Nodes.IntersectWith(nodes);
    }
}
