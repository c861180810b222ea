using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Taints, address ranges and amounts of nodes (upstream: ValidateNode, ValidateNodeUpdate).</summary>
public sealed partial class NodeRules
{
    public override void Validate(Node obj, FieldErrors errors)
    {
        Taints(obj.Spec.Taints ?? [], FieldPath.Of("metadata") / "taints", errors);
        Amounts(obj, errors);
        var path = FieldPath.Of("spec") / "podCIDRs";
        var ranges = obj.Spec.PodCIDRs ?? [];
        for (var i = 0; i < ranges.Count; i++) errors.Cidr(path[i], ranges[i]);
        if (ranges.Count < 2) return;
        var bothFamilies = ranges.Exists(r => r.Contains(':', StringComparison.Ordinal)) && ranges.Exists(r => !r.Contains(':', StringComparison.Ordinal));
        if (!bothFamilies || ranges.Count > 2) errors.Invalid(path, Checks.Shown(ranges), "may specify no more than one CIDR for each IP family");
        for (var i = 1; i < ranges.Count; i++)
            if (ranges.IndexOf(ranges[i]) < i) errors.Duplicate(path[i], ranges[i]);
    }

    public override void ValidateUpdate(Node obj, Node old, string subresource, FieldErrors errors)
    {
        Amounts(obj, errors);
        Taints(obj.Spec.Taints ?? [], FieldPath.Of("spec") / "taints", errors);
        var spec = FieldPath.Of("spec");
        if (old.Spec.PodCIDRs is { Count: > 0 } ranges && !ranges.SequenceEqual(obj.Spec.PodCIDRs ?? []))
            errors.Forbidden(spec / "podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        if (old.Spec.ProviderID.Length > 0 && old.Spec.ProviderID != obj.Spec.ProviderID)
            errors.Forbidden(spec / "providerID", "node updates may not change providerID except from \"\" to valid");
        var addresses = obj.Status.Addresses ?? [];
        for (var i = 1; i < addresses.Count; i++)
            if (addresses.FindIndex(a => a.Type == addresses[i].Type && a.Address == addresses[i].Address) < i)
                errors.Duplicate((FieldPath.Of("status") / "addresses")[i], Checks.Shown(addresses[i]));
    }

    private static void Amounts(Node node, FieldErrors errors)
    {
        var status = FieldPath.Of("status");
        foreach (var (name, amount) in node.Status.Capacity ?? []) ResourceNames.Amount(errors, status / "capacity" / name, name, amount);
        foreach (var (name, amount) in node.Status.Allocatable ?? []) ResourceNames.Amount(errors, status / "allocatable" / name, name, amount);
    }

    private static void Taints(List<Taint> taints, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < taints.Count; i++)
        {
            var taint = taints[i];
            errors.QualifiedName(path[i] / "key", taint.Key);
            if (NameRules.LabelValue(taint.Value) is { Count: > 0 } wrong) errors.Invalid(path[i] / "value", taint.Value, string.Join(';', wrong));
            errors.RequiredText(path[i] / "effect", taint.Effect);
            if (!seen.Add((taint.Key, taint.Effect)))
                errors.Add(new(FieldErrorType.Duplicate, path[i].ToString(), FieldErrors.Show(Checks.Shown(taint)), "taints must be unique by key and effect pair"));
        }
    }
}
