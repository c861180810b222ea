using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>A request that changes an object, as ownership sees it.</summary>
/// <param name="Schema">The kind's schema in the request's version.</param>
/// <param name="ApiVersion">The request's version: "apps/v1".</param>
/// <param name="Manager">The request's field manager; empty is recorded as "unknown".</param>
/// <param name="Subresource">"status", or empty for the object itself.</param>
/// <param name="Now">The time that changed entries get.</param>
public sealed record OwnershipRequest(SchemaNode Schema, string ApiVersion, string Manager, string Subresource, DateTimeOffset Now)
{
    /// <summary>The kind's other versions, where it has any.</summary>
    public MergeVersions? Versions { get; init; }

    /// <summary>Fields that this endpoint does not write, and so nobody owns through it: the status for the object, the spec for its status.</summary>
    public FieldSet? Ignored { get; init; }

    internal MergeVersions AllVersions => Versions ?? MergeVersions.Only(ApiVersion, Schema);
}

/// <summary>A field that an apply would take from another manager: the message and field of a Status' cause (FieldManagerConflict).</summary>
public sealed record ApplyConflict(string Manager, string Field)
{
    /// <summary>conflict with "kubectl-client-side-apply" using apps/v1</summary>
    public string Message => "conflict with " + Manager;
}

/// <summary>What came of an apply: the merged object with its managedFields, or conflicts, or an error.</summary>
/// <param name="Object">The merged object; null on conflicts and errors.</param>
/// <param name="Changed">Whether anything but managedFields differs from what was there.</param>
/// <param name="Conflicts">Fields of others that differ, when the apply was not forced.</param>
/// <param name="Error">Why what was applied cannot be merged at all.</param>
public sealed record ApplyResult(JsonObject? Object, bool Changed, IReadOnlyList<ApplyConflict> Conflicts, PatchError? Error)
{
    /// <summary>The message for conflicts: "Apply failed with 1 conflict: conflict with "x" using v1: .spec.replicas".</summary>
    public string ConflictMessage
    {
        get
        {
            if (Conflicts.Count == 1) return $"Apply failed with 1 conflict: {Conflicts[0].Message}: {Conflicts[0].Field}";
            var text = new StringBuilder();
            foreach (var group in Conflicts.GroupBy(c => c.Manager))
            {
                if (text.Length > 0) text.Append('\n');
                text.Append("conflicts with ").Append(group.Key).Append(':');
                foreach (var conflict in group) text.Append("\n- ").Append(conflict.Field);
            }
            return $"Apply failed with {Conflicts.Count} conflicts: {text}";
        }
    }

    internal static ApplyResult Fail(PatchFault fault, string message) => new(null, false, [], new(fault, message));
}

/// <summary>Keeps metadata.managedFields: which manager set which fields, by updates and by server-side apply (apimachinery, util/managedfields).</summary>
public static class FieldOwnership
{
    /// <summary>Entries of updates beyond these are merged, the oldest first.</summary>
    public const int MaxUpdateManagers = 10;

    /// <summary>The annotation in which client-side apply keeps what it applied last.</summary>
    public const string LastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

    private const string Self = "current-operation";

    private static readonly FieldSet Stripped = StrippedFields();

    private static FieldSet StrippedFields()
    {
        var set = FieldSet.OfFields(
            "apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.creationTimestamp", "metadata.selfLink", "metadata.uid",
            "metadata.clusterName", "metadata.generation", "metadata.managedFields", "metadata.resourceVersion");
        set.Insert(PathElement.Field("metadata"));
        return set;
    }

    /// <summary>
    /// Sets the managedFields of an object that is about to be written by a create, update or patch. They start from those that the object brings, or
    /// else from the stored ones; an object that brings [] or [{}] loses them.
    /// </summary>
    /// <param name="live">The stored object, not changed; null on create.</param>
    /// <param name="updated">The object to be stored, after admission; its managedFields are replaced.</param>
    /// <param name="request">Who writes, and where.</param>
    public static void Update(JsonObject? live, JsonObject updated, OwnershipRequest request)
    {
        var stored = live is null ? null : Metadata(live)?["managedFields"];
        var (managed, asStored) = ReadForUpdate(stored, Metadata(updated)?["managedFields"], request.Subresource.Length > 0);
        SetManagedFields(updated, null);
        // An object that is not tracked stays so until it is applied to.
        if (managed.Managers.Count == 0 && live is not null && Metadata(live)?["uid"] is not null) return;
        var identity = ManagerIdentity.Of(Manager(request), ManagerIdentity.Update, request.ApiVersion, request.Subresource);
        if (live is null && managed.Managers.Count == 0 && request.Ignored is null)
        {
            TrackNew(updated, managed, request, identity);
            SetManagedFields(updated, managed.Write());
            return;
        }
        if (!Track(live ?? Zero(request), updated, managed, request, identity) && asStored)
        {
            SetManagedFields(updated, stored?.DeepClone());
            return;
        }
        Cap(managed);
        SetManagedFields(updated, managed.Write());
    }

    /// <summary>Merges what is applied into what is stored. No argument is changed.</summary>
    /// <param name="live">The stored object; null when the apply creates it.</param>
    /// <param name="applied">What the client sent.</param>
    /// <param name="force">Take fields from other managers rather than fail.</param>
    /// <param name="request">Who applies, and where.</param>
    public static ApplyResult Apply(JsonObject? live, JsonObject applied, bool force, OwnershipRequest request)
    {
        if (Check(live, applied, request) is { } error) return error;
        var before = live ?? Zero(request);
        ManagedFields Stored() => ManagedFields.Read(Metadata(before)?["managedFields"], stored: false);
        ManagedFields managed;
        try { managed = Stored(); }
        catch (Exception e) when (e is FormatException or JsonException) { return ApplyResult.Fail(PatchFault.Internal, "failed to decode managed fields: " + e.Message); }

        var result = ApplyTo(before, applied, managed, force, request);
        // kubectl may go from client-side to server-side apply: what the annotation says it applied, and still stands so, it may take over.
        if (result.Conflicts.Count > 0 && request.Manager == "kubectl" && LastApplied(before, request) is { } allowed)
        {
            var rest = result.Conflicts.Where(c => !allowed.Has(c.Path)).ToList();
            result = rest.Count > 0 ? result with { Conflicts = rest } : ApplyTo(before, applied, managed = Stored(), true, request);
        }
        if (result.Conflicts.Count > 0)
            return new(null, false, [.. result.Conflicts.Select(c => new ApplyConflict(managed.Identity(c.Manager).ToString(), FieldSet.Text(c.Path)))], null);

        var merged = result.Merged ?? (JsonObject)before.DeepClone();
        SetManagedFields(merged, managed.Write());
        if (request.Manager == "kubectl" && LastAppliedText(merged) is not null) SetLastApplied(merged, applied);
        return new(merged, result.Merged is not null, [], null);
    }

    private sealed record Attempt(JsonObject? Merged, IReadOnlyList<FieldConflict> Conflicts);

    private static Attempt ApplyTo(JsonObject live, JsonObject applied, ManagedFields managed, bool force, OwnershipRequest request)
    {
        if (managed.Managers.Count == 0)
            Track(Zero(request), live, managed, request, ManagerIdentity.Of("before-first-apply", ManagerIdentity.Update, request.ApiVersion, request.Subresource));
        var key = managed.Key(ManagerIdentity.Of(Manager(request), ManagerIdentity.Apply, request.ApiVersion, request.Subresource));
        var engine = new OwnershipEngine(request.AllVersions, request.Ignored);
        var (merged, conflicts) = engine.Apply(live, applied, request.ApiVersion, managed.Managers, key, force);
        if (conflicts.Count > 0) return new(null, conflicts);
        Strip(managed, key);
        if (merged is not null) managed.Stamp(key, request.Now);
        return new(merged, []);
    }

    /// <summary>Gives a manager's entry what differs between two objects. False when nothing does.</summary>
    private static bool Track(JsonObject live, JsonObject updated, ManagedFields managed, OwnershipRequest request, ManagerIdentity identity)
    {
        var differs = new OwnershipEngine(request.AllVersions, request.Ignored).Update(live, updated, request.ApiVersion, managed.Managers, Self);
        Strip(managed, Self);
        if (!managed.Managers.Remove(Self, out var changed)) return differs;
        var key = managed.Key(identity);
        managed.Managers[key] = managed.Managers.TryGetValue(key, out var previous) ? changed.With(changed.Set.Union(previous.Set)) : changed;
        managed.Stamp(key, request.Now);
        return true;
    }

    /// <summary>Gives a manager's entry all of a new object.</summary>
    private static void TrackNew(JsonObject created, ManagedFields managed, OwnershipRequest request, ManagerIdentity identity)
    {
        if (CreatedFields.Of(created, Zero(request), MergeType.Of(request.Schema), Stripped) is not { } fields) return;
        var key = managed.Key(identity);
        managed.Managers[key] = new(fields, request.ApiVersion, applied: false);
        managed.Stamp(key, request.Now);
    }

    /// <summary>What identifies an object is not owned.</summary>
    private static void Strip(ManagedFields managed, string key)
    {
        if (!managed.Managers.TryGetValue(key, out var fields)) return;
        var rest = fields.Set.Except(Stripped);
        if (rest.IsEmpty) managed.Managers.Remove(key);
        else managed.Managers[key] = fields.With(rest);
    }

    /// <summary>Merges the oldest updates of a version until no more than the allowed number of entries is left.</summary>
    private static void Cap(ManagedFields managed)
    {
        if (managed.Managers.Count <= MaxUpdateManagers) return;
        var updaters = managed.Managers.Where(m => !m.Value.Applied).Select(m => m.Key).OrderBy(managed.Seconds).ThenBy(k => k, StringComparer.Ordinal).ToList();
        var count = updaters.Count;
        var firstOfVersion = new Dictionary<string, string>();
        for (var i = 0; i < updaters.Count && count > MaxUpdateManagers; i++)
        {
            var fields = managed.Managers[updaters[i]];
            if (!firstOfVersion.TryGetValue(fields.ApiVersion, out var first))
            {
                firstOfVersion[fields.ApiVersion] = updaters[i];
                continue;
            }
            var bucket = managed.Key(ManagerIdentity.Of("ancient-changes", ManagerIdentity.Update, fields.ApiVersion, ""));
            if (!managed.Managers.ContainsKey(bucket) && managed.Managers.Remove(first, out var moved)) managed.Managers[bucket] = moved;
            managed.Managers[bucket] = fields.With(fields.Set.Union(managed.Managers[bucket].Set));
            managed.Managers.Remove(updaters[i]);
            managed.CopyTime(updaters[i], bucket);
            count--;
        }
    }

    private static ApplyResult? Check(JsonObject? live, JsonObject applied, OwnershipRequest request)
    {
        var version = Text(applied, "apiVersion");
        if (version != request.ApiVersion)
            return ApplyResult.Fail(PatchFault.BadRequest, $"Incorrect version specified in apply patch. Specified patch version: {version}, expected: {request.ApiVersion}");
        if (Metadata(applied)?["managedFields"] is not null) return ApplyResult.Fail(PatchFault.BadRequest, "metadata.managedFields must be nil");
        if (NotOfType(applied, request.Schema) is { } wrong) return new(null, false, [], wrong);
        if (live is not null && TypedObject.Check(live, MergeType.Of(request.Schema), allowDuplicates: true) is { } stored)
            return ApplyResult.Fail(PatchFault.Internal, $"failed to create typed live object ({Describe(live)}): {stored}");
        return null;
    }

    /// <summary>Why what a client applies is not of the kind's type: a field that the type does not have, a value of another type; null when it is. Asked of the text as it was sent, before anything is left out of it.</summary>
    public static PatchError? NotOfType(JsonObject applied, SchemaNode schema) => TypedObject.Check(applied, MergeType.Of(schema), allowDuplicates: false) is { } wrong
        ? new(PatchFault.Internal, $"failed to create typed patch object ({Describe(applied)}): {wrong}") : null;

    private static string Describe(JsonObject obj) =>
        $"{Text(Metadata(obj), "namespace")}/{Text(Metadata(obj), "name")}; {Text(obj, "apiVersion")}, Kind={Text(obj, "kind")}";

    /// <summary>The entries that an update starts from, and whether they are the stored ones.</summary>
    private static (ManagedFields Fields, bool AsStored) ReadForUpdate(JsonNode? stored, JsonNode? brought, bool ofSubresource)
    {
        if (!ofSubresource && brought is JsonArray list && (list.Count == 0 || list is [JsonObject { Count: 0 }])) return (new(), false);
        // Most clients send back what they read.
        var same = ofSubresource || brought is null || stored is not null && JsonText.ToBytes(brought).AsSpan().SequenceEqual(JsonText.ToBytes(stored));
        if (same) return (ReadOrNone(stored, true), true);
        var managed = ReadOrNone(brought, false);
        return managed.Managers.Count > 0 ? (managed, false) : (ReadOrNone(stored, true), true);
    }

    private static ManagedFields ReadOrNone(JsonNode? list, bool stored)
    {
        try { return ManagedFields.Read(list, stored); }
        // InvalidOperationException: text that is none, half a surrogate pair for one.
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException) { return new(); }
    }

    private static void SetManagedFields(JsonObject obj, JsonNode? fields)
    {
        if (Metadata(obj) is not { } metadata) return;
        if (fields is null) metadata.Remove("managedFields");
        else metadata["managedFields"] = fields;
    }

    /// <summary>An object without content: with the fields that are always there, which so belong to nobody.</summary>
    private static JsonObject Zero(OwnershipRequest request) => request.Schema.Zero;

    /// <summary>The fields that client-side apply set last and that are still so; null when it did not.</summary>
    private static FieldSet? LastApplied(JsonObject live, OwnershipRequest request)
    {
        // Text that a user may have written: what is no JSON counts as not written.
        var last = LastAppliedText(live) is { } text ? Decoder.DecodeTree(Encoding.UTF8.GetBytes(text)).Value as JsonObject : null;
        var type = MergeType.Of(request.Schema);
        if (last is null || Text(last, "apiVersion") != request.ApiVersion || TypedObject.Check(last, type, allowDuplicates: false) is not null) return null;
        var comparison = FieldComparison.Of(last, live, type);
        return TypedObject.Fields(last, type).Except(comparison.Modified).Except(comparison.Added).Except(comparison.Removed);
    }

    private static string? LastAppliedText(JsonObject obj) =>
        Text(Metadata(obj)?["annotations"] as JsonObject, LastAppliedAnnotation) is { Length: > 0 } text ? text : null;

    /// <summary>Writes what was applied into the annotation, as client-side apply would: keys sorted, a line break at the end.</summary>
    private static void SetLastApplied(JsonObject obj, JsonObject applied)
    {
        var copy = (JsonObject)applied.DeepClone();
        (Metadata(copy)?["annotations"] as JsonObject)?.Remove(LastAppliedAnnotation);
        if (Metadata(obj)?["annotations"] is JsonObject annotations) annotations[LastAppliedAnnotation] = SortedJson.Write(copy) + "\n";
    }

    private static string Manager(OwnershipRequest request) => request.Manager.Length > 0 ? request.Manager : "unknown";

    private static JsonObject? Metadata(JsonObject obj) => obj["metadata"] as JsonObject;

    private static string Text(JsonObject? obj, string name) => obj?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>JSON as Go's encoder writes maps: keys sorted, and what could end a script in a page escaped.</summary>
internal static class SortedJson
{
    public static string Write(JsonNode? node)
    {
        var text = Encoding.UTF8.GetString(JsonText.ToBytes(Sort(node)));
        return text.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject obj => new JsonObject(obj.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sort(p.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
