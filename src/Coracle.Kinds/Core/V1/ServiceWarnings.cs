using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What is accepted of services but has no effect, or should be written otherwise (upstream: pkg/api/service/warnings.go).</summary>
public sealed partial class ServiceRules
{
    private const string TopologyHints = "service.kubernetes.io/topology-aware-hints";

    public override void Warn(Service obj, Service? old, List<string> warnings)
    {
        var spec = obj.Spec;
        if (obj.Metadata.Annotations?.ContainsKey(TopologyHints) == true)
            warnings.Add($"annotation {TopologyHints} is deprecated, please use service.kubernetes.io/topology-mode instead");
        if (spec.ClusterIP is not ("" or "None"))
            for (var i = 0; i < (spec.ClusterIPs?.Count ?? 0); i++) AddressForm.Warn((SpecPath / "clusterIPs")[i], spec.ClusterIPs![i], warnings);
        if (spec.Type == ServiceType.ClusterIP && spec.ClusterIP == "None") WarnOfHeadless(spec, warnings);
        for (var i = 0; i < (spec.ExternalIPs?.Count ?? 0); i++) AddressForm.Warn((SpecPath / "externalIPs")[i], spec.ExternalIPs![i], warnings);
        if (spec.LoadBalancerIP.Length > 0) AddressForm.Warn(SpecPath / "loadBalancerIP", spec.LoadBalancerIP, warnings);
        for (var i = 0; i < (spec.LoadBalancerSourceRanges?.Count ?? 0); i++)
            AddressForm.WarnOfRange((SpecPath / "loadBalancerSourceRanges")[i], spec.LoadBalancerSourceRanges![i], warnings);
        if (spec.Type == ServiceType.ExternalName && spec.ExternalIPs is { Count: > 0 }) warnings.Add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        if (spec.Type != ServiceType.ExternalName && spec.ExternalName.Length > 0) warnings.Add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        if (spec.TrafficDistribution == "PreferClose") warnings.Add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }

    private static void WarnOfHeadless(ServiceSpec spec, List<string> warnings)
    {
        if (spec.LoadBalancerIP.Length > 0) warnings.Add("spec.loadBalancerIP is ignored for headless services");
        if (spec.ExternalIPs is { Count: > 0 }) warnings.Add("spec.externalIPs is ignored for headless services");
        if (spec.SessionAffinity != ServiceAffinity.None) warnings.Add("spec.SessionAffinity is ignored for headless services");
    }
}
