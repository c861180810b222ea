using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Scheduling;

/// <summary>The devices of a driver's pool, out of the slices of its newest generation (upstream: structured/pools.go).</summary>
internal sealed class DevicePool
{
    private readonly List<PooledDevice> devices = [];
    private readonly Dictionary<(string Set, string Counter), Quantity> counters = [];

    /// <summary>Slices are missing: its driver is just publishing it.</summary>
    public bool IsIncomplete { get; private init; }

    /// <summary>Two devices have one name.</summary>
    public bool IsInvalid { get; private set; }

    public static IReadOnlyList<DevicePool> All(IEnumerable<ResourceSlice> slices)
    {
        var all = new List<DevicePool>();
        foreach (var pool in slices.GroupBy(s => (s.Spec.Driver, s.Spec.Pool.Name)).OrderBy(g => g.Key.Driver, StringComparer.Ordinal).ThenBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            var generation = pool.Max(s => s.Spec.Pool.Generation);
            all.Add(Of([.. pool.Where(s => s.Spec.Pool.Generation == generation).OrderBy(s => s.Metadata.Name, StringComparer.Ordinal)]));
        }
        return all;
    }

    private static DevicePool Of(List<ResourceSlice> slices)
    {
        var pool = new DevicePool { IsIncomplete = slices.Count != slices[0].Spec.Pool.ResourceSliceCount };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            foreach (var set in slice.Spec.SharedCounters ?? [])
                foreach (var (name, counter) in set.Counters ?? []) pool.counters[(set.Name, name)] = counter.Value;
            foreach (var device in slice.Spec.Devices ?? [])
            {
                if (!names.Add(device.Name)) pool.IsInvalid = true;
                pool.devices.Add(new(pool, slice, device));
            }
        }
        return pool;
    }

    public IEnumerable<PooledDevice> On(Node node) => devices.Where(d => d.IsOn(node));

    /// <summary>What the device takes of what the pool's devices share is there, besides what those take that are used.</summary>
    public bool HasCounters(PooledDevice device, Func<DeviceId, bool> isUsed)
    {
        foreach (var taken in device.Device.ConsumesCounters ?? [])
            foreach (var (name, amount) in taken.Counters ?? [])
            {
                if (!counters.TryGetValue((taken.CounterSet, name), out var left)) return false;
                foreach (var other in devices)
                    if (isUsed(other.Id)) left -= other.Takes(taken.CounterSet, name);
                if (left < amount.Value) return false;
            }
        return true;
    }
}

/// <summary>One device and where it is.</summary>
internal sealed class PooledDevice(DevicePool pool, ResourceSlice slice, Device device)
{
    public DevicePool Pool => pool;
    public Device Device => device;
    public DeviceId Id { get; } = new(slice.Spec.Driver, slice.Spec.Pool.Name, device.Name);

    private bool IsByDevice => slice.Spec.PerDeviceNodeSelection == true;
    private string? NodeName => IsByDevice ? device.NodeName : slice.Spec.NodeName;
    private NodeSelector? Nodes => IsByDevice ? device.NodeSelector : slice.Spec.NodeSelector;

    public bool IsOn(Node node)
    {
        if (NodeName is { Length: > 0 } name) return name == node.Metadata.Name;
        if (Nodes is { } selector) return (selector.NodeSelectorTerms ?? []).Exists(term => NodeMatch.Matches(term, node));
        return (IsByDevice ? device.AllNodes : slice.Spec.AllNodes) == true;
    }

    public Quantity Takes(string set, string counter) => (device.ConsumesCounters ?? []).Find(c => c.CounterSet == set)?.Counters?.TryGetValue(counter, out var amount) == true ? amount!.Value : Quantity.Zero;

    /// <summary>An attribute's value as text that tells it from any other; null where the device does not have it.</summary>
    public string? Attribute(string name)
    {
        // What says no domain is the driver's own.
        var found = device.Attributes?.GetValueOrDefault(name) ?? (name.StartsWith(Id.Driver + "/", StringComparison.Ordinal) ? device.Attributes?.GetValueOrDefault(name[(Id.Driver.Length + 1)..]) : null);
        return found switch
        {
            { IntValue: { } number } => $"int {number}", { BoolValue: { } yes } => $"bool {yes}", { StringValue: { } text } => $"string {text}", { VersionValue: { } version } => $"version {version}",
            _ => null,
        };
    }

    /// <summary>Where these devices can be used: on one node where any of them is there alone, else where all can be reached; null for everywhere.</summary>
    public static NodeSelector? NodesOf(IEnumerable<PooledDevice> devices, Node node)
    {
        var requirements = new List<NodeSelectorRequirement>();
        foreach (var device in devices)
        {
            if (device.NodeName is { Length: > 0 })
                return new() { NodeSelectorTerms = [new() { MatchFields = [new() { Key = "metadata.name", Operator = NodeSelectorOperator.In, Values = [node.Metadata.Name] }] }] };
            if (device.Nodes?.NodeSelectorTerms is not [var term]) continue;
            foreach (var requirement in term.MatchExpressions ?? [])
                if (!requirements.Exists(r => r.ContentEquals(requirement))) requirements.Add(requirement);
        }
        return requirements.Count == 0 ? null : new() { NodeSelectorTerms = [new() { MatchExpressions = requirements }] };
    }
}
