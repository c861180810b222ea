using System.Text.Json.Nodes;

namespace Coracle.ApiServer;

/// <summary>Pods learn by their labels in which zone and region their node is (upstream: PodTopologyLabels).</summary>
public sealed class PodTopologyLabels : AdmissionPlugin
{
    private static readonly string[] Labels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

    public override string Name => "PodTopologyLabels";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Operation != Operation.Create) return default;
        if (context.Subresource == "binding" && context.Is("", "Binding"))
        {
            if (context.Object!["target"] is JsonObject target && Meta.Text(target, "kind") is "" or "Node") Label(context, Meta.Text(target, "name"));
        }
        else if (context.Subresource.Length == 0 && context.Is("", "Pod") && context.Object!["spec"] is JsonObject spec) Label(context, Meta.Text(spec, "nodeName"));
        return default;
    }

    // A node that is not there labels nothing, as upstream: the pod may run on it all the same.
    private static void Label(AdmissionContext context, string node)
    {
        if (node.Length == 0 || context.Server.Cache.Resource("nodes").Get(node) is not { } found) return;
        foreach (var label in Labels)
        {
            if (!found.Labels.TryGetValue(label, out var value)) continue;
            var meta = Meta.Of(context.Object!);
            if (meta["labels"] is not JsonObject labels) meta["labels"] = labels = [];
            labels[label] = value;
        }
    }
}
