using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What a pod's runtime needs for itself, and where it is, become part of the pod (upstream: RuntimeClass).</summary>
public sealed class RuntimeClassAdmission : AdmissionPlugin
{
    public override string Name => "RuntimeClass";

    private static bool IsMine(AdmissionContext context) => context.Operation == Operation.Create && context.Subresource.Length == 0 && context.Is("", "Pod");

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context) => IsMine(context) ? new(Apply(context)) : default;

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context) => IsMine(context) ? new(Check(context)) : default;

    private static ApiStatus? Apply(AdmissionContext context)
    {
        if (context.Object!["spec"] is not JsonObject spec || Meta.Text(spec, "runtimeClassName") is not { Length: > 0 } name) return null;
        if (Find(context, name) is not { } runtime) return context.Forbidden($"pod rejected: RuntimeClass {GoText.Quote(name)} not found");
        if ((runtime["overhead"] as JsonObject)?["podFixed"] is JsonObject overhead)
        {
            if (spec["overhead"] is JsonObject own && !Same(own, overhead)) return context.Forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            spec["overhead"] = overhead.DeepClone();
        }
        return runtime["scheduling"] is JsonObject scheduling ? Schedule(context, spec, scheduling) : null;
    }

    private static JsonObject? Find(AdmissionContext context, string name) => context.Server.Cache.Resource("runtimeclasses.node.k8s.io").Get(name)?.ToTree();

    private static bool Same(JsonObject a, JsonObject b) => ResourceAmounts.Of(a).SequenceEqual(ResourceAmounts.Of(b));

    private static ApiStatus? Schedule(AdmissionContext context, JsonObject spec, JsonObject scheduling)
    {
        if (scheduling["nodeSelector"] is JsonObject wanted)
        {
            if (spec["nodeSelector"] is not JsonObject selector) spec["nodeSelector"] = selector = [];
            foreach (var (key, value) in wanted)
            {
                if (selector[key] is { } own && own.ToString() != value?.ToString())
                    return context.Forbidden($"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own}");
                selector[key] = value?.DeepClone();
            }
        }
        if (scheduling["tolerations"] is not JsonArray tolerations) return null;
        if (spec["tolerations"] is not JsonArray all) spec["tolerations"] = all = [];
        foreach (var toleration in tolerations)
            if (!all.Any(t => JsonNode.DeepEquals(t, toleration))) all.Add(toleration?.DeepClone());
        return null;
    }

    private static ApiStatus? Check(AdmissionContext context)
    {
        if (context.Object!["spec"] is not JsonObject spec) return null;
        var name = Meta.Text(spec, "runtimeClassName");
        if (name.Length == 0 && spec["overhead"] is null) return null;
        var overhead = name.Length > 0 ? (Find(context, name)?["overhead"] as JsonObject)?["podFixed"] as JsonObject : null;
        if (overhead is null) return spec["overhead"] is null ? null : context.Forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        return spec["overhead"] is JsonObject own && Same(own, overhead) ? null : context.Forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
}
