using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Node.Simulation;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Node.Agent.Tests.Support;

/// <summary>
/// One node's agent over a scripted runtime, and an API server in memory: on one thread and in virtual time, so that a back-off of five minutes takes no time
/// and every run is the same. There are no controllers and no scheduler: pods are made for this node.
/// </summary>
internal sealed class AgentFixture
{
    public const string NodeName = "n1";

    private readonly ControlPlane _plane;
    private readonly List<string> _faults = [];
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _addresses;

    public AgentFixture(int seed = 1, bool start = true)
    {
        Loop = new SimulationLoop(seed);
        _plane = new ControlPlane(new ControlPlaneOptions { Store = new MemoryStore(), Clock = Loop.Time, Random = Loop.Random, Log = Note });
        Client = _plane.Client(new User { Name = "system:apiserver", Groups = ["system:masters"] }, "test");
        Runtime = new ScriptedRuntime(Loop.Time, new SimulatedRuntime(Loop.Time, () => $"10.0.0.{++_addresses}", ContainerScript.ByAnnotations));
        foreach (var ns in (string[])["default", "kube-system", "kube-node-lease"]) Create(new Namespace { Metadata = new() { Name = ns } });
        Create(new ServiceAccount { Metadata = new() { Namespace = "default", Name = "default" } });
        if (start) StartAgent();
    }

    public SimulationLoop Loop { get; }
    public Client Client { get; }
    public ScriptedRuntime Runtime { get; }

    /// <summary>Where volumes are; none without.</summary>
    public string DataDirectory { get; set; } = "";
    public IReadOnlyList<string> Faults => _faults;
    public NodeAgent Agent { get; private set; } = null!;

    public void StartAgent()
    {
        _stop = new CancellationTokenSource();
        Agent = new NodeAgent(new NodeOptions
        {
            Name = NodeName, Client = _plane.Client(new User { Name = $"system:node:{NodeName}", Groups = ["system:nodes", "system:authenticated"] }, "kubelet"),
            Runtime = Runtime, InternalAddress = "192.168.0.1", DataDirectory = DataDirectory, ClusterDns = "10.96.0.10",
            Capacity = new() { ["cpu"] = Quantity.Parse("4"), ["memory"] = Quantity.Parse("8Gi"), ["pods"] = Quantity.Parse("110") },
        });
        _running = Loop.Start(() => Agent.RunAsync(_stop.Token));
        Loop.RunFor(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The agent ends; what runs goes on.</summary>
    public void StopAgent()
    {
        Loop.Inside(_stop.Cancel);
        Assert.True(Loop.RunUntil(() => _running.IsCompleted, TimeSpan.FromMinutes(1)), "the agent does not end");
        _stop.Dispose();
    }

    // ---- doing

    public T Do<T>(Func<ValueTask<T>> act) => Loop.Run(async () => await act());
    public T Create<T>(T obj) where T : class, IKind<T> => Do(() => Client.CreateAsync(obj));
    public T Get<T>(string name, string ns = "default") where T : class, IKind<T> => Do(() => Client.GetAsync<T>(new(ns, name)));
    public Pod Pod(string name = "web") => Get<Pod>(name);
    public Pod? Find(string name = "web") => Do(() => Client.TryGetAsync<Pod>(new Key("default", name)));
    public void Delete(string name = "web", Deletion? how = null) => Do(() => Client.DeleteAsync<Pod>(new Key("default", name), how));

    public T Change<T>(string name, Action<T> change) where T : class, IKind<T> => Do(async () =>
    {
        while (true)
        {
            var obj = await Client.GetAsync<T>(new(name == NodeName ? "" : "default", name));
            change(obj);
            var written = await Client.TryUpdateAsync(obj);
            if (!written.IsConflict) return written.OrThrow();
        }
    });

    public Pod ChangeStatus(string name, Action<Pod> change) => Do(async () =>
    {
        while (true)
        {
            var pod = await Client.GetAsync<Pod>(new("default", name));
            change(pod);
            var written = await Client.TryUpdateStatusAsync(pod);
            if (!written.IsConflict) return written.OrThrow();
        }
    });

    /// <summary>Changes a pod through one of its sub-resources, by a strategic merge patch.</summary>
    public Pod Patch(string subresource, string patch, string name = "web") =>
        Do(async () => (await Client.For<Pod>().TryPatchSubresourceAsync(new("default", name), subresource, Coracle.Sdk.Patch.Strategic(System.Text.Encoding.UTF8.GetBytes(patch)))).OrThrow());

    /// <summary>A pod of this node.</summary>
    public Pod Run(Pod pod)
    {
        pod.Spec.NodeName = NodeName;
        return Create(pod);
    }

    // ---- waiting and looking

    public void Pass(double seconds) => Loop.RunFor(TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> holds, string what, double seconds = 60)
    {
        var limit = Loop.Time.GetUtcNow().AddSeconds(seconds);
        while (!holds())
        {
            if (Loop.Time.GetUtcNow() >= limit) Assert.Fail($"waited in vain until {what}\n{string.Join('\n', Runtime.Calls)}\n{string.Join('\n', Events())}\n{string.Join("; ", _faults.TakeLast(3))}");
            Loop.RunFor(TimeSpan.FromMilliseconds(100));
        }
    }

    public void UntilReady(string name = "web") => Until(() => Condition("Ready", name) == "True", $"{name} is ready");

    public string? Condition(string type, string name = "web") => Pod(name).Status.Conditions?.Find(c => c.Type == type)?.Status;

    public ContainerStatus Status(string container, string pod = "web")
    {
        var status = Pod(pod).Status;
        return (status.ContainerStatuses ?? []).Concat(status.InitContainerStatuses ?? []).Concat(status.EphemeralContainerStatuses ?? []).First(s => s.Name == container);
    }

    /// <summary>"Warning Failed: Error: ErrImagePull", in the order in which they first happened.</summary>
    public IReadOnlyList<string> Events(string about = "Pod")
    {
        Pass(1); // they are written in the background
        return [.. Do(() => Client.ListAsync<Event>("default")).Items.Where(e => e.InvolvedObject.Kind == about).OrderBy(e => e.Metadata.Name[e.Metadata.Name.LastIndexOf('.')..], StringComparer.Ordinal).Select(e => $"{e.Type} {e.Reason}: {e.Message}")];
    }

    private void Note(LogEntry entry)
    {
        if (entry.Severity >= LogSeverity.Warning) _faults.Add($"{entry.Source}: {entry.Message} {entry.Failure}");
    }
}
