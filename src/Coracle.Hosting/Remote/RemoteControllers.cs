using System.Text.Json.Nodes;
using Coracle.Controllers.Scheduling;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// The controller manager's controllers and the scheduler against any API server, over HTTP: each under its own identity, with the rights that the
/// server's roles give it and no others.
/// </summary>
public sealed class RemoteControllers : IAsyncDisposable
{
    private const string Manager = "system:kube-controller-manager", Scheduling = "system:kube-scheduler", SchedulerAgent = "kube-scheduler";

    private readonly RemoteControllersOptions _options;
    private readonly Transport _managers;
    private readonly Transport _schedulers;
    private readonly InformerSet _managed;
    private readonly InformerSet _scheduled;
    private readonly ControllerHost _host;
    private readonly Scheduler _scheduler;

    private RemoteControllers(RemoteControllersOptions options, Transport managers, Transport schedulers)
    {
        (_options, _managers, _schedulers) = (options, managers, schedulers);
        // As upstream's two programs, each has caches of its own, filled with its own rights.
        _managed = new(new Client(managers, ClientOptions(ComponentIdentities.ControllerManager)));
        _scheduled = new(new Client(schedulers, ClientOptions(SchedulerAgent)));
        _host = new(_managed) { Election = Election(_managed.Client, ComponentIdentities.ControllerManager) };
        BuiltInControllers.AddManager(_host, _managed, new ManagerSettings
        {
            CertificateAuthority = options.RootAuthority, PodRange = options.PodRange, Sign = options.Signer is { } signer ? signer.SignRequest : null,
        });
        _scheduler = BuiltInControllers.Scheduler(_scheduled);
    }

    private ClientOptions ClientOptions(string agent) => new() { UserAgent = agent, FieldManager = agent, Metrics = _options.Metrics, Time = _options.Clock, Random = new(_options.Random.Next()), Log = _options.Log };

    /// <summary>
    /// Finds out who one is at the server. Throws <see cref="ApiException"/> when it does not say, <see cref="TransportException"/> when it cannot be reached,
    /// and <see cref="ClusterConfigException"/> when one is neither the controller manager nor may be it.
    /// </summary>
    public static async Task<RemoteControllers> ConnectAsync(RemoteControllersOptions options, CancellationToken cancel = default)
    {
        var http = new HttpTransportOptions { Time = options.Clock, Random = new(options.Random.Next()) };
        var manager = await As(Manager, options.Cluster, http, cancel);
        var scheduler = await As(Scheduling, options.Scheduler ?? options.Cluster, http, cancel);
        return new(options, new AccountTransport(manager, http, options.Impersonate), new HttpTransport(scheduler, http));
    }

    // 1. Is it this one already? 2. May it be?
    private static async Task<ClusterConfig> As(string user, ClusterConfig config, HttpTransportOptions http, CancellationToken cancel)
    {
        var self = await AskWhoAsync(config, http, cancel);
        if (self.Ok && (string?)JsonNode.Parse(self.Body.Span)?["status"]?["userInfo"]?["username"] == user) return config;   // 1
        var other = config with { Impersonate = new(user, []) };
        var answer = await AskWhoAsync(other, http, cancel);                                                                  // 2
        if (answer.Ok) return other;
        var refused = ApiStatus.Parse(answer.Status, answer.Body.Span);
        if (answer.Status == 403) throw new ClusterConfigException($"this is not {user}, and may not impersonate it: {refused.Message}");
        throw new ApiException(refused);
    }

    private static async Task<ApiReply> AskWhoAsync(ClusterConfig config, HttpTransportOptions http, CancellationToken cancel)
    {
        await using var transport = new HttpTransport(config, http);
        return await transport.SendAsync(new()
        {
            Method = "POST", Path = "/apis/authentication.k8s.io/v1/selfsubjectreviews", UserAgent = "coracle", ContentType = "application/json",
            Body = """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"""u8.ToArray(),
        }, cancel);
    }

    /// <summary>Completes when every cache is filled.</summary>
    public Task WaitForSyncAsync(CancellationToken cancel = default) => Waits.All([_managed.WaitForSyncAsync(cancel), _scheduled.WaitForSyncAsync(cancel)]);

    /// <summary>Runs until cancelled. Throws <see cref="LeadershipLostException"/> when another leads.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var all = new[] { _host.RunAsync(either.Token), ScheduleAsync(either.Token) };
        try
        {
            await await Task.WhenAny(all);
        }
        finally
        {
            // Where one ends the other has nothing to stay for.
            either.Cancel();
            await Waits.All([.. all.Select(Ended)]);
        }
    }

    private static async Task Ended(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e is OperationCanceledException or LeadershipLostException)
        {
        }
    }

    private async Task ScheduleAsync(CancellationToken cancel)
    {
        using var stopInformers = new CancellationTokenSource();
        _scheduled.Start(stopInformers.Token);
        try
        {
            if (Election(_scheduled.Client, SchedulerAgent) is not { } election) await _scheduler.RunAsync(cancel);
            else if (!await election.RunAsync(_scheduler.RunAsync, cancel)) throw new LeadershipLostException(election.LeaseName);
        }
        finally
        {
            stopInformers.Cancel();
            await _scheduled.WaitForEndAsync();
        }
    }

    private LeaderElector? Election(Client client, string name) => !_options.ElectLeaders ? null : new(client, new()
    {
        Namespace = "kube-system", Name = name, Identity = $"{Environment.MachineName}_{Environment.ProcessId}_{_options.Random.Next():x8}",
    }, new EventRecorder(client, name));

    public async ValueTask DisposeAsync()
    {
        await _managers.DisposeAsync();
        await _schedulers.DisposeAsync();
    }
}
