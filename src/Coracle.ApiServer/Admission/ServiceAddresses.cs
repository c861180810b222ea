using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Gives services their cluster IP and node ports out of the cluster's ranges, each to one service only.</summary>
public sealed class ServiceAddresses(IPNetwork range, int nodePortFirst = 30_000, int nodePortLast = 32_767) : AdmissionPlugin
{
    private readonly Lock _lock = new();
    private AddressBook? _book;

    public override string Name => "ServiceAddresses";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (!context.Is("", "Service") || context.Subresource.Length > 0 || context.Operation is not (Operation.Create or Operation.Update))
            return ValueTask.FromResult<ApiStatus?>(null);
        lock (_lock)
        {
            _book ??= new AddressBook(context.Server.Resources.Find("", "v1", "services")!.Cache, context.Server.Clock);
            _book.CatchUp();
            return ValueTask.FromResult(Allocate(context, _book));
        }
    }

    private ApiStatus? Allocate(AdmissionContext context, AddressBook book)
    {
        var spec = context.Object!["spec"] as JsonObject ?? [];
        var old = context.Old?["spec"] as JsonObject;
        var owner = $"{context.Namespace}/{context.Name}";
        var errors = new FieldErrors();
        if (Meta.Text(spec, "type") == ServiceType.ExternalName) Release(spec);
        else
        {
            Families(spec);
            ClusterIp(context, book, owner, spec, old, errors);
            NodePorts(context, book, owner, spec, old, errors);
        }
        return errors.Count == 0 ? null : ApiStatus.Invalid(context.Kind, context.Name, errors.All);
    }

    private static void Release(JsonObject spec)
    {
        spec.Remove("clusterIP");
        spec.Remove("clusterIPs");
        spec.Remove("ipFamilies");
        spec.Remove("ipFamilyPolicy");
    }

    private static void Families(JsonObject spec)
    {
        if (spec["ipFamilies"] is not JsonArray { Count: > 0 }) spec["ipFamilies"] = new JsonArray("IPv4");
        if (Meta.Text(spec, "ipFamilyPolicy").Length == 0) spec["ipFamilyPolicy"] = "SingleStack";
    }

    private void ClusterIp(AdmissionContext context, AddressBook book, string owner, JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var address = Meta.Text(spec, "clusterIP");
        if (address.Length == 0 && spec["clusterIPs"] is JsonArray { Count: > 0 } list) address = (string)list[0]!;
        if (address.Length == 0 && old is not null) address = Meta.Text(old, "clusterIP");
        if (address.Length == 0)
        {
            if (Ranges(context).Select(r => book.FreeAddress(r, context.Server.Random)).FirstOrDefault(static a => a is not null) is not { } free)
            {
                errors.Add(new(FieldErrorType.Internal, "spec.clusterIPs", null, "failed to allocate a serviceIP: range is full"));
                return;
            }
            address = free;
        }
        if (address != "None" && !(old is not null && Meta.Text(old, "clusterIP") == address) && Refusal(context, book, owner, address) is { } why)
            errors.Add(new(FieldErrorType.Invalid, "spec.clusterIPs", $"[\"{address}\"]", $"failed to allocate IP {address}: {why}"));
        if (address != "None") book.Reserve(address, owner, context.DryRun);
        spec["clusterIP"] = address;
        spec["clusterIPs"] = new JsonArray(address);
    }

    private string? Refusal(AdmissionContext context, AddressBook book, string owner, string address)
    {
        if (!System.Net.IPAddress.TryParse(address, out var parsed)) return null; // the kind's own validation says what is wrong with it
        if (!Ranges(context).Any(r => r.Contains(parsed))) return "the provided network does not match the current range";
        return book.IsTaken(address, owner) ? "provided IP is already allocated" : null;
    }

    /// <summary>The range that the server was started with, and those of ServiceCIDR objects that are ready (upstream: ipallocator.MetaAllocator).</summary>
    private IEnumerable<IPNetwork> Ranges(AdmissionContext context)
    {
        yield return range;
        foreach (var stored in context.Server.Cache.Resource("servicecidrs.networking.k8s.io").Last.After.From(""))
        {
            var added = stored.Typed<ServiceCIDR>();
            if (added.Metadata.DeletionTimestamp is not null || added.Status.Conditions?.Exists(static c => c is { Type: "Ready", Status: not "True" }) == true) continue;
            foreach (var text in added.Spec.Cidrs ?? [])
                if (IPNetwork.TryParse(text, out var network) && network != range && network.BaseAddress.AddressFamily == range.BaseAddress.AddressFamily) yield return network;
        }
    }

    private void NodePorts(AdmissionContext context, AddressBook book, string owner, JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var wanted = Meta.Text(spec, "type") is ServiceType.NodePort or ServiceType.LoadBalancer && spec["allocateLoadBalancerNodePorts"]?.GetValueKind() != System.Text.Json.JsonValueKind.False;
        var ports = spec["ports"] as JsonArray ?? [];
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i] is not JsonObject port) continue;
            var given = Meta.Number(port, "nodePort") ?? 0;
            if (!wanted)
            {
                // A port that went along from the time as a NodePort service is released; one that was just written is validation's to refuse.
                if (given != 0 && old is not null && OldNodePort(old, port) == given) port.Remove("nodePort");
                continue;
            }
            var path = FieldPath.Of("spec").Child("ports")[i].Child("nodePort");
            if (given == 0) given = old is null ? 0 : OldNodePort(old, port);
            if (given == 0) given = SharedPort(ports, port);
            if (given == 0) given = book.FreePort(nodePortFirst, nodePortLast, context.Server.Random);
            else if (given < nodePortFirst || given > nodePortLast)
                errors.Invalid(path, given, $"provided port is not in the valid range. The range of valid ports is {nodePortFirst}-{nodePortLast}");
            else if (book.IsTaken(PortKey(port, given), owner)) errors.Invalid(path, given, "provided port is already allocated");
            if (given == 0)
            {
                errors.Add(new(FieldErrorType.Internal, path.ToString(), null, "failed to allocate a nodePort: range is full"));
                return;
            }
            port["nodePort"] = given;
            book.Reserve(PortKey(port, given), owner, context.DryRun);
        }
    }

    // TCP and UDP of the same port number share a node port, as upstream.
    private static long SharedPort(JsonArray ports, JsonObject port) => ports.OfType<JsonObject>()
        .Where(p => p != port && Meta.Number(p, "port") == Meta.Number(port, "port") && Protocol(p) != Protocol(port))
        .Select(p => Meta.Number(p, "nodePort") ?? 0).FirstOrDefault(n => n != 0);

    private static long OldNodePort(JsonObject old, JsonObject port) => (old["ports"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(p => Meta.Number(p, "port") == Meta.Number(port, "port") && Protocol(p) == Protocol(port))
        .Select(p => Meta.Number(p, "nodePort") ?? 0).FirstOrDefault();

    private static string Protocol(JsonObject port) => Meta.Text(port, "protocol") is { Length: > 0 } protocol ? protocol : "TCP";

    private static string PortKey(JsonObject port, long number) => string.Create(CultureInfo.InvariantCulture, $"{Protocol(port)}/{number}");
}
