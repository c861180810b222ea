using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Buffers;

namespace Coracle.Sdk;

/// <summary>What a list returns.</summary>
public sealed record ListQuery
{
    /// <summary>"app=web,tier!=db"; "" for all.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>"spec.nodeName=n1"; "" for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Objects per page; null for all at once.</summary>
    public int? Limit { get; init; }

    /// <summary>The token of the last page, to get the next one.</summary>
    public string Continue { get; init; } = "";

    /// <summary>"" reads the latest state, "0" any, others as <see cref="ResourceVersionMatch"/> says.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>"", "NotOlderThan" or "Exact".</summary>
    public string ResourceVersionMatch { get; init; } = "";

    internal string ToQuery() => new QueryText()
        .Add("labelSelector", LabelSelector).Add("fieldSelector", FieldSelector)
        .Add("limit", Limit?.ToString(CultureInfo.InvariantCulture) ?? "").Add("continue", Continue)
        .Add("resourceVersion", ResourceVersion).Add("resourceVersionMatch", ResourceVersionMatch).ToString();
}

/// <summary>What a watch tells, and from when.</summary>
public sealed record WatchQuery
{
    /// <summary>Only objects whose labels match: "app=web,tier!=cache"; "" for all.</summary>
    public string LabelSelector { get; init; } = "";
    /// <summary>Only objects whose fields match: "spec.nodeName=n1"; "" for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Events after this version; "" starts with the state of now.</summary>
    public string ResourceVersion { get; init; } = "";
    /// <summary>The server tells now and then how far it is, though nothing changed.</summary>
    public bool AllowBookmarks { get; init; } = true;

    /// <summary>The objects that exist come first, as ADDED, then a bookmark that says so.</summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>After which the server ends the watch; null leaves it to the server.</summary>
    public TimeSpan? Timeout { get; init; }

    internal string ToQuery() => new QueryText()
        .Add("watch", "true")
        .Add("labelSelector", LabelSelector).Add("fieldSelector", FieldSelector)
        .Add("resourceVersion", ResourceVersion)
        .Add("resourceVersionMatch", SendInitialEvents ? "NotOlderThan" : "")
        .Add("sendInitialEvents", SendInitialEvents ? "true" : "")
        .Add("allowWatchBookmarks", AllowBookmarks ? "true" : "")
        .Add("timeoutSeconds", Timeout is { } t ? ((long)t.TotalSeconds).ToString(CultureInfo.InvariantCulture) : "").ToString();
}

/// <summary>How a create, an update or a patch is done.</summary>
public sealed record WriteOptions
{
    /// <summary>Who owns the fields written; null: the client's own <see cref="ClientOptions.FieldManager"/>.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Everything but the write itself.</summary>
    public bool DryRun { get; init; }

    /// <summary>"", "Ignore", "Warn" or "Strict": what to do about unknown fields.</summary>
    public string FieldValidation { get; init; } = "";

    /// <summary>Apply only: take fields that others own.</summary>
    public bool Force { get; init; }

    internal string ToQuery(string fieldManager) => new QueryText()
        .Add("fieldManager", FieldManager ?? fieldManager).Add("dryRun", DryRun ? "All" : "")
        .Add("fieldValidation", FieldValidation).Add("force", Force ? "true" : "").ToString();
}

/// <summary>What becomes of the objects that a deleted object owns.</summary>
public enum Propagation
{
    /// <summary>What the kind does by itself.</summary>
    Default,

    /// <summary>It stays, without an owner.</summary>
    Orphan,

    /// <summary>It goes soon after the owner.</summary>
    Background,

    /// <summary>It goes first, then the owner.</summary>
    Foreground,
}

/// <summary>How an object is deleted (meta/v1 DeleteOptions).</summary>
public sealed record Deletion
{
    /// <summary>What becomes of the objects that it owns.</summary>
    public Propagation Propagation { get; init; }

    /// <summary>Zero deletes at once; null leaves it to the object.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Refuse (Conflict) when the object has another uid; "" for no check.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Refuse (Conflict) when the object has another version; "" for no check.</summary>
    public string ResourceVersion { get; init; } = "";
    /// <summary>It is judged and not done.</summary>
    public bool DryRun { get; init; }

    /// <summary>First what it owns, then the object.</summary>
    public static Deletion Foreground { get; } = new() { Propagation = Propagation.Foreground };
    /// <summary>The object now, what it owns soon after.</summary>
    public static Deletion Background { get; } = new() { Propagation = Propagation.Background };
    /// <summary>The object alone: what it owns stays, without an owner.</summary>
    public static Deletion Orphan { get; } = new() { Propagation = Propagation.Orphan };
    /// <summary>Without the time that pods are given to end.</summary>
    public static Deletion Now { get; } = new() { GracePeriod = TimeSpan.Zero };

    internal byte[] ToBody()
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "DeleteOptions"u8);
            json.WriteString("apiVersion"u8, "v1"u8);
            if (GracePeriod is { } grace) json.WriteNumber("gracePeriodSeconds"u8, (long)grace.TotalSeconds);
            if (Uid.Length > 0 || ResourceVersion.Length > 0)
            {
                json.WriteStartObject("preconditions"u8);
                if (Uid.Length > 0) json.WriteString("uid"u8, Uid);
                if (ResourceVersion.Length > 0) json.WriteString("resourceVersion"u8, ResourceVersion);
                json.WriteEndObject();
            }
            if (Propagation != Propagation.Default) json.WriteString("propagationPolicy"u8, Propagation.ToString());
            if (DryRun)
            {
                json.WriteStartArray("dryRun"u8);
                json.WriteStringValue("All"u8);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>Builds a query; empty values are left out.</summary>
internal sealed class QueryText
{
    private readonly StringBuilder text = new();

    public QueryText Add(string name, string value)
    {
        if (value.Length == 0) return this;
        if (text.Length > 0) text.Append('&');
        text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public override string ToString() => text.ToString();
}
