using Coracle.Controllers.Deployments;
using Coracle.Controllers.Histories;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.DaemonSets;

/// <summary>The revision of a daemon set's template as it is, and those before it (upstream: daemon/update.go, constructHistory).</summary>
internal sealed record DaemonRevisions(ControllerRevision Current, IReadOnlyList<ControllerRevision> Old, int? Collisions)
{
    public string Hash => Current.Metadata.Labels?.GetValueOrDefault(RevisionLog.PodLabel) ?? "";

    public static async ValueTask<DaemonRevisions> FindAsync(RevisionLog log, DaemonSet set, Selector selector, CancellationToken cancel)
    {
        var all = await log.ListAsync(set, selector, cancel);
        var data = RevisionLog.Data(set.Spec.Template);
        var wanted = new ControllerRevision { Data = data };
        var old = all.Where(r => !RevisionLog.HoldsSame(r, wanted)).ToList();
        var number = RevisionLog.Next(old);
        var current = all.FindLast(r => RevisionLog.HoldsSame(r, wanted));
        var collisions = set.Status.CollisionCount;
        if (current is null) (current, collisions) = await CreateAsync(log, set, number, cancel);
        else if (current.Revision < number) current = await log.RenumberAsync(current, number, cancel);
        return new(current, old, collisions);
    }

    private static async ValueTask<(ControllerRevision, int?)> CreateAsync(RevisionLog log, DaemonSet set, long number, CancellationToken cancel)
    {
        // The hash is in the label and in the name, so both change with a collision.
        for (var collisions = set.Status.CollisionCount; ; collisions = (collisions ?? 0) + 1)
        {
            var hash = TemplateHash.Of(set.Spec.Template, collisions);
            var wanted = New(set, number, hash);
            var (stored, taken) = await log.CreateAsync(set, wanted, 0, count => count == 0 ? RevisionLog.Name(set.Metadata.Name, hash) : "", cancel);
            if (taken == 0) return (stored, collisions);
        }
    }

    private static ControllerRevision New(DaemonSet set, long number, string hash) => new()
    {
        Metadata = new()
        {
            Labels = new(set.Spec.Template.Metadata.Labels ?? []) { [RevisionLog.PodLabel] = hash },
            Annotations = set.Metadata.Annotations is { Count: > 0 } annotations ? new(annotations) : null,
            OwnerReferences = [Owners.ControllerReference(set)],
        },
        Data = RevisionLog.Data(set.Spec.Template), Revision = number,
    };

    /// <summary>Those that no pod was made from, the oldest first.</summary>
    public IReadOnlyList<ControllerRevision> Unused(IEnumerable<Pod> pods)
    {
        var used = pods.Select(p => p.Metadata.Labels?.GetValueOrDefault(RevisionLog.PodLabel) ?? "").ToHashSet();
        return [.. Old.Where(r => !used.Contains(r.Metadata.Labels?.GetValueOrDefault(RevisionLog.PodLabel) ?? ""))];
    }
}
