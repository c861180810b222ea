using System.Net;
using System.Net.Sockets;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Sdk;
using EndpointPort = Coracle.Kinds.Discovery.V1.EndpointPort;

namespace Coracle.Controllers;

/// <summary>The slices that say what an Endpoints object says. Pure (upstream: pkg/controller/endpointslicemirroring, reconciler_helpers.go and utils.go).</summary>
internal static class MirroredSlices
{
    public const string ManagerName = "endpointslicemirroring-controller.k8s.io";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration", TriggerTime = "endpoints.kubernetes.io/last-change-trigger-time";

    /// <summary>Addresses of one subset that are mirrored, at most (upstream: --mirroring-max-endpoints-per-subset).</summary>
    private const int AddressesMax = 1000;

    /// <summary>What is to be written. <paramref name="skipped"/> counts addresses that cannot be mirrored.</summary>
    public static SliceChanges Plan(Endpoints endpoints, IReadOnlyCollection<EndpointSlice> existing, out int skipped)
    {
        skipped = 0;
        var wanted = new List<EndpointSlice>();
        foreach (var group in (endpoints.Subsets ?? []).GroupBy(static s => PortGroup.KeyOf(Ports(s))))
            wanted.AddRange(SlicesOf(endpoints, Ports(group.First()), group, ref skipped));
        var changes = SliceChanges.None();
        var left = existing.Where(slice => slice.Metadata.DeletionTimestamp is null).OrderBy(static s => s.Metadata.Name, StringComparer.Ordinal).ToList();
        // A slice of the same kind and ports is brought up to date, and so keeps its name.
        foreach (var slice in wanted)
        {
            var known = left.Find(l => l.AddressType == slice.AddressType && PortGroup.KeyOf(l.Ports) == PortGroup.KeyOf(slice.Ports));
            if (known is null)
            {
                changes.Create.Add(slice);
                continue;
            }
            left.Remove(known);
            if (IsSame(known, slice)) continue;
            var metadata = known.Metadata.DeepCopy();
            (metadata.Labels, metadata.Annotations, metadata.OwnerReferences) = (slice.Metadata.Labels, slice.Metadata.Annotations, slice.Metadata.OwnerReferences);
            slice.Metadata = metadata;
            changes.Update.Add(slice);
        }
        changes.Delete.AddRange(left);
        return changes;
    }

    private static bool IsSame(EndpointSlice known, EndpointSlice wanted) =>
        Same(known.Metadata.Labels, wanted.Metadata.Labels) && Same(known.Metadata.Annotations, wanted.Metadata.Annotations)
        && (known.Endpoints ?? []).Count == wanted.Endpoints!.Count && known.Endpoints!.Zip(wanted.Endpoints).All(static pair => pair.First.ContentEquals(pair.Second));

    private static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).All(pair => b!.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static List<EndpointPort> Ports(EndpointSubset subset) =>
        [.. (subset.Ports ?? []).Select(static p => new EndpointPort { Name = p.Name, Protocol = p.Protocol, Port = p.Port, AppProtocol = p.AppProtocol })];

    private static IEnumerable<EndpointSlice> SlicesOf(Endpoints endpoints, List<EndpointPort> ports, IEnumerable<EndpointSubset> subsets, ref int skipped)
    {
        var byType = new Dictionary<string, List<Endpoint>>(StringComparer.Ordinal);
        foreach (var subset in subsets)
        {
            var taken = 0;
            foreach (var (address, ready) in (subset.Addresses ?? []).Select(static a => (a, true)).Concat((subset.NotReadyAddresses ?? []).Select(static a => (a, false))))
            {
                if (!IPAddress.TryParse(address.Ip, out var ip) || taken == AddressesMax) skipped++;
                else
                {
                    var type = ip.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
                    if (!byType.TryGetValue(type, out var list)) byType[type] = list = [];
                    list.Add(new() { Addresses = [address.Ip], Hostname = address.Hostname.Length > 0 ? address.Hostname : null, NodeName = address.NodeName, TargetRef = address.TargetRef, Conditions = new() { Ready = ready } });
                    taken++;
                }
            }
        }
        return [.. byType.OrderBy(static t => t.Key, StringComparer.Ordinal).SelectMany(type => type.Value.Chunk(SlicePacking.EndpointsMax).Select(chunk => New(endpoints, type.Key, ports, [.. chunk])))];
    }

    private static EndpointSlice New(Endpoints endpoints, string type, List<EndpointPort> ports, List<Endpoint> members)
    {
        var labels = new Dictionary<string, string>(endpoints.Metadata.Labels ?? []) { [SliceShape.ServiceNameLabel] = endpoints.Metadata.Name, [SliceShape.ManagedByLabel] = ManagerName };
        var annotations = (endpoints.Metadata.Annotations ?? []).Where(static a => a.Key is not (LastApplied or TriggerTime)).ToDictionary(static a => a.Key, static a => a.Value);
        return new()
        {
            Metadata = new()
            {
                GenerateName = endpoints.Metadata.Name + "-", Namespace = endpoints.Metadata.Namespace, Labels = labels, Annotations = annotations.Count > 0 ? annotations : null,
                OwnerReferences = [Owners.ControllerReference(endpoints)],
            },
            AddressType = type, Ports = ports, Endpoints = members,
        };
    }
}
