using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The initial state of pods, what their sub-resources may change, and how long they are given to end (upstream: registry/core/pod).</summary>
public sealed partial class PodRules
{
    public override void PrepareForCreate(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        obj["status"] = new JsonObject { ["phase"] = PodPhase.Pending, ["qosClass"] = PodQuality.Of(spec) };
        if (spec.HasAny("schedulingGates")) obj.ChildOrNew("status")["conditions"] = new JsonArray(Gated());
        PodLabelKeys.Merge(obj);
    }

    private static JsonObject Gated() => new()
    {
        ["type"] = PodConditionType.PodScheduled,
        ["status"] = ConditionStatus.False,
        ["reason"] = "SchedulingGated",
        ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
    };

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        switch (subresource)
        {
            case "status": KeepWhatNodesForget(obj.ChildOrNew("status"), old.Child("status")); break;
            case "ephemeralcontainers": OnlyEphemeralContainers(obj, old); break;
            case "resize": OnlyResources(obj, old); break;
        }
    }

    // Agents that do not know these fields write a status without them.
    private static void KeepWhatNodesForget(JsonObject status, JsonObject? old)
    {
        if (status.Text("qosClass").Length == 0 && old.Text("qosClass") is { Length: > 0 } quality) status["qosClass"] = quality;
        KeepObserved(status, old);
        var before = old.Items("conditions").GroupBy(c => c.Text("type")).ToDictionary(g => g.Key, g => new Queue<JsonObject>(g));
        foreach (var condition in status.Items("conditions"))
            if (before.TryGetValue(condition.Text("type"), out var same) && same.TryDequeue(out var match)) KeepObserved(condition, match);
    }

    private static void KeepObserved(JsonObject obj, JsonObject? old)
    {
        if (obj.Number("observedGeneration") == 0 && old.Number("observedGeneration") is > 0 and var observed) obj["observedGeneration"] = observed;
    }

    private static void OnlyEphemeralContainers(JsonObject obj, JsonObject old)
    {
        var containers = obj.Child("spec")?["ephemeralContainers"]?.DeepClone();
        KeepAllBut(obj, old);
        if (containers is null) obj.ChildOrNew("spec").Remove("ephemeralContainers");
        else obj.ChildOrNew("spec")["ephemeralContainers"] = containers;
    }

    // Containers that do not match the old ones are left for validation to refuse.
    private static void OnlyResources(JsonObject obj, JsonObject old)
    {
        var wanted = (JsonObject)obj.ChildOrNew("spec").DeepClone();
        KeepAllBut(obj, old);
        var kept = obj.ChildOrNew("spec");
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            if (!SameNames(wanted, kept, list)) Take(kept, wanted, list);
            else foreach (var (container, change) in kept.Items(list).Zip(wanted.Items(list)))
            {
                Take(container, change, "resources");
                Take(container, change, "resizePolicy");
            }
        }
        Take(kept, wanted, "resources");
    }

    private static bool SameNames(JsonObject? a, JsonObject? b, string list) =>
        a.Items(list).Select(c => c.Text("name")).SequenceEqual(b.Items(list).Select(c => c.Text("name")));

    private static void KeepAllBut(JsonObject obj, JsonObject old)
    {
        Take(obj, old, "spec");
        Take(obj, old, "status");
        var (metadata, before) = (obj.ChildOrNew("metadata"), old.ChildOrNew("metadata"));
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations", "finalizers", "ownerReferences"]) Take(metadata, before, field);
    }

    private static void Take(JsonObject into, JsonObject from, string field)
    {
        if (from[field] is { } value) into[field] = value.DeepClone();
        else into.Remove(field);
    }

    /// <summary>What was asked for, else what the pod says. A pod that no node runs, or that has ended, goes at once.</summary>
    public override long? GraceSeconds(JsonObject obj, long? requested)
    {
        var spec = obj.Child("spec");
        if (spec.Text("nodeName").Length == 0 || obj.Child("status").Text("phase") is PodPhase.Failed or PodPhase.Succeeded) return 0;
        var grace = requested ?? spec.Number("terminationGracePeriodSeconds");
        return grace < 0 ? 1 : grace;
    }
}
