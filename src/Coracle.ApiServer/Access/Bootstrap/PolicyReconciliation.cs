using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

public enum ReconcileOperation
{
    None,
    Create,
    Update,

    /// <summary>The existing object must be deleted first: what differs cannot be changed.</summary>
    Recreate,
}

/// <summary>What to do with one object of the bootstrap policy, and the object to write.</summary>
public readonly record struct Reconciliation<T>(ReconcileOperation Operation, T Object);

/// <summary>
/// Brings a cluster's bootstrap roles and bindings up to date at start (upstream: component-helpers/auth/rbac/reconciliation, without removal): what is
/// missing is added, what an administrator added stays, and an object annotated autoupdate "false" is left alone.
/// </summary>
public static class PolicyReconciliation
{
    public static Reconciliation<ClusterRole> Reconcile(ClusterRole? existing, ClusterRole expected)
    {
        if (existing is null)
            return new(ReconcileOperation.Create, expected);
        if (IsProtected(existing.Metadata))
            return new(ReconcileOperation.None, existing);
        var (metadata, changed) = Merge(existing.Metadata, expected.Metadata);
        // The rules of an aggregated role are the aggregation controller's.
        var (rules, rulesChanged) = expected.AggregationRule is not null && existing.Rules is { Count: > 0 } held ? (held, false) : Merge(existing.Rules, expected.Rules);
        var (aggregation, aggregationChanged) = Merge(existing.AggregationRule, expected.AggregationRule);
        var result = new ClusterRole { Metadata = metadata, Rules = rules, AggregationRule = aggregation };
        return new(changed || rulesChanged || aggregationChanged ? ReconcileOperation.Update : ReconcileOperation.None, result);
    }

    public static Reconciliation<Role> Reconcile(Role? existing, Role expected)
    {
        if (existing is null)
            return new(ReconcileOperation.Create, expected);
        if (IsProtected(existing.Metadata))
            return new(ReconcileOperation.None, existing);
        var (metadata, changed) = Merge(existing.Metadata, expected.Metadata);
        var (rules, rulesChanged) = Merge(existing.Rules, expected.Rules);
        return new(changed || rulesChanged ? ReconcileOperation.Update : ReconcileOperation.None, new Role { Metadata = metadata, Rules = rules });
    }

    public static Reconciliation<ClusterRoleBinding> Reconcile(ClusterRoleBinding? existing, ClusterRoleBinding expected)
    {
        if (existing is null)
            return new(ReconcileOperation.Create, expected);
        if (IsProtected(existing.Metadata))
            return new(ReconcileOperation.None, existing);
        if (!SameRole(existing.RoleRef, expected.RoleRef))
            return new(ReconcileOperation.Recreate, expected);
        var (metadata, changed) = Merge(existing.Metadata, expected.Metadata);
        var (subjects, subjectsChanged) = Merge(existing.Subjects, expected.Subjects);
        var result = new ClusterRoleBinding { Metadata = metadata, RoleRef = existing.RoleRef, Subjects = subjects };
        return new(changed || subjectsChanged ? ReconcileOperation.Update : ReconcileOperation.None, result);
    }

    public static Reconciliation<RoleBinding> Reconcile(RoleBinding? existing, RoleBinding expected)
    {
        if (existing is null)
            return new(ReconcileOperation.Create, expected);
        if (IsProtected(existing.Metadata))
            return new(ReconcileOperation.None, existing);
        if (!SameRole(existing.RoleRef, expected.RoleRef))
            return new(ReconcileOperation.Recreate, expected);
        var (metadata, changed) = Merge(existing.Metadata, expected.Metadata);
        var (subjects, subjectsChanged) = Merge(existing.Subjects, expected.Subjects);
        var result = new RoleBinding { Metadata = metadata, RoleRef = existing.RoleRef, Subjects = subjects };
        return new(changed || subjectsChanged ? ReconcileOperation.Update : ReconcileOperation.None, result);
    }

    private static bool IsProtected(ObjectMeta metadata) => metadata.Annotations?.GetValueOrDefault(PolicyBuilder.AutoUpdate) == "false";

    private static bool SameRole(RoleRef a, RoleRef b) => a.ApiGroup == b.ApiGroup && a.Kind == b.Kind && a.Name == b.Name;

    private static (ObjectMeta, bool Changed) Merge(ObjectMeta existing, ObjectMeta expected)
    {
        var (labels, labelsChanged) = Merge(existing.Labels, expected.Labels);
        var (annotations, annotationsChanged) = Merge(existing.Annotations, expected.Annotations);
        var merged = new ObjectMeta
        {
            Name = existing.Name, Namespace = existing.Namespace, GenerateName = existing.GenerateName, Uid = existing.Uid, ResourceVersion = existing.ResourceVersion,
            Generation = existing.Generation, CreationTimestamp = existing.CreationTimestamp, DeletionTimestamp = existing.DeletionTimestamp,
            DeletionGracePeriodSeconds = existing.DeletionGracePeriodSeconds, Labels = labels, Annotations = annotations,
            OwnerReferences = existing.OwnerReferences, Finalizers = existing.Finalizers, ManagedFields = existing.ManagedFields,
        };
        return (merged, labelsChanged || annotationsChanged);
    }

    /// <summary>What exists wins over what is expected.</summary>
    private static (Dictionary<string, string>?, bool Changed) Merge(Dictionary<string, string>? existing, Dictionary<string, string>? expected)
    {
        if ((expected ?? []).All(pair => existing?.ContainsKey(pair.Key) == true))
            return (existing, false);
        var merged = new Dictionary<string, string>(expected!);
        foreach (var (key, value) in existing ?? [])
            merged[key] = value;
        return (merged, true);
    }

    private static (List<PolicyRule>?, bool Changed) Merge(List<PolicyRule>? existing, List<PolicyRule>? expected)
    {
        var missing = RuleCoverage.Missing(existing ?? [], expected ?? []);
        return missing.Count == 0 ? (existing, false) : ([.. existing ?? [], .. missing], true);
    }

    private static (List<Subject>?, bool Changed) Merge(List<Subject>? existing, List<Subject>? expected)
    {
        var missing = (expected ?? []).Where(subject => !(existing ?? []).Any(other => Same(subject, other))).ToList();
        return missing.Count == 0 ? (existing, false) : ([.. existing ?? [], .. missing], true);
    }

    private static bool Same(Subject a, Subject b) => a.Kind == b.Kind && a.ApiGroup == b.ApiGroup && a.Name == b.Name && a.Namespace == b.Namespace;

    private static (AggregationRule?, bool Changed) Merge(AggregationRule? existing, AggregationRule? expected)
    {
        if (expected is null)
            return (null, existing is not null);
        var held = existing?.ClusterRoleSelectors ?? [];
        var missing = (expected.ClusterRoleSelectors ?? []).Where(selector => !held.Any(other => Same(selector, other))).ToList();
        return missing.Count == 0 ? (existing, false) : (new AggregationRule { ClusterRoleSelectors = [.. held, .. missing] }, true);
    }

    private static bool Same(LabelSelector a, LabelSelector b)
    {
        var (left, right) = (a.MatchLabels ?? [], b.MatchLabels ?? []);
        if (left.Count != right.Count || left.Any(pair => right.GetValueOrDefault(pair.Key) != pair.Value))
            return false;
        return (a.MatchExpressions ?? []).Select(Describe).SequenceEqual((b.MatchExpressions ?? []).Select(Describe));

        static string Describe(LabelSelectorRequirement requirement) => $"{requirement.Key} {requirement.Operator} {string.Join(',', requirement.Values ?? [])}";
    }
}
