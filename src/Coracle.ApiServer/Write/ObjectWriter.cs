using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Store;

namespace Coracle.ApiServer;

/// <summary>
/// The one way by which objects change: default, admit, stamp, validate, commit. Verbs decide what the new object is; this decides whether it may be.
/// </summary>
public sealed partial class ObjectWriter
{
    private const int NameTriesMax = 8;

    private readonly Server _server;

    internal ObjectWriter(Server server) => _server = server;

    /// <summary>
    /// Creates an object that has been decoded and defaulted.
    /// 1. Place and identity. 2. Initial state. 3. Mutating admission. 4. Defaults again. 5. Validation. 6. Validating admission. 7. Commit.
    /// </summary>
    public async ValueTask<Result<StoredObject>> CreateAsync(RequestContext ctx, JsonObject obj)
    {
        var kind = ctx.Kind;
        var meta = Meta.Of(obj);
        if (Place(ctx, meta) is { } misplaced) return misplaced;                                             // 1
        if (Meta.Text(meta, "resourceVersion").Length > 0)
            return ApiStatus.Unclassified("resourceVersion should not be set on objects to be created");
        var generated = Meta.Text(meta, "name").Length == 0;
        for (var attempt = 1; ; attempt++)
        {
            var candidate = attempt == 1 && !generated ? obj : (JsonObject)obj.DeepClone();
            var result = await TryCreate(ctx, kind, candidate, generated);
            // A prefix says that another name would do as well, even where the client or a plugin gave the name.
            if (result.Failed && result.Error.Reason == "AlreadyExists" && Meta.Text(meta, "generateName").Length > 0)
                result = ApiStatus.NameNotUnique(result.Error);
            var collided = generated && result.Failed && result.Error.Reason == "AlreadyExists";
            if (!collided) return result;
            if (attempt == NameTriesMax) return result;
        }
    }

    private async ValueTask<Result<StoredObject>> TryCreate(RequestContext ctx, KindInfo kind, JsonObject obj, bool generated)
    {
        var meta = Meta.Of(obj);
        if (generated && Meta.Text(meta, "generateName") is { Length: > 0 } prefix) meta["name"] = GeneratedName(prefix);
        Initialise(ctx, kind, obj, meta);                                                                          // 2
        if (ctx.Resource.IsTerminating) return ApiStatus.Forbidden(kind, Meta.Text(meta, "name"), "create not allowed while custom resource definition is terminating");
        using var admission = new AdmissionContext(ctx, kind, Operation.Create, obj, old: null);
        if (await _server.Admission.MutateAsync(admission) is { } refused) return refused;                    // 3
        obj = admission.Object!;
        meta = Meta.Of(obj);
        BodyReader.ApplyDefaults(kind, obj);                                                                  // 4
        Ownership.Created(ctx, obj);
        var name = Meta.Text(meta, "name");
        var bytes = Encoder.Encode(obj, kind.Schema);
        var errors = new FieldErrors();                                                                       // 5
        MetaRules.Validate(meta, kind, errors);
        if (SchemaRules.Validate(kind, obj, null, "", errors, ctx.Warnings) || !kind.BuiltIn) kind.Rules.Check(bytes, errors, ctx.Warnings);
        if (errors.Count > 0) return ApiStatus.Invalid(kind, name, errors.All);
        if (await _server.Admission.ValidateAsync(admission) is { } denied) return denied;                    // 6
        var stored = await ctx.Resource.ToStoredAsync(obj, bytes, ctx.Cancel);                                // 7
        return stored.Failed ? stored.Error : await Commit(ctx, name, new Write(Key(ctx, meta), 0, new VersionedJson(stored.Value)), stored.Value, bytes);
    }

    private static ApiStatus? Place(RequestContext ctx, JsonObject meta)
    {
        var kind = ctx.Kind;
        var ns = Meta.Text(meta, "namespace");
        if (!kind.Namespaced) meta.Remove("namespace");
        else if (ns.Length == 0) meta["namespace"] = ctx.Info.Namespace;
        else if (ns != ctx.Info.Namespace)
            return ApiStatus.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        return null;
    }

    private void Initialise(RequestContext ctx, KindInfo kind, JsonObject obj, JsonObject meta)
    {
        MetaRules.WithoutRepeatedOwners(meta, ctx.Warnings);
        meta.Remove("selfLink");
        meta.Remove("deletionTimestamp");
        meta.Remove("deletionGracePeriodSeconds");
        meta["uid"] = _server.NewUid();
        meta["creationTimestamp"] = GoTime.Format(_server.Clock.GetUtcNow());
        meta["resourceVersion"] = VersionedJson.Pending;
        if (kind.TracksGeneration || !kind.BuiltIn) meta["generation"] = 1L;
        else meta.Remove("generation");
        if (kind.HasStatus && !kind.Rules.KeepsStatusOnCreate) obj.Remove("status");
        kind.Rules.PrepareForCreate(obj);
        kind.Rules.Stamp(obj, null, _server.Clock.GetUtcNow());
    }

    /// <summary>Prefix, cut to fit, and five characters that spell no words.</summary>
    private string GeneratedName(string prefix)
    {
        const string alphabet = "bcdfghjklmnpqrstvwxz2456789";
        const int suffixLength = 5;
        const int lengthMax = 63;
        var head = prefix.Length > lengthMax - suffixLength ? prefix[..(lengthMax - suffixLength)] : prefix;
        return string.Create(head.Length + suffixLength, (head, _server), static (span, state) =>
        {
            state.head.CopyTo(span);
            for (var i = state.head.Length; i < span.Length; i++) span[i] = alphabet[state._server.Random(alphabet.Length)];
        });
    }

    private static string Key(RequestContext ctx, JsonObject meta)
    {
        var name = Meta.Text(meta, "name");
        var key = ctx.Kind.Namespaced ? $"{Meta.Text(meta, "namespace")}/{name}" : name;
        return WatchCache.StoreKey(ctx.Resource.Storage.GroupResource, key);
    }

    /// <summary>Writes an object, given as it is stored and as it is served, and gives it as it then is.</summary>
    private async ValueTask<Result<StoredObject>> Commit(RequestContext ctx, string name, Write write, byte[] stored, byte[] served)
    {
        var committed = await Commit(ctx, name, write, stored);
        if (!committed.Failed) ctx.Resource.KeepView(committed.Value, served);
        return committed;
    }

    private async ValueTask<Result<StoredObject>> Commit(RequestContext ctx, string name, Write write, byte[] stored)
    {
        var ns = ctx.Kind.Namespaced ? ctx.Info.Namespace : "";
        if (ctx.DryRun)
        {
            var slash = write.Key.IndexOf('/', StringComparison.Ordinal) + 1;
            var exists = ctx.Resource.Cache.Get(write.Key[slash..]);
            if (write.ExpectedRevision == 0 && exists is not null) return ApiStatus.AlreadyExists(ctx.Kind, name);
            return new StoredObject(ns, name, exists?.Revision ?? 0, DryRunBytes(stored, exists?.Revision));
        }
        var result = await _server.Store.WriteAsync(write, ctx.Cancel);
        return result.Outcome switch
        {
            WriteOutcome.Committed => new StoredObject(ns, name, result.Revision, write.Value!.At(result.Revision)),
            WriteOutcome.Exists => ApiStatus.AlreadyExists(ctx.Kind, name),
            WriteOutcome.Conflict => ApiStatus.Conflict(ctx.Kind, name, ApiStatus.Modified),
            WriteOutcome.NotFound => ApiStatus.NotFound(ctx.Kind, name),
            _ => ApiStatus.Unavailable(result.Error ?? "the store is unavailable"),
        };
    }

    // A created object that is not stored has no version.
    private static byte[] DryRunBytes(byte[] stored, long? revision)
    {
        if (revision is { } known) return VersionedJson.Replace(stored, known);
        var text = stored.AsSpan();
        ReadOnlySpan<byte> marker = "\"resourceVersion\":\"0\","u8;
        var at = text.IndexOf(marker);
        return at < 0 ? stored : [.. text[..at], .. text[(at + marker.Length)..]];
    }
}
