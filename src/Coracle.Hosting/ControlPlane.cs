using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// A whole control plane as an object: store, API server, controllers and scheduler in this process, composed by hand. What serves it over HTTP and
/// what runs pods is put beside it.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly ControlPlaneOptions _options;
    private readonly List<Task> _abandoned = [];
    private readonly CancellationTokenSource _stopping = new();
    private ControllerProcess? _controllers;
    private readonly ResourceQuotaAdmission _quotas = new();
    private Task _compacting = Task.CompletedTask;
    private Task _countingQuotas = Task.CompletedTask;
    private Task _checkingPolicies = Task.CompletedTask;
    private Task _keepingFlows = Task.CompletedTask;
    private Task _defining = Task.CompletedTask;
    private Task _registering = Task.CompletedTask;

    public ControlPlane(ControlPlaneOptions options)
    {
        _options = options;
        Access = new AccessControl(options);
        Server = new Server(new ServerOptions
        {
            Store = options.Store,
            Kinds = Kinds.GeneratedKinds.All,
            Clock = options.Clock,
            Random = options.Random,
            AdvertisedAddress = options.Advertised.ToString(),
            Authenticate = Access.Identity.Authenticate,
            Impersonate = Access.Identity.Impersonate,
            Authorize = Access.Authorize,
            Audit = options.Audit,
            Admission = AdmissionPlugins.Of(options, Access, _quotas),
            Webhooks = options.Webhooks,
            Backends = options.Backends,
            Conversions = new Dictionary<Schema.GroupVersionKind, KindConversion>([EventConversion.Entry, AutoscalerConversion.Entry]),
            Subresources = new Dictionary<string, Subresource>(
                [.. PodSubresources.All, .. new PodStreams(options.Nodes).All, .. ProxySubresources.All, new NodeProxy(options.Nodes).Entry, NamespaceFinalize.Entry, CertificateApprovals.Entry, Access.TokenSubresource(() => Server!.NewUid())]),
            Reviews = new Dictionary<Schema.GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>([.. AccessReviews.All, .. Access.Reviews, PodSubresources.Bindings]),
            Found = new Dictionary<Schema.GroupVersionKind, Func<IEnumerable<StoredObject>>>([ComponentStates.Entry]),
            Endpoints = Access.Endpoints,
            MoreMetrics = () => Access.RenderMetrics() + _metrics.ToText() + options.ProcessMetrics(),
            Features = options.Features,
            Flags = options.Flags,
            ReadyChecks = new Dictionary<string, Func<string?>> { ["controllers"] = () => IsReady ? null : "starting" },
            OnError = (e, what) => options.Log(new LogEntry(LogSeverity.Error, "apiserver", what, e)),
        });
        Access.Follow(Server);
    }

    private static User Privileged => new() { Name = "system:apiserver", Groups = ["system:masters"] };

    public Server Server { get; }
    public AccessControl Access { get; }

    /// <summary>The system's objects are there and the controllers' caches are filled.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Calls the API within the process as the given user.</summary>
    public Client Client(User user, string agent) => new(new InProcessTransport(Server, user), Options(agent));

    // Of the controllers, all in one.
    private readonly MetricRegistry _metrics = new();

    private ClientOptions Options(string agent) => new() { UserAgent = agent, Metrics = _metrics, Time = _options.Clock, Random = new Random(_options.Random.Next()), Log = _options.Log };

    /// <summary>Makes the system's objects where they are missing and starts the controllers.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        var client = Client(Privileged, "coracle");
        await AccessControl.BootstrapAsync(client, cancel);
        await BootstrapObjects.EnsureAsync(client, _options, cancel);
        await AccessControl.BootstrapNamespacesAsync(client, cancel);
        await LocalStorage.EnsureAsync(client, cancel);
        await ApiServiceObjects.EnsureAsync(client, Server.Resources, cancel);
        await AuthenticationConfigMap.EnsureAsync(client, _options, cancel);
        var flows = new FlowControlObjects(client, _options.Clock);
        await flows.EnsureAsync(cancel);
        _keepingFlows = flows.RunAsync(e => _options.Log(new LogEntry(LogSeverity.Warning, "apiserver", "flow control's own objects are not as they should be", e)), _stopping.Token);
        _compacting = new Compaction(Server, error => _options.Log(new LogEntry(LogSeverity.Error, "apiserver", error))).RunAsync(_stopping.Token);
        _defining = new DefinitionLifecycle(Server, error => _options.Log(new LogEntry(LogSeverity.Error, "apiserver", error))).RunAsync(_stopping.Token);
        _registering = new DefinitionRegistration(Server, client, e => _options.Log(new LogEntry(LogSeverity.Warning, "apiserver", "an APIService of a definition is not as it should be", e))).RunAsync(_stopping.Token);
        _countingQuotas = new QuotaStatus(Server, _quotas, Client(ComponentIdentities.Of("resourcequota-controller"), "resourcequota-controller")).RunAsync(_stopping.Token);
        const string policies = "validatingadmissionpolicy-status-controller";
        _checkingPolicies = new PolicyStatus(Server, Client(ComponentIdentities.Of(policies), policies)).RunAsync(_stopping.Token);
        _controllers = StartControllers();
        await _controllers.WaitForSyncAsync(cancel);
        IsReady = true;
    }

    private ControllerProcess StartControllers()
    {
        var transport = _options.ToServer(new InProcessTransport(Server, agent => ComponentIdentities.Of(agent)));
        return ControllerProcess.Start(Server, new Client(transport, Options(ComponentIdentities.ControllerManager)), _options, Access);
    }

    /// <summary>The controllers start anew, as after the end of their process; those that were are told to stop and not waited for.</summary>
    public void RestartControllers()
    {
        _abandoned.Add(_controllers?.StopAsync() ?? Task.CompletedTask);
        _controllers = StartControllers();
    }

    /// <summary>Tells pods where the API is from now on.</summary>
    public Task AdvertiseAsync(System.Net.IPEndPoint address, CancellationToken cancel) =>
        BootstrapObjects.EnsureAsync(Client(Privileged, "coracle"), _options with { Advertised = address }, cancel);

    private async Task StopWork()
    {
        // Not CancelAsync, which leaves the thread that a simulation runs on.
        _stopping.Cancel();
        await Ended(_compacting);
        await Ended(_keepingFlows);
        await Ended(_defining);
        await Ended(_registering);
        await Ended(_countingQuotas);
        await Ended(_checkingPolicies);
        _stopping.Dispose();
    }

    private static async Task Ended(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Waits.All([_controllers?.StopAsync() ?? Task.CompletedTask, .. _abandoned]);
        await StopWork();
        await Server.DisposeAsync();
    }
}
