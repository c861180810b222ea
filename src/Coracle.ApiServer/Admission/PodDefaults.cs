using System.Text.Json.Nodes;

namespace Coracle.ApiServer;

/// <summary>Pods tolerate an unready or unreachable node for five minutes unless they say otherwise (upstream: DefaultTolerationSeconds).</summary>
public sealed class DefaultTolerationSeconds : AdmissionPlugin
{
    private const long Seconds = 300;
    private static readonly string[] Taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public override string Name => "DefaultTolerationSeconds";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Is("", "Pod") && context.Operation == Operation.Create && context.Subresource.Length == 0) Add(context.Object!);
        return ValueTask.FromResult<ApiStatus?>(null);
    }

    private static void Add(JsonObject pod)
    {
        if (pod["spec"] is not JsonObject spec) return;
        var tolerations = spec["tolerations"] as JsonArray;
        foreach (var taint in Taints)
        {
            if (tolerations is not null && tolerations.OfType<JsonObject>().Any(t => Tolerates(t, taint))) continue;
            if (tolerations is null) spec["tolerations"] = tolerations = [];
            tolerations.Add((JsonNode)new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = Seconds });
        }
    }

    private static bool Tolerates(JsonObject toleration, string taint) =>
        (Meta.Text(toleration, "key") is var key && (key == taint || key.Length == 0)) && Meta.Text(toleration, "effect") is "NoExecute" or "";
}

/// <summary>A new node takes no pods until it is found ready (upstream: TaintNodesByCondition).</summary>
public sealed class TaintNodesByCondition : AdmissionPlugin
{
    private const string NotReady = "node.kubernetes.io/not-ready";

    public override string Name => "TaintNodesByCondition";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Is("", "Node") && context.Operation == Operation.Create)
        {
            var node = context.Object!;
            if (node["spec"] is not JsonObject spec) node["spec"] = spec = [];
            if (spec["taints"] is not JsonArray taints) spec["taints"] = taints = [];
            if (!taints.OfType<JsonObject>().Any(t => Meta.Text(t, "key") == NotReady && Meta.Text(t, "effect") == "NoSchedule"))
                taints.Add((JsonNode)new JsonObject { ["key"] = NotReady, ["effect"] = "NoSchedule" });
        }
        return ValueTask.FromResult<ApiStatus?>(null);
    }
}
