using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>Measurements as the older form's annotations have them: flat, where the newer form has a metric and a target or value.</summary>
internal static class OlderMetric
{
    internal static JsonObject SpecToNewer(JsonObject metric) => ToNewer(metric, "target", (source, kind) =>
    {
        var target = new JsonObject();
        Move(source, kind is MetricSourceType.Object ? "averageValue" : "targetAverageValue", target, "averageValue");
        Move(source, "targetValue", target, "value");
        Move(source, "targetAverageUtilization", target, "averageUtilization");
        target.Insert(0, "type", TargetType(target));
        return target;
    });

    internal static JsonObject StatusToNewer(JsonObject metric) => ToNewer(metric, "current", (source, kind) =>
    {
        var current = new JsonObject();
        Move(source, "currentValue", current, "value");
        Move(source, kind is MetricSourceType.Object ? "averageValue" : "currentAverageValue", current, "averageValue");
        Move(source, "currentAverageUtilization", current, "averageUtilization");
        return current;
    });

    internal static JsonObject SpecToOlder(JsonObject metric) => ToOlder(metric, "target", (source, target, kind) =>
    {
        Move(target, "averageUtilization", source, "targetAverageUtilization");
        Move(target, "value", source, "targetValue");
        Move(target, "averageValue", source, kind is MetricSourceType.Object ? "averageValue" : "targetAverageValue");
    });

    internal static JsonObject StatusToOlder(JsonObject metric) => ToOlder(metric, "current", (source, current, kind) =>
    {
        Move(current, "averageUtilization", source, "currentAverageUtilization");
        Move(current, "value", source, "currentValue");
        Move(current, "averageValue", source, kind is MetricSourceType.Object ? "averageValue" : "currentAverageValue");
    });

    private static JsonObject ToNewer(JsonObject metric, string values, Func<JsonObject, string, JsonObject> gather)
    {
        metric = metric.DeepClone().AsObject();
        var kind = metric.Text("type");
        if (metric.Child(Field(kind)) is not { } source) return metric;
        var gathered = gather(source, kind);
        if (kind is MetricSourceType.Object) Move(source, "target", source, "describedObject");
        if (kind is MetricSourceType.Object or MetricSourceType.Pods or MetricSourceType.External)
        {
            var identifier = new JsonObject();
            Move(source, "metricName", identifier, "name");
            Move(source, kind is MetricSourceType.External ? "metricSelector" : "selector", identifier, "selector");
            source["metric"] = identifier;
        }
        source[values] = gathered;
        return metric;
    }

    private static JsonObject ToOlder(JsonObject metric, string values, Action<JsonObject, JsonObject, string> spread)
    {
        metric = metric.DeepClone().AsObject();
        var kind = metric.Text("type");
        if (metric.Child(Field(kind)) is not { } source) return metric;
        var given = source.Child(values)?.DeepClone().AsObject() ?? [];
        source.Remove(values);
        Move(source, "describedObject", source, "target");
        if (source.Remove("metric", out var identifier) && identifier is JsonObject named)
        {
            Move(named, "name", source, "metricName");
            Move(named, "selector", source, kind is MetricSourceType.External ? "metricSelector" : "selector");
        }
        spread(source, given, kind);
        // A value that the older form always has.
        if (kind is MetricSourceType.Object) source.TryAdd(values == "target" ? "targetValue" : "currentValue", "0");
        return metric;
    }

    private static string Field(string type) => type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];

    private static string TargetType(JsonObject target) =>
        target.ContainsKey("averageUtilization") ? MetricTargetType.Utilization : target.ContainsKey("averageValue") ? MetricTargetType.AverageValue : MetricTargetType.Value;

    private static void Move(JsonObject from, string name, JsonObject to, string newName)
    {
        if (!from.Remove(name, out var value) || value is null) return;
        to[newName] = value;
    }
}
