using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Addresses and ports of endpoints (upstream: ValidateEndpointsCreate and ValidateEndpointsUpdate).</summary>
public sealed partial class EndpointsRules
{
    private const string ManagerLabel = "endpoints.kubernetes.io/managed-by";

    public override void Validate(Endpoints obj, FieldErrors errors) => Subsets(obj, new HashSet<string>(), errors);

    public override void ValidateUpdate(Endpoints obj, Endpoints old, string subresource, FieldErrors errors) =>
        Subsets(obj, (old.Subsets ?? []).SelectMany(s => (s.Addresses ?? []).Concat(s.NotReadyAddresses ?? [])).Select(a => a.Ip).ToHashSet(StringComparer.Ordinal), errors);

    public override void Warn(Endpoints obj, Endpoints? old, List<string> warnings)
    {
        // The built-in controller writes addresses as they should be.
        if (obj.Metadata.Labels?.ContainsKey(ManagerLabel) == true) return;
        for (var i = 0; i < (obj.Subsets?.Count ?? 0); i++)
        {
            Each(obj.Subsets![i].Addresses, FieldPath.Of("subsets")[i] / "addresses");
            Each(obj.Subsets[i].NotReadyAddresses, FieldPath.Of("subsets")[i] / "notReadyAddresses");
        }

        void Each(List<EndpointAddress>? addresses, FieldPath path)
        {
            for (var j = 0; j < (addresses?.Count ?? 0); j++) AddressForm.Warn(path[j] / "ip", addresses![j].Ip, warnings);
        }
    }

    private static void Subsets(Endpoints obj, IReadOnlySet<string> accepted, FieldErrors errors)
    {
        for (var i = 0; i < (obj.Subsets?.Count ?? 0); i++)
        {
            var (subset, path) = (obj.Subsets![i], FieldPath.Of("subsets")[i]);
            if (subset.Addresses is not { Count: > 0 } && subset.NotReadyAddresses is not { Count: > 0 })
                errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
            Addresses(subset.Addresses ?? [], accepted, path / "addresses", errors);
            Addresses(subset.NotReadyAddresses ?? [], accepted, path / "notReadyAddresses", errors);
            for (var j = 0; j < (subset.Ports?.Count ?? 0); j++) Port(subset.Ports![j], subset.Ports.Count > 1, (path / "ports")[j], errors);
        }
    }

    private static void Addresses(List<EndpointAddress> addresses, IReadOnlySet<string> accepted, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < addresses.Count; i++)
        {
            var (address, at) = (addresses[i], path[i]);
            var valid = AddressForm.Strict(at / "ip", address.Ip, accepted, errors);
            if (address.Hostname.Length > 0) errors.Label(at / "hostname", address.Hostname);
            if (address.NodeName is { } node) errors.Subdomain(at / "nodeName", node);
            if (valid) errors.NotSpecialIp(at / "ip", address.Ip);
        }
    }

    private static void Port(EndpointPort port, bool mustHaveName, FieldPath path, FieldErrors errors)
    {
        if (mustHaveName && port.Name.Length == 0) errors.Required(path / "name");
        else if (port.Name.Length > 0) errors.Label(path / "name", port.Name);
        errors.Problems(path / "port", port.Port, NameRules.PortNumber(port.Port));
        errors.RequiredText(path / "protocol", port.Protocol);
        if (port.AppProtocol is { } protocol) errors.QualifiedName(path / "appProtocol", protocol);
    }
}
