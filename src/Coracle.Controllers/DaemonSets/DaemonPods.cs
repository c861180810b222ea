using System.Globalization;
using Coracle.Controllers.Histories;
using Coracle.Controllers.Pods;
using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.DaemonSets;

/// <summary>Pods of daemon sets: what they tolerate, to which node they belong, and whether they belong there (upstream: daemon/util and daemon_controller.go).</summary>
internal static class DaemonPods
{
    public const string GenerationAnnotation = "deprecated.daemonset.template.generation";
    public const string GenerationLabel = "pod-template-generation";
    private const string NameField = "metadata.name";

    // What is wrong with a node is no reason for those that watch over it to leave.
    private static readonly (string Key, string Effect)[] Tolerated =
    [
        ("node.kubernetes.io/not-ready", TaintEffect.NoExecute), ("node.kubernetes.io/unreachable", TaintEffect.NoExecute),
        ("node.kubernetes.io/disk-pressure", TaintEffect.NoSchedule), ("node.kubernetes.io/memory-pressure", TaintEffect.NoSchedule),
        ("node.kubernetes.io/pid-pressure", TaintEffect.NoSchedule), ("node.kubernetes.io/unschedulable", TaintEffect.NoSchedule),
    ];

    private const string NetworkUnavailable = "node.kubernetes.io/network-unavailable";

    /// <summary>The pod of a set for one node, to be placed there by the scheduler.</summary>
    public static Pod Make(DaemonSet set, string node, string hash)
    {
        var pod = PodTemplates.Make(set.Spec.Template, set);
        var labels = pod.Metadata.Labels ??= [];
        if (Generation(set) is { } generation) labels[GenerationLabel] = generation.ToString(CultureInfo.InvariantCulture);
        labels[RevisionLog.PodLabel] = hash;
        Tolerate(pod.Spec);
        var affinity = (pod.Spec.Affinity ??= new()).NodeAffinity ??= new();
        affinity.RequiredDuringSchedulingIgnoredDuringExecution = new()
        {
            NodeSelectorTerms = [new() { MatchFields = [new() { Key = NameField, Operator = NodeSelectorOperator.In, Values = [node] }] }],
        };
        return pod;
    }

    public static long? Generation(DaemonSet set) =>
        set.Metadata.Annotations?.TryGetValue(GenerationAnnotation, out var text) == true
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation) ? generation : null;

    /// <summary>Whether the pod was made from the set's template as it is.</summary>
    public static bool IsUpdated(DaemonSet set, Pod pod, string hash)
    {
        var labels = pod.Metadata.Labels;
        if (hash.Length > 0 && labels?.GetValueOrDefault(RevisionLog.PodLabel) == hash) return true;
        return Generation(set) is { } generation && labels?.GetValueOrDefault(GenerationLabel) == generation.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The node that a pod is on, or is meant for.</summary>
    public static string Node(Pod pod)
    {
        if (pod.Spec.NodeName.Length > 0) return pod.Spec.NodeName;
        foreach (var term in pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [])
            foreach (var field in term.MatchFields ?? [])
                if (field is { Key: NameField, Operator: NodeSelectorOperator.In, Values: [var name] }) return name;
        return "";
    }

    /// <summary>Whether a new pod of the set is to run on the node, and whether one that runs there may stay.</summary>
    public static (bool Run, bool Stay) Belongs(DaemonSet set, Node node)
    {
        var spec = set.Spec.Template.Spec;
        if (spec.NodeName.Length > 0 && spec.NodeName != node.Metadata.Name) return (false, false);
        var pod = new Pod { Spec = spec.DeepCopy() };
        if (!new NodeMatch(pod).Matches(node)) return (false, false);
        Tolerate(pod.Spec);
        if (Taints.AreTolerated(node.Spec.Taints, pod.Spec.Tolerations)) return (true, true);
        return (false, (node.Spec.Taints ?? []).TrueForAll(t => t.Effect != TaintEffect.NoExecute || Taints.IsTolerated(t, pod.Spec.Tolerations)));
    }

    private static void Tolerate(PodSpec spec)
    {
        foreach (var (key, effect) in Tolerated) Add(spec, key, effect);
        if (spec.HostNetwork) Add(spec, NetworkUnavailable, TaintEffect.NoSchedule);
    }

    private static void Add(PodSpec spec, string key, string effect)
    {
        var tolerations = spec.Tolerations ??= [];
        var added = new Toleration { Key = key, Operator = TolerationOperator.Exists, Effect = effect };
        var at = tolerations.FindIndex(t => t.Key == key && t.Effect == effect && t.Operator == added.Operator && t.Value.Length == 0);
        if (at < 0) tolerations.Add(added);
        else tolerations[at] = added;
    }
}
