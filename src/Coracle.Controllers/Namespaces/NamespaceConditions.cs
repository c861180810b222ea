using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>The conditions that tell how the deletion of a namespace goes, in upstream's words (status_condition_utils). Pure.</summary>
internal static class NamespaceConditions
{
    /// <summary>Brings the conditions to what remains. True when any of them changed.</summary>
    public static bool Update(List<NamespaceCondition> conditions, RemainingContent remaining, DateTimeOffset now)
    {
        var changed = false;
        foreach (var wanted in Of(remaining))
        {
            var known = conditions.Find(c => c.Type == wanted.Type);
            if (known is null)
            {
                wanted.LastTransitionTime = now;
                conditions.Add(wanted);
                changed = true;
                continue;
            }
            if (known.Status == wanted.Status && known.Reason == wanted.Reason && known.Message == wanted.Message) continue;
            if (known.Status != wanted.Status) known.LastTransitionTime = now;
            (known.Status, known.Reason, known.Message) = (wanted.Status, wanted.Reason, wanted.Message);
            changed = true;
        }
        return changed;
    }

    private static IEnumerable<NamespaceCondition> Of(RemainingContent remaining)
    {
        yield return remaining.DiscoveryFailure.Length == 0
            ? Fine(NamespaceConditionType.NamespaceDeletionDiscoveryFailure, "ResourcesDiscovered", "All resources successfully discovered")
            : Bad(NamespaceConditionType.NamespaceDeletionDiscoveryFailure, "DiscoveryFailed", remaining.DiscoveryFailure);
        yield return Fine(NamespaceConditionType.NamespaceDeletionGroupVersionParsingFailure, "ParsedGroupVersions", "All legacy kube types successfully parsed");
        yield return remaining.Failures.Count == 0
            ? Fine(NamespaceConditionType.NamespaceDeletionContentFailure, "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
            : Bad(NamespaceConditionType.NamespaceDeletionContentFailure, "ContentDeletionFailed",
                $"Failed to delete all resource types, {remaining.Failures.Count} remaining: {string.Join(", ", remaining.Failures.Order(StringComparer.Ordinal))}");
        yield return remaining.Objects.Count == 0
            ? Fine(NamespaceConditionType.NamespaceContentRemaining, "ContentRemoved", "All content successfully removed")
            : Bad(NamespaceConditionType.NamespaceContentRemaining, "SomeResourcesRemain",
                "Some resources are remaining: " + string.Join(", ", remaining.Objects.Select(static o => $"{o.Key} has {o.Value} resource instances")));
        yield return remaining.Finalizers.Count == 0
            ? Fine(NamespaceConditionType.NamespaceFinalizersRemaining, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
            : Bad(NamespaceConditionType.NamespaceFinalizersRemaining, "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: " + string.Join(", ", remaining.Finalizers.Select(static f => $"{f.Key} in {f.Value} resource instances")));
    }

    private static NamespaceCondition Fine(string type, string reason, string message) => new() { Type = type, Status = ConditionStatus.False, Reason = reason, Message = message };
    private static NamespaceCondition Bad(string type, string reason, string message) => new() { Type = type, Status = ConditionStatus.True, Reason = reason, Message = message };
}
