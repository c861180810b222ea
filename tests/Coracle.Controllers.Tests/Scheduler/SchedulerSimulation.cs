using System.Globalization;
using Coracle.Controllers.Scheduling;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Scheduling;

using Node = Coracle.Kinds.Core.V1.Node;

/// <summary>A server in memory and a scheduler on one thread, in virtual time, in an order that a seed decides.</summary>
internal sealed class SchedulerSimulation
{
    private readonly SchedulerOptions? options;
    private readonly Dictionary<string, List<string>> failures = [];
    private CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public SchedulerSimulation(int seed = 1, SchedulerOptions? options = null)
    {
        this.options = options;
        Cluster = new(seed);
        Cluster.Watch<Pod>(delta =>
        {
            if (delta.New?.Status.Conditions?.Find(c => c is { Type: "PodScheduled", Status: "False" }) is not { } failed) return;
            if (!failures.TryGetValue(delta.New.Metadata.Name, out var told)) failures[delta.New.Metadata.Name] = told = [];
            if (told.Count == 0 || told[^1] != failed.Message) told.Add(failed.Message);
        });
        Start();
    }

    public SimulatedCluster Cluster { get; }
    public Scheduler Scheduler { get; private set; } = null!;

    public void Start()
    {
        stop = new();
        running = Cluster.Loop.Start(() =>
        {
            var informers = new InformerSet(Cluster.Client);
            Scheduler = new(Cluster.Client, informers, options);
            informers.Start(stop.Token);
            return Scheduler.RunAsync(stop.Token);
        });
        Cluster.Pass(0.1);
    }

    /// <summary>Ends the scheduler in whatever it is doing, as a crash would.</summary>
    public void Stop()
    {
        Cluster.Loop.Inside(stop.Cancel);
        Cluster.Loop.RunUntil(() => running.IsCompleted, TimeSpan.FromMinutes(1));
        stop.Dispose();
    }

    /// <summary>A node as its agent leaves it: created tainted by admission, which is undone, with its status.</summary>
    public void Add(Node node)
    {
        Cluster.Create(node);
        Cluster.Change<Node>("", node.Metadata.Name, made => made.Spec = node.Spec);
        Cluster.ChangeStatus<Node>("", node.Metadata.Name, made => made.Status = node.Status);
    }

    public Pod Create(Pod pod) => Cluster.Create(pod);
    public Pod Get(string name) => Cluster.Get<Pod>("default", name);
    public string NodeOf(string name) => Cluster.Find<Pod>("default", name)?.Spec.NodeName ?? "";

    public void Settle(double seconds = 30) => Cluster.Until(() => Scheduler.IsIdle, seconds, "the scheduler to have nothing to do");

    /// <summary>The pod is there, and its binding has been seen.</summary>
    public void Place(Pod pod)
    {
        Create(pod);
        Cluster.Until(() => NodeOf(pod.Metadata.Name).Length > 0, 60, $"a node for {pod.Metadata.Name}; {string.Join("; ", Failures(pod.Metadata.Name))}");
    }

    /// <summary>As when its node has ended it.</summary>
    public void End(string name) => Cluster.Delete<Pod>("default", name, Deletion.Now);

    public List<Event> Events(string pod, string reason) =>
        [.. Cluster.List<Event>().Where(e => e.InvolvedObject.Name == pod && e.Reason == reason).OrderBy(e => long.Parse(e.Metadata.ResourceVersion, CultureInfo.InvariantCulture))];

    /// <summary>What its condition said of why the pod has no node, the last last.</summary>
    public IReadOnlyList<string> Failures(string pod) => failures.GetValueOrDefault(pod) ?? [];

    public PodCondition? Condition(string pod, string type) => Cluster.Find<Pod>("default", pod)?.Status.Conditions?.Find(c => c.Type == type);
}
