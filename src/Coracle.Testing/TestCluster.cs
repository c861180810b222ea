using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Store;
using V1Node = Coracle.Kinds.Core.V1.Node;

namespace Coracle.Testing;

/// <summary>
/// A whole cluster in a test: the API server with all its semantics, every controller, the scheduler, and nodes whose containers are simulated; no port, no disk, no
/// process. It lives on one thread in time of its own:
/// <code>
/// await using var cluster = await TestCluster.StartAsync();
/// await cluster.Client.CreateAsync(deployment);
/// await cluster.UntilAsync&lt;Deployment&gt;("default/web", d => d.Status.ReadyReplicas == 3);
/// await cluster.Clock.Advance(TimeSpan.FromHours(1));
/// </code>
/// Controllers under test run inside, with <see cref="RunAsync(Action{ControllerHost, InformerSet}, CancellationToken)"/>, so that they share the cluster's time and the order that its seed decides.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly ClusterThread _thread;
    private readonly ControlPlane _plane;
    private readonly MemoryStore _store;
    private readonly FaultPlan? _faults;
    private readonly Evidence _evidence;
    private readonly ClusterWebhooks _webhooks;
    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<CancellationTokenSource> _lives = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    // On the cluster's thread.
    private TestCluster(ClusterThread thread, TestClusterOptions options, MemoryStore store)
    {
        (_thread, _store, _faults, _evidence, _webhooks) = (thread, store, options.Faults, new Evidence(options.Log), options.Webhooks as ClusterWebhooks ?? new(options.Webhooks, new Dictionary<string, WebhookSet>()));
        _plane = new ControlPlane(new ControlPlaneOptions
        {
            Store = store, Clock = thread.Time, Random = thread.Random, Log = _evidence.Note, Webhooks = _webhooks,
            Nodes = name => _nodes.Find(node => node.Agent.Name == name)?.Agent.Api,
            ToServer = direct => Between(direct, () => _plane!.RestartControllers()),
        });
        Clock = new TestClock(thread);
        Client = Wrap(_plane.Client(Admin, "test"));
    }

    private static User Admin => new() { Name = "kubernetes-admin", Groups = ["system:masters", "system:authenticated"] };

    /// <summary>The cluster's time, under the test's control.</summary>
    public TestClock Clock { get; }

    /// <summary>Calls the API as an administrator; from any thread.</summary>
    public Client Client { get; }

    /// <summary>What controllers and nodes have logged as warnings and errors so far, the oldest first; the newest thousand.</summary>
    public IReadOnlyList<LogEntry> Faults => _evidence.Faults;

    /// <summary>Starts a cluster; complete when it is ready and its nodes are.</summary>
    public static Task<TestCluster> StartAsync(TestClusterOptions? options = null)
    {
        options ??= new();
        return Begin(options, options.Start, new MemoryStore(), options.Nodes, (client, index) => SimulatedNode.Create(client, index, options.Containers));
    }

    /// <summary>Starts a cluster that goes on from a moment of another; of the options, the number of nodes and the start of the clock are the snapshot's.</summary>
    public static Task<TestCluster> StartAsync(ClusterSnapshot from, TestClusterOptions? options = null) =>
        Begin((options ??= new()) with { Webhooks = new ClusterWebhooks(options.Webhooks, from.Webhooks) }, from.Time, from.Store.Fork(), from.Nodes.Count, (client, index) => from.Nodes[index].Fork(client, options.Containers));

    private static async Task<TestCluster> Begin(
        TestClusterOptions options, DateTimeOffset time, MemoryStore store, int nodes, Func<Client, int, SimulatedNode> makeNode)
    {
        var thread = new ClusterThread(options.Seed, time);
        var cluster = await thread.Do(() => Task.FromResult(new TestCluster(thread, options, store)));
        try
        {
            await cluster.Must(() => cluster._plane.StartAsync(), "the control plane to start");
            await cluster.AddNodes(nodes, makeNode);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task AddNodes(int count, Func<Client, int, SimulatedNode> make)
    {
        await _thread.Do(() =>
        {
            for (var i = 0; i < count; i++) StartNode(i, make);
            return Task.FromResult(true);
        });
        await Reach(() => Objects<V1Node>().Count(IsReady) >= count, $"{count} nodes to be ready");
    }

    private void StartNode(int index, Func<Client, int, SimulatedNode> make)
    {
        var life = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var direct = _plane.Client(SimulatedNode.UserOf(index), "kubelet");
        var node = make(new Client(Between(direct.Transport, Restart), direct.Options), index);
        if (index == _nodes.Count)
        {
            _nodes.Add(node);
            _lives.Add(life);
        }
        else (_nodes[index], _lives[index]) = (node, life);
        _running.Add(node.Agent.RunAsync(life.Token));

        // The agent ends; what it ran goes on.
        void Restart()
        {
            life.Cancel();
            if (!_stopping.IsCancellationRequested) StartNode(index, (client, _) => _nodes[index].Restart(client));
        }
    }

    // What lies between a process and the server. A crash is posted, because the process is in the middle of a call.
    private Transport Between(Transport direct, Action crash)
    {
        if (_faults is null) return direct;
        return new FaultyTransport(direct, _faults, _thread.Time, () => SynchronizationContext.Current!.Post(_ => crash(), null));
    }

    private static bool IsReady(V1Node node) => node.Status.Conditions?.Exists(c => c is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The cluster as it is at this moment, for other clusters to go on from.</summary>
    public Task<ClusterSnapshot> SnapshotAsync() => _thread.Do(() =>
    {
        // What is kept stands still: its containers end in the clusters that go on from it.
        var moment = new VirtualTime(_thread.Time.GetUtcNow());
        var client = new Client(Client.Transport, Client.Options with { Time = moment });
        return Task.FromResult(new ClusterSnapshot(_store.Fork(), [.. _nodes.Select(node => node.Fork(client))], moment.GetUtcNow()) { Webhooks = _webhooks.Sets });
    });

    /// <summary>Does something between two moments of the cluster, when nothing is under way in it.</summary>
    internal Task AtRest(Action act) => _thread.Do(() =>
    {
        act();
        return Task.FromResult(true);
    });

    // Identities

    /// <summary>Calls the API as this user, with the rights that its roles give; a service account is "system:serviceaccount:NAMESPACE:NAME" and has its groups by itself.</summary>
    public Client ClientAs(string user, params string[] groups) => Wrap(_plane.Client(new User { Name = user, Groups = [.. groups, "system:authenticated"] }, user));

    private Client Wrap(Client inner) => new(new ClusterTransport(_thread, inner.Transport), inner.Options);

    // Nodes

    /// <summary>A running container ends now, as its process might do at any time: the pod's first, unless named. False when it does not run.</summary>
    /// <param name="pod">"namespace/name".</param>
    /// <param name="exitCode">With which code.</param>
    /// <param name="container">Its name.</param>
    public Task<bool> EndContainerAsync(string pod, int exitCode, string container = "") => _thread.Do(() =>
    {
        var found = _plane.Server.Cache.Resource(Pod.Info.GroupResource).Get(pod)?.Typed<Pod>();
        var node = _nodes.Find(n => n.Agent.Name == found?.Spec.NodeName);
        return Task.FromResult(node?.EndContainer(found!.Metadata.Uid, container.Length > 0 ? container : found.Spec.Containers![0].Name, exitCode) == true);
    });

    /// <summary>A node falls silent, as a machine does that loses its network: what ran on it goes on, and nobody hears of it.</summary>
    /// <param name="node">"sim-0" and so on.</param>
    public Task StopNodeAsync(string node) => _thread.Do(() =>
    {
        _lives[IndexOf(node)].Cancel();
        return Task.FromResult(true);
    });

    /// <summary>A node that was stopped is back, with what runs on it.</summary>
    public Task ResumeNodeAsync(string node) => _thread.Do(() =>
    {
        var index = IndexOf(node);
        StartNode(index, (client, _) => _nodes[index].Restart(client));
        return Task.FromResult(true);
    });

    private int IndexOf(string node) => _nodes.FindIndex(n => n.Agent.Name == node) is >= 0 and var index ? index : throw new ArgumentException($"there is no simulated node {node}", nameof(node));

    // Controllers under test

    /// <summary>
    /// Runs controllers in the cluster, as one process, until it ends or the given token is cancelled; complete when their caches are filled. They see the cluster's clock and run in the
    /// order that its seed decides. In a simulation the process may end at any write; <paramref name="add"/> is called again then.
    /// </summary>
    public Task RunAsync(Action<ControllerHost, InformerSet> add, CancellationToken cancel = default) => RunAsync(Admin, add, cancel);

    /// <summary>The same with the rights of this user alone, such as "system:serviceaccount:NAMESPACE:NAME": shows whether the roles of an operator are enough for it.</summary>
    public Task RunAsync(string user, Action<ControllerHost, InformerSet> add, CancellationToken cancel = default) => RunAsync(new User { Name = user, Groups = ["system:authenticated"] }, add, cancel);

    private async Task RunAsync(User user, Action<ControllerHost, InformerSet> add, CancellationToken cancel)
    {
        var informers = await _thread.Do(() => Task.FromResult(StartProcess(user, add, cancel)));
        await Must(() => informers.WaitForSyncAsync(), "the controllers' caches to fill");
    }

    private InformerSet StartProcess(User user, Action<ControllerHost, InformerSet> add, CancellationToken cancel)
    {
        var life = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stopping.Token);
        var direct = _plane.Client(user, "controllers");
        var informers = new InformerSet(new Client(Between(direct.Transport, Restart), direct.Options));
        var host = new ControllerHost(informers);
        add(host, informers);
        _running.Add(host.RunAsync(life.Token));
        return informers;

        void Restart()
        {
            life.Cancel();
            if (!cancel.IsCancellationRequested && !_stopping.IsCancellationRequested) StartProcess(user, add, cancel);
        }
    }

    /// <summary>Creates definitions of custom resources; complete when all of them are served.</summary>
    public async Task InstallAsync(IReadOnlyList<CustomResourceDefinition> definitions) => await Must(() => Definitions.InstallAsync(_plane.Client(Admin, "test"), definitions), "the definitions to be established");

    // Webhooks under test

    /// <summary>Where webhooks attached under this name are, for definitions whose versions they convert: <c>Definitions.Of(versions, TestCluster.WebhooksAt("chaos"))</c>.</summary>
    public static WebhookPlace WebhooksAt(string name = "webhooks") => ClusterWebhooks.Place(name);

    /// <summary>
    /// Attaches webhooks to the cluster, on its thread and without a socket, and installs the configurations by which it asks them; complete when it does. Attached again under the same name they take the place
    /// of the former ones.
    /// </summary>
    public Task AttachAsync(WebhookSet webhooks, string name = "webhooks") => Must(async () =>
    {
        _webhooks.Add(name, webhooks);
        await WebhookConfigurations.InstallAsync(_plane.Client(Admin, "test"), webhooks, name, WebhooksAt(name));
    }, "the webhooks to be installed");

    // Waiting

    /// <summary>
    /// Lets time pass until the object is there and as asked; gives it as it is then. Throws <see cref="TestClusterException"/>, which says how it was instead and what happened around it, when it is not within
    /// <paramref name="limit"/> of the cluster's time (10 minutes unless said).
    /// </summary>
    /// <param name="key">"namespace/name", or "name" of a kind outside of namespaces.</param>
    /// <param name="holds">Asked again whenever the object has changed.</param>
    /// <param name="limit">Of the cluster's time.</param>
    public async Task<T> UntilAsync<T>(string key, Func<T, bool> holds, TimeSpan? limit = null) where T : class, IKind<T>
    {
        T? found = null;
        var seen = -1L;
        var cache = _plane.Server.Cache.Resource(T.Info.GroupResource);
        var met = await _thread.PassUntil(() =>
        {
            var stored = cache.Get(key);
            if (stored is null || stored.Revision == seen) return false;
            seen = stored.Revision;
            found = stored.Typed<T>();
            return holds(found);
        }, limit ?? TimeSpan.FromMinutes(10));
        if (!met) throw await Disappointment($"{T.Info.Kind} {key}", found);
        return found!;
    }

    /// <summary>Lets time pass until there is no such object any more.</summary>
    public async Task UntilGoneAsync<T>(string key, TimeSpan? limit = null) where T : class, IKind<T>
    {
        var cache = _plane.Server.Cache.Resource(T.Info.GroupResource);
        if (await _thread.PassUntil(() => cache.Get(key) is null, limit ?? TimeSpan.FromMinutes(10))) return;
        throw await Disappointment($"the end of {T.Info.Kind} {key}", cache.Get(key)?.Typed<T>());
    }

    /// <summary>Lets time pass until the objects of a kind, of all namespaces, are as asked.</summary>
    public async Task<IReadOnlyList<T>> UntilAllAsync<T>(Func<IReadOnlyList<T>, bool> holds, TimeSpan? limit = null) where T : class, IKind<T>
    {
        IReadOnlyList<T> found = [];
        var seen = -1L;
        var cache = _plane.Server.Cache.Resource(T.Info.GroupResource);
        var met = await _thread.PassUntil(() =>
        {
            var revision = cache.Last.Revision;
            if (revision == seen) return false;
            seen = revision;
            found = Objects<T>();
            return holds(found);
        }, limit ?? TimeSpan.FromMinutes(10));
        if (!met) throw await Disappointment($"the {T.Info.Plural}", found.Count == 0 ? null : found[^1]);
        return found;
    }

    /// <summary>Lets time pass until nothing but heartbeats and events has been written for so long.</summary>
    public async Task UntilQuietAsync(TimeSpan quiet, TimeSpan? limit = null)
    {
        var (seen, since) = (-1L, Clock.Now);
        if (await _thread.PassUntil(() =>
        {
            var newest = Watched.Max(resource => resource.Last.Revision);
            if (newest != seen) (seen, since) = (newest, Clock.Now);
            return Clock.Now - since >= quiet;
        }, limit ?? TimeSpan.FromHours(1))) return;
        var busy = Watched.MaxBy(resource => resource.Last.Revision)!.Last;
        throw new TestClusterException($"waited in vain for quiet; last written:\n{Yaml.Write((busy.Current ?? busy.Previous)!.Json)}{_evidence}");
    }

    private IEnumerable<ResourceCache> Watched => _plane.Server.Resources.All.Where(r => r.Kind.Kind is not ("Lease" or "Event" or "Node")).Select(r => r.Cache).Distinct();

    private List<T> Objects<T>() where T : class, IKind<T> =>
        [.. _plane.Server.Cache.Resource(T.Info.GroupResource).Current.Objects.From("").Select(o => o.Typed<T>())];

    private async Task Must(Func<Task> act, string what)
    {
        var task = _thread.Do(async () =>
        {
            await act();
            return true;
        });
        await Reach(() => task.IsCompleted, what);
        await task;
    }

    private async Task Reach(Func<bool> holds, string what)
    {
        if (!await _thread.PassUntil(holds, TimeSpan.FromMinutes(10))) throw new TestClusterException($"waited in vain for {what}{_evidence}");
    }

    private async Task<TestClusterException> Disappointment<T>(string what, T? found) where T : class, IKind<T> =>
        new($"waited in vain for {what}{Evidence.Of(found)}{await _thread.Do(() => Task.FromResult(Evidence.Of(Objects<Event>())))}{_evidence}");

    public async ValueTask DisposeAsync()
    {
        await _thread.Do(() =>
        {
            _stopping.Cancel();
            return Task.FromResult(true);
        });
        var all = Waits.All([.. _running]);
        await _thread.PassUntil(() => all.IsCompleted, TimeSpan.FromMinutes(1));
        var ended = _thread.Do(async () =>
        {
            await _plane.DisposeAsync();
            return true;
        });
        await _thread.PassUntil(() => ended.IsCompleted, TimeSpan.FromMinutes(1));
        _thread.Dispose();
        _stopping.Dispose();
    }
}
