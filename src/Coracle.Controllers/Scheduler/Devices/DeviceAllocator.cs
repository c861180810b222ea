using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Schema;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Scheduling;

/// <summary>A claim, a class or a device says something that cannot be worked out.</summary>
internal sealed class DeviceException(string message) : Exception(message);

/// <summary>
/// Finds devices on a node for all claims of a pod at once (upstream: dynamic-resource-allocation/structured): one after the other, and where one does not fit
/// with those before it, back to the last of which there was another.
/// </summary>
internal sealed class DeviceAllocator
{
    /// <summary>So often is another device tried for one node, as no search may take for ever.</summary>
    private const int TriesMax = 100_000;

    private readonly DeviceView view;
    private readonly IReadOnlyList<ResourceClaim> claims;
    private readonly HashSet<DeviceId> taken;
    private readonly IReadOnlyList<DevicePool> pools;
    private readonly Dictionary<(DeviceId, string), bool> known = [];

    public DeviceAllocator(DeviceView view, IReadOnlyList<ResourceClaim> claims, HashSet<DeviceId> taken) => (this.view, this.claims, this.taken, pools) = (view, claims, taken, DevicePool.All(view.Slices()));

    /// <summary>For each claim what it gets; null where the node does not have enough.</summary>
    public IReadOnlyList<AllocationResult>? On(Node node)
    {
        var search = new Search(this, node);
        return search.Claim(0) ? [.. claims.Select((claim, i) => search.Result(claim, i))] : null;
    }

    /// <summary>What one request wants: one of the alternatives of a request, or the request itself.</summary>
    private sealed record Wanted(string Name, string Class, List<DeviceSelector>? Selectors, string Mode, long Count, bool Admin, List<DeviceToleration>? Tolerations, Dictionary<string, Quantity>? Capacity)
    {
        public static IEnumerable<Wanted> Of(DeviceRequest request) => request.Exactly is { } exactly
            ? [new(request.Name, exactly.DeviceClassName, exactly.Selectors, exactly.AllocationMode, exactly.Count, exactly.AdminAccess == true, exactly.Tolerations, exactly.Capacity?.Requests)]
            : (request.FirstAvailable ?? []).Select(s => new Wanted($"{request.Name}/{s.Name}", s.DeviceClassName, s.Selectors, s.AllocationMode, s.Count, false, s.Tolerations, s.Capacity?.Requests));
    }

    private sealed record Chosen(int Claim, Wanted For, PooledDevice Device);

    private bool Suits(Wanted wanted, PooledDevice device)
    {
        foreach (var taint in device.Device.Taints ?? [])
            if (taint.Effect != DeviceTaintEffect.None && !(wanted.Tolerations ?? []).Exists(t => Tolerates(t, taint))) return false;
        foreach (var (name, amount) in wanted.Capacity ?? [])
            if (device.Device.Capacity?.TryGetValue(name, out var has) != true || has!.Value < amount) return false;
        var type = view.Class(wanted.Class) ?? throw new DeviceException($"could not retrieve device class {wanted.Class}");
        return (type.Spec.Selectors ?? []).TrueForAll(s => Holds(s, device)) && (wanted.Selectors ?? []).TrueForAll(s => Holds(s, device));
    }

    private static bool Tolerates(DeviceToleration toleration, DeviceTaint taint) =>
        (toleration.Effect.Length == 0 || toleration.Effect == taint.Effect) && (toleration.Key.Length == 0 || toleration.Key == taint.Key)
        && (toleration.Operator == DeviceTolerationOperator.Exists || toleration.Value == taint.Value);

    private bool Holds(DeviceSelector selector, PooledDevice device)
    {
        if (selector.Cel?.Expression is not { } expression) return false;
        if (known.TryGetValue((device.Id, expression), out var answer)) return answer;
        return known[(device.Id, expression)] = view.Condition(expression).Holds(device.Id.Driver, device.Device, out var problem)
            ?? throw new DeviceException($"selector of device {device.Id.Driver}/{device.Id.Pool}/{device.Id.Device}: {problem}");
    }

    private sealed class Search(DeviceAllocator all, Node node)
    {
        private readonly List<PooledDevice> devices = [.. all.pools.SelectMany(p => p.On(node))];
        private readonly List<Chosen> chosen = [];
        private readonly HashSet<DeviceId> used = [];
        private int tries;

        public bool Claim(int claim) => claim == all.claims.Count || Request(claim, 0);

        private bool Request(int claim, int index)
        {
            var requests = all.claims[claim].Spec.Devices.Requests ?? [];
            if (index == requests.Count) return Claim(claim + 1);
            foreach (var wanted in Wanted.Of(requests[index]))
                if (wanted.Mode == DeviceAllocationMode.All ? Every(claim, index, wanted) : Some(claim, index, wanted, wanted.Count, 0)) return true;
            return false;
        }

        private bool Some(int claim, int index, Wanted wanted, long missing, int from)
        {
            if (missing == 0) return Request(claim, index + 1);
            for (var i = from; i < devices.Count; i++)
            {
                if (++tries > TriesMax) return false;
                var device = devices[i];
                if (device.Pool.IsIncomplete || !Take(claim, wanted, device)) continue;
                if (Some(claim, index, wanted, missing - 1, i + 1)) return true;
                GiveBack(device);
            }
            return false;
        }

        // All that suit, none of which may be another's.
        private bool Every(int claim, int index, Wanted wanted)
        {
            var count = 0;
            foreach (var device in devices)
            {
                if (!all.Suits(wanted, device)) continue;
                if (device.Pool.IsIncomplete || !Take(claim, wanted, device)) return Undo(count);
                count++;
            }
            return count > 0 && Request(claim, index + 1) || Undo(count);
        }

        private bool Undo(int count)
        {
            for (; count > 0; count--) GiveBack(chosen[^1].Device);
            return false;
        }

        private bool Take(int claim, Wanted wanted, PooledDevice device)
        {
            if (device.Pool.IsInvalid) throw new DeviceException($"pool {device.Id.Driver}/{device.Id.Pool} is invalid: duplicate device name {device.Id.Device}");
            if (!wanted.Admin && (all.taken.Contains(device.Id) || used.Contains(device.Id) || !device.Pool.HasCounters(device, IsUsed))) return false;
            if (chosen.Exists(c => c.Device.Id == device.Id && c.Claim == claim) || !all.Suits(wanted, device)) return false;
            chosen.Add(new(claim, wanted, device));
            if (!Constrained(claim))
            {
                chosen.RemoveAt(chosen.Count - 1);
                return false;
            }
            if (!wanted.Admin) used.Add(device.Id);
            return true;
        }

        private bool IsUsed(DeviceId id) => all.taken.Contains(id) || used.Contains(id);

        private void GiveBack(PooledDevice device)
        {
            if (!chosen[^1].For.Admin) used.Remove(device.Id);
            chosen.RemoveAt(chosen.Count - 1);
        }

        private bool Constrained(int claim)
        {
            foreach (var constraint in all.claims[claim].Spec.Devices.Constraints ?? [])
            {
                var about = chosen.Where(c => c.Claim == claim && Names(constraint.Requests, c.For.Name)).ToList();
                if (constraint.MatchAttribute is { } same && about.Count > 0 && (about[0].Device.Attribute(same) is not { } first || about.Exists(c => c.Device.Attribute(same) != first))) return false;
                if (constraint.DistinctAttribute is { } different && about.Select(c => c.Device.Attribute(different)).ToList() is var values && (values.Exists(static v => v is null) || values.Distinct().Count() < values.Count)) return false;
            }
            return true;
        }

        // A request's name stands for all of its alternatives; no names for all requests.
        private static bool Names(List<string>? requests, string name) => requests is not { Count: > 0 } || requests.Exists(r => r == name || name.StartsWith(r + "/", StringComparison.Ordinal));

        public AllocationResult Result(ResourceClaim claim, int index)
        {
            var mine = chosen.Where(c => c.Claim == index).ToList();
            return new()
            {
                Devices = new()
                {
                    Results = [.. mine.Select(c => new DeviceRequestAllocationResult
                    {
                        Request = c.For.Name, Driver = c.Device.Id.Driver, Pool = c.Device.Id.Pool, Device = c.Device.Id.Device, AdminAccess = c.For.Admin ? true : null, Tolerations = c.For.Tolerations,
                    })],
                    Config = Configuration(claim, mine),
                },
                NodeSelector = PooledDevice.NodesOf(mine.Select(c => c.Device), node),
            };
        }

        // First what the classes say, then what the claim says, for the requests that got something.
        private List<DeviceAllocationConfiguration>? Configuration(ResourceClaim claim, List<Chosen> mine)
        {
            var config = new List<DeviceAllocationConfiguration>();
            foreach (var wanted in mine.Select(c => c.For).Distinct())
                foreach (var part in all.view.Class(wanted.Class)?.Spec.Config ?? [])
                    config.Add(new() { Source = AllocationConfigSource.FromClass, Requests = [wanted.Name], Opaque = part.Opaque });
            foreach (var part in claim.Spec.Devices.Config ?? [])
                if (mine.Exists(c => Names(part.Requests, c.For.Name))) config.Add(new() { Source = AllocationConfigSource.FromClaim, Requests = part.Requests, Opaque = part.Opaque });
            return config.Count > 0 ? config : null;
        }
    }
}
