using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Node.Pods;

/// <summary>What the pods of a node were given of its processors and memory together, and which of them wait for more (upstream: allocation manager, canAdmitPod).</summary>
/// <param name="capacity">What the node has for pods.</param>
/// <param name="pods">The pods of this node.</param>
internal sealed class NodeAllotments(IReadOnlyDictionary<string, Quantity> capacity, Func<IReadOnlyList<Pod>> pods)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Amounts> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Wish> _waiting = new(StringComparer.Ordinal);

    private readonly record struct Amounts(long MilliCpu, long Memory)
    {
        public static Amounts Of(PodSpec spec)
        {
            var total = PodRequests.Of(spec);
            return new(total.GetValueOrDefault(ResourceName.Cpu).MilliValue, total.GetValueOrDefault(ResourceName.Memory).Value);
        }

        public bool IsAbove(Amounts other) => MilliCpu > other.MilliCpu || Memory > other.Memory;
    }

    private sealed record Wish(Amounts Amounts, int Priority, bool IsGuaranteed, DateTimeOffset Since, Action Poke);

    private Amounts Capacity => new(capacity.GetValueOrDefault(ResourceName.Cpu).MilliValue, capacity.GetValueOrDefault(ResourceName.Memory).Value);

    /// <summary>A pod has this much, asked for or not: what it runs with.</summary>
    public void Note(Pod allotted)
    {
        lock (_lock) Set(allotted.Metadata.Uid, Amounts.Of(allotted.Spec));
    }

    private void Set(string uid, Amounts now)
    {
        var isLess = _given.TryGetValue(uid, out var before) && before.IsAbove(now);
        _given[uid] = now;
        if (isLess) Offer();
    }

    /// <summary>A pod needs nothing any more.</summary>
    public void Forget(string uid)
    {
        lock (_lock)
        {
            _waiting.Remove(uid);
            if (_given.Remove(uid)) Offer();
        }
    }

    /// <summary>Gives a pod what it asks for now. Null: it has it. Otherwise why not; when only others are in the way, it is poked once they are not.</summary>
    public (string Reason, string Message)? Ask(Pod pod, DateTimeOffset now, Action poke)
    {
        lock (_lock)
        {
            var uid = pod.Metadata.Uid;
            var (wanted, node) = (Amounts.Of(pod.Spec), Capacity);
            _waiting.Remove(uid, out var earlier);
            if (wanted.Memory > node.Memory) return (PodResizeStatus.Infeasible, $"Node didn't have enough capacity: memory, requested: {wanted.Memory}, capacity: {node.Memory}");
            if (wanted.MilliCpu > node.MilliCpu) return (PodResizeStatus.Infeasible, $"Node didn't have enough capacity: cpu, requested: {wanted.MilliCpu}, capacity: {node.MilliCpu}");
            var used = OfOthers(uid);
            var (cpuFits, memoryFits) = (wanted.MilliCpu + used.MilliCpu <= node.MilliCpu, wanted.Memory + used.Memory <= node.Memory);
            if (cpuFits && memoryFits || !wanted.IsAbove(_given.GetValueOrDefault(uid)))
            {
                Set(uid, wanted);
                return null;
            }
            _waiting[uid] = new(wanted, pod.Spec.Priority ?? 0, pod.Status.QosClass == PodQOSClass.Guaranteed, earlier?.Since ?? now, poke);
            return (PodResizeStatus.Deferred, !cpuFits
                ? $"Node didn't have enough resource: cpu, requested: {wanted.MilliCpu}, used: {used.MilliCpu}, capacity: {node.MilliCpu}"
                : $"Node didn't have enough resource: memory, requested: {wanted.Memory}, used: {used.Memory}, capacity: {node.Memory}");
        }
    }

    // Pods of which no worker has told yet count with what they ask for.
    private Amounts OfOthers(string uid)
    {
        long cpu = 0, memory = 0;
        foreach (var pod in pods())
        {
            if (pod.Metadata.Uid == uid || pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed) continue;
            var amounts = _given.TryGetValue(pod.Metadata.Uid, out var given) ? given : Amounts.Of(pod.Spec);
            (cpu, memory) = (cpu + amounts.MilliCpu, memory + amounts.Memory);
        }
        return new(cpu, memory);
    }

    // By priority, then guaranteed ones, then those that have waited longest. What is offered is kept for them until they ask again.
    private void Offer()
    {
        foreach (var (uid, wish) in _waiting.OrderByDescending(w => w.Value.Priority).ThenByDescending(w => w.Value.IsGuaranteed).ThenBy(w => w.Value.Since).ToList())
        {
            var (used, node) = (OfOthers(uid), Capacity);
            if (wish.Amounts.MilliCpu + used.MilliCpu > node.MilliCpu || wish.Amounts.Memory + used.Memory > node.Memory) continue;
            _given[uid] = wish.Amounts;
            _waiting.Remove(uid);
            wish.Poke();
        }
    }
}
