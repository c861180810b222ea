using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Store;

namespace Coracle.ApiServer;

/// <summary>What a server is made of. Everything that is not determined by the requests comes in here.</summary>
public sealed record ServerOptions
{
    public required IStore Store { get; init; }
    public required IReadOnlyList<KindInfo> Kinds { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>For UIDs, generated names and spreading: seeded in simulations.</summary>
    public required Random Random { get; init; }

    /// <summary>"host:port" under which clients reach the server, as /api tells them.</summary>
    public string AdvertisedAddress { get; init; } = "127.0.0.1:6443";

    /// <summary>How long a request may take that is not meant to last.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many requests that read may be worked on at once. With those that write they are the seats that flow control shares out; none of either: no flow control.
    /// </summary>
    public int ReadOnlyInFlightMax { get; init; } = 400;

    /// <summary>How many requests that write may be worked on at once.</summary>
    public int MutatingInFlightMax { get; init; } = 200;

    /// <summary>Who sent a request. Anonymous is an answer too; a failure is for credentials that are wrong.</summary>
    public Func<ApiRequest, CancellationToken, ValueTask<Result<User>>> Authenticate { get; init; } = static (_, _) => new(ApiStatus.Unauthorized);

    /// <summary>The user whose rights count, given the impersonation headers.</summary>
    public Func<ApiRequest, User, CancellationToken, ValueTask<Result<User>>> Impersonate { get; init; } = static (_, user, _) => new(user);

    /// <summary>Whether a request may be. No opinion is a no.</summary>
    public Authorizer Authorize { get; init; } = static (_, _) => new(Decision.Allow());

    public IReadOnlyList<AdmissionPlugin> Admission { get; init; } = [];

    /// <summary>The way to webhooks that convert custom resources.</summary>
    public WebhookTransport Webhooks { get; init; } = WebhookTransport.None;

    /// <summary>The way to servers that requests are passed on to.</summary>
    public BackendTransport Backends { get; init; } = BackendTransport.None;

    /// <summary>Served versions that are not the stored one.</summary>
    public IReadOnlyDictionary<GroupVersionKind, KindConversion> Conversions { get; init; } = new Dictionary<GroupVersionKind, KindConversion>();

    /// <summary>Sub-resources beyond status and scale, by "pods/log".</summary>
    public IReadOnlyDictionary<string, Subresource> Subresources { get; init; } = new Dictionary<string, Subresource>();

    /// <summary>Kinds that are answered and never stored: the reviews.</summary>
    public IReadOnlyDictionary<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>> Reviews { get; init; } =
        new Dictionary<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>();

    /// <summary>Kinds whose objects are found out when asked for and never stored: the states of components.</summary>
    public IReadOnlyDictionary<GroupVersionKind, Func<IEnumerable<StoredObject>>> Found { get; init; } = new Dictionary<GroupVersionKind, Func<IEnumerable<StoredObject>>>();

    /// <summary>Paths outside of resources beyond the server's own, by path: "/openid/v1/jwks".</summary>
    public IReadOnlyDictionary<string, Func<ApiRequest, ApiResponse>> Endpoints { get; init; } = new Dictionary<string, Func<ApiRequest, ApiResponse>>();

    /// <summary>Checks that /readyz asks besides the server's own; null is well.</summary>
    public IReadOnlyDictionary<string, Func<string?>> ReadyChecks { get; init; } = new Dictionary<string, Func<string?>>();

    /// <summary>What others count, in the Prometheus text format.</summary>
    public Func<string> MoreMetrics { get; init; } = static () => "";

    /// <summary>The audit log; null for none.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>What is on and what is off.</summary>
    public FeatureGates Features { get; init; } = FeatureGates.Defaults;

    /// <summary>With what the server was started, by flag without dashes, as /flagz tells; nothing secret.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();

    /// <summary>Told of errors that should not happen; the client is told less.</summary>
    public Action<Exception, string> OnError { get; init; } = static (_, _) => { };
}

/// <summary>A sub-resource: what answers it, and how discovery lists it.</summary>
/// <param name="Kind">The kind that it speaks: PodExecOptions, Eviction.</param>
/// <param name="Verbs">As discovery lists them.</param>
/// <param name="Handle">Answers a request whose path named it.</param>
public sealed record Subresource(GroupVersionKind Kind, IReadOnlyList<string> Verbs, Func<RequestContext, ValueTask<ApiResponse>> Handle);
