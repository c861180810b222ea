using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>Deletes pods that must make room, telling them why: condition DisruptionTarget, event Preempted.</summary>
internal sealed class Victims(Client client, string scheduler)
{
    private const string Reason = "PreemptionByScheduler";
    private readonly EventRecorder events = new(client, scheduler);

    /// <summary>The pod is being deleted to make room for another.</summary>
    public static bool IsLeaving(Pod pod) =>
        pod.Metadata.DeletionTimestamp is not null && pod.Status.Conditions?.Exists(static c => c is { Type: PodConditionType.DisruptionTarget, Status: "True", Reason: Reason }) == true;

    public async Task DeleteAsync(PodInfo pod, string node, IReadOnlyList<PodInfo> victims, IReadOnlyList<PodInfo> displaced, CancellationToken cancel)
    {
        foreach (var other in displaced)
            await PatchAsync(other, new() { ["nominatedNodeName"] = null }, cancel);
        foreach (var victim in victims)
        {
            await PatchAsync(victim, Condition(victim.Pod), cancel);
            if (await client.DeleteAsync(victim.Pod, null, cancel)) events.Tell(victim.Pod, "Normal", "Preempted", "Preempting", $"Preempted by pod {pod.Uid} on node {node}");
        }
    }

    private JsonObject Condition(Pod victim) => new()
    {
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = PodConditionType.DisruptionTarget, ["status"] = "True", ["reason"] = Reason,
            ["message"] = $"{scheduler}: preempting to accommodate a higher priority pod", ["observedGeneration"] = victim.Metadata.Generation,
            ["lastProbeTime"] = null, ["lastTransitionTime"] = GoTime.Format(client.Time.GetUtcNow()),
        }),
    };

    private async ValueTask PatchAsync(PodInfo pod, JsonObject status, CancellationToken cancel)
    {
        var changes = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Uid }, ["status"] = status };
        var patched = await client.For<Pod>().TryPatchStatusAsync(pod.Key, Patch.Strategic(changes), null, cancel);
        if (!patched.Ok && !patched.IsNotFound && !patched.IsConflict) throw new ApiException(patched.Failure);
    }
}
