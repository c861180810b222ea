using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Writes into a pod's status that the cluster ends it, before it is deleted: so that its owner can tell this from a failure of its own.</summary>
internal static class PodDisruption
{
    /// <summary>Sets a condition, a phase, or both. False when the pod is not there any more.</summary>
    public static async ValueTask<bool> MarkAsync(Client client, Pod pod, PodCondition? condition, string? phase, CancellationToken cancel)
    {
        var status = new JsonObject();
        if (phase is not null) status["phase"] = phase;
        if (condition is not null)
        {
            var known = pod.Status.Conditions?.Find(c => c.Type == condition.Type);
            var since = known?.Status == condition.Status ? known.LastTransitionTime : null;
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = condition.Type, ["status"] = condition.Status, ["reason"] = condition.Reason, ["message"] = condition.Message,
                ["lastTransitionTime"] = (since ?? client.Time.GetUtcNow()).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            });
        }
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid }, ["status"] = status };
        var patched = await client.For<Pod>().TryPatchStatusAsync(Key.Of(pod), Patch.Strategic(patch), null, cancel);
        if (patched.IsNotFound || patched.IsConflict) return false; // a conflict is about the uid: the pod of this name is another
        patched.OrThrow();
        return true;
    }
}
