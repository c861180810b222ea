using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>A pod's terms on other pods, ready to be matched (framework.AffinityTerm).</summary>
public sealed class PodTerms
{
    private static readonly PodTerm[] None = [];
    private static readonly PodTerms Empty = new();

    private PodTerms() { }

    public PodTerm[] Required { get; private init; } = None;
    public PodTerm[] RequiredAnti { get; private init; } = None;
    public PodTerm[] Preferred { get; private init; } = None;
    public PodTerm[] PreferredAnti { get; private init; } = None;

    public bool IsEmpty => ReferenceEquals(this, Empty);

    internal static PodTerms Of(Pod pod)
    {
        if (pod.Spec.Affinity is not { } affinity || (affinity.PodAffinity ?? (object?)affinity.PodAntiAffinity) is null) return Empty;
        return new()
        {
            Required = Of(pod, affinity.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution),
            RequiredAnti = Of(pod, affinity.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution),
            Preferred = Of(pod, affinity.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution),
            PreferredAnti = Of(pod, affinity.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution),
        };
    }

    private static PodTerm[] Of(Pod pod, List<PodAffinityTerm>? terms) => terms is not { Count: > 0 } ? None : [.. terms.Select(t => new PodTerm(pod, t, 0))];
    private static PodTerm[] Of(Pod pod, List<WeightedPodAffinityTerm>? terms) => terms is not { Count: > 0 } ? None : [.. terms.Select(t => new PodTerm(pod, t.PodAffinityTerm, t.Weight))];
}

/// <summary>One term: pods of some namespaces with some labels, in the same topology.</summary>
public sealed class PodTerm
{
    private readonly HashSet<string> namespaces;
    private readonly Selector ofNamespaces;
    private readonly Selector selector;
    private string? text;

    internal PodTerm(Pod pod, PodAffinityTerm term, int weight)
    {
        Key = term.TopologyKey;
        Weight = weight;
        namespaces = new(term.Namespaces ?? [], StringComparer.Ordinal);
        if (namespaces.Count == 0 && term.NamespaceSelector is null) namespaces.Add(pod.Metadata.Namespace);
        ofNamespaces = Selector.From(term.NamespaceSelector);
        selector = WithKeys(Selector.From(term.LabelSelector), pod, term.MatchLabelKeys, "in");
        selector = WithKeys(selector, pod, term.MismatchLabelKeys, "notin");
    }

    /// <summary>The label of nodes of which those of the same value are one topology.</summary>
    public string Key { get; }
    public int Weight { get; }

    /// <summary>Tells it from other terms.</summary>
    internal string Text => text ??= $"{Key}|{Weight}|{string.Join(',', namespaces.Order(StringComparer.Ordinal))}|{TextOf(ofNamespaces)}|{TextOf(selector)}";

    internal static string TextOf(Selector selector) => selector.IsNothing ? "-" : "+" + selector;

    /// <summary>The term is about this pod.</summary>
    public bool Matches(PodInfo pod, ClusterState cluster) =>
        selector.Matches(pod.Pod.Metadata.Labels)
        && (namespaces.Contains(pod.Key.Namespace) || (!ofNamespaces.IsNothing && ofNamespaces.Matches(cluster.NamespaceLabels(pod.Key.Namespace))));

    /// <summary>The term may be about this pod: labels of namespaces are not looked at.</summary>
    internal bool MayMatch(PodInfo pod) => selector.Matches(pod.Pod.Metadata.Labels) && (!ofNamespaces.IsNothing || namespaces.Contains(pod.Key.Namespace));

    /// <summary>The value of these labels of the pod itself must be (or not be) the other's.</summary>
    internal static Selector WithKeys(Selector selector, Pod pod, List<string>? keys, string op)
    {
        foreach (var key in keys ?? [])
            if (pod.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value)) selector = selector.And(key, op, value);
        return selector;
    }
}
