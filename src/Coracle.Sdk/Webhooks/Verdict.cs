using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// What a webhook says to a request:
/// <code>
/// return Verdict.Allow.Warn("spec.old is going away");
/// return Verdict.Deny("not on Fridays");
/// return Verdict.Of(obj, errors);                     // 422 with a cause for each field, as the server itself refuses
/// </code>
/// </summary>
public sealed record Verdict
{
    private Verdict(ApiStatus status, bool allowed) => (Status, Allowed) = (status, allowed);

    public bool Allowed { get; }

    /// <summary>Why; of what is allowed its code is 200.</summary>
    public ApiStatus Status { get; }

    /// <summary>Shown to the client, whatever becomes of the request. At most 120 characters each, or the client sees less of it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>For the server's audit log, under keys without prefix: the server puts the webhook's name before them.</summary>
    public IReadOnlyDictionary<string, string> AuditAnnotations { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What a mutating webhook changes: the operations of a JSON patch; null for nothing.</summary>
    public JsonArray? Patch { get; init; }

    public static Verdict Allow { get; } = new(new() { Code = 200 }, true);

    /// <summary>Refuses with 403 Forbidden. Clients read: admission webhook "NAME" denied the request: MESSAGE.</summary>
    public static Verdict Deny(string message) => new(new() { Code = 403, Reason = "Forbidden", Message = message }, false);

    /// <summary>Refuses with a status of one's own.</summary>
    public static Verdict Deny(ApiStatus status) => new(status, false);

    /// <summary>The request could not be judged: refuses with this code and no reason.</summary>
    public static Verdict Error(int code, string message) => new(new() { Code = code, Message = message }, false);

    /// <summary>Refuses what has errors with 422 Invalid, each with its field, in the words of the server's own validation; allows what has none.</summary>
    public static Verdict Of<T>(T obj, FieldErrors errors) where T : class, IKind<T> => errors.Count == 0 ? Allow : Deny(Invalid(T.Info, obj.Metadata.Name, errors.All));

    /// <summary>Allows, with changes.</summary>
    public static Verdict Patched(JsonArray operations) => Allow with { Patch = operations.Count == 0 ? null : operations };

    /// <summary>The same with warnings.</summary>
    public Verdict Warn(params ReadOnlySpan<string> warnings) => this with { Warnings = [.. Warnings, .. warnings] };

    /// <summary>The same with a line in the audit log.</summary>
    public Verdict Annotate(string key, string value) => this with { AuditAnnotations = new SortedDictionary<string, string>(AuditAnnotations.ToDictionary(), StringComparer.Ordinal) { [key] = value } };

    // apimachinery, api/errors NewInvalid.
    private static ApiStatus Invalid(KindInfo kind, string name, IReadOnlyList<FieldError> errors)
    {
        var all = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors.Select(e => e.ToString()).Distinct())}]";
        var subject = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new()
        {
            Code = 422, Reason = "Invalid", Message = $"{subject} {GoText.Quote(name)} is invalid: {all}", Name = name, Group = kind.Group, Kind = kind.Kind,
            Causes = [.. errors.Select(e => new ApiCause(e.Reason, e.Body, e.Field))],
        };
    }
}
