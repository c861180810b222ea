using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Ports, addresses and policies of services (upstream: ValidateService, ValidateServiceUpdate).</summary>
public sealed partial class ServiceRules
{
    private const int AffinitySecondsMax = 86400;
    private const string OnlyForBalancers = "may only be used when `type` is 'LoadBalancer'";
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(Service obj, FieldErrors errors)
    {
        var spec = obj.Spec;
        var headless = IsHeadless(spec);
        if (spec.Ports is not { Count: > 0 } && !headless && spec.Type != ServiceType.ExternalName) errors.Required(SpecPath / "ports");
        if (headless && (spec.Type is ServiceType.LoadBalancer or ServiceType.NodePort))
            errors.Invalid((SpecPath / "clusterIPs")[0], "None", $"may not be set to 'None' for {spec.Type} services");
        if (spec.Type == ServiceType.ExternalName) External(spec, errors);
        Ports(spec.Ports ?? [], errors);
        errors.Labels(SpecPath / "selector", spec.Selector);
        Affinity(spec, errors);
        Addresses(spec, errors);
        NodePorts(spec, errors);
        Balancer(spec, errors);
        Policies(spec, errors);
    }

    public override void ValidateUpdate(Service obj, Service old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            BalancerStatus(obj, errors);
            return;
        }
        SameAddresses(obj.Spec, old.Spec, errors);
        if (obj.Spec.Type == ServiceType.LoadBalancer && old.Spec.Type == ServiceType.LoadBalancer && obj.Spec.LoadBalancerClass != old.Spec.LoadBalancerClass)
            errors.Invalid(SpecPath / "loadBalancerClass", obj.Spec.LoadBalancerClass, "may not change once set");
        if (ChecksHealth(old.Spec) && ChecksHealth(obj.Spec) && old.Spec.HealthCheckNodePort != obj.Spec.HealthCheckNodePort)
            errors.Forbidden(SpecPath / "healthCheckNodePort", Checks.Immutable);
        Validate(obj, errors);
    }

    private static bool IsHeadless(ServiceSpec spec) => spec.ClusterIPs is ["None"] || spec.ClusterIPs is not { Count: > 0 } && spec.ClusterIP == "None";

    private static void External(ServiceSpec spec, FieldErrors errors)
    {
        const string why = "may not be set for ExternalName services";
        if (spec.ClusterIPs is { Count: > 0 }) errors.Forbidden(SpecPath / "clusterIPs", why);
        if (spec.IpFamilies is { Count: > 0 }) errors.Forbidden(SpecPath / "ipFamilies", why);
        if (spec.IpFamilyPolicy is not null) errors.Forbidden(SpecPath / "ipFamilyPolicy", why);
        var name = spec.ExternalName.EndsWith('.') ? spec.ExternalName[..^1] : spec.ExternalName;
        if (name.Length == 0) errors.Required(SpecPath / "externalName");
        else errors.Subdomain(SpecPath / "externalName", name);
    }

    private static void Ports(List<ServicePort> ports, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string, int)>();
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, path) = (ports[i], (SpecPath / "ports")[i]);
            if (port.Name.Length == 0 && ports.Count > 1) errors.Required(path / "name");
            else if (port.Name.Length > 0)
            {
                errors.Label(path / "name", port.Name);
                if (!names.Add(port.Name)) errors.Duplicate(path / "name", port.Name);
            }
            errors.Problems(path / "port", port.Port, NameRules.PortNumber(port.Port));
            errors.PortOrName(path / "targetPort", port.TargetPort);
            if (port.AppProtocol is { } protocol) errors.QualifiedName(path / "appProtocol", protocol);
            if (!numbers.Add((port.Protocol, port.Port)))
                errors.Duplicate(path, new System.Text.Json.Nodes.JsonObject { ["protocol"] = port.Protocol, ["port"] = port.Port, ["targetPort"] = 0 });
        }
    }

    private static void Affinity(ServiceSpec spec, FieldErrors errors)
    {
        var path = SpecPath / "sessionAffinityConfig";
        const string when = "when session affinity type is ClientIP";
        if (spec.SessionAffinity == ServiceAffinity.None)
        {
            if (spec.SessionAffinityConfig is not null) errors.Forbidden(path, "must not be set when session affinity is None");
            return;
        }
        if (spec.SessionAffinityConfig is not { } config) errors.Required(path, when);
        else if (config.ClientIP is not { } client) errors.Required(path / "clientIP", when);
        else if (client.TimeoutSeconds is not { } seconds) errors.Required(path / "clientIP" / "timeoutSeconds", when);
        else if (seconds is <= 0 or > AffinitySecondsMax)
            errors.Invalid(path / "clientIP" / "timeoutSeconds", seconds, $"must be greater than 0 and less than {AffinitySecondsMax}");
    }

    private static void Addresses(ServiceSpec spec, FieldErrors errors)
    {
        var path = SpecPath / "clusterIPs";
        var own = spec.ClusterIPs ?? [];
        if (own.Count > 0 && spec.ClusterIP.Length == 0) errors.Invalid(path, Checks.Shown(own), "must be empty when `clusterIP` is not specified");
        else if (own.Count > 0 && own[0] != spec.ClusterIP) errors.Invalid(path, Checks.Shown(own), "first value must match `clusterIP`");
        for (var i = 0; i < own.Count; i++)
        {
            if (own[i] == "None" && own.Count > 1) errors.Invalid(path, Checks.Shown(own), "'None' must be the first and only value");
            else if (own[i] != "None") errors.Ip(path[i], own[i]);
        }
        if (own.Count > 2) errors.Invalid(path, Checks.Shown(own), "may only hold up to 2 values");
        for (var i = 0; i < (spec.IpFamilies?.Count ?? 0); i++) errors.OneOf((SpecPath / "ipFamilies")[i], spec.IpFamilies![i], IPFamily.IPv4, IPFamily.IPv6);
        errors.OneOf(SpecPath / "ipFamilyPolicy", spec.IpFamilyPolicy, IPFamilyPolicy.PreferDualStack, IPFamilyPolicy.RequireDualStack, IPFamilyPolicy.SingleStack);
        for (var i = 0; i < (spec.ExternalIPs?.Count ?? 0); i++)
        {
            var before = errors.Count;
            errors.Ip((SpecPath / "externalIPs")[i], spec.ExternalIPs![i]);
            if (errors.Count == before) errors.NotSpecialIp((SpecPath / "externalIPs")[i], spec.ExternalIPs[i]);
        }
    }

    private static void NodePorts(ServiceSpec spec, FieldErrors errors)
    {
        var taken = new HashSet<(string, int)>();
        for (var i = 0; i < (spec.Ports?.Count ?? 0); i++)
        {
            var (port, path) = (spec.Ports![i], (SpecPath / "ports")[i] / "nodePort");
            if (port.NodePort == 0) continue;
            if (spec.Type == ServiceType.ClusterIP) errors.Forbidden(path, "may not be used when `type` is 'ClusterIP'");
            if (!taken.Add((port.Protocol, port.NodePort))) errors.Duplicate(path, port.NodePort);
        }
    }

    private static void Balancer(ServiceSpec spec, FieldErrors errors)
    {
        var balanced = spec.Type == ServiceType.LoadBalancer;
        var ranges = spec.LoadBalancerSourceRanges ?? [];
        if (ranges.Count > 0 && !balanced) errors.Forbidden(SpecPath / "LoadBalancerSourceRanges", OnlyForBalancers);
        for (var i = 0; i < ranges.Count; i++) errors.Cidr((SpecPath / "LoadBalancerSourceRanges")[i], ranges[i].Trim());
        if (spec.AllocateLoadBalancerNodePorts is not null && !balanced) errors.Forbidden(SpecPath / "allocateLoadBalancerNodePorts", OnlyForBalancers);
        if (spec.LoadBalancerClass is not { } name) return;
        if (!balanced) errors.Forbidden(SpecPath / "loadBalancerClass", OnlyForBalancers);
        errors.QualifiedName(SpecPath / "loadBalancerClass", name);
    }

    private static void Policies(ServiceSpec spec, FieldErrors errors)
    {
        var external = SpecPath / "externalTrafficPolicy";
        var outside = spec.Type is ServiceType.NodePort or ServiceType.LoadBalancer || spec.Type == ServiceType.ClusterIP && spec.ExternalIPs is { Count: > 0 };
        if (!outside && spec.ExternalTrafficPolicy.Length > 0) errors.Invalid(external, spec.ExternalTrafficPolicy, "may only be set for externally-accessible services");
        else if (outside && spec.ExternalTrafficPolicy.Length == 0) errors.Required(external);
        else if (outside) errors.OneOf(external, spec.ExternalTrafficPolicy, ServiceExternalTrafficPolicy.Cluster, ServiceExternalTrafficPolicy.Local);
        if (!ChecksHealth(spec) && spec.HealthCheckNodePort != 0)
            errors.Invalid(SpecPath / "healthCheckNodePort", spec.HealthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        errors.OneOf(SpecPath / "internalTrafficPolicy", spec.InternalTrafficPolicy, ServiceInternalTrafficPolicy.Cluster, ServiceInternalTrafficPolicy.Local);
        errors.OneOf(SpecPath / "trafficDistribution", spec.TrafficDistribution, "PreferClose", "PreferSameNode", "PreferSameZone");
    }

    private static bool ChecksHealth(ServiceSpec spec) =>
        spec.Type == ServiceType.LoadBalancer && spec.ExternalTrafficPolicy == ServiceExternalTrafficPolicy.Local;

    // The first address stays unless the service turns into a name, or was one.
    private static void SameAddresses(ServiceSpec spec, ServiceSpec old, FieldErrors errors)
    {
        if (spec.Type == ServiceType.ExternalName || old.Type == ServiceType.ExternalName) return;
        if (old.ClusterIPs is [var first, ..])
        {
            if (spec.ClusterIPs is not { Count: > 0 } now) errors.Invalid(SpecPath / "clusterIPs", Checks.Shown(spec.ClusterIPs ?? []), "primary clusterIP can not be unset");
            else if (now[0] != first) errors.Invalid((SpecPath / "clusterIPs")[0], Checks.Shown(now), "may not change once set");
        }
        if (old.IpFamilies is not [var family, ..]) return;
        if (spec.IpFamilies is not { Count: > 0 } families) errors.Invalid((SpecPath / "ipFamilies")[0], Checks.Shown(spec.IpFamilies ?? []), "primary ipFamily can not be unset");
        else if (families[0] != family) errors.Invalid((SpecPath / "ipFamilies")[0], Checks.Shown(families), "may not change once set");
    }

    private static void BalancerStatus(Service service, FieldErrors errors)
    {
        var path = FieldPath.Of("status") / "loadBalancer" / "ingress";
        var ingresses = service.Status.LoadBalancer.Ingress ?? [];
        if (ingresses.Count > 0 && service.Spec.Type != ServiceType.LoadBalancer) errors.Forbidden(path, "may only be used when `spec.type` is \"LoadBalancer\"");
        for (var i = 0; i < ingresses.Count; i++)
        {
            if (ingresses[i].Ip.Length > 0) errors.Ip(path[i] / "ip", ingresses[i].Ip);
            if (ingresses[i].Hostname.Length == 0) continue;
            errors.Subdomain(path[i] / "hostname", ingresses[i].Hostname);
            if (Checks.ParseIp(ingresses[i].Hostname) is not null) errors.Invalid(path[i] / "hostname", ingresses[i].Hostname, "must be a DNS name, not an IP address");
        }
    }
}
