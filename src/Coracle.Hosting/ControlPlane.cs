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
    private readonly CancellationTokenSource _stopping = new();
    private ControllerHost? _controllers;
    private Task _running = Task.CompletedTask;

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
            Admission =
            [
                new NamespaceLifecycle(), new ServiceAccountAdmission(), new TaintNodesByCondition(), new PodPriority(), new DefaultTolerationSeconds(),
                new ServiceAddresses(options.ServiceRange), .. Access.Admission,
            ],
            Conversions = new Dictionary<Schema.GroupVersionKind, KindConversion>([EventConversion.Entry]),
            Subresources = new Dictionary<string, Subresource>(
                [.. PodSubresources.All, .. new PodStreams(options.Nodes).All, NamespaceFinalize.Entry, Access.TokenSubresource(NewTokenId)]),
            Reviews = new Dictionary<Schema.GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>([.. AccessReviews.All, .. Access.Reviews]),
            Endpoints = Access.Endpoints,
            ReadyChecks = new Dictionary<string, Func<string?>> { ["controllers"] = () => IsReady ? null : "starting" },
            OnError = (e, what) => options.Log(new LogEntry(LogSeverity.Error, "apiserver", what, e)),
        });
        Access.Follow(Server);
    }

    private static string NewTokenId() => Guid.NewGuid().ToString();

    public Server Server { get; }
    public AccessControl Access { get; }

    /// <summary>The system's objects are there and the controllers' caches are filled.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Calls the API within the process as the given user.</summary>
    public Client Client(User user, string agent) => new(new InProcessTransport(Server, user), new ClientOptions
    {
        UserAgent = agent, Time = _options.Clock, Random = new Random(_options.Random.Next()), Log = _options.Log,
    });

    /// <summary>Makes the system's objects where they are missing and starts the controllers.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        var client = Client(new User { Name = "system:apiserver", Groups = ["system:masters"] }, "coracle");
        await AccessControl.BootstrapAsync(client, cancel);
        await BootstrapObjects.EnsureAsync(client, _options, cancel);
        await AccessControl.BootstrapNamespacesAsync(client, cancel);
        var informers = new InformerSet(client);
        _controllers = BuiltInControllers.Host(informers, _options);
        var scheduler = BuiltInControllers.Scheduler(informers);
        _running = Waits.All([_controllers.RunAsync(_stopping.Token), scheduler.RunAsync(_stopping.Token)]);
        await informers.WaitForSyncAsync(cancel);
        IsReady = true;
    }

    /// <summary>Tells pods where the API is from now on.</summary>
    public Task AdvertiseAsync(System.Net.IPEndPoint address, CancellationToken cancel) =>
        BootstrapObjects.EnsureAsync(Client(new User { Name = "system:apiserver", Groups = ["system:masters"] }, "coracle"), _options with { Advertised = address }, cancel);

    public async ValueTask DisposeAsync()
    {
        // Not CancelAsync, which leaves the thread that a simulation runs on.
        _stopping.Cancel();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
        }
        await Server.DisposeAsync();
        _stopping.Dispose();
    }
}
