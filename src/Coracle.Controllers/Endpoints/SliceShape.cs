using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Schema;
using Coracle.Sdk;
using EndpointPort = Coracle.Kinds.Discovery.V1.EndpointPort;

namespace Coracle.Controllers;

/// <summary>What slices of a service look like but for their endpoints.</summary>
internal static class SliceShape
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    public const string HeadlessLabel = "service.kubernetes.io/headless";
    public const string ManagerName = "endpointslice-controller.k8s.io";

    public static EndpointSlice New(Service service, string addressType, IReadOnlyList<EndpointPort> ports) => new()
    {
        Metadata = new()
        {
            GenerateName = NamePrefix(service.Metadata.Name), Namespace = service.Metadata.Namespace, Labels = Labels(service),
            OwnerReferences = [Owners.ControllerReference(service)],
        },
        AddressType = addressType,
        Ports = [.. ports],
        Endpoints = [],
    };

    /// <summary>The service's own labels, and those that lead from the slice to the service and to who writes it.</summary>
    public static Dictionary<string, string> Labels(Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? []) { [ServiceNameLabel] = service.Metadata.Name, [ManagedByLabel] = ManagerName };
        if (IsHeadless(service)) labels[HeadlessLabel] = "";
        else labels.Remove(HeadlessLabel);
        return labels;
    }

    public static bool SameLabels(EndpointSlice slice, Service service)
    {
        var (wanted, have) = (Labels(service), slice.Metadata.Labels ?? []);
        return wanted.Count == have.Count && wanted.All(label => have.TryGetValue(label.Key, out var value) && value == label.Value);
    }

    public static bool IsHeadless(Service service) => service.Spec.ClusterIP is "" or "None";

    private static string NamePrefix(string service)
    {
        var prefix = service + "-";
        return NameRules.Dns1123Subdomain(NameRules.WithoutTrailingDash(prefix)).Count == 0 ? prefix : service;
    }
}
