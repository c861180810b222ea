using Coracle.ApiServer.Access;
using Coracle.Kinds.ApiRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>A version of a group that another API server serves, as an APIService says.</summary>
public sealed class AggregatedVersion
{
    private AggregatedVersion(APIService stored, ServiceReference service)
    {
        Name = stored.Metadata.Name;
        (Group, Version) = (stored.Spec.Group, stored.Spec.Version);
        (ServiceNamespace, ServiceName, Port) = (service.Namespace, service.Name, service.Port ?? 443);
        IsAvailable = stored.Status.Conditions?.Find(c => c.Type == APIServiceRules.Available)?.Status == "True";
        (GroupPriority, VersionPriority) = (stored.Spec.GroupPriorityMinimum, stored.Spec.VersionPriority);
        Trust = new BackendTrust
        {
            ServerName = $"{service.Name}.{service.Namespace}.svc", CaBundle = stored.Spec.CaBundle ?? [], IsInsecure = stored.Spec.InsecureSkipTLSVerify, ShowsFrontProxy = true,
        };
    }

    /// <summary>Null for a version that is served here.</summary>
    public static AggregatedVersion? Of(APIService stored) => stored.Spec.Service is { } service ? new(stored, service) : null;

    /// <summary>Of the APIService: "v1.example.com".</summary>
    public string Name { get; }
    public string Group { get; }
    public string Version { get; }
    public string ServiceNamespace { get; }
    public string ServiceName { get; }
    public int Port { get; }

    /// <summary>The last check found it so.</summary>
    public bool IsAvailable { get; }
    public int GroupPriority { get; }
    public int VersionPriority { get; }
    public BackendTrust Trust { get; }

    /// <summary>"/apis/example.com/v1".</summary>
    public string Path => $"/apis/{Group}/{Version}";

    /// <summary>As whom the aggregator itself asks.</summary>
    internal static User Aggregator { get; } = new() { Name = "system:kube-aggregator", Groups = [WellKnown.Masters] };
}
