using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>
/// What an update of a service need not repeat, and what it need not take away when the new type has no use for it (upstream: registry/core/service,
/// patchAllocatedValues and dropTypeDependentFields).
/// </summary>
public sealed partial class ServiceRules
{
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) =>
        NameRules.Dns1035Label(isPrefix ? NameRules.WithoutTrailingDash(name) : name);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource.Length > 0) return;
        var (spec, before) = (obj.ChildOrNew("spec"), old.ChildOrNew("spec"));
        KeepAllocated(spec, before);
        DropUnused(spec, before);
    }

    private static void KeepAllocated(JsonObject spec, JsonObject old)
    {
        if (HasClusterIP(old) && HasClusterIP(spec))
        {
            if (spec.Text("clusterIP").Length == 0 && old.Text("clusterIP") is { Length: > 0 } address) spec["clusterIP"] = address;
            if (!spec.HasAny("clusterIPs") && spec.Text("clusterIP") == old.Text("clusterIP") && old["clusterIPs"] is { } addresses)
                spec["clusterIPs"] = addresses.DeepClone();
        }
        if (HasNodePorts(old) && HasNodePorts(spec)) KeepNodePorts(spec, old);
        if (HasHealthPort(old) && HasHealthPort(spec) && spec.Number("healthCheckNodePort") == 0 && old["healthCheckNodePort"] is { } port)
            spec["healthCheckNodePort"] = port.DeepClone();
    }

    // Ports are matched by name; a number that the new ports use already is not given to a second one.
    private static void KeepNodePorts(JsonObject spec, JsonObject old)
    {
        var used = NodePorts(old).Intersect(NodePorts(spec)).ToHashSet();
        var byName = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var port in old.Items("ports")) byName[port.Text("name")] = port.Number("nodePort");
        foreach (var port in spec.Items("ports"))
            if (port.Number("nodePort") == 0 && byName.GetValueOrDefault(port.Text("name")) is > 0 and var number && used.Add(number))
                port["nodePort"] = number;
    }

    private static IEnumerable<long> NodePorts(JsonObject spec) => spec.Items("ports").Select(p => p.Number("nodePort")).Where(n => n != 0);

    private static void DropUnused(JsonObject spec, JsonObject old)
    {
        if (HasClusterIP(old) && !HasClusterIP(spec))
        {
            if (Same(spec, old, "clusterIP") && Same(spec, old, "clusterIPs")) Drop(spec, "clusterIP", "clusterIPs");
            DropSame(spec, old, "ipFamilies");
            DropSame(spec, old, "ipFamilyPolicy");
        }
        var samePorts = NodePorts(spec).ToHashSet().SetEquals(NodePorts(old));
        if (HasNodePorts(old) && !HasNodePorts(spec) && samePorts)
            foreach (var port in spec.Items("ports")) port.Remove("nodePort");
        if (HasHealthPort(old) && !HasHealthPort(spec)) DropSame(spec, old, "healthCheckNodePort");
        if (FromOutside(old) && !FromOutside(spec)) DropSame(spec, old, "externalTrafficPolicy");
        if (old.Text("type") != ServiceType.LoadBalancer || spec.Text("type") == ServiceType.LoadBalancer) return;
        DropSame(spec, old, "allocateLoadBalancerNodePorts");
        DropSame(spec, old, "loadBalancerClass");
    }

    private static void DropSame(JsonObject spec, JsonObject old, string field)
    {
        if (Same(spec, old, field)) spec.Remove(field);
    }

    private static void Drop(JsonObject spec, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) spec.Remove(field);
    }

    private static bool Same(JsonObject a, JsonObject b, string field) => !Change.Of(a, b, field);

    private static bool HasClusterIP(JsonObject spec) => spec.Text("type") is ServiceType.ClusterIP or ServiceType.NodePort or ServiceType.LoadBalancer;

    private static bool HasNodePorts(JsonObject spec) => spec.Text("type") switch
    {
        ServiceType.NodePort => true,
        ServiceType.LoadBalancer => !spec.IsSet("allocateLoadBalancerNodePorts") || spec.Flag("allocateLoadBalancerNodePorts"),
        _ => false,
    };

    private static bool HasHealthPort(JsonObject spec) =>
        spec.Text("type") == ServiceType.LoadBalancer && spec.Text("externalTrafficPolicy") == ServiceExternalTrafficPolicy.Local;

    private static bool FromOutside(JsonObject spec) =>
        spec.Text("type") is ServiceType.NodePort or ServiceType.LoadBalancer || spec.Text("type") == ServiceType.ClusterIP && spec.HasAny("externalIPs");
}
