using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Store;

namespace Coracle.ApiServer;

/// <summary>
/// A request becomes a committed revision becomes a watch event. One engine for every kind: what differs between kinds is data.
/// Knows no web server: Kestrel and callers in the same process come in by <see cref="HandleAsync"/>.
/// </summary>
public sealed class Server : IAsyncDisposable
{
    private readonly ServerOptions _options;
    private readonly Random _random;
    private readonly Lock _randomLock = new();
    private readonly FlowControl? _flow;

    public Server(ServerOptions options)
    {
        _options = options;
        _random = options.Random;
        Cache = new WatchCache(options.Store);
        Definitions = new DefinitionTable(this, [.. options.Kinds.Where(k => k.Plural.Length > 0).Select(ToResource)]);
        Writer = new ObjectWriter(this);
        Admission = new AdmissionChain(options.Admission);
        Aggregation = new Aggregation(this);
        Router = new Router(this, options);
        var seats = options.ReadOnlyInFlightMax + options.MutatingInFlightMax;
        if (seats > 0) _flow = new FlowControl(seats, options.Clock, options.RequestTimeout, Cache, info => Resources.Find(info.ApiGroup, info.ApiVersion, info.Resource)?.Cache.Last.After.Count ?? 0);
    }

    public IStore Store => _options.Store;
    public TimeProvider Clock => _options.Clock;
    public WatchCache Cache { get; }

    /// <summary>What is served, definitions that have just been stored included.</summary>
    public ResourceTable Resources => Definitions.Table;
    internal DefinitionTable Definitions { get; }
    public ObjectWriter Writer { get; }
    internal AdmissionChain Admission { get; }

    /// <summary>What other API servers serve behind this one.</summary>
    public Aggregation Aggregation { get; }
    internal Router Router { get; }
    internal ServerOptions Options => _options;
    internal Metrics Metrics { get; } = new();
    internal WebhookMetrics WebhookMetrics { get; } = new();
    internal FeatureGates Features => _options.Features;

    /// <summary>All that is counted, in the Prometheus text format.</summary>
    internal string RenderMetrics()
    {
        var text = new StringBuilder(Metrics.Render());
        _flow?.Render(text);
        WebhookMetrics.Render(text);
        StorageMetrics.Render(text, this);
        Features.Render(text);
        text.Append(_options.MoreMetrics());
        return text.ToString();
    }

    /// <summary>
    /// Answers one request. Never throws but for cancellation.
    /// 1. What is asked. 2. By when. 3. Who asks. 4. On whose behalf. 5. Whether there is room. 6. May they. 7. The route, which reads or writes.
    /// 8. What there is to say besides.
    /// </summary>
    public async ValueTask<ApiResponse> HandleAsync(ApiRequest request, CancellationToken cancel)
    {
        var started = Clock.GetTimestamp();
        RequestInfo? info = null;
        ApiResponse response;
        var writes = request.Method is not ("GET" or "HEAD" or "OPTIONS");
        var isCounted = false;
        try
        {
            info = RequestInfo.Parse(request.Method, request.Path, request.Query);                            // 1
            if (isCounted = !info.IsLongRunning) Metrics.Entered(writes);
            response = info.Error.Length > 0 ? ApiResponse.Of(ApiStatus.Internal(info.Error)) : await InTime(request, info, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            _options.OnError(e, $"{request.Method} {request.Path}");
            response = ApiResponse.Of(ApiStatus.Internal($"{e.GetType().Name} while answering {request.Method} {request.Path}"));
        }
        finally
        {
            if (isCounted) Metrics.Left(writes);
        }
        Metrics.Count(request, info is not null && Serves(info) ? info : null, response.Status, Clock.GetElapsedTime(started), response.TerminatedBy);
        return response;
    }

    private bool Serves(RequestInfo info) => Resources.Find(info.ApiGroup, info.ApiVersion, info.Resource) is { } resource
        && (info.Subresource.Length == 0 || info.Subresource == "status" && resource.Kind.HasStatus || info.Subresource == "scale" && resource.Kind.HasScale
            || resource.Kind.BuiltIn && _options.Subresources.ContainsKey($"{info.Resource}/{info.Subresource}"));

    private async ValueTask<ApiResponse> InTime(ApiRequest request, RequestInfo info, CancellationToken cancel)
    {
        var deadline = Deadline.For(info, request.Query, _options.RequestTimeout);                            // 2
        if (deadline.Failed) return ApiResponse.Of(deadline.Error);
        return deadline.Value is { } limited
            ? await limited.Keep(Clock, stop => Authenticated(request, info, stop), cancel)
            : await Authenticated(request, info, cancel);
    }

    private async ValueTask<ApiResponse> Authenticated(ApiRequest request, RequestInfo info, CancellationToken cancel)
    {
        var identified = request.Identity is { } known ? known : await _options.Authenticate(request, cancel);   // 3
        if (identified.Failed) return AuditRecord.Unauthenticated(this, request, info, ApiResponse.Of(identified.Error));
        var impersonated = await _options.Impersonate(request, identified.Value, cancel);                     // 4
        if (impersonated.Failed)
        {
            var refused = ApiResponse.Of(impersonated.Error);
            return AuditRecord.Begin(this, request, info, identified.Value, identified.Value)?.Answered(refused) ?? refused;
        }
        var user = impersonated.Value;
        return AuditRecord.Begin(this, request, info, identified.Value, user) is { } record
            ? await Audited(record, request, info, user, cancel)
            : await InTurn(request, info, user, cancel);
    }

    private async ValueTask<ApiResponse> Audited(AuditRecord record, ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        request.Audit = record;
        try
        {
            var response = await InTurn(request, info, user, cancel);
            return record.Answered(response);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            record.Panic(e);
            throw;
        }
    }

    private ValueTask<ApiResponse> InTurn(ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        // The parts of the control plane in this process have few enough workers, and what may last long, but for watches, would never leave its seat.
        if (_flow is null || request.Identity is not null || info.IsLongRunning && info.Verb != "watch") return Authorized(request, info, user, cancel);
        var ticket = _flow.Enter(info, user, request.Query, out var stamp);                                    // 5
        if (ticket.Rejection is not null) return new(Refused(ticket, stamp));
        return ticket.Waiter is null ? Seated(ticket, stamp, request, info, user, cancel) : Queued(ticket, stamp, request, info, user, cancel);
    }

    private ApiResponse Refused(in FlowTicket ticket, FlowStamp stamp)
    {
        var refused = ApiResponse.Of(_flow!.Refusal(ticket.Level));
        refused.Flow = stamp;
        refused.TerminatedBy = "apiserver";
        return refused;
    }

    private async ValueTask<ApiResponse> Queued(FlowTicket ticket, FlowStamp stamp, ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        if (await _flow!.Wait(ticket, cancel) is null) return await Seated(ticket with { StartSeconds = _flow.Now() }, stamp, request, info, user, cancel);
        cancel.ThrowIfCancellationRequested();
        return Refused(ticket, stamp);
    }

    // A watch leaves its seat when it has begun.
    private async ValueTask<ApiResponse> Seated(FlowTicket ticket, FlowStamp stamp, ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        try
        {
            var response = await Authorized(request, info, user, cancel);
            response.Flow = stamp;
            return response;
        }
        finally
        {
            ticket.Level.Leave(ticket);
        }
    }

    private async ValueTask<ApiResponse> Authorized(ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        var attributes = info.AttributesFor(user);
        var decision = await _options.Authorize(attributes, cancel);                                          // 6
        request.Audit?.Annotate("authorization.k8s.io/decision", decision.IsAllowed ? "allow" : "forbid");
        request.Audit?.Annotate("authorization.k8s.io/reason", decision.Reason);
        if (!decision.IsAllowed && decision.Error.Length > 0)
        {
            request.Audit?.Annotate("authorization.k8s.io/reason", "internal error");
            return ApiResponse.Text($"Internal Server Error: {GoText.Quote(request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path)}: {decision.Error}\n", 500);
        }
        if (!decision.IsAllowed) return ApiResponse.Of(ApiStatus.Forbidden(attributes, decision));
        return await Router.Route(request, info, user, cancel);                                                     // 7, 8
    }

    internal TimeSpan WatchTimeout(TimeSpan? asked)
    {
        if (asked is { } given) return given;
        // As upstream: at least half an hour, spread so that watches do not all end at once.
        var minimum = TimeSpan.FromMinutes(30);
        return minimum + TimeSpan.FromSeconds(Random((int)minimum.TotalSeconds));
    }

    internal int Random(int below)
    {
        lock (_randomLock) return _random.Next(below);
    }

    /// <summary>A version 4 UUID from the seeded source.</summary>
    public string NewUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_randomLock) _random.NextBytes(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private Resource ToResource(KindInfo kind)
    {
        var conversion = _options.Conversions.GetValueOrDefault(kind.GroupVersionKind);
        return new Resource(kind, Cache.Resource((conversion?.Storage ?? kind).GroupResource), conversion, _options.Found.GetValueOrDefault(kind.GroupVersionKind));
    }

    public async ValueTask DisposeAsync()
    {
        Cache.Dispose();
        await Store.DisposeAsync();
    }
}
