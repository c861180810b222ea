using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// What a kind does that its schema cannot say. The engine calls these in the order in which they stand here; each has a default that does
/// nothing. Defaulting and preparing change the JSON tree (which keeps what a typed object would lose), validation reads typed objects.
/// </summary>
public abstract class KindRules
{
    /// <summary>Defaults that depend on other fields. Runs after the schema's own defaults, on create, update and patch, before and after mutating admission.</summary>
    public virtual void Default(JsonObject obj) { }

    /// <summary>Brings a new object into its initial state (upstream: PrepareForCreate). Status is already cleared where it is a sub-resource, and generation is 1.</summary>
    public virtual void PrepareForCreate(JsonObject obj) { }

    /// <summary>A new object keeps the status that its writer gave it (a node registers with its status).</summary>
    public virtual bool KeepsStatusOnCreate => false;

    /// <summary>Keeps what an update may not change silently (upstream: PrepareForUpdate). Status and generation are already dealt with.</summary>
    public virtual void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource) { }

    /// <summary>Writes times that the server keeps. After the two above; <paramref name="old"/> is null on create.</summary>
    public virtual void Stamp(JsonObject obj, JsonObject? old, DateTimeOffset now) { }

    /// <summary>Errors of a new object given as the canonical JSON.</summary>
    public virtual void Validate(ReadOnlySpan<byte> obj, FieldErrors errors) { }

    /// <summary>Errors of a change. <paramref name="subresource"/> is "" for the object itself.</summary>
    public virtual void ValidateUpdate(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, string subresource, FieldErrors errors) { }

    /// <summary>Warnings to the client about an accepted object, not about its sub-resources; <paramref name="old"/> is empty on create.</summary>
    public virtual void Warn(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, List<string> warnings) { }

    /// <summary>Told to every client of a kind that should not be used any more; null of all others.</summary>
    public virtual string? Deprecation => null;

    /// <summary>Validates a new object and, when nothing is wrong with it, warns of it.</summary>
    public virtual void Check(ReadOnlySpan<byte> obj, FieldErrors errors, List<string> warnings)
    {
        Validate(obj, errors);
        if (errors.Count == 0) Warn(obj, default, warnings);
    }

    /// <summary>The same of a change; sub-resources do not warn.</summary>
    public virtual void CheckUpdate(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, string subresource, FieldErrors errors, List<string> warnings)
    {
        ValidateUpdate(obj, old, subresource, errors);
        if (errors.Count == 0 && subresource.Length == 0) Warn(obj, old, warnings);
    }

    /// <summary>The columns of `kubectl get`; null: name and creation time alone.</summary>
    public virtual IReadOnlyList<TableColumn>? Columns => null;

    /// <summary>The cells for <see cref="Columns"/>: string, long, double, bool or null.</summary>
    public virtual IReadOnlyList<object?> Cells(ReadOnlySpan<byte> obj, DateTimeOffset now) => [];

    /// <summary>Conditions of rows in tables: what kubectl tells finished pods by.</summary>
    public virtual IReadOnlyList<RowCondition> RowConditions => [];

    /// <summary>For kinds with a custom notion of which changes count as a new generation; null: any change outside metadata and status.</summary>
    public virtual bool? ChangesGeneration(JsonObject obj, JsonObject old) => null;

    /// <summary>What is wrong with a name of this kind, or with the prefix that is to become one.</summary>
    public virtual IReadOnlyList<string> NameProblems(string name, bool isPrefix) =>
        NameRules.Dns1123Subdomain(isPrefix ? NameRules.WithoutTrailingDash(name) : name);

    /// <summary>How long a deletion waits for the object to end by itself, in seconds; null or 0: it goes at once. Upstream: graceful deletion of pods.</summary>
    public virtual long? GraceSeconds(JsonObject obj, long? requested) => null;

    /// <summary>Why an object cannot be deleted at all, by anyone; null when it can.</summary>
    public virtual string? DeletionRefusal(JsonObject obj) => null;

    /// <summary>Changes an object whose deletion has begun but which stays for now.</summary>
    public virtual void BeginDelete(JsonObject obj) { }

    /// <summary>Whether an object under deletion without finalizers may be removed (a namespace keeps its own list in spec.finalizers).</summary>
    public virtual bool MayRemove(JsonObject obj) => true;

    /// <summary>What happens to dependents when the client does not say: "Background" or "Orphan".</summary>
    public virtual string DefaultPropagation => "Background";

    /// <summary>What clients are told who do not say and whose deletion orphans by default; null: nothing.</summary>
    public virtual string? OrphaningWarning => null;

    /// <summary>Rules of a kind that has none.</summary>
    public static KindRules None { get; } = new NoRules();

    private sealed class NoRules : KindRules;
}

/// <summary>Rules written against the typed object.</summary>
public abstract class KindRules<T> : KindRules where T : class, IApiType<T>
{
    public virtual void Validate(T obj, FieldErrors errors) { }
    public virtual void ValidateUpdate(T obj, T old, string subresource, FieldErrors errors) { }
    public virtual void Warn(T obj, T? old, List<string> warnings) { }
    public virtual IReadOnlyList<object?> Cells(T obj, DateTimeOffset now) => [];

    public sealed override void Validate(ReadOnlySpan<byte> obj, FieldErrors errors) => Validate(ApiJson.Parse<T>(obj), errors);

    public sealed override void ValidateUpdate(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, string subresource, FieldErrors errors) =>
        ValidateUpdate(ApiJson.Parse<T>(obj), ApiJson.Parse<T>(old), subresource, errors);

    public sealed override void Warn(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, List<string> warnings) =>
        Warn(ApiJson.Parse<T>(obj), old.IsEmpty ? null : ApiJson.Parse<T>(old), warnings);

    // Both at once, as parsing is most of the work.
    public sealed override void Check(ReadOnlySpan<byte> obj, FieldErrors errors, List<string> warnings)
    {
        var typed = ApiJson.Parse<T>(obj);
        Validate(typed, errors);
        if (errors.Count == 0) Warn(typed, null, warnings);
    }

    public sealed override void CheckUpdate(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, string subresource, FieldErrors errors, List<string> warnings)
    {
        var (typed, typedOld) = (ApiJson.Parse<T>(obj), ApiJson.Parse<T>(old));
        ValidateUpdate(typed, typedOld, subresource, errors);
        if (errors.Count == 0 && subresource.Length == 0) Warn(typed, typedOld, warnings);
    }

    public sealed override IReadOnlyList<object?> Cells(ReadOnlySpan<byte> obj, DateTimeOffset now) => Cells(ApiJson.Parse<T>(obj), now);
}

/// <summary>A column of a Table: name, OpenAPI type and format, description, and priority (0 always shown, higher with -o wide).</summary>
public sealed record TableColumn(string Name, string Type, string Format, string Description, int Priority = 0);

/// <summary>A condition that a row of a table has when the field at a path has a value.</summary>
public sealed record RowCondition(string Path, string Value, string Type, string Reason, string Message);
