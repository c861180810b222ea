using Coracle.ApiServer.Access;
using Coracle.Kinds.ApiRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>
/// The versions that other API servers serve, and what those publish about them. Who serves what follows the stored APIServices; what they publish is brought here by
/// <see cref="Publish"/>, since nobody who asks for a list should wait for another server.
/// </summary>
public sealed class Aggregation
{
    private static readonly TimeSpan DiscoveryMax = TimeSpan.FromSeconds(5);

    private readonly Server _server;
    private readonly ConfigurationSet<Services> _services = new(objects => new Services(objects[0]), "apiservices.apiregistration.k8s.io");
    private readonly Lock _lock = new();
    private volatile State _state;

    /// <summary>What is aggregated at a moment. A new object whenever something of it has changed, so that what is made of it knows when it is stale.</summary>
    internal sealed record State(Services Services, IReadOnlyDictionary<string, PublishedApi> Published);

    internal Aggregation(Server server)
    {
        _server = server;
        _state = new(Services.None, new Dictionary<string, PublishedApi>());
    }

    internal State Current
    {
        get
        {
            var services = _services.Get(_server);
            var state = _state;
            if (ReferenceEquals(state.Services, services)) return state;
            lock (_lock)
            {
                services = _services.Get(_server);
                if (!ReferenceEquals(_state.Services, services)) _state = new(services, Kept(_state.Published, services));
                return _state;
            }
        }
    }

    private static IReadOnlyDictionary<string, PublishedApi> Kept(IReadOnlyDictionary<string, PublishedApi> published, Services services) =>
        published.Keys.All(services.ByName.ContainsKey) ? published : published.Where(p => services.ByName.ContainsKey(p.Key)).ToDictionary();

    /// <summary>Who serves a version, when it is not this server.</summary>
    public AggregatedVersion? Find(string group, string version)
    {
        var services = _services.Get(_server).ByVersion;
        return services.Count == 0 ? null : services.GetValueOrDefault((group, version));
    }

    /// <summary>Who has a document of OpenAPI v3, "apis/example.com/v1", when it is not this server.</summary>
    internal AggregatedVersion? OpenApi(string document)
    {
        var state = Current;
        foreach (var (name, api) in state.Published)
            if (api.OpenApiV3.ContainsKey(document)) return state.Services.ByName.GetValueOrDefault(name);
        return null;
    }

    /// <summary>Takes over what a server publishes of a version.</summary>
    public void Publish(AggregatedVersion version, PublishedApi api)
    {
        lock (_lock)
        {
            var state = Current;
            if (state.Published.TryGetValue(version.Name, out var known) && known.Same(api)) return;
            _state = state with { Published = new Dictionary<string, PublishedApi>(state.Published) { [version.Name] = api } };
        }
    }

    /// <summary>What has been published of a version so far.</summary>
    public PublishedApi? Published(AggregatedVersion version) => Current.Published.GetValueOrDefault(version.Name);

    /// <summary>Passes a request on to who serves the version.</summary>
    internal async ValueTask<ApiResponse> ForwardAsync(AggregatedVersion version, ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        if (!version.IsAvailable) return Refused(ApiStatus.Unavailable("service unavailable"));
        // What a server has to say of its resources is what all clients wait for.
        if (info.IsResourceRequest || info.Path.Count(c => c == '/') - (info.Path.EndsWith('/') ? 1 : 0) != 3) return await SendAsync(version, request, user, cancel);
        return await new Deadline(DiscoveryMax, ApiStatus.Unavailable("error trying to reach service: context deadline exceeded"))
            .Keep(_server.Clock, stop => SendAsync(version, request, user, stop), cancel);
    }

    /// <summary>The same, available or not, as the aggregator's own checks ask.</summary>
    public async ValueTask<ApiResponse> SendAsync(AggregatedVersion version, ApiRequest request, User user, CancellationToken cancel)
    {
        var place = ServicePlace.Resolve(_server, version.ServiceNamespace, version.ServiceName, version.Port);
        if (place.Failed) return Refused(ApiStatus.Unavailable("service unavailable"));
        return await ReverseProxy.ForwardAsync(_server.Options.Backends, request, new ProxyTarget
        {
            Scheme = "https", Place = place.Value, Path = request.Path, Query = request.Query, Trust = version.Trust, Refuse = Refused,
            Headers = [.. ForwardedHeaders.OfUser(_server.Features.IsEnabled(FeatureGates.RemoteRequestHeaderUid) ? user : user with { Uid = "" }), new("X-Forwarded-Host", Authority(place.Value)), new("X-Forwarded-Proto", "https")],
        }, cancel);
    }

    private static string Authority(System.Net.EndPoint place) => place is System.Net.DnsEndPoint name ? $"{name.Host}:{name.Port}" : place.ToString()!;

    // Upstream's aggregator answers in plain text.
    private static ApiResponse Refused(ApiStatus status)
    {
        var response = ApiResponse.Text(status.Message + "\n", 503);
        response.Headers.Add(new("X-Content-Type-Options", "nosniff"));
        response.TerminatedBy = "aggregator";
        return response;
    }

    /// <summary>All APIServices that are stored.</summary>
    internal sealed class Services
    {
        public static Services None { get; } = new([]);

        public Services(IReadOnlyList<StoredObject> stored)
        {
            var read = stored.Select(Configuration.Read<APIService>).OfType<APIService>().ToList();
            Priorities = read.ToDictionary(s => (s.Spec.Group, s.Spec.Version), s => (s.Spec.GroupPriorityMinimum, s.Spec.VersionPriority));
            ByVersion = read.Select(AggregatedVersion.Of).OfType<AggregatedVersion>().Where(IsReplaceable).ToDictionary(v => (v.Group, v.Version));
            ByName = ByVersion.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
        }

        // The core group, and the one by which all of this is said, stay here.
        private static bool IsReplaceable(AggregatedVersion version) => version.Group is not ("" or "apiregistration.k8s.io");

        /// <summary>Those that others serve.</summary>
        public IReadOnlyDictionary<(string Group, string Version), AggregatedVersion> ByVersion { get; }

        public IReadOnlyDictionary<string, AggregatedVersion> ByName { get; }

        /// <summary>Of all versions, served here or by others: the group's, and that within the group.</summary>
        public IReadOnlyDictionary<(string Group, string Version), (int Group, int Version)> Priorities { get; }
    }
}
