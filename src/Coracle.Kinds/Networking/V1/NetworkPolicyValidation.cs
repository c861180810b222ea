using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Peers and ports of network policies (upstream: apis/networking/validation, ValidateNetworkPolicySpec).</summary>
public sealed partial class NetworkPolicyRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(NetworkPolicy obj, FieldErrors errors) => Spec(obj.Spec, new HashSet<string>(), errors);

    /// <summary>Ranges that the policy had before stay allowed, wherever in it they stand now.</summary>
    public override void ValidateUpdate(NetworkPolicy obj, NetworkPolicy old, string subresource, FieldErrors errors) =>
        Spec(obj.Spec, Ranges(old.Spec).Select(r => r.Range).ToHashSet(StringComparer.Ordinal), errors);

    public override void Warn(NetworkPolicy obj, NetworkPolicy? old, List<string> warnings)
    {
        foreach (var (path, range) in Ranges(obj.Spec)) AddressForm.WarnOfRange(path, range, warnings);
    }

    private static IEnumerable<(FieldPath Path, string Range)> Ranges(NetworkPolicySpec spec)
    {
        for (var i = 0; i < (spec.Ingress?.Count ?? 0); i++)
            foreach (var found in Ranges(spec.Ingress![i].From ?? [], (SpecPath / "ingress")[i] / "from")) yield return found;
        for (var i = 0; i < (spec.Egress?.Count ?? 0); i++)
            foreach (var found in Ranges(spec.Egress![i].To ?? [], (SpecPath / "egress")[i] / "to")) yield return found;
    }

    private static IEnumerable<(FieldPath Path, string Range)> Ranges(List<NetworkPolicyPeer> peers, FieldPath path)
    {
        for (var i = 0; i < peers.Count; i++)
        {
            if (peers[i].IpBlock is not { } block) continue;
            yield return (path[i] / "ipBlock" / "cidr", block.Cidr);
            for (var j = 0; j < (block.Except?.Count ?? 0); j++) yield return ((path[i] / "ipBlock" / "except")[j], block.Except![j]);
        }
    }

    private static void Spec(NetworkPolicySpec spec, HashSet<string> accepted, FieldErrors errors)
    {
        errors.Selector(SpecPath / "podSelector", spec.PodSelector);
        for (var i = 0; i < (spec.Ingress?.Count ?? 0); i++) Rule(spec.Ingress![i].Ports, spec.Ingress[i].From, "from", (SpecPath / "ingress")[i], accepted, errors);
        for (var i = 0; i < (spec.Egress?.Count ?? 0); i++) Rule(spec.Egress![i].Ports, spec.Egress[i].To, "to", (SpecPath / "egress")[i], accepted, errors);
        if (spec.PolicyTypes is { Count: > 2 } types)
        {
            errors.Invalid(SpecPath / "policyTypes", Checks.Shown(types), "may not specify more than two policyTypes");
            return;
        }
        for (var i = 0; i < (spec.PolicyTypes?.Count ?? 0); i++) errors.OneOf((SpecPath / "policyTypes")[i], spec.PolicyTypes![i], PolicyType.Ingress, PolicyType.Egress);
    }

    private static void Rule(List<NetworkPolicyPort>? ports, List<NetworkPolicyPeer>? peers, string direction, FieldPath path, HashSet<string> accepted, FieldErrors errors)
    {
        for (var i = 0; i < (ports?.Count ?? 0); i++) Port(ports![i], (path / "ports")[i], errors);
        for (var i = 0; i < (peers?.Count ?? 0); i++) Peer(peers![i], (path / direction)[i], accepted, errors);
    }

    private static void Port(NetworkPolicyPort port, FieldPath path, FieldErrors errors)
    {
        errors.OneOf(path / "protocol", port.Protocol, "TCP", "UDP", "SCTP");
        if (port.Port is not { } first)
        {
            if (port.EndPort is not null) errors.Invalid(path / "endPort", port.EndPort, "may not be specified when `port` is not specified");
            return;
        }
        if (first.IsString && port.EndPort is not null) errors.Invalid(path / "endPort", port.EndPort, "may not be specified when `port` is non-numeric");
        errors.PortOrName(path / "port", first);
        if (first.IsString || port.EndPort is not { } last) return;
        if (last < first.IntValue) errors.Invalid(path / "endPort", last, "must be greater than or equal to `port`");
        errors.Problems(path / "endPort", last, NameRules.PortNumber(last));
    }

    private static void Peer(NetworkPolicyPeer peer, FieldPath path, HashSet<string> accepted, FieldErrors errors)
    {
        errors.Selector(path / "podSelector", peer.PodSelector);
        errors.Selector(path / "namespaceSelector", peer.NamespaceSelector);
        if (peer.IpBlock is { } block) Block(block, path / "ipBlock", accepted, errors);
        var selects = peer.PodSelector is not null || peer.NamespaceSelector is not null;
        if (!selects && peer.IpBlock is null) errors.Required(path, "must specify a peer");
        else if (selects && peer.IpBlock is not null) errors.Forbidden(path, "may not specify both ipBlock and another peer");
    }

    private static void Block(IPBlock block, FieldPath path, HashSet<string> accepted, FieldErrors errors)
    {
        if (block.Cidr.Length == 0)
        {
            errors.Required(path / "cidr");
            return;
        }
        if (!accepted.Contains(block.Cidr)) errors.Problems(path / "cidr", block.Cidr, IpRules.LegacyCidr(block.Cidr));
        if (!IpRules.IsRange(block.Cidr)) return;
        for (var i = 0; i < (block.Except?.Count ?? 0); i++)
        {
            var (except, place) = (block.Except![i], (path / "except")[i]);
            if (!accepted.Contains(except)) errors.Problems(place, except, IpRules.LegacyCidr(except));
            if (IpRules.IsRange(except) && !IpRules.IsWithin(except, block.Cidr)) errors.Invalid(place, except, "must be a strict subset of `cidr`");
        }
    }
}
