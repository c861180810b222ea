using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Which changes are worth a reconcile: for the parameter "when" of <see cref="ControllerBuilder"/>. Additions and deletions always are.</summary>
public static class Changed
{
    /// <summary>The desired state changed, or deletion was asked for (controller-runtime, GenerationChangedPredicate).</summary>
    public static bool Generation<T>(Delta<T> delta) where T : class, IKubernetesObject =>
        delta is not { Old: { } old, New: { } current } || old.Metadata.Generation != current.Metadata.Generation || delta.Resync
        || old.Metadata.DeletionTimestamp is null != current.Metadata.DeletionTimestamp is null;

    /// <summary>The labels have changed.</summary>
    public static bool Labels<T>(Delta<T> delta) where T : class, IKubernetesObject =>
        delta is not { Old: { } old, New: { } current } || !Same(old.Metadata.Labels, current.Metadata.Labels);

    /// <summary>The annotations have changed.</summary>
    public static bool Annotations<T>(Delta<T> delta) where T : class, IKubernetesObject =>
        delta is not { Old: { } old, New: { } current } || !Same(old.Metadata.Annotations, current.Metadata.Annotations);

    private static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        if (a is null || b is null) return true;
        foreach (var (key, value) in a)
            if (!b.TryGetValue(key, out var other) || other != value) return false;
        return true;
    }
}
