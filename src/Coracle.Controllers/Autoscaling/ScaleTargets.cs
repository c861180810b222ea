using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Autoscaling.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Autoscaling;

/// <summary>Finds what can be scaled, by its kind: kinds that everybody scales are known, others are asked for.</summary>
internal sealed class ScaleTargets(Client client)
{
    private static readonly ApiResource[] Known = [ApiResource.Of<Deployment>(), ApiResource.Of<ReplicaSet>(), ApiResource.Of<StatefulSet>(), ApiResource.Of<ReplicationController>(), ApiResource.Of<Pod>(), ApiResource.Of<Service>()];

    /// <summary>The resource of a kind, of the version that is named or else of another of its group; null when there is none.</summary>
    public async ValueTask<ApiResource?> FindAsync(string apiVersion, string kind, CancellationToken cancel)
    {
        var group = apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
        if (Array.Find(Known, r => r.Kind == kind && r.Group == group) is { } known) return known;
        var discovery = await Discovery.ReadAsync(client, cancel);
        return (discovery.Find(apiVersion, kind) ?? discovery.Preferred.FirstOrDefault(r => r.Resource.Kind == kind && r.Resource.Group == group))?.Resource;
    }

    public ValueTask<ApiResult<Scale>> GetAsync(ApiResource resource, Key key, CancellationToken cancel) => client.Dynamic(resource).TryGetSubresourceAsync<Scale>(key, "scale", cancel);

    public ValueTask<ApiResult<Scale>> SetAsync(ApiResource resource, Key key, Scale scale, CancellationToken cancel) => client.Dynamic(resource).TryUpdateSubresourceAsync(key, "scale", scale, cancel);
}
