using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Removes pods that nobody else will (upstream: pkg/controller/podgc): of the ended ones the oldest above a threshold; those bound to a node that is gone;
/// those that end on a node declared out of service; those that end without ever having had a node.
/// </summary>
public sealed class PodGcReconciler : IReconciler
{
    /// <summary>Ended pods that are kept (upstream: --terminated-pod-gc-threshold).</summary>
    public const int TerminatedThreshold = 12_500;

    private static readonly Key All = new("pods");
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    // A node that is not in the cache may be on its way there.
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly Client client;
    private readonly int threshold;
    private readonly Informer<Pod> pods;
    private readonly Informer<Node> nodes;
    private readonly Dictionary<string, long> missing = new(StringComparer.Ordinal);

    private PodGcReconciler(Client client, InformerSet informers, int threshold)
    {
        this.client = client;
        this.threshold = threshold;
        pods = informers.For<Pod>();
        nodes = informers.For<Node>();
    }

    public static Controller NewController(InformerSet informers, int threshold = TerminatedThreshold) => new ControllerBuilder("pod-garbage-collector-controller", informers)
        .Reads<Pod>().Reads<Node>().Source(static controller => controller.Enqueue(All))
        .Queue(new() { BackoffMax = Period })
        .Build(new PodGcReconciler(informers.Client.As("pod-garbage-collector"), informers, threshold));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var all = pods.List();
        foreach (var pod in DeadPods.Superfluous(all, threshold)) await RemoveAsync(pod, null, cancel);
        foreach (var pod in all.Where(pod => DeadPods.IsStuck(pod, nodes.Get(new(pod.Spec.NodeName))))) await RemoveAsync(pod, null, cancel);
        var gone = await GoneNodesAsync(all, cancel);
        foreach (var pod in all.Where(pod => gone.Contains(pod.Spec.NodeName))) await RemoveAsync(pod, NodeGone(), cancel);
        return Result.After(Period);
    }

    private static PodCondition NodeGone() =>
        new() { Type = PodConditionType.DisruptionTarget, Status = "True", Reason = "DeletionByPodGC", Message = "PodGC: node no longer exists" };

    /// <summary>Nodes that pods name, that the cache has not had for a while, and that the server does not know either.</summary>
    private async ValueTask<HashSet<string>> GoneNodesAsync(IReadOnlyList<Pod> all, CancellationToken cancel)
    {
        var unknown = all.Select(static pod => pod.Spec.NodeName).Where(name => name.Length > 0 && nodes.Get(new(name)) is null).ToHashSet(StringComparer.Ordinal);
        foreach (var found in missing.Keys.Where(name => !unknown.Contains(name)).ToList()) missing.Remove(found);
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in unknown.Order(StringComparer.Ordinal))
        {
            if (missing.TryAdd(name, client.Time.GetTimestamp()) || client.Time.GetElapsedTime(missing[name]) < Quarantine) continue;
            if (await client.TryGetAsync<Node>(new(name), cancel) is null) gone.Add(name);
        }
        return gone;
    }

    /// <summary>The pod is marked as failed, for whoever looks at its end, and removed without waiting for a node that will not answer.</summary>
    private async ValueTask RemoveAsync(Pod pod, PodCondition? condition, CancellationToken cancel)
    {
        if (!PodEndpoint.IsOver(pod) && !await PodDisruption.MarkAsync(client, pod, condition, PodPhase.Failed, cancel)) return;
        await client.DeleteAsync(pod, Deletion.Now, cancel);
    }
}
