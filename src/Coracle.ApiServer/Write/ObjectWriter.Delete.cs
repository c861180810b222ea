using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Store;

namespace Coracle.ApiServer;

/// <summary>What became of a deletion: the object as it last was or as it now waits, and whether it is gone.</summary>
public sealed record Deletion(StoredObject Object, bool Gone);

public sealed partial class ObjectWriter
{
    private const string OrphanFinalizer = "orphan";
    private const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Deletes an object, or begins to: with finalizers or a grace period left it stays, marked, until those are over.</summary>
    public async ValueTask<Result<Deletion>> DeleteAsync(RequestContext ctx, DeleteOptions options)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (ctx.Resource.Cache.Get(ctx.Key) is not { } live) return ApiStatus.NotFound(ctx.Kind, ctx.Info.Name);
            if (Precondition(ctx, live, options) is { } failed) return failed;
            if (await ctx.Resource.PrepareAsync([live], ctx.Cancel) is { } unready) return unready;
            var result = await TryDelete(ctx, live, options);
            if (!result.Failed && await ctx.Resource.PrepareAsync([result.Value.Object], ctx.Cancel) is { } unreadable) return unreadable;
            var lost = result.Failed && result.Error.Reason == "Conflict";
            if (!lost || attempt == UpdateTriesMax) return result;
        }
    }

    /// <summary>
    /// 1. Validating admission. 2. Mark: grace period and what becomes of dependents. 3. Nothing to wait for: remove. 4. Otherwise store the mark.
    /// </summary>
    private async ValueTask<Result<Deletion>> TryDelete(RequestContext ctx, StoredObject live, DeleteOptions options)
    {
        var kind = ctx.Resource.Storage;
        var obj = live.ToTree();
        if (kind.Rules.DeletionRefusal(obj) is { } reason) return ApiStatus.Forbidden(kind, live.Name, reason);
        using var admission = new AdmissionContext(ctx, ctx.Kind, Operation.Delete, null, ctx.Resource.ToServed(live)) { Deletion = options };
        if (!options.IsAdmitted && await _server.Admission.AdmitAsync(admission) is { } refused) return refused;   // 1
        var meta = Meta.Of(obj);
        var grace = kind.Rules.GraceSeconds(obj, options.GracePeriodSeconds) ?? 0;
        var marked = Mark(kind, obj, meta, grace, options);                                                    // 2
        if (grace == 0 && MayGo(kind, obj, meta))                                                              // 3
        {
            if (ctx.DryRun || options.DryRun) return new Deletion(live, Gone: true);
            var removed = await Remove(ctx, live, Encoder.Encode(obj, kind.Schema));
            return removed.Failed ? removed.Error : new Deletion(removed.Value, Gone: true);
        }
        if (!marked) return new Deletion(live, Gone: false);
        meta["resourceVersion"] = VersionedJson.Pending;
        var stored = Encoder.Encode(obj, kind.Schema);
        if (options.DryRun || ctx.DryRun) return new Deletion(new StoredObject(live.Namespace, live.Name, live.Revision, VersionedJson.Replace(stored, live.Revision)), Gone: false);
        var key = WatchCache.StoreKey(kind.GroupResource, live.Key);
        var committed = await Commit(ctx, live.Name, new Write(key, live.Revision, new VersionedJson(stored)), stored);   // 4
        return committed.Failed ? committed.Error : new Deletion(committed.Value, Gone: false);
    }

    private bool Mark(KindInfo kind, JsonObject obj, JsonObject meta, long grace, DeleteOptions options)
    {
        var now = _server.Clock.GetUtcNow();
        if (!Meta.IsDeleting(meta))
        {
            SetFinalizers(kind, meta, options);
            meta["deletionTimestamp"] = GoTime.Format(now.AddSeconds(grace));
            meta["deletionGracePeriodSeconds"] = grace;
            if (Meta.Number(meta, "generation") is > 0 and { } generation) meta["generation"] = generation + 1;
            kind.Rules.BeginDelete(obj);
            return true;
        }
        var pending = Meta.Number(meta, "deletionGracePeriodSeconds") ?? 0;
        if (pending == 0) return SetFinalizers(kind, meta, options);
        // While the grace lasts it can only be shortened, and nothing else of the deletion changes.
        if (options.GracePeriodSeconds is null || grace >= pending) return false;
        SetFinalizers(kind, meta, options);
        Shorten(meta, now, pending, grace);
        return true;
    }

    // Counted from when the deletion began. What is over by then still gets a second, so that whoever ends the object notices.
    private static void Shorten(JsonObject meta, DateTimeOffset now, long pending, long grace)
    {
        var until = GoTime.TryParse(Meta.Text(meta, "deletionTimestamp"), out var before) ? before.AddSeconds(grace - pending) : now;
        if (until < now) (until, grace) = (now, grace == 0 ? 0 : 1);
        meta["deletionTimestamp"] = GoTime.Format(until);
        meta["deletionGracePeriodSeconds"] = grace;
    }

    // What is to become of dependents is written down as a finalizer for the garbage collector.
    private static bool SetFinalizers(KindInfo kind, JsonObject meta, DeleteOptions options)
    {
        var finalizers = (meta["finalizers"] as JsonArray)?.Select(f => (string)f!).ToList() ?? [];
        var before = finalizers.Count;
        var had = (Orphan: finalizers.Contains(OrphanFinalizer), Foreground: finalizers.Contains(ForegroundFinalizer));
        var want = options.Propagation switch
        {
            "Orphan" => (Orphan: true, Foreground: false),
            "Foreground" => (Orphan: false, Foreground: true),
            "Background" => (Orphan: false, Foreground: false),
            _ when had.Orphan || had.Foreground => had,
            _ => (Orphan: kind.Rules.DefaultPropagation == "Orphan", Foreground: false),
        };
        if (want == had) return false;
        finalizers.RemoveAll(f => f is OrphanFinalizer or ForegroundFinalizer);
        if (want.Orphan) finalizers.Add(OrphanFinalizer);
        if (want.Foreground) finalizers.Add(ForegroundFinalizer);
        if (finalizers.Count == 0) meta.Remove("finalizers");
        else meta["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        return before > 0 || finalizers.Count > 0;
    }

    private static bool MayGo(KindInfo kind, JsonObject obj, JsonObject meta) =>
        !Meta.HasFinalizers(meta) && (Meta.Number(meta, "deletionGracePeriodSeconds") ?? 0) == 0 && kind.Rules.MayRemove(obj);

    private async ValueTask<Result<StoredObject>> Remove(RequestContext ctx, StoredObject live, byte[] last)
    {
        if (ctx.DryRun) return live;
        var key = WatchCache.StoreKey(ctx.Resource.Storage.GroupResource, live.Key);
        var result = await _server.Store.WriteAsync(new Write(key, live.Revision, null), ctx.Cancel);
        return result.Outcome switch
        {
            WriteOutcome.Committed => new StoredObject(live.Namespace, live.Name, result.Revision, VersionedJson.Replace(last, result.Revision)),
            WriteOutcome.NotFound => ApiStatus.NotFound(ctx.Kind, live.Name),
            WriteOutcome.Conflict => ApiStatus.Conflict(ctx.Kind, live.Name, ApiStatus.Modified),
            _ => ApiStatus.Unavailable(result.Error ?? "the store is unavailable"),
        };
    }

    private static ApiStatus? Precondition(RequestContext ctx, StoredObject live, DeleteOptions options)
    {
        // Upstream names the kind here where it names the resource everywhere else.
        if (options.Uid is { } uid && uid != live.Uid)
            return ApiStatus.Conflict(ctx.Kind, live.Name, ctx.Kind.Kind,
                $"the UID in the precondition ({uid}) does not match the UID in record ({live.Uid}). The object might have been deleted and then recreated");
        var version = live.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (options.ResourceVersion is { } wanted && wanted != version)
            return ApiStatus.Conflict(ctx.Kind, live.Name, ctx.Kind.Kind,
                $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        return null;
    }
}
