using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

using Node = Coracle.Kinds.Core.V1.Node;

/// <summary>One plugin by itself, asked about nodes and the pods there.</summary>
internal sealed class PluginRig
{
    private readonly Plugin plugin;
    private readonly ClusterState cluster = new();
    private int uids;

    /// <summary>How many pods came to be there.</summary>
    public int Pods => uids;

    public PluginRig(Plugin plugin)
    {
        this.plugin = plugin;
        _ = new Profile("test", [new(new PrioritySort()), new(plugin)]);
    }

    public static PluginRig Of(Plugin plugin, params (Node Node, Pod[] Pods)[] nodes)
    {
        var rig = new PluginRig(plugin);
        foreach (var (node, pods) in nodes) rig.Add(node, pods);
        return rig;
    }

    public void Add(Node node, params Pod[] pods)
    {
        cluster.SetNode(node);
        foreach (var pod in pods)
        {
            pod.Spec.NodeName = node.Metadata.Name;
            pod.Metadata.Uid = $"there-{++uids}";
            cluster.Set(new(pod));
        }
    }

    /// <summary>The pod that came to be there as the n-th, from 1 on.</summary>
    public void RemovePod(int n) => cluster.Remove($"there-{n}");

    public void RemoveNode(string name) => cluster.RemoveNode(name);

    public void Label(string ns, params (string Key, string Value)[] labels) => cluster.SetNamespace(ns, labels.ToDictionary(l => l.Key, l => l.Value));

    /// <summary>What is said of each node, by name: "" when it fits.</summary>
    public Dictionary<string, string> Filter(Pod pod)
    {
        var (state, info) = Prepare(pod);
        if (plugin is IPreFilter before)
        {
            var verdict = before.PreFilter(state, info, cluster);
            if (verdict.IsRejected) return cluster.Nodes.ToArray().ToDictionary(n => n.Name, _ => Text(verdict));
            if (verdict.IsSkip) return cluster.Nodes.ToArray().ToDictionary(n => n.Name, _ => "");
        }
        return cluster.Nodes.ToArray().ToDictionary(n => n.Name, n => state.Nodes?.Contains(n.Name) == false ? "not looked at" : Text(((IFilter)plugin).Filter(state, info, n)));
    }

    private static string Text(Verdict verdict) => verdict.IsOk ? "" : verdict.Message + (verdict.Code == VerdictCode.UnschedulableAndUnresolvable ? " (for good)" : "");

    /// <summary>Scores in the order of the nodes' names; null when the plugin has nothing to say.</summary>
    public long[]? Score(Pod pod)
    {
        var (state, info) = Prepare(pod);
        var nodes = cluster.Nodes.ToArray().OrderBy(n => n.Name, StringComparer.Ordinal).ToArray();
        if (plugin is IPreFilter before) before.PreFilter(state, info, cluster);
        if (plugin is IPreScore prepare && prepare.PreScore(state, info, nodes).IsSkip) return null;
        var scores = nodes.Select(n => ((IScore)plugin).Score(state, info, n)).ToArray();
        (plugin as INormalizeScore)?.Normalize(state, info, nodes, scores);
        return scores;
    }

    private (CycleState, PodInfo) Prepare(Pod pod)
    {
        pod.Metadata.Uid = "asking";
        return (new CycleState(2) { Cluster = cluster }, new PodInfo(pod));
    }
}
