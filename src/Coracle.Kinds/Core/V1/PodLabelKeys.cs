using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Core.V1;

/// <summary>
/// Keys of labels whose values a new pod's terms take from the pod itself. They become part of the terms' selectors (upstream: registry/core/pod,
/// mutatePodAffinity and mutateTopologySpreadConstraints).
/// </summary>
internal static class PodLabelKeys
{
    internal static void Merge(JsonObject pod)
    {
        if (pod.Child("metadata").Child("labels") is not { } labels) return;
        var spec = pod.Child("spec");
        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            var affinity = spec.Child("affinity").Child(kind);
            foreach (var term in affinity.Items("requiredDuringSchedulingIgnoredDuringExecution")) Term(term, labels);
            foreach (var weighted in affinity.Items("preferredDuringSchedulingIgnoredDuringExecution"))
                if (weighted.Child("podAffinityTerm") is { } term) Term(term, labels);
        }
        foreach (var constraint in spec.Items("topologySpreadConstraints")) Term(constraint, labels);
    }

    private static void Term(JsonObject term, JsonObject labels)
    {
        if (term.Child("labelSelector") is not { } selector) return;
        Add(selector, term["matchLabelKeys"], labels, LabelSelectorOperator.In);
        Add(selector, term["mismatchLabelKeys"], labels, LabelSelectorOperator.NotIn);
    }

    private static void Add(JsonObject selector, JsonNode? keys, JsonObject labels, string operation)
    {
        foreach (var key in (keys as JsonArray)?.Select(k => (string?)k ?? "") ?? [])
        {
            if (!labels.ContainsKey(key)) continue;
            if (selector["matchExpressions"] is not JsonArray expressions) selector["matchExpressions"] = expressions = [];
            JsonNode expression = new JsonObject { ["key"] = key, ["operator"] = operation, ["values"] = new JsonArray(labels.Text(key)) };
            expressions.Add(expression);
        }
    }
}
