using System.Buffers;
using System.Text.Json;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A failure as the API tells it: a Status object, worded as upstream's (apimachinery, pkg/api/errors).</summary>
public sealed record ApiStatus(int Code, string Reason, string Message)
{
    /// <summary>Details.name, .group, .kind (the resource's plural name, or the kind for validation errors) and .uid.</summary>
    public string? Name { get; init; }
    public string? Group { get; init; }
    public string? Kind { get; init; }
    public string? Uid { get; init; }
    public IReadOnlyList<StatusCause> Causes { get; init; } = [];
    public int? RetryAfterSeconds { get; init; }

    /// <summary>With which token an expired list may go on, inconsistently.</summary>
    public string? Continue { get; init; }

    private static ApiStatus About(KindInfo kind, string name, int code, string reason, string message) =>
        new(code, reason, message) { Name = name, Group = kind.Group, Kind = kind.Plural };

    public static ApiStatus NotFound(KindInfo kind, string name) =>
        About(kind, name, 404, "NotFound", $"{kind.GroupResource} \"{name}\" not found");

    /// <summary>A path that nothing serves.</summary>
    public static ApiStatus UnknownPath { get; } = new(404, "NotFound", "the server could not find the requested resource");

    public static ApiStatus AlreadyExists(KindInfo kind, string name) =>
        About(kind, name, 409, "AlreadyExists", $"{kind.GroupResource} \"{name}\" already exists");

    /// <summary>A generated name was taken, or one that came with a prefix to generate from: trying again may help.</summary>
    public static ApiStatus NameNotUnique(ApiStatus exists) => exists with
    {
        Message = $"{exists.Message}, the server was not able to generate a unique name for the object", RetryAfterSeconds = 1,
    };

    public static ApiStatus Conflict(KindInfo kind, string name, string why) =>
        About(kind, name, 409, "Conflict", $"Operation cannot be fulfilled on {kind.GroupResource} \"{name}\": {why}");

    /// <summary>A conflict that names what is in conflict otherwise than by its resource.</summary>
    public static ApiStatus Conflict(KindInfo kind, string name, string subject, string why)
    {
        var qualified = kind.Group.Length == 0 ? subject : $"{subject}.{kind.Group}";
        return new(409, "Conflict", $"Operation cannot be fulfilled on {qualified} \"{name}\": {why}") { Name = name, Group = kind.Group, Kind = subject };
    }

    /// <summary>An update that names another object's UID, or any while there is no object.</summary>
    public static ApiStatus WrongUid(KindInfo kind, string key, string name, string wanted, string actual) =>
        Conflict(kind, name, $"StorageError: invalid object, Code: 4, Key: /registry/{kind.Plural}/{key}, ResourceVersion: 0, AdditionalErrorMsg: "
            + $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {actual}");

    public const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    public static ApiStatus Forbidden(KindInfo kind, string name, string why) =>
        About(kind, name, 403, "Forbidden", name.Length > 0 ? $"{kind.GroupResource} \"{name}\" is forbidden: {why}" : $"{kind.GroupResource} is forbidden: {why}");

    /// <summary>A request that its user may not make.</summary>
    internal static ApiStatus Forbidden(RequestAttributes attributes, Decision decision) => new(403, "Forbidden", Access.Forbidden.Message(attributes, decision.Reason))
    {
        Name = attributes.Name, Group = attributes.ApiGroup, Kind = attributes.Resource,
    };

    public static ApiStatus Invalid(KindInfo kind, string name, IReadOnlyList<FieldError> errors) => Invalid(kind.Group, kind.Kind, name, errors);

    public static ApiStatus Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var causes = errors.Select(e => new StatusCause(e.Reason, e.Body, e.Field)).ToList();
        var all = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors.Select(e => e.ToString()).Distinct())}]";
        var subject = group.Length == 0 ? kind : $"{kind}.{group}";
        return new(422, "Invalid", $"{subject} \"{name}\" is invalid: {all}") { Name = name, Group = group, Kind = kind, Causes = causes };
    }

    public static ApiStatus BadRequest(string message) => new(400, "BadRequest", message);
    public static ApiStatus Unauthorized { get; } = new(401, "Unauthorized", "Unauthorized");
    public static ApiStatus Expired(string message) => new(410, "Expired", message);
    public static ApiStatus NotAcceptable(string message) => new(406, "NotAcceptable", message);
    public static ApiStatus UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);
    public static ApiStatus Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}") { Causes = [new("", message, "")] };

    /// <summary>An error to which upstream gives neither a reason nor a code of its own.</summary>
    public static ApiStatus Unclassified(string message) => new(500, "", message);
    public static ApiStatus Unavailable(string message) => new(503, "ServiceUnavailable", message);
    public static ApiStatus TooManyRequests(string message, int retryAfterSeconds) => new(429, "TooManyRequests", message) { RetryAfterSeconds = retryAfterSeconds };
    public static ApiStatus Timeout(string message, int retryAfterSeconds) => new(504, "Timeout", message) { RetryAfterSeconds = retryAfterSeconds };

    public static ApiStatus TooLarge(int limitBytes) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limitBytes}");

    public static ApiStatus MethodNotAllowed { get; } = new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    /// <summary>The Status object as JSON.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            Write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Status"u8);
        writer.WriteString("apiVersion"u8, "v1"u8);
        writer.WriteStartObject("metadata"u8);
        if (Continue is not null) writer.WriteString("continue"u8, Continue);
        writer.WriteEndObject();
        writer.WriteString("status"u8, Code < 400 ? "Success"u8 : "Failure"u8);
        if (Message.Length > 0) writer.WriteString("message"u8, Message);
        if (Reason.Length > 0) writer.WriteString("reason"u8, Reason);
        WriteDetails(writer);
        if (Code >= 400) writer.WriteNumber("code"u8, Code);
        writer.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter writer)
    {
        if (Name is null && Kind is null && Group is null && Uid is null && Causes.Count == 0 && RetryAfterSeconds is null) return;
        writer.WriteStartObject("details"u8);
        if (!string.IsNullOrEmpty(Name)) writer.WriteString("name"u8, Name);
        if (!string.IsNullOrEmpty(Group)) writer.WriteString("group"u8, Group);
        if (!string.IsNullOrEmpty(Kind)) writer.WriteString("kind"u8, Kind);
        if (!string.IsNullOrEmpty(Uid)) writer.WriteString("uid"u8, Uid);
        if (Causes.Count > 0)
        {
            writer.WriteStartArray("causes"u8);
            foreach (var cause in Causes) cause.Write(writer);
            writer.WriteEndArray();
        }
        if (RetryAfterSeconds is { } seconds) writer.WriteNumber("retryAfterSeconds"u8, seconds);
        writer.WriteEndObject();
    }
}

/// <summary>One cause of a failure: which field, and what about it.</summary>
public sealed record StatusCause(string Reason, string Message, string Field)
{
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Reason.Length > 0) writer.WriteString("reason"u8, Reason);
        if (Message.Length > 0) writer.WriteString("message"u8, Message);
        if (Field.Length > 0) writer.WriteString("field"u8, Field);
        writer.WriteEndObject();
    }
}
