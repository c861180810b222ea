using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Pods;

/// <summary>
/// Creates and deletes pods in an owner's name and tells of it in events on the owner, with upstream's reasons and texts (controller_utils.go,
/// RealPodControl).
/// </summary>
public sealed class PodWrites(Client client, EventRecorder events)
{
    /// <summary>Creates a pod. False when its namespace is on its way out, in which nothing can be created and nothing needs to be told. Throws ApiException for other refusals.</summary>
    public async ValueTask<bool> CreateAsync(Pod pod, IKubernetesObject owner, CancellationToken cancel)
    {
        var created = await client.TryCreateAsync(pod, cancel);
        if (created.Ok)
        {
            events.Normal(owner, "SuccessfulCreate", $"Created pod: {created.Value.Metadata.Name}");
            return true;
        }
        if (created.Failure.IsNamespaceTerminating) return false;
        events.Warning(owner, "FailedCreate", $"Error creating: {created.Failure.Message}");
        throw new ApiException(created.Failure);
    }

    /// <summary>Deletes this very pod, if it is still there. Throws ApiException for refusals.</summary>
    public async ValueTask DeleteAsync(Pod pod, IKubernetesObject owner, CancellationToken cancel)
    {
        try
        {
            if (await client.DeleteAsync(pod, null, cancel)) events.Normal(owner, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
        }
        catch (ApiException refused)
        {
            events.Warning(owner, "FailedDelete", $"Error deleting: {refused.Message}");
            throw;
        }
    }
}
