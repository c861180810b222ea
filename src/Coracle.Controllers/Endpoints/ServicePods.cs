using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Which pods stand behind which services, found by indexes of labels in both directions, and the changes of pods and nodes that matter to a service.
/// </summary>
internal sealed class ServicePods
{
    /// <summary>Changes of pods within so long become one reconcile of their service.</summary>
    private static readonly TimeSpan BatchPeriod = TimeSpan.FromMilliseconds(50);

    private readonly Informer<Pod> pods;
    private readonly Informer<Node> nodes;
    private readonly ObjectIndex<Service> services;
    private readonly ObjectIndex<Pod> podsByLabel;
    private readonly ObjectIndex<Pod> podsByNode;

    public ServicePods(InformerSet informers)
    {
        pods = informers.For<Pod>();
        nodes = informers.For<Node>();
        // One label of the selector finds the service: a pod that matches has all of them.
        services = informers.For<Service>().Index("selector", static service =>
            service.Spec.Selector is { Count: > 0 } selector ? [Term(service.Metadata.Namespace, selector.MinBy(static l => l.Key, StringComparer.Ordinal))] : []);
        podsByLabel = pods.Index("labels", static pod => (pod.Metadata.Labels ?? []).Select(label => Term(pod.Metadata.Namespace, label)));
        podsByNode = pods.Index("spec.nodeName", static pod => [pod.Spec.NodeName]);
    }

    /// <summary>The pods that the service selects, by name; none for a service without a selector.</summary>
    public IReadOnlyList<Pod> PodsOf(Service service)
    {
        if (service.Spec.Selector is not { Count: > 0 } selector) return [];
        IReadOnlyList<Pod>? fewest = null;
        foreach (var label in selector)
        {
            var having = podsByLabel.Get(Term(service.Metadata.Namespace, label));
            if (fewest is null || having.Count < fewest.Count) fewest = having;
        }
        return [.. fewest!.Where(pod => Matches(selector, pod.Metadata.Labels)).OrderBy(static pod => pod.Metadata.Name, StringComparer.Ordinal)];
    }

    public Node? NodeOf(Pod pod) => nodes.Get(new(pod.Spec.NodeName));

    /// <summary>Calls the controller for the services of every pod that changes in a way that endpoints show.</summary>
    public void Follow(Controller controller)
    {
        pods.Subscribe(delta =>
        {
            if (delta.Initial || delta is { Old: { } old, New: { } current } && !PodEndpoint.Differs(old, current)) return;
            foreach (var key in ServicesOf(delta.Old).Concat(ServicesOf(delta.New))) controller.EnqueueAfter(key, BatchPeriod);
        });
        nodes.Subscribe(delta =>
        {
            if (delta.Initial || delta is { Old: { } old, New: { } current } && PodEndpoint.ZoneOf(old) == PodEndpoint.ZoneOf(current)) return;
            foreach (var key in podsByNode.Get(delta.Object.Metadata.Name).SelectMany(ServicesOf)) controller.EnqueueAfter(key, BatchPeriod);
        });
    }

    private IEnumerable<Key> ServicesOf(Pod? pod) => pod?.Metadata.Labels is not { } labels ? [] : labels
        .SelectMany(label => services.Get(Term(pod.Metadata.Namespace, label)))
        .Where(service => Matches(service.Spec.Selector!, labels))
        .Select(Key.Of);

    private static bool Matches(Dictionary<string, string> selector, Dictionary<string, string>? labels)
    {
        foreach (var (key, value) in selector)
            if (labels is null || !labels.TryGetValue(key, out var found) || found != value) return false;
        return true;
    }

    private static string Term(string ns, KeyValuePair<string, string> label) => $"{ns}/{label.Key}={label.Value}";
}
