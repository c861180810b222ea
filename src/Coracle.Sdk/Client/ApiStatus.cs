using System.Text;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>What the server says about a call that failed (meta/v1 Status).</summary>
public sealed record ApiStatus
{
    /// <summary>The HTTP status code.</summary>
    public int Code { get; init; }

    /// <summary>Why, in one word: "NotFound", "AlreadyExists", "Conflict", "Invalid"... "" when the server gave none.</summary>
    public string Reason { get; init; } = "";
    public string Message { get; init; } = "";

    /// <summary>Name, group, plural (in the field "kind") and uid of what the call was about, where known.</summary>
    public string Name { get; init; } = "";
    public string Group { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Uid { get; init; } = "";
    public int? RetryAfterSeconds { get; init; }
    public IReadOnlyList<ApiCause> Causes { get; init; } = [];

    public bool IsNotFound => Reason == "NotFound" || (Reason.Length == 0 && Code == 404);
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>The object changed since it was read, or a precondition did not hold.</summary>
    public bool IsConflict => Reason == "Conflict" || (Reason.Length == 0 && Code == 409);

    /// <summary>The resource version or continue token is too old: list anew.</summary>
    public bool IsGone => Code == 410 || Reason is "Expired" or "Gone";
    public bool IsInvalid => Reason == "Invalid" || Code == 422;
    public bool IsForbidden => Reason == "Forbidden" || Code == 403;
    public bool IsUnauthorized => Code == 401;
    public bool IsTooManyRequests => Code == 429;
    public bool IsTimeout => Reason is "Timeout" or "ServerTimeout" || Code == 504;

    /// <summary>The server has not reached the resource version yet.</summary>
    public bool IsTooLargeResourceVersion => HasCause("ResourceVersionTooLarge");

    /// <summary>The object cannot be created because its namespace is on its way out.</summary>
    public bool IsNamespaceTerminating => HasCause("NamespaceTerminating");

    public bool HasCause(string reason)
    {
        foreach (var cause in Causes)
            if (cause.Reason == reason) return true;
        return false;
    }

    /// <summary>Reads the body of a failure; one that is no Status becomes the message.</summary>
    public static ApiStatus Parse(int code, ReadOnlySpan<byte> body)
    {
        try
        {
            if (body.Length > 0 && body[0] == '{' && Read(body) is { } status) return status.Code == 0 ? status with { Code = code } : status;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { } // not JSON after all, or strings in it that are no text: shown as text below
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 1024)]).Trim();
        return new() { Code = code, Message = text.Length > 0 ? text : $"the server answered with HTTP status {code}" };
    }

    internal static ApiStatus From(ApiReply reply)
    {
        var status = Parse(reply.Status, reply.Body.Span);
        return status.RetryAfterSeconds is null && reply.RetryAfterSeconds is { } seconds ? status with { RetryAfterSeconds = seconds } : status;
    }

    /// <summary>Null when it is no Status; <paramref name="unnamed"/> takes one that does not say its kind, as those that end a command do not.</summary>
    internal static ApiStatus? Read(ReadOnlySpan<byte> json, bool unnamed = false)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (Text(root, "kind") is var kind && kind != "Status" && !(unnamed && kind.Length == 0)) return null;
        var hasDetails = root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object;
        return new()
        {
            Code = Number(root, "code") ?? 0,
            Reason = Text(root, "reason"),
            Message = Text(root, "message"),
            Name = hasDetails ? Text(details, "name") : "",
            Group = hasDetails ? Text(details, "group") : "",
            Kind = hasDetails ? Text(details, "kind") : "",
            Uid = hasDetails ? Text(details, "uid") : "",
            RetryAfterSeconds = hasDetails ? Number(details, "retryAfterSeconds") : null,
            Causes = hasDetails && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
                ? [.. causes.EnumerateArray().Select(c => new ApiCause(Text(c, "reason"), Text(c, "message"), Text(c, "field")))]
                : [],
        };
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    public override string ToString() => Reason.Length == 0 ? $"{Code}: {Message}" : $"{Code} {Reason}: {Message}";
}

/// <summary>One of several reasons of a failure: reason, message and the field it is about ("" for none).</summary>
public sealed record ApiCause(string Reason, string Message, string Field);

/// <summary>A call that the server refused, where the caller did not ask for the failure as a value.</summary>
public sealed class ApiException(ApiStatus status) : Exception(status.Message)
{
    public ApiStatus Status { get; } = status;
    public bool IsNotFound => Status.IsNotFound;
    public bool IsAlreadyExists => Status.IsAlreadyExists;
    public bool IsConflict => Status.IsConflict;
    public bool IsGone => Status.IsGone;
    public bool IsInvalid => Status.IsInvalid;
    public bool IsForbidden => Status.IsForbidden;
    public bool IsTooManyRequests => Status.IsTooManyRequests;
    public bool IsNamespaceTerminating => Status.IsNamespaceTerminating;
}

/// <summary>The outcome of a call: the value, or why there is none.</summary>
public readonly struct ApiResult<T> where T : class
{
    internal ApiResult(T value) => Value = value;
    internal ApiResult(ApiStatus failure) => Failure = failure;

    public T? Value { get; }
    public ApiStatus? Failure { get; }

    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool Ok => Failure is null;

    public bool IsNotFound => Failure is { IsNotFound: true };
    public bool IsAlreadyExists => Failure is { IsAlreadyExists: true };
    public bool IsConflict => Failure is { IsConflict: true };
    public bool IsGone => Failure is { IsGone: true };
    public bool IsInvalid => Failure is { IsInvalid: true };
    public bool IsForbidden => Failure is { IsForbidden: true };

    /// <summary>The value; throws <see cref="ApiException"/> when there is none.</summary>
    public T OrThrow() => Ok ? Value : throw new ApiException(Failure);

    /// <summary>The value, or null when the object was not there; throws <see cref="ApiException"/> for every other failure.</summary>
    public T? OrNullIfNotFound() => IsNotFound ? null : OrThrow();
}
