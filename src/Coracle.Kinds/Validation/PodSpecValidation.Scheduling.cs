using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Where a pod may run: affinity, tolerations, spreading.
internal sealed partial class PodSpecValidation
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    private const string WeightRange = "must be in the range 1-100";

    private void Affinity(FieldPath path)
    {
        if (spec.Affinity is not { } affinity) return;
        if (affinity.NodeAffinity is { } node) NodeAffinity(node, path / "nodeAffinity");
        if (affinity.PodAffinity is { } pod)
            PodTerms(pod.RequiredDuringSchedulingIgnoredDuringExecution, pod.PreferredDuringSchedulingIgnoredDuringExecution, path / "podAffinity");
        if (affinity.PodAntiAffinity is { } anti)
            PodTerms(anti.RequiredDuringSchedulingIgnoredDuringExecution, anti.PreferredDuringSchedulingIgnoredDuringExecution, path / "podAntiAffinity");
    }

    private void NodeAffinity(NodeAffinity affinity, FieldPath path)
    {
        if (affinity.RequiredDuringSchedulingIgnoredDuringExecution is { } required) NodeSelector(errors, required, path / Required);
        for (var i = 0; i < (affinity.PreferredDuringSchedulingIgnoredDuringExecution?.Count ?? 0); i++)
        {
            var term = affinity.PreferredDuringSchedulingIgnoredDuringExecution![i];
            Weight(term.Weight, (path / Preferred)[i]);
            NodeTerm(errors, term.Preference, checkValues: false, (path / Preferred)[i] / "preference");
        }
    }

    private void Weight(int weight, FieldPath path)
    {
        if (weight is <= 0 or > 100) errors.Invalid(path / "weight", weight, WeightRange);
    }

    /// <summary>The nodes that are meant: by a pod, or by a volume.</summary>
    internal static void NodeSelector(FieldErrors errors, NodeSelector selector, FieldPath path)
    {
        path /= "nodeSelectorTerms";
        if (selector.NodeSelectorTerms is not { Count: > 0 }) errors.Required(path, "must have at least one node selector term");
        for (var i = 0; i < (selector.NodeSelectorTerms?.Count ?? 0); i++) NodeTerm(errors, selector.NodeSelectorTerms![i], checkValues: true, path[i]);
    }

    private static void NodeTerm(FieldErrors errors, NodeSelectorTerm term, bool checkValues, FieldPath path)
    {
        for (var i = 0; i < (term.MatchExpressions?.Count ?? 0); i++) NodeExpression(errors, term.MatchExpressions![i], checkValues, (path / "matchExpressions")[i]);
        for (var i = 0; i < (term.MatchFields?.Count ?? 0); i++) NodeField(errors, term.MatchFields![i], (path / "matchFields")[i]);
    }

    private static void NodeExpression(FieldErrors errors, NodeSelectorRequirement requirement, bool checkValues, FieldPath path)
    {
        var values = requirement.Values ?? [];
        switch (requirement.Operator)
        {
            case NodeSelectorOperator.In or NodeSelectorOperator.NotIn:
                if (values.Count == 0) errors.Required(path / "values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case NodeSelectorOperator.Exists or NodeSelectorOperator.DoesNotExist:
                if (values.Count > 0) errors.Forbidden(path / "values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case NodeSelectorOperator.Gt or NodeSelectorOperator.Lt:
                if (values.Count != 1) errors.Required(path / "values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            default:
                errors.Invalid(path / "operator", requirement.Operator, "not a valid selector operator");
                break;
        }
        errors.QualifiedName(path / "key", requirement.Key);
        for (var i = 0; checkValues && i < values.Count; i++) errors.Problems((path / "values")[i], values[i], NameRules.LabelValue(values[i]));
    }

    private static void NodeField(FieldErrors errors, NodeSelectorRequirement requirement, FieldPath path)
    {
        var values = requirement.Values ?? [];
        if (requirement.Operator is not (NodeSelectorOperator.In or NodeSelectorOperator.NotIn))
            errors.Invalid(path / "operator", requirement.Operator, "not a valid selector operator");
        else if (values.Count != 1)
            errors.Required(path / "values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        if (requirement.Key != "metadata.name") errors.Invalid(path / "key", requirement.Key, "not a valid field selector key");
        else
            for (var i = 0; i < values.Count; i++) errors.Subdomain((path / "values")[i], values[i]);
    }

    private void PodTerms(List<PodAffinityTerm>? required, List<WeightedPodAffinityTerm>? preferred, FieldPath path)
    {
        for (var i = 0; i < (required?.Count ?? 0); i++) PodTerm(required![i], (path / Required)[i]);
        for (var i = 0; i < (preferred?.Count ?? 0); i++)
        {
            Weight(preferred![i].Weight, (path / Preferred)[i]);
            PodTerm(preferred[i].PodAffinityTerm, (path / Preferred)[i] / "podAffinityTerm");
        }
    }

    private void PodTerm(PodAffinityTerm term, FieldPath path)
    {
        errors.Selector(path / "labelSelector", term.LabelSelector);
        errors.Selector(path / "namespaceSelector", term.NamespaceSelector);
        foreach (var name in term.Namespaces ?? []) errors.Problems(path / "namespace", name, NameRules.Dns1123Label(name));
        LabelKeys(term.MatchLabelKeys, term.LabelSelector is not null, path / "matchLabelKeys");
        LabelKeys(term.MismatchLabelKeys, term.LabelSelector is not null, path / "mismatchLabelKeys");
        errors.RequiredText(path / "topologyKey", term.TopologyKey, "can not be empty");
        errors.QualifiedName(path / "topologyKey", term.TopologyKey);
    }

    private void LabelKeys(List<string>? keys, bool hasSelector, FieldPath path)
    {
        if (keys is not { Count: > 0 }) return;
        if (!hasSelector) errors.Forbidden(path, "must not be specified when labelSelector is not set");
        for (var i = 0; i < keys.Count; i++) errors.QualifiedName(path[i], keys[i]);
    }

    internal static void Tolerations(FieldErrors errors, FieldPath path, List<Toleration> tolerations)
    {
        for (var i = 0; i < tolerations.Count; i++)
        {
            var toleration = tolerations[i];
            if (toleration.Key.Length > 0) errors.QualifiedName(path[i] / "key", toleration.Key);
            else if (toleration.Operator != TolerationOperator.Exists)
                errors.Invalid(path[i] / "operator", toleration.Operator, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            if (toleration.TolerationSeconds is not null && toleration.Effect != TaintEffect.NoExecute)
                errors.Invalid(path[i] / "effect", toleration.Effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            TolerationValue(errors, path[i] / "operator", toleration);
            if (toleration.Effect.Length > 0)
                errors.OneOf(path[i] / "effect", toleration.Effect, TaintEffect.NoExecute, TaintEffect.NoSchedule, TaintEffect.PreferNoSchedule);
        }
    }

    private static void TolerationValue(FieldErrors errors, FieldPath path, Toleration toleration)
    {
        switch (toleration.Operator)
        {
            case "" or TolerationOperator.Equal:
                if (NameRules.LabelValue(toleration.Value) is { Count: > 0 } wrong) errors.Invalid(path, toleration.Value, string.Join(';', wrong));
                break;
            case TolerationOperator.Exists:
                if (toleration.Value.Length > 0) errors.Invalid(path, toleration.Value, "value must be empty when `operator` is 'Exists'");
                break;
            case TolerationOperator.Gt or TolerationOperator.Lt:
                errors.Problems(path, toleration.Value, NameRules.DecimalInteger(toleration.Value));
                break;
            default:
                errors.NotSupported(path, toleration.Operator, [TolerationOperator.Equal, TolerationOperator.Exists]);
                break;
        }
    }

    private void Spread(FieldPath path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (spec.TopologySpreadConstraints?.Count ?? 0); i++)
        {
            var constraint = spec.TopologySpreadConstraints![i];
            if (constraint.MaxSkew <= 0) errors.Invalid(path[i] / "maxSkew", constraint.MaxSkew, Checks.Positive);
            if (constraint.TopologyKey.Length == 0) errors.Required(path[i] / "topologyKey", "can not be empty");
            else errors.QualifiedName(path[i] / "topologyKey", constraint.TopologyKey);
            var pair = $"{{{constraint.TopologyKey}, {constraint.WhenUnsatisfiable}}}";
            if (!seen.Add(pair)) errors.Duplicate(path[i] / "{topologyKey, whenUnsatisfiable}", pair);
            MinDomains(constraint, path[i] / "minDomains");
            errors.OneOf(path[i] / "nodeAffinityPolicy", constraint.NodeAffinityPolicy, NodeInclusionPolicy.Honor, NodeInclusionPolicy.Ignore);
            errors.OneOf(path[i] / "nodeTaintsPolicy", constraint.NodeTaintsPolicy, NodeInclusionPolicy.Honor, NodeInclusionPolicy.Ignore);
            LabelKeys(constraint.MatchLabelKeys, constraint.LabelSelector is not null, path[i] / "matchLabelKeys");
            errors.Selector(path[i] / "labelSelector", constraint.LabelSelector);
        }
    }

    private void MinDomains(TopologySpreadConstraint constraint, FieldPath path)
    {
        if (constraint.MinDomains is not { } domains) return;
        if (domains <= 0) errors.Invalid(path, domains, Checks.Positive);
        if (constraint.WhenUnsatisfiable != UnsatisfiableConstraintAction.DoNotSchedule)
            errors.Invalid(path, domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway");
    }
}
