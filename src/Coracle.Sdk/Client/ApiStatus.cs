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
    /// <summary>In words, for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>Name, group, plural (in the field "kind") and uid of what the call was about, where known.</summary>
    public string Name { get; init; } = "";
    /// <summary>The group of what it is about; "" of the core or where nothing is said.</summary>
    public string Group { get; init; } = "";
    /// <summary>The kind of what it is about, or its plural; "" where nothing is said.</summary>
    public string Kind { get; init; } = "";
    /// <summary>The uid of what it is about; "" where nothing is said.</summary>
    public string Uid { get; init; } = "";
    /// <summary>Seconds after which to ask again; null when the server did not say.</summary>
    public int? RetryAfterSeconds { get; init; }
    /// <summary>What is wrong in particular, a field each as a rule.</summary>
    public IReadOnlyList<ApiCause> Causes { get; init; } = [];

    /// <summary>There is no such object, or no such resource.</summary>
    public bool IsNotFound => Reason == "NotFound" || (Reason.Length == 0 && Code == 404);
    /// <summary>There is one of this name already.</summary>
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>The object changed since it was read, or a precondition did not hold.</summary>
    public bool IsConflict => Reason == "Conflict" || (Reason.Length == 0 && Code == 409);

    /// <summary>The resource version or continue token is too old: list anew.</summary>
    public bool IsGone => Code == 410 || Reason is "Expired" or "Gone";
    /// <summary>The object breaks a rule of its kind.</summary>
    public bool IsInvalid => Reason == "Invalid" || Code == 422;
    /// <summary>The caller may not, or a policy says no.</summary>
    public bool IsForbidden => Reason == "Forbidden" || Code == 403;
    /// <summary>The server does not know who calls.</summary>
    public bool IsUnauthorized => Code == 401;
    /// <summary>The server is busy, or a budget is used up: later.</summary>
    public bool IsTooManyRequests => Code == 429;
    /// <summary>The server gave up; it may have happened all the same.</summary>
    public bool IsTimeout => Reason is "Timeout" or "ServerTimeout" || Code == 504;

    /// <summary>The server has not reached the resource version yet.</summary>
    public bool IsTooLargeResourceVersion => HasCause("ResourceVersionTooLarge");

    /// <summary>The object cannot be created because its namespace is on its way out.</summary>
    public bool IsNamespaceTerminating => HasCause("NamespaceTerminating");

    /// <summary>One of its causes has this reason.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => Reason.Length == 0 ? $"{Code}: {Message}" : $"{Code} {Reason}: {Message}";
}

/// <summary>One of several reasons of a failure: reason, message and the field it is about ("" for none).</summary>
public sealed record ApiCause(string Reason, string Message, string Field);

/// <summary>A call that the server refused, where the caller did not ask for the failure as a value.</summary>
public sealed class ApiException(ApiStatus status) : Exception(status.Message)
{
    /// <summary>What the server said.</summary>
    public ApiStatus Status { get; } = status;
    /// <summary>There is no such object.</summary>
    public bool IsNotFound => Status.IsNotFound;
    /// <summary>There is one of this name already.</summary>
    public bool IsAlreadyExists => Status.IsAlreadyExists;
    /// <summary>Another has changed it meanwhile.</summary>
    public bool IsConflict => Status.IsConflict;
    /// <summary>The version asked for is forgotten.</summary>
    public bool IsGone => Status.IsGone;
    /// <summary>The object breaks a rule of its kind.</summary>
    public bool IsInvalid => Status.IsInvalid;
    /// <summary>The caller may not.</summary>
    public bool IsForbidden => Status.IsForbidden;
    /// <summary>The server is busy: later.</summary>
    public bool IsTooManyRequests => Status.IsTooManyRequests;
    /// <summary>The namespace is on its way out, so nothing is made in it.</summary>
    public bool IsNamespaceTerminating => Status.IsNamespaceTerminating;
}

/// <summary>The outcome of a call: the value, or why there is none.</summary>
public readonly struct ApiResult<T> where T : class
{
    internal ApiResult(T value) => Value = value;
    internal ApiResult(ApiStatus failure) => Failure = failure;

    /// <summary>What was asked for; null when it failed.</summary>
    public T? Value { get; }
    /// <summary>Why it failed; null when it did not.</summary>
    public ApiStatus? Failure { get; }

    /// <summary>It did not fail.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool Ok => Failure is null;

    /// <summary>There is no such object.</summary>
    public bool IsNotFound => Failure is { IsNotFound: true };
    /// <summary>There is one of this name already.</summary>
    public bool IsAlreadyExists => Failure is { IsAlreadyExists: true };
    /// <summary>Another has changed it meanwhile.</summary>
    public bool IsConflict => Failure is { IsConflict: true };
    /// <summary>The version asked for is forgotten.</summary>
    public bool IsGone => Failure is { IsGone: true };
    /// <summary>The object breaks a rule of its kind.</summary>
    public bool IsInvalid => Failure is { IsInvalid: true };
    /// <summary>The caller may not.</summary>
    public bool IsForbidden => Failure is { IsForbidden: true };

    /// <summary>The value; throws <see cref="ApiException"/> when there is none.</summary>
    public T OrThrow() => Ok ? Value : throw new ApiException(Failure);

    /// <summary>The value, or null when the object was not there; throws <see cref="ApiException"/> for every other failure.</summary>
    public T? OrNullIfNotFound() => IsNotFound ? null : OrThrow();
}
