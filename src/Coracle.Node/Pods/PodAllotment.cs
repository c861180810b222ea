using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

/// <summary>
/// What a pod was given of its node, which is less than it asks for while a resize waits, and what its containers have of that (upstream: pkg/kubelet/allocation).
/// The pod's status is where both are kept over a restart of the agent.
/// </summary>
internal sealed class PodAllotment
{
    /// <summary>Stands for the pod as a whole among the names of containers.</summary>
    private const string Whole = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceRequirements> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Id, ResourceRequirements Resources)> _actual = new(StringComparer.Ordinal);
    private bool _known;

    /// <summary>Why a resize waits: Deferred or Infeasible, and in words.</summary>
    public ResizeNote? Pending { get; set; }

    /// <summary>A resize was granted and is not done; with a reason when that fails.</summary>
    public ResizeNote? InProgress { get; set; }

    /// <summary>What the pod was given before this agent came; of a new pod, what it asks for.</summary>
    public void TakeUp(Pod pod)
    {
        lock (_lock)
        {
            if (_known) return;
            _known = true;
            foreach (var (container, status) in WithStatus(pod))
            {
                if (status?.Resources is not { } actual)
                {
                    _given[container.Name] = container.Resources;
                    continue;
                }
                _given[container.Name] = new() { Requests = status.AllocatedResources, Limits = actual.Limits, Claims = container.Resources.Claims };
                _actual[container.Name] = (IdOf(status), actual);
            }
            if (pod.Spec.Resources is { } whole) _given[Whole] = pod.Status.Resources is { } had ? new() { Requests = pod.Status.AllocatedResources ?? had.Requests, Limits = had.Limits } : whole;
            InProgress = NoteOf(pod, PodConditionType.PodResizeInProgress);
            Pending = NoteOf(pod, PodConditionType.PodResizePending);
        }
    }

    private static ResizeNote? NoteOf(Pod pod, string type) =>
        pod.Status.Conditions?.Find(c => c.Type == type) is { } condition ? new(condition.Reason, condition.Message, condition.ObservedGeneration) : null;

    private static string IdOf(ContainerStatus status) => status.ContainerID[(status.ContainerID.LastIndexOf('/') + 1)..];

    private static IEnumerable<(Container Container, ContainerStatus? Status)> WithStatus(Pod pod)
    {
        foreach (var container in pod.Spec.InitContainers ?? []) yield return (container, pod.Status.InitContainerStatuses?.Find(s => s.Name == container.Name));
        foreach (var container in pod.Spec.Containers ?? []) yield return (container, pod.Status.ContainerStatuses?.Find(s => s.Name == container.Name));
    }

    private static IEnumerable<Container> Resizable(Pod pod) => (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers ?? []);

    /// <summary>Whether the pod asks for something else than it was given.</summary>
    public bool IsWanting(Pod pod)
    {
        lock (_lock) return Resizable(pod).Any(c => _given.TryGetValue(c.Name, out var given) && Differ(given, c.Resources)) || pod.Spec.Resources is { } whole && _given.TryGetValue(Whole, out var had) && Differ(had, whole);
    }

    /// <summary>From now on it has what it asks for.</summary>
    public void Give(Pod pod)
    {
        lock (_lock)
        {
            foreach (var container in Resizable(pod)) _given[container.Name] = container.Resources;
            if (pod.Spec.Resources is { } whole) _given[Whole] = whole;
        }
    }

    /// <summary>The pod with what it was given in place of what it asks for.</summary>
    public Pod Applied(Pod pod) => IsWanting(pod) ? With(pod, (name, asked) => _given.GetValueOrDefault(name, asked)) : pod;

    /// <summary>The pod with the most that each container has or is to have.</summary>
    public Pod Widest(Pod allotted) => With(allotted, (name, given) => _actual.TryGetValue(name, out var actual) ? Widest(given, actual.Resources) : given);

    private Pod With(Pod pod, Func<string, ResourceRequirements, ResourceRequirements> resources)
    {
        var copy = pod.DeepCopy();
        lock (_lock)
        {
            foreach (var container in Resizable(copy)) container.Resources = resources(container.Name, container.Resources);
            if (copy.Spec.Resources is { } whole) copy.Spec.Resources = resources(Whole, whole);
        }
        return copy;
    }

    /// <summary>A container was made or changed, and has these resources.</summary>
    public void Has(string container, string id, ResourceRequirements resources)
    {
        lock (_lock) _actual[container] = (id, resources);
    }

    /// <summary>What a container that runs has; of one that was made before anybody noted that, what it was given.</summary>
    public ResourceRequirements Of(Container container, CriContainerStatus? latest)
    {
        lock (_lock)
            return latest is not null && _actual.TryGetValue(container.Name, out var actual) && actual.Id == latest.Id ? actual.Resources : _given.GetValueOrDefault(container.Name, container.Resources);
    }

    public ResourceRequirements Given(Container container)
    {
        lock (_lock) return _given.GetValueOrDefault(container.Name, container.Resources);
    }

    /// <summary>What the pod as a whole was given; null where it does not ask as a whole.</summary>
    public ResourceRequirements? GivenAsWhole(Pod pod)
    {
        lock (_lock) return pod.Spec.Resources is { } whole ? _given.GetValueOrDefault(Whole, whole) : null;
    }

    /// <summary>Whether two differ in what can be resized.</summary>
    public static bool Differ(ResourceRequirements a, ResourceRequirements b) => Differ(a, b, ResourceName.Cpu) || Differ(a, b, ResourceName.Memory);

    public static bool Differ(ResourceRequirements a, ResourceRequirements b, string name) => Differ(a.Requests, b.Requests, name) || Differ(a.Limits, b.Limits, name);

    private static bool Differ(Dictionary<string, Quantity>? a, Dictionary<string, Quantity>? b, string name)
    {
        Quantity amountA = default, amountB = default;
        var (hasA, hasB) = (a?.TryGetValue(name, out amountA) == true, b?.TryGetValue(name, out amountB) == true);
        return hasA != hasB || amountA != amountB;
    }

    // A limit that one of the two does not have is the widest of all.
    private static ResourceRequirements Widest(ResourceRequirements a, ResourceRequirements b)
    {
        var requests = new Dictionary<string, Quantity>(a.Requests ?? [], StringComparer.Ordinal);
        foreach (var (name, amount) in b.Requests ?? [])
            if (!requests.TryGetValue(name, out var other) || amount > other) requests[name] = amount;
        var limits = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (name, amount) in a.Limits ?? [])
            if (b.Limits is { } others && others.TryGetValue(name, out var other)) limits[name] = Quantity.Max(amount, other);
        return new() { Requests = requests, Limits = limits };
    }
}

/// <summary>How a resize stands.</summary>
/// <param name="Reason">Deferred, Infeasible or Error; empty while it goes well.</param>
/// <param name="Message">For people.</param>
/// <param name="Generation">The pod's, when it asked for it.</param>
internal sealed record ResizeNote(string Reason, string Message, long Generation);
