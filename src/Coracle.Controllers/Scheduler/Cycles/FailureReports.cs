using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>Writes into a pod's status why it has no node (condition PodScheduled), and for which node room is being made.</summary>
internal sealed class FailureReports(Client client)
{
    /// <summary>Of an event's note.</summary>
    private const int NoteLimit = 1024;

    public static string Shorten(string message) => message.Length <= NoteLimit ? message : message[..(NoteLimit - 4)] + " ...";

    /// <summary>Completes when it is written, after <paramref name="before"/>; never fails.</summary>
    public Task WriteAsync(Task before, Pod pod, string reason, string message, string? nominated, CancellationToken cancel)
    {
        var old = pod.Status.Conditions?.Find(c => c.Type == PodConditionType.PodScheduled);
        var same = old is { Status: "False" } && old.Reason == reason && old.Message == message;
        if (same && (nominated is null || nominated == pod.Status.NominatedNodeName)) return before;
        var now = client.Time.GetUtcNow();
        var condition = new JsonObject
        {
            ["type"] = PodConditionType.PodScheduled, ["status"] = "False", ["reason"] = reason, ["message"] = message, ["lastProbeTime"] = null,
            ["lastTransitionTime"] = GoTime.Format(old is { Status: "False", LastTransitionTime: { } since } ? since : now),
            ["observedGeneration"] = pod.Metadata.Generation,
        };
        var status = new JsonObject { ["conditions"] = new JsonArray(condition) };
        if (nominated is not null) status["nominatedNodeName"] = nominated.Length == 0 ? null : nominated;
        return PatchAsync(before, pod, new() { ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid }, ["status"] = status }, cancel);
    }

    private async Task PatchAsync(Task before, Pod pod, JsonObject changes, CancellationToken cancel)
    {
        await before;
        try
        {
            var patched = await client.For<Pod>().TryPatchStatusAsync(Key.Of(pod), Patch.Strategic(changes), null, cancel);
            if (!patched.Ok && !patched.IsNotFound && !patched.IsConflict)
                client.Options.Log(new(LogSeverity.Warning, "scheduler", $"the status of {Key.Of(pod)} could not be written: {patched.Failure.Message}"));
        }
        catch (Exception failure)
        {
            if (!cancel.IsCancellationRequested) client.Options.Log(new(LogSeverity.Warning, "scheduler", $"the status of {Key.Of(pod)} could not be written", failure));
        }
    }
}
