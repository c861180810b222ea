using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Services beyond their schema.</summary>
public sealed partial class ServiceRules : KindRules<Service>
{
    /// <summary>Three hours, for which a client stays with its pod under ClientIP affinity.</summary>
    private const int AffinityTimeoutSeconds = 10800;

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        Affinity(spec);
        foreach (var port in spec.Items("ports")) TargetPort(port);

        var type = spec.Text("type");
        var fromOutside = type is ServiceType.NodePort or ServiceType.LoadBalancer
            || type == ServiceType.ClusterIP && spec.HasAny("externalIPs");
        if (fromOutside) spec.TextOr("externalTrafficPolicy", ServiceExternalTrafficPolicy.Cluster);
        if (type is ServiceType.ClusterIP or ServiceType.NodePort or ServiceType.LoadBalancer)
            spec.ValueOr("internalTrafficPolicy", ServiceInternalTrafficPolicy.Cluster);
        if (type != ServiceType.LoadBalancer) return;

        spec.ValueOr("allocateLoadBalancerNodePorts", true);
        foreach (var ingress in obj.Child("status").Child("loadBalancer").Items("ingress"))
            if (ingress.Text("ip").Length > 0) ingress.ValueOr("ipMode", LoadBalancerIPMode.VIP);
    }

    private static void Affinity(JsonObject spec)
    {
        switch (spec.Text("sessionAffinity"))
        {
            case ServiceAffinity.None:
                spec.Remove("sessionAffinityConfig");
                break;
            case ServiceAffinity.ClientIP when !spec.Child("sessionAffinityConfig").Child("clientIP").IsSet("timeoutSeconds"):
                var timeout = new JsonObject { ["timeoutSeconds"] = AffinityTimeoutSeconds };
                spec["sessionAffinityConfig"] = new JsonObject { ["clientIP"] = timeout };
                break;
        }
    }

    // 0 and "" are what a target that nobody gave looks like.
    private static void TargetPort(JsonObject port)
    {
        var unset = port["targetPort"] is not { } target || (target is JsonValue value && (value.ToJsonString() is "0" or "\"\""));
        if (unset && port["port"] is { } number) port["targetPort"] = number.DeepClone();
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Type", "How the service is exposed."),
        CommonColumns.Text("Cluster-IP", "The service's virtual address inside the cluster."),
        CommonColumns.Text("External-IP", "Addresses under which the service is reached from outside."),
        CommonColumns.Text("Port(s)", "Ports of the service, with the nodes' ports behind the colon."),
        CommonColumns.Age,
        CommonColumns.Selector,
    ];

    public override IReadOnlyList<object?> Cells(Service obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.Spec.Type,
        Cell.OrNone(obj.Spec.ClusterIPs is [var first, ..] ? first : obj.Spec.ClusterIP),
        External(obj),
        Cell.OrNone(string.Join(',', (obj.Spec.Ports ?? []).Select(Port))),
        Cell.Age(obj.Metadata, now),
        LabelSelectorText.Labels(obj.Spec.Selector),
    ];

    private static string Port(ServicePort port) =>
        port.NodePort > 0 ? $"{port.Port}:{port.NodePort}/{port.Protocol}" : $"{port.Port}/{port.Protocol}";

    private static string External(Service service) => service.Spec.Type switch
    {
        ServiceType.ClusterIP or ServiceType.NodePort => Cell.OrNone(string.Join(',', service.Spec.ExternalIPs ?? [])),
        ServiceType.LoadBalancer => Balanced(service),
        ServiceType.ExternalName => service.Spec.ExternalName,
        _ => "<unknown>",
    };

    private static string Balanced(Service service)
    {
        var addresses = (service.Status.LoadBalancer.Ingress ?? []).Select(i => i.Ip.Length > 0 ? i.Ip : i.Hostname).Where(a => a.Length > 0);
        var all = new SortedSet<string>(addresses, StringComparer.Ordinal).Concat(service.Spec.ExternalIPs ?? []).ToList();
        return all.Count == 0 ? "<pending>" : string.Join(',', all);
    }
}
