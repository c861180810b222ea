using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>Services and those who keep pods: what says which pods belong together where they do not say so themselves (plugins/helper/spread.go).</summary>
public sealed class KeeperView
{
    private readonly Informer<Service> services;
    private readonly Informer<ReplicaSet> replicaSets;
    private readonly Informer<StatefulSet> statefulSets;
    private readonly Informer<ReplicationController> replicationControllers;
    private readonly ObjectIndex<Service> servicesByNamespace;

    internal KeeperView(InformerSet informers)
    {
        (services, replicaSets) = (informers.For<Service>(), informers.For<ReplicaSet>());
        (statefulSets, replicationControllers) = (informers.For<StatefulSet>(), informers.For<ReplicationController>());
        servicesByNamespace = services.Index("metadata.namespace", static service => [service.Metadata.Namespace]);
    }

    internal async Task WaitForSyncAsync(CancellationToken cancel)
    {
        await services.WaitForSyncAsync(cancel);
        await replicaSets.WaitForSyncAsync(cancel);
        await statefulSets.WaitForSyncAsync(cancel);
        await replicationControllers.WaitForSyncAsync(cancel);
    }

    /// <summary>The pods that belong together with this one: those of its services, which whoever keeps it keeps too. Null where nothing says so.</summary>
    internal Selector? SelectorOf(PodInfo pod)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (pod.Pod.Metadata.Labels is { Count: > 0 } own)
            foreach (var service in servicesByNamespace.Get(pod.Key.Namespace)) Merge(labels, service.Spec.Selector, own);
        var selector = Selector.Of(labels);
        if (Owners.ControllerOf(pod.Pod) is { } owner)
        {
            var key = new Key(pod.Key.Namespace, owner.Name);
            var kept = owner.Kind switch
            {
                "ReplicaSet" => replicaSets.Get(key)?.Spec.Selector,
                "StatefulSet" => statefulSets.Get(key)?.Spec.Selector,
                "ReplicationController" when replicationControllers.Get(key)?.Spec.Selector is { } of => new() { MatchLabels = of },
                _ => null,
            };
            foreach (var (name, value) in kept?.MatchLabels ?? []) selector = selector.And(name, "=", value);
            foreach (var term in kept?.MatchExpressions ?? []) selector = selector.And(term.Key, Operator(term.Operator), [.. term.Values ?? []]);
        }
        return selector.IsEverything ? null : selector;
    }

    private static string Operator(string op) => op switch { "In" => "in", "NotIn" => "notin", "Exists" => "exists", _ => "!" };

    // A service that selects the pod selects its like.
    private static void Merge(Dictionary<string, string> labels, Dictionary<string, string>? selector, Dictionary<string, string> own)
    {
        if (selector is not { Count: > 0 }) return;
        foreach (var (name, value) in selector)
            if (!own.TryGetValue(name, out var has) || has != value) return;
        foreach (var (name, value) in selector) labels[name] = value;
    }
}
