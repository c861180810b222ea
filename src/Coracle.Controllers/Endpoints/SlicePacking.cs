using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;

namespace Coracle.Controllers;

/// <summary>What is to be written to bring the slices of a service to what they should be.</summary>
internal sealed record SliceChanges(List<EndpointSlice> Create, List<EndpointSlice> Update, List<EndpointSlice> Delete)
{
    public static SliceChanges None() => new([], [], []);
    public bool IsEmpty => Create.Count + Update.Count + Delete.Count == 0;
}

/// <summary>
/// Spreads endpoints over slices so that few slices are written, rather than so that there are few (upstream: k8s.io/endpointslice, Reconciler). Pure.
/// </summary>
internal static class SlicePacking
{
    /// <summary>Endpoints per slice, at most (upstream: --max-endpoints-per-slice).</summary>
    public const int EndpointsMax = 100;

    /// <summary>
    /// The changes for the slices of one address type. (1) Slices of another owner go. (2) Each group of ports is packed by itself, slices of ports that
    /// nothing has any more go. (3) A service without any endpoints keeps one empty slice. (4) What goes is reused for what is new.
    /// </summary>
    public static SliceChanges Plan(Service service, string addressType, IReadOnlyList<EndpointSlice> existing, IReadOnlyList<PortGroup> groups)
    {
        var changes = SliceChanges.None();
        var own = existing.Where(slice => IsOwned(slice, service)).ToLookup(static slice => PortGroup.KeyOf(slice.Ports));
        changes.Delete.AddRange(existing.Where(slice => !IsOwned(slice, service)));                            // 1
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)                                                                          // 2
        {
            var key = PortGroup.KeyOf(group.Ports);
            wanted.Add(key);
            Pack(service, addressType, [.. own[key]], group, changes);
        }
        changes.Delete.AddRange(own.Where(slices => !wanted.Contains(slices.Key)).SelectMany(static slices => slices));
        if (changes.Create.Count == 0 && changes.Delete.Count == existing.Count) KeepOneEmpty(service, addressType, changes);   // 3
        Reuse(service, changes);                                                                               // 4
        return changes;
    }

    private static void KeepOneEmpty(Service service, string addressType, SliceChanges changes)
    {
        var empty = SliceShape.New(service, addressType, []);
        if (changes.Delete is [{ Endpoints: null or [], Ports: null or [] } only] && IsOwned(only, service) && SliceShape.SameLabels(only, service)) changes.Delete.Clear();
        else changes.Create.Add(empty);
    }

    private static void Reuse(Service service, SliceChanges changes)
    {
        for (var i = 0; i < changes.Delete.Count && changes.Create.Count > 0;)
        {
            var (old, made) = (changes.Delete[i], changes.Create[^1]);
            if (old.AddressType != made.AddressType || !IsOwned(old, service))
            {
                i++;
                continue;
            }
            changes.Create.RemoveAt(changes.Create.Count - 1);
            changes.Delete.RemoveAt(i);
            made.Metadata = old.Metadata.DeepCopy();
            made.Metadata.Labels = SliceShape.Labels(service);
            changes.Update.Add(made);
        }
    }

    /// <summary>
    /// (1) Existing slices keep the endpoints that are wanted, as they are now. (2) Slices that change anyway take new endpoints, the fullest first. (3) What
    /// is left goes into the one slice that it fills best, else into new ones.
    /// </summary>
    private static void Pack(Service service, string addressType, IReadOnlyList<EndpointSlice> existing, PortGroup group, SliceChanges changes)
    {
        var wanted = new Dictionary<string, Endpoint>(group.Endpoints.Count, StringComparer.Ordinal);
        foreach (var endpoint in group.Endpoints) wanted[Identity(endpoint)] = endpoint;
        var drafts = existing.Select(slice => Draft.Keep(slice, service, wanted)).ToList();                    // 1
        var left = new Queue<Endpoint>(group.Endpoints.Where(endpoint => wanted.Remove(Identity(endpoint))));

        foreach (var draft in drafts.Where(static d => d.Changed && d.Endpoints.Count > 0).OrderByDescending(static d => d.Endpoints.Count)) Fill(draft.Endpoints, left);   // 2

        while (left.Count > 0)                                                                                 // 3
        {
            if (left.Count < EndpointsMax && Fullest(drafts, left.Count) is { } draft)
            {
                draft.Changed = true;
                Fill(draft.Endpoints, left);
                continue;
            }
            var slice = SliceShape.New(service, addressType, group.Ports);
            Fill(slice.Endpoints!, left);
            changes.Create.Add(slice);
        }
        foreach (var draft in drafts.Where(static d => d.Changed))
        {
            if (draft.Endpoints.Count == 0) changes.Delete.Add(draft.Slice);
            else changes.Update.Add(draft.ToSlice(service));
        }
    }

    // The slice that comes closest to full, or is full, when all of these are added.
    private static Draft? Fullest(List<Draft> drafts, int adding) => drafts
        .Where(d => !d.Changed && d.Endpoints.Count + adding <= EndpointsMax && d.Endpoints.Count + adding > 0)
        .MaxBy(static d => d.Endpoints.Count);

    private static void Fill(List<Endpoint> endpoints, Queue<Endpoint> left)
    {
        while (endpoints.Count < EndpointsMax && left.TryDequeue(out var endpoint)) endpoints.Add(endpoint);
    }

    /// <summary>What makes two versions of an endpoint the same endpoint.</summary>
    private static string Identity(Endpoint endpoint) =>
        $"{string.Join(',', endpoint.Addresses ?? [])} {endpoint.Hostname} {endpoint.TargetRef?.Namespace} {endpoint.TargetRef?.Name}";

    private static bool IsOwned(EndpointSlice slice, Service service) => slice.Metadata.OwnerReferences?.Exists(o => o.Uid == service.Metadata.Uid) == true;

    private sealed class Draft(EndpointSlice slice, List<Endpoint> endpoints)
    {
        public EndpointSlice Slice => slice;
        public List<Endpoint> Endpoints => endpoints;
        public bool Changed { get; set; }

        /// <summary>Takes from <paramref name="wanted"/> what the slice has.</summary>
        public static Draft Keep(EndpointSlice slice, Service service, Dictionary<string, Endpoint> wanted)
        {
            var changed = !SliceShape.SameLabels(slice, service);
            var kept = new List<Endpoint>(slice.Endpoints?.Count ?? 0);
            foreach (var endpoint in slice.Endpoints ?? [])
            {
                if (wanted.Remove(Identity(endpoint), out var now)) kept.Add(now);
                changed |= !endpoint.ContentEquals(now);
            }
            return new(slice, kept) { Changed = changed };
        }

        public EndpointSlice ToSlice(Service service)
        {
            var metadata = slice.Metadata.DeepCopy();
            metadata.Labels = SliceShape.Labels(service);
            return new() { Metadata = metadata, AddressType = slice.AddressType, Ports = slice.Ports, Endpoints = endpoints };
        }
    }
}
