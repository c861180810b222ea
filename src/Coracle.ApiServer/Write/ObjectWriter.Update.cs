using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Store;

namespace Coracle.ApiServer;

public sealed partial class ObjectWriter
{
    /// <summary>Updates are tried again when others got in between, unless the client named the version that it saw.</summary>
    private const int UpdateTriesMax = 16;

    /// <summary>
    /// Changes an object. <paramref name="change"/> makes the new object from the live one (a fresh tree in the served version, its to keep), and is asked
    /// again when another write came first.
    /// </summary>
    public ValueTask<Result<StoredObject>> UpdateAsync(RequestContext ctx, string subresource, Func<JsonObject, Result<JsonObject>> change) =>
        UpdateAsync(ctx, subresource, live => ValueTask.FromResult(change(live)));

    /// <summary>The same, where making the new object may take its time.</summary>
    public async ValueTask<Result<StoredObject>> UpdateAsync(RequestContext ctx, string subresource, Func<JsonObject, ValueTask<Result<JsonObject>>> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (ctx.Resource.Cache.Get(ctx.Key) is not { } live) return ApiStatus.NotFound(ctx.Kind, ctx.Info.Name);
            if (await ctx.Resource.PrepareAsync([live], ctx.Cancel) is { } unready) return unready;
            var old = ctx.Resource.ToServed(live);
            var changed = await change((JsonObject)old.DeepClone());
            if (changed.Failed) return changed.Error;
            if (BadVersion(ctx, changed.Value) is { } bad) return bad;
            var explicitVersion = ExplicitVersion(changed.Value, live, out var conflicting);
            if (conflicting) return ApiStatus.Conflict(ctx.Kind, live.Name, ApiStatus.Modified);
            var result = await TryUpdate(ctx, subresource, live, old, changed.Value);
            var lost = result.Failed && result.Error.Reason == "Conflict" && result.Error.Message.EndsWith(ApiStatus.Modified, StringComparison.Ordinal);
            if (!lost || explicitVersion || attempt == UpdateTriesMax) return result;
        }
    }

    private static ApiStatus? BadVersion(RequestContext ctx, JsonObject obj)
    {
        var given = Meta.Text(Meta.Of(obj), "resourceVersion");
        if (given.Length == 0 || ulong.TryParse(given, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)) return null;
        var errors = new FieldErrors();
        errors.Invalid(FieldPath.Of("metadata") / "resourceVersion", given, $"strconv.ParseUint: parsing {GoText.Quote(given)}: invalid syntax");
        return ApiStatus.Invalid(ctx.Kind.Group, ctx.Kind.Plural, ctx.Info.Name, errors.All);
    }

    private static bool ExplicitVersion(JsonObject obj, StoredObject live, out bool conflicting)
    {
        var given = Meta.Text(Meta.Of(obj), "resourceVersion");
        conflicting = given.Length > 0 && given != "0" && given != live.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return given.Length > 0 && given != "0";
    }

    /// <summary>
    /// 1. What cannot change is kept. 2. Mutating admission, defaults. 3. Validation. 4. Validating admission. 5. Nothing changed, nor how it would be encrypted: nothing is written.
    /// 6. The last finalizer gone: the object goes. 7. Commit.
    /// </summary>
    private async ValueTask<Result<StoredObject>> TryUpdate(RequestContext ctx, string subresource, StoredObject live, JsonObject old, JsonObject obj)
    {
        var kind = ctx.Kind;
        var meta = Meta.Of(obj);
        var oldMeta = Meta.Of(old);
        if (Identity(ctx, meta, oldMeta) is { } mismatch) return mismatch;                                   // 1
        MetaRules.WithoutRepeatedOwners(meta, ctx.Warnings);
        Keep(kind, subresource, obj, old);
        kind.Rules.PrepareForUpdate(obj, old, subresource);
        kind.Rules.Stamp(obj, old, _server.Clock.GetUtcNow());
        using var admission = new AdmissionContext(ctx, kind, Operation.Update, obj, old) { Subresource = subresource };
        if (!ctx.IsAdmitted && await _server.Admission.MutateAsync(admission) is { } refused) return refused;   // 2
        obj = admission.Object!;
        meta = Meta.Of(obj);
        BodyReader.ApplyDefaults(kind, obj);
        Generation(kind, subresource, obj, old);
        await Ownership.UpdatedAsync(ctx, subresource, obj, old);
        var served = Encoder.Encode(obj, kind.Schema);
        var errors = new FieldErrors();                                                                       // 3
        MetaRules.ValidateUpdate(meta, oldMeta, kind, errors);
        if (SchemaRules.Validate(kind, obj, old, subresource, errors, ctx.Warnings) || !kind.BuiltIn)
            kind.Rules.CheckUpdate(served, ctx.Resource.View(live).Span, subresource, errors, ctx.Warnings);
        if (errors.Count > 0) return ApiStatus.Invalid(kind, live.Name, errors.All);
        if (!ctx.IsAdmitted && await _server.Admission.ValidateAsync(admission) is { } denied) return denied;   // 4
        var converted = await ctx.Resource.ToStoredAsync(obj, served, ctx.Cancel);
        if (converted.Failed) return converted.Error;
        var stored = converted.Value;
        if (Meta.IsDeleting(meta) && MayGo(kind, obj, meta))                                                  // 6
            return await Remove(ctx, live, stored);
        var key = WatchCache.StoreKey(ctx.Resource.Storage.GroupResource, live.Key);
        if (VersionedJson.SameContent(stored, live.Json.Span) && !_server.Store.IsStale(key)) return live;   // 5
        var write = new Write(key, live.Revision, new VersionedJson(stored), Ephemeral: Heartbeat.IsRenewal(kind, obj, old));
        return await Commit(ctx, live.Name, write, stored, served);                                           // 7
    }

    private static ApiStatus? Identity(RequestContext ctx, JsonObject meta, JsonObject oldMeta)
    {
        var uid = Meta.Text(meta, "uid");
        var oldUid = Meta.Text(oldMeta, "uid");
        if (uid.Length > 0 && uid != oldUid)
            return ApiStatus.WrongUid(ctx.Kind, ctx.Key, ctx.Info.Name, uid, oldUid);
        var name = Meta.Text(meta, "name");
        if (name.Length > 0 && name != ctx.Info.Name)
            return ApiStatus.BadRequest($"the name of the object ({name}) does not match the name on the URL ({ctx.Info.Name})");
        var ns = Meta.Text(meta, "namespace");
        if (ns.Length > 0 && ctx.Kind.Namespaced && ns != ctx.Info.Namespace)
            return ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        return null;
    }

    // The server's own fields of metadata, and the half of the object that this sub-resource does not write.
    private static void Keep(KindInfo kind, string subresource, JsonObject obj, JsonObject old)
    {
        var (meta, oldMeta) = (Meta.Of(obj), Meta.Of(old));
        foreach (var field in (ReadOnlySpan<string>)["name", "namespace", "uid", "creationTimestamp", "generation", "selfLink"])
            Meta.Keep(oldMeta, meta, field);
        // A deletion that has begun goes on; one that has not is not begun by an update, which validation says.
        if (Meta.IsDeleting(oldMeta)) Meta.Keep(oldMeta, meta, "deletionTimestamp");
        if (oldMeta.ContainsKey("deletionGracePeriodSeconds") && !meta.ContainsKey("deletionGracePeriodSeconds")) Meta.Keep(oldMeta, meta, "deletionGracePeriodSeconds");
        meta["resourceVersion"] = VersionedJson.Pending;
        if (subresource == "status")
        {
            foreach (var (field, value) in old)
                if (field is not ("status" or "metadata")) obj[field] = value?.DeepClone();
            foreach (var field in obj.Select(p => p.Key).Where(f => !old.ContainsKey(f) && f != "status").ToList()) obj.Remove(field);
            Meta.Keep(oldMeta, meta, "ownerReferences");
            Meta.Keep(oldMeta, meta, "finalizers");
            if (!kind.BuiltIn)
            {
                Meta.Keep(oldMeta, meta, "labels");
                Meta.Keep(oldMeta, meta, "annotations");
            }
        }
        else if (subresource.Length == 0 && kind.HasStatus) Meta.Keep(old, obj, "status");
    }

    private static void Generation(KindInfo kind, string subresource, JsonObject obj, JsonObject old)
    {
        if (subresource is "status" or "binding" || kind.BuiltIn && !kind.TracksGeneration) return;
        if (kind.Rules.ChangesGeneration(obj, old) ?? DesiredDiffers(kind, obj, old))
            Meta.Of(obj)["generation"] = (Meta.Number(Meta.Of(old), "generation") ?? 0) + 1;
    }

    private static bool DesiredDiffers(KindInfo kind, JsonObject obj, JsonObject old)
    {
        foreach (var property in obj.Select(p => p.Key).Union(old.Select(p => p.Key)))
        {
            if (property is "metadata" or "kind" or "apiVersion" || property == "status" && kind.HasStatus) continue;
            if (!SameCanonical(kind, property, obj[property], old[property])) return true;
        }
        return false;
    }

    // Compared as they would be written, so that a field that is left out and one that is zero do not differ.
    private static bool SameCanonical(KindInfo kind, string property, JsonNode? a, JsonNode? b)
    {
        if (JsonNode.DeepEquals(a, b)) return true;
        var bytesA = Encoder.Encode(new JsonObject { [property] = a?.DeepClone() }, kind.Schema);
        var bytesB = Encoder.Encode(new JsonObject { [property] = b?.DeepClone() }, kind.Schema);
        return bytesA.AsSpan().SequenceEqual(bytesB);
    }
}
