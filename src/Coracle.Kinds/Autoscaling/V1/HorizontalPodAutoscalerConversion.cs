using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>
/// Autoscalers are stored in the newer form. The older one has a field for the use of processors alone, and annotations for the rest, so that nothing
/// is lost on the way there and back (upstream: apis/autoscaling/v1/conversion.go).
/// </summary>
public static class HorizontalPodAutoscalerConversion
{
    private const string Prefix = "autoscaling.alpha.kubernetes.io/";
    private const string Metrics = Prefix + "metrics";
    private const string CurrentMetrics = Prefix + "current-metrics";
    private const string Conditions = Prefix + "conditions";
    private const string Behavior = Prefix + "behavior";

    /// <summary>From the older form to the newer.</summary>
    public static JsonObject ToStorage(JsonObject obj)
    {
        obj["apiVersion"] = V2.HorizontalPodAutoscaler.Info.ApiVersion;
        var annotations = obj.Child("metadata").Child("annotations");
        if (obj.Child("spec") is { } spec) SpecToNewer(spec, annotations);
        StatusToNewer(obj, annotations);
        foreach (var name in (ReadOnlySpan<string>)[Metrics, CurrentMetrics, Conditions, Behavior]) annotations?.Remove(name);
        if (annotations is { Count: 0 }) obj.Child("metadata")!.Remove("annotations");
        return obj;
    }

    /// <summary>From the newer form to the older.</summary>
    public static JsonObject FromStorage(JsonObject obj)
    {
        obj["apiVersion"] = HorizontalPodAutoscaler.Info.ApiVersion;
        var written = new List<(string Name, JsonNode Value)>();
        if (obj.Child("spec") is { } spec) SpecToOlder(spec, written);
        if (obj.Child("status") is { } status) StatusToOlder(status, written);
        foreach (var (name, value) in written) obj.ChildOrNew("metadata").ChildOrNew("annotations")[name] = value.ToJsonString();
        return obj;
    }

    private static void SpecToNewer(JsonObject spec, JsonObject? annotations)
    {
        var metrics = new JsonArray();
        foreach (var metric in List(annotations, Metrics)) metrics.Add((JsonNode)OlderMetric.SpecToNewer(metric));
        if (spec.Remove("targetCPUUtilizationPercentage", out var percent) && percent is not null)
            metrics.Add((JsonNode)V2.HorizontalPodAutoscalerRules.Processor((long)(JsonNumber(percent) ?? 0)));
        if (metrics.Count == 0) metrics.Add((JsonNode)V2.HorizontalPodAutoscalerRules.Processor(80));
        spec["metrics"] = metrics;
        if (Parsed(annotations, Behavior) is JsonObject behavior) spec["behavior"] = Lettered(behavior, upper: false);
    }

    private static long? JsonNumber(JsonNode node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static void StatusToNewer(JsonObject obj, JsonObject? annotations)
    {
        if (obj.Child("status") is not { } status) return;
        var found = new JsonArray();
        foreach (var metric in List(annotations, CurrentMetrics)) found.Add((JsonNode)OlderMetric.StatusToNewer(metric));
        if (status.Remove("currentCPUUtilizationPercentage", out var percent) && percent is not null && found.Count == 0)
            found.Add((JsonNode)new JsonObject
            {
                ["type"] = MetricSourceType.Resource,
                ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = percent.DeepClone() } },
            });
        status["currentMetrics"] = found.Count > 0 ? found : null;
        if (Parsed(annotations, Conditions) is JsonArray conditions) status["conditions"] = conditions;
    }

    private static void SpecToOlder(JsonObject spec, List<(string, JsonNode)> annotations)
    {
        var others = new JsonArray();
        var metrics = spec.Items("metrics").ToList();
        foreach (var metric in metrics)
            if (!IsProcessor(metric) || metric.Child("resource").Child("target")?["averageUtilization"] is null) others.Add((JsonNode)OlderMetric.SpecToOlder(metric));
        if (metrics.Find(IsProcessor)?.Child("resource").Child("target")?["averageUtilization"] is { } percent) spec["targetCPUUtilizationPercentage"] = percent.DeepClone();
        spec.Remove("metrics");
        if (others.Count > 0) annotations.Add((Metrics, others));
        if (spec.Remove("behavior", out var behavior) && behavior is JsonObject given) annotations.Add((Behavior, Complete((JsonObject)Lettered(given, upper: true)!)));
    }

    private static void StatusToOlder(JsonObject status, List<(string, JsonNode)> annotations)
    {
        var metrics = status.Items("currentMetrics").ToList();
        if (metrics.Find(IsProcessor)?.Child("resource").Child("current")?["averageUtilization"] is { } percent) status["currentCPUUtilizationPercentage"] = percent.DeepClone();
        var found = new JsonArray([.. metrics.Select(m => (JsonNode)OlderMetric.StatusToOlder(m))]);
        status.Remove("currentMetrics");
        if (found.Count > 0) annotations.Add((CurrentMetrics, found));
        if (status.Remove("conditions", out var conditions) && conditions is JsonArray { Count: > 0 } told) annotations.Add((Conditions, told.DeepClone()));
    }

    private static bool IsProcessor(JsonObject metric) => metric.Text("type") == MetricSourceType.Resource && metric.Child("resource").Text("name") == "cpu";

    private static IEnumerable<JsonObject> List(JsonObject? annotations, string name) => (Parsed(annotations, name) as JsonArray)?.OfType<JsonObject>() ?? [];

    // What users wrote there that cannot be read counts as not written.
    private static JsonNode? Parsed(JsonObject? annotations, string name) =>
        annotations.Text(name) is { Length: > 0 } text ? Decoder.DecodeTree(System.Text.Encoding.UTF8.GetBytes(text)).Value : null;

    /// <summary>The behaviour with names in Go's letters, as upstream writes it into the annotation, or the other way round.</summary>
    private static JsonNode? Lettered(JsonNode? node, bool upper) => node switch
    {
        JsonObject obj => new JsonObject(obj.Where(f => upper || f.Value is not null).Select(f => KeyValuePair.Create(Letter(f.Key, upper), Lettered(f.Value, upper)))),
        JsonArray list => new JsonArray([.. list.Select(item => Lettered(item, upper))]),
        _ => node?.DeepClone(),
    };

    private static string Letter(string name, bool upper) =>
        name.Length == 0 ? name : (upper ? char.ToUpperInvariant(name[0]) : char.ToLowerInvariant(name[0])) + name[1..];

    // Go writes all fields, those that are not set as null.
    private static JsonObject Complete(JsonObject behavior)
    {
        foreach (var way in (ReadOnlySpan<string>)["ScaleUp", "ScaleDown"])
        {
            behavior.TryAdd(way, null);
            if (behavior[way] is not JsonObject rules) continue;
            foreach (var field in (ReadOnlySpan<string>)["StabilizationWindowSeconds", "SelectPolicy", "Policies", "Tolerance"]) rules.TryAdd(field, null);
        }
        return behavior;
    }
}
