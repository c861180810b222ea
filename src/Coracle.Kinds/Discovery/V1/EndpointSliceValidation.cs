using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Discovery.V1;

/// <summary>Endpoints and ports of slices (upstream: apis/discovery/validation).</summary>
public sealed partial class EndpointSliceRules
{
    private const int EndpointsMax = 1000;
    private const int PortsMax = 20000;
    private const int AddressesMax = 100;
    private const int TopologyMax = 16;
    private const int HintsMax = 8;
    private const string ManagerLabel = "endpointslice.kubernetes.io/managed-by";

    public override void Validate(EndpointSlice obj, FieldErrors errors) => Whole(obj, new HashSet<string>(), errors);

    public override void ValidateUpdate(EndpointSlice obj, EndpointSlice old, string subresource, FieldErrors errors)
    {
        Whole(obj, (old.Endpoints ?? []).SelectMany(e => e.Addresses ?? []).ToHashSet(StringComparer.Ordinal), errors);
        if (obj.AddressType != old.AddressType) errors.Invalid(FieldPath.Of("addressType"), obj.AddressType, Checks.Immutable);
    }

    public override void Warn(EndpointSlice obj, EndpointSlice? old, List<string> warnings)
    {
        if (old is null && obj.AddressType == AddressType.FQDN) warnings.Add("spec.addressType: FQDN endpoints are deprecated");
        // The built-in controllers write addresses as they should be.
        if (obj.Metadata.Labels?.GetValueOrDefault(ManagerLabel) is "endpointslice-controller.k8s.io" or "endpointslicemirroring-controller.k8s.io") return;
        for (var i = 0; i < (obj.Endpoints?.Count ?? 0); i++)
            for (var j = 0; j < (obj.Endpoints![i].Addresses?.Count ?? 0); j++)
                AddressForm.Warn((FieldPath.Of("endpoints")[i] / "addresses")[j], obj.Endpoints[i].Addresses![j], warnings);
    }

    private static void Whole(EndpointSlice slice, IReadOnlySet<string> accepted, FieldErrors errors)
    {
        errors.RequiredText(FieldPath.Of("addressType"), slice.AddressType);
        var (endpoints, path) = (slice.Endpoints ?? [], FieldPath.Of("endpoints"));
        if (endpoints.Count > EndpointsMax) errors.TooMany(path, endpoints.Count, EndpointsMax);
        else
            for (var i = 0; i < endpoints.Count; i++) Endpoint(endpoints[i], slice.AddressType, accepted, path[i], errors);
        Ports(slice.Ports ?? [], FieldPath.Of("ports"), errors);
    }

    private static void Endpoint(Endpoint endpoint, string type, IReadOnlySet<string> accepted, FieldPath path, FieldErrors errors)
    {
        var addresses = endpoint.Addresses ?? [];
        if (addresses.Count == 0) errors.Required(path / "addresses", "must contain at least 1 address");
        else if (addresses.Count > AddressesMax) errors.TooMany(path / "addresses", addresses.Count, AddressesMax);
        for (var i = 0; i < addresses.Count; i++) Address(addresses[i], type, accepted, (path / "addresses")[i], errors);
        if (endpoint.NodeName is { } node) errors.Subdomain(path / "nodeName", node);
        if (endpoint.DeprecatedTopology is { Count: > TopologyMax } topology) errors.TooMany(path / "deprecatedTopology", topology.Count, TopologyMax);
        errors.Labels(path / "deprecatedTopology", endpoint.DeprecatedTopology);
        if (endpoint.Hostname is { } host) errors.Label(path / "hostname", host);
        if (endpoint.Hints is not { } hints) return;
        Hints([.. (hints.ForZones ?? []).Select(z => z.Name)], NameRules.LabelValue, path / "hints" / "forZones", errors);
        Hints([.. (hints.ForNodes ?? []).Select(n => n.Name)], NameRules.Dns1123Subdomain, path / "hints" / "forNodes", errors);
    }

    private static void Address(string address, string type, IReadOnlySet<string> accepted, FieldPath path, FieldErrors errors)
    {
        if (type == AddressType.FQDN)
        {
            if (address.Length == 0) errors.Required(path);
            else
                foreach (var (bad, problem) in NameRules.FullyQualifiedDomainName(address)) errors.Invalid(path, bad, problem);
            return;
        }
        if (type is not (AddressType.IPv4 or AddressType.IPv6) || !AddressForm.Strict(path, address, accepted, errors)) return;
        if (address.Contains(':', StringComparison.Ordinal) != (type == AddressType.IPv6)) errors.Invalid(path, address, $"must be an {type} address");
        else errors.NotSpecialIp(path, address);
    }

    private static void Hints(List<string> names, Func<string, IReadOnlyList<string>> problems, FieldPath path, FieldErrors errors)
    {
        if (names.Count > HintsMax)
        {
            errors.TooMany(path, names.Count, HintsMax);
            return;
        }
        for (var i = 0; i < names.Count; i++)
        {
            if (names.IndexOf(names[i]) < i) errors.Duplicate(path[i] / "name", names[i]);
            errors.Problems(path[i] / "name", names[i], problems(names[i]));
        }
    }

    private static void Ports(List<EndpointPort> ports, FieldPath path, FieldErrors errors)
    {
        if (ports.Count > PortsMax)
        {
            errors.TooMany(path, ports.Count, PortsMax);
            return;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var name = ports[i].Name ?? "";
            if (name.Length > 0) errors.Label(path[i] / "name", name);
            if (!names.Add(name)) errors.Duplicate(path[i] / "name", name);
            if (ports[i].Protocol is not { Length: > 0 }) errors.Required(path[i] / "protocol");
            if (ports[i].AppProtocol is { } protocol) errors.QualifiedName(path[i] / "appProtocol", protocol);
        }
    }
}
