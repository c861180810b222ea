using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The scale of a custom resource, whose fields are where its definition says.</summary>
internal static class CustomScale
{
    public static (ScaleSpec, ScaleStatus) Of(JsonObject obj, ScalePaths paths) =>
        (new() { Replicas = Number(obj, paths.SpecReplicas) }, new() { Replicas = Number(obj, paths.StatusReplicas), Selector = paths.LabelSelector is { } path ? Text(obj, path) : "" });

    private static int Number(JsonObject obj, string path) =>
        CustomValidation.At(obj, path, out _) is JsonValue value && value.TryGetValue<long>(out var number) ? (int)number : 0;

    private static string Text(JsonObject obj, string path) =>
        CustomValidation.At(obj, path, out _) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>The object with another number of replicas.</summary>
    public static Result<JsonObject> Set(JsonObject obj, ScalePaths paths, long replicas)
    {
        var steps = paths.SpecReplicas.TrimStart('.').Split('.');
        var at = obj;
        foreach (var step in steps[..^1])
        {
            if (at[step] is not JsonObject next) at[step] = next = [];
            at = next;
        }
        at[steps[^1]] = replicas;
        return obj;
    }
}
