using Coracle.Controllers.Histories;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.StatefulSets;

/// <summary>The revision from which a set's pods were made, and the one from which they will be (upstream: getStatefulSetRevisions).</summary>
internal sealed record SetRevisions(ControllerRevision Current, ControllerRevision Update, int Collisions, IReadOnlyList<ControllerRevision> All)
{
    public static async ValueTask<SetRevisions> FindAsync(RevisionLog log, StatefulSet set, Selector selector, CancellationToken cancel)
    {
        var all = await log.ListAsync(set, selector, cancel);
        var collisions = set.Status.CollisionCount ?? 0;
        var wanted = New(set, RevisionLog.Next(all));
        var update = all.FindLast(r => RevisionLog.HoldsSame(r, wanted));
        if (update is null) (update, collisions) = await log.CreateAsync(set, wanted, collisions, count => RevisionLog.Name(set.Metadata.Name, RevisionLog.Hash(wanted.Data!.Value, count)), cancel);
        else if (!ReferenceEquals(update, all[^1])) update = await log.RenumberAsync(update, wanted.Revision, cancel);
        var current = all.Find(r => r.Metadata.Name == set.Status.CurrentRevision) ?? update;
        return new(current, update, collisions, RevisionLog.Ordered([.. all.Where(r => r.Metadata.Name != update.Metadata.Name), update]));
    }

    private static ControllerRevision New(StatefulSet set, long number)
    {
        var data = RevisionLog.Data(set.Spec.Template);
        return new()
        {
            Metadata = new()
            {
                Labels = new(set.Spec.Template.Metadata.Labels ?? []) { [RevisionLog.HashLabel] = RevisionLog.Hash(data, set.Status.CollisionCount) },
                Annotations = set.Metadata.Annotations is { Count: > 0 } annotations ? new(annotations) : null,
                OwnerReferences = [Owners.ControllerReference(set)],
            },
            Data = data, Revision = number,
        };
    }

    /// <summary>The template of pods of the revision that runs: the set's own, should the revision say none.</summary>
    public PodTemplateSpec CurrentTemplate(StatefulSet set) =>
        Current.Metadata.Name == Update.Metadata.Name ? set.Spec.Template : RevisionLog.Template(Current) ?? set.Spec.Template;

    /// <summary>Those that neither the set nor a pod needs, the oldest first.</summary>
    public IReadOnlyList<ControllerRevision> Unused(IEnumerable<Pod> pods)
    {
        var used = pods.Select(PodIdentity.Revision).Append(Current.Metadata.Name).Append(Update.Metadata.Name).ToHashSet();
        return [.. All.Where(r => !used.Contains(r.Metadata.Name))];
    }
}
