using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>One request on its way: what it asked for, who asks, and what has been found out so far.</summary>
public sealed class RequestContext
{
    public required Server Server { get; init; }
    public required ApiRequest Request { get; init; }
    public required RequestInfo Info { get; init; }
    public required User User { get; init; }
    public required Resource Resource { get; init; }
    public required Accepted Accept { get; init; }
    public required CancellationToken Cancel { get; init; }

    /// <summary>Sent as Warning headers, deduplicated.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>What admission has to say for the audit log; null as long as that is nothing.</summary>
    internal SortedDictionary<string, string>? Annotations { get; private set; }

    /// <summary>A word for the audit log. The first one under a key stays.</summary>
    internal void Annotate(string key, string value) => (Annotations ??= new(StringComparer.Ordinal)).TryAdd(key, value);

    public KindInfo Kind => Resource.Kind;
    public string? Query(string name) => QueryText.First(Request.Query, name);
    public bool QueryTrue(string name) => Query(name) is "true" or "1" or "True" or "TRUE" or "t" or "T";

    /// <summary>A server-side apply: it has settled who owns what by itself.</summary>
    internal bool IsApply { get; set; }

    /// <summary>Admission has been asked already, about what the client sent: of a binding, which becomes an update of the pod.</summary>
    internal bool IsAdmitted { get; set; }

    /// <summary>One object of several that the request is about: admission sees no name.</summary>
    internal bool IsOfCollection { get; init; }

    /// <summary>Nothing is to be persisted.</summary>
    public bool DryRun => Query("dryRun") == "All";

    /// <summary>The key of the object that the path names, within its resource.</summary>
    public string Key => Kind.Namespaced ? $"{Info.Namespace}/{Info.Name}" : Info.Name;

    /// <summary>The same request about one object of a collection.</summary>
    public RequestContext ForObject(string ns, string name, Resource? resource = null, bool ofCollection = false) => new()
    {
        IsOfCollection = ofCollection,
        Server = Server, Request = Request, Info = Info.WithObject(ns, name), User = User, Resource = resource ?? Resource, Accept = Accept, Cancel = Cancel,
    };

    /// <summary>Why the user may not create what an update or an apply did not find; null when he may.</summary>
    internal async ValueTask<ApiStatus?> RefuseCreate()
    {
        var attributes = Info.AttributesFor(User) with { Verb = "create" };
        var decision = await Server.Options.Authorize(attributes, Cancel);
        return decision.IsAllowed ? null : ApiStatus.Forbidden(attributes, decision);
    }

    /// <summary>Who writes, for managedFields: the query's fieldManager, or the client's program name.</summary>
    public string FieldManager => Query("fieldManager") is { Length: > 0 } manager ? manager : ProgramName(Request.Header("User-Agent"));

    private static string ProgramName(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent)) return "unknown";
        var end = userAgent.AsSpan().IndexOfAny('/', ' ');
        var name = end < 0 ? userAgent : userAgent[..end];
        return name.Length > 128 ? name[..128] : name;
    }
}
