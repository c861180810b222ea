using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Deployments;

/// <summary>
/// What one reconcile works on: a copy of the deployment, on which annotations and conditions gather until they are written at its end, and its replica
/// sets, of which the new one is made from the current template and all others are old.
/// </summary>
internal sealed class Rollout
{
    /// <summary>The label that tells the pods of a deployment's replica sets apart.</summary>
    public const string HashLabel = "pod-template-hash";

    /// <param name="stored">The deployment as the cache has it.</param>
    /// <param name="sets">The replica sets that it manages.</param>
    public Rollout(Deployment stored, IEnumerable<ReplicaSet> sets)
    {
        Stored = stored;
        Deployment = stored.DeepCopy();
        OldSets = [.. sets.OrderBy(static s => s.Metadata.CreationTimestamp).ThenBy(static s => s.Metadata.Name, StringComparer.Ordinal)];
        NewSet = OldSets.Find(s => SameTemplate(s.Spec.Template, stored.Spec.Template));
        if (NewSet is not null) OldSets.Remove(NewSet);
    }

    public Deployment Stored { get; }
    public Deployment Deployment { get; }

    /// <summary>Made from the current template; where several are, the oldest. Null when there is none yet.</summary>
    public ReplicaSet? NewSet { get; private set; }

    /// <summary>All others, the oldest first.</summary>
    public List<ReplicaSet> OldSets { get; }

    public IEnumerable<ReplicaSet> AllSets => NewSet is null ? OldSets : OldSets.Append(NewSet);
    public IEnumerable<ReplicaSet> ActiveOldSets => OldSets.Where(static s => Size(s) > 0);
    public RolloutLimits Limits => RolloutLimits.Of(Deployment.Spec);

    /// <summary>
    /// Every set has acted on the size it was given, so that what it says of its pods is so. Before that, a set that was given one size after the other
    /// may have any number of pods, and a rollout that trusted it would break its limits.
    /// </summary>
    public bool IsSettled => AllSets.All(static s => s.Status.ObservedGeneration >= s.Metadata.Generation);

    /// <summary>Pods that the set is to have.</summary>
    public static int Size(ReplicaSet set) => set.Spec.Replicas ?? 1;

    /// <summary>The set was made or changed: this is how it is now.</summary>
    public void Replace(ReplicaSet set)
    {
        var at = OldSets.FindIndex(s => s.Metadata.Name == set.Metadata.Name);
        if (at >= 0) OldSets[at] = set;
        else NewSet = set;
    }

    /// <summary>The templates differ in the hash label at most.</summary>
    public static bool SameTemplate(PodTemplateSpec a, PodTemplateSpec b) => Unlabelled(a).ContentEquals(Unlabelled(b));

    private static PodTemplateSpec Unlabelled(PodTemplateSpec template)
    {
        if (template.Metadata.Labels?.ContainsKey(HashLabel) != true) return template;
        var copy = template.DeepCopy();
        copy.Metadata.Labels!.Remove(HashLabel);
        return copy;
    }
}
