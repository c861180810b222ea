using Coracle.ApiServer;
using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Sdk;
using ServiceReference = Coracle.Kinds.ApiRegistration.V1.ServiceReference;

namespace Coracle.Hosting;

/// <summary>
/// Says of each API version that another server serves whether it can be reached, and brings what that server publishes of it (upstream: kube-aggregator,
/// controllers/status/remote and apiserver/handler_discovery). What the server serves itself says so from the first moment.
/// </summary>
internal sealed class AvailabilityReconciler : IReconciler
{
    public const string Name = "remote-available-controller";

    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(5);

    private readonly Server _server;
    private readonly Client _client;
    private readonly AggregationRequests _requests;
    private readonly Informer<APIService> _services;
    private readonly Informer<Service> _places;
    private readonly Informer<EndpointSlice> _slices;

    private AvailabilityReconciler(Server server, InformerSet informers)
    {
        (_server, _client, _requests) = (server, informers.Client.As(ComponentIdentities.ApiServer), new AggregationRequests(server));
        (_services, _places, _slices) = (informers.For<APIService>(), informers.For<Service>(), informers.For<EndpointSlice>());
    }

    public static Controller NewController(Server server, InformerSet informers)
    {
        var reconciler = new AvailabilityReconciler(server, informers);
        return new ControllerBuilder(Name, informers)
            .For(reconciler._services, delta => delta.New?.Spec.Service is not null)
            .Watches(reconciler._places, service => reconciler.Behind(service.Metadata.Namespace, service.Metadata.Name))
            .Watches(reconciler._slices, slice => reconciler.Behind(slice.Metadata.Namespace, slice.Metadata.Labels?.GetValueOrDefault("kubernetes.io/service-name") ?? ""))
            .Queue(new() { BackoffInitial = RetryMin, BackoffMax = Resync })
            .Build(reconciler);
    }

    private IEnumerable<Key> Behind(string ns, string name) =>
        _services.List().Where(s => s.Spec.Service is { } service && service.Namespace == ns && service.Name == name).Select(Key.Of);

    /// <summary>1. What the cluster's objects say. 2. What the server says. 3. What it publishes, before anybody is told that it is there.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (_services.Get(key) is not { Spec.Service: { } service } found || AggregatedVersion.Of(found) is not { } version) return Result.Done;
        var outcome = OfObjects(service);                                                                        // 1
        if (outcome is null && await _requests.CheckAsync(version, cancel) is { } problem)                       // 2
            outcome = new("FailedDiscoveryCheck", problem);
        if (outcome is null || _server.Aggregation.Published(version) is not null)
            _server.Aggregation.Publish(version, outcome is null ? await _requests.DownloadAsync(version, cancel) : _server.Aggregation.Published(version)! with { IsFresh = false });   // 3
        Count(key.Name, found, outcome);
        var written = await TellAsync(found, outcome, cancel);
        if (written is { Ok: false, IsNotFound: false, Failure: { } refused }) return Result.Fail(new ApiException(refused));
        return outcome is { Reason: "FailedDiscoveryCheck" } ? Result.Fail(new ReconcileException(outcome.Message)) : Result.After(Resync);
    }

    private void Count(string name, APIService found, Problem? problem)
    {
        _client.Options.Metrics.Gauge("aggregator_unavailable_apiservice", "API services that are not available.", "name").With(name).Set(problem is null ? 0 : 1);
        if (problem is not null && found.Status.Conditions?.Exists(c => c is { Type: APIServiceRules.Available, Status: "False" }) != true)
            _client.Options.Metrics.Counter("aggregator_unavailable_apiservice_total", "How often API services became unavailable, by reason.", "name", "reason").With(name, problem.Reason).Add();
    }

    private sealed record Problem(string Reason, string Message);

    private Problem? OfObjects(ServiceReference reference)
    {
        var (ns, name, number) = (reference.Namespace, reference.Name, reference.Port ?? 443);
        if (_places.Get(new(ns, name)) is not { } service) return new("ServiceNotFound", $"service/{name} in \"{ns}\" is not present");
        if (service.Spec.Type != ServiceType.ClusterIP) return null;
        if ((service.Spec.Ports ?? []).Find(p => p.Port == number) is not { } port) return new("ServicePortError", $"service/{name} in \"{ns}\" is not listening on port {number}");
        var slices = _slices.List().Where(s => s.Metadata.Namespace == ns && s.Metadata.Labels?.GetValueOrDefault("kubernetes.io/service-name") == name).ToList();
        if (slices.Count == 0) return new("EndpointsNotFound", $"cannot find endpointslices for service/{name} in \"{ns}\"");
        return slices.Exists(slice => Offers(slice, port.Name)) ? null : new("MissingEndpoints", $"endpointslices for service/{name} in \"{ns}\" have no addresses with port name \"{port.Name}\"");
    }

    private static bool Offers(EndpointSlice slice, string port) =>
        (slice.Endpoints ?? []).Exists(e => e.Conditions?.Ready != false) && (slice.Ports ?? []).Exists(p => (p.Name ?? "") == port && p.Port is not null);

    private async ValueTask<ApiResult<APIService>?> TellAsync(APIService found, Problem? problem, CancellationToken cancel)
    {
        var condition = new APIServiceCondition
        {
            Type = APIServiceRules.Available, Status = problem is null ? "True" : "False", Reason = problem?.Reason ?? "Passed", Message = problem?.Message ?? "all checks passed",
        };
        var known = found.Status.Conditions?.Find(c => c.Type == APIServiceRules.Available);
        condition.LastTransitionTime = known?.Status == condition.Status ? known.LastTransitionTime : _client.Time.GetUtcNow();
        if (known is not null && known.ContentEquals(condition)) return null;
        var changed = found.DeepCopy();
        changed.Status.Conditions = [.. (changed.Status.Conditions ?? []).Where(c => c.Type != APIServiceRules.Available), condition];
        return await _client.TryUpdateStatusAsync(changed, cancel);
    }
}
