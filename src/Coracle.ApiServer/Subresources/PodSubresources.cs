using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Sub-resources of pods that change the pod: binding to a node, eviction, ephemeral containers, resize.</summary>
public static class PodSubresources
{
    private static readonly string[] ObjectVerbs = ["get", "patch", "update"];

    public static IEnumerable<KeyValuePair<string, Subresource>> All =>
    [
        new("pods/binding", new(Binding.Info.GroupVersionKind, ["create"], Bind)),
        new("pods/eviction", new(Kinds.Policy.V1.Eviction.Info.GroupVersionKind, ["create"], PodEviction.Handle)),
        new("pods/ephemeralcontainers", new(Pod.Info.GroupVersionKind, ObjectVerbs, Object)),
        new("pods/resize", new(Pod.Info.GroupVersionKind, ObjectVerbs, Object)),
    ];

    private static ValueTask<ApiResponse> Object(RequestContext ctx) => ctx.Info.Verb switch
    {
        "get" => GetVerb.Handle(ctx),
        "update" => UpdateVerb.Handle(ctx),
        "patch" => PatchVerb.Handle(ctx),
        _ => ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed)),
    };

    private static async ValueTask<ApiResponse> Bind(RequestContext ctx)
    {
        if (ctx.Info.Verb != "create") return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var body = await BodyReader.ReadObject(ctx, Binding.Info);
        return body.Failed ? ApiResponse.Of(body.Error) : await Bind(ctx, body.Value);
    }

    /// <summary>Bindings can be created beside the pods too: an old way that clients still go.</summary>
    public static KeyValuePair<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>> Bindings => new(Binding.Info.GroupVersionKind, async ctx =>
    {
        var body = await BodyReader.ReadObject(ctx, Binding.Info);
        if (body.Failed) return ApiResponse.Of(body.Error);
        return await Bind(ctx.ForObject(ctx.Info.Namespace, Meta.Text(Meta.Of(body.Value), "name"), ctx.Server.Resources.Find("", "v1", "pods")), body.Value);
    });

    private static async ValueTask<ApiResponse> Bind(RequestContext ctx, JsonObject binding)
    {
        var node = Meta.Text(binding["target"] as JsonObject ?? [], "name");
        if (node.Length == 0)
        {
            var errors = new FieldErrors();
            errors.Required(FieldPath.Of("target") / "name");
            return ApiResponse.Of(ApiStatus.Invalid(Binding.Info, ctx.Info.Name, errors.All));
        }
        using var admission = new AdmissionContext(ctx, Binding.Info, Operation.Create, binding, old: null) { Subresource = "binding" };
        if (await ctx.Server.Admission.AdmitAsync(admission) is { } refused) return ApiResponse.Of(refused);
        binding = admission.Object!;
        ctx.IsAdmitted = true;
        var uid = Meta.Text(Meta.Of(binding), "uid");
        var bound = await ctx.Server.Writer.UpdateAsync(ctx, "binding", pod => Assign(ctx, pod, binding, node, uid));
        return bound.Failed ? ApiResponse.Of(bound.Error) : ApiResponse.Of(new ApiStatus(201, "", ""));
    }

    private static Result<JsonObject> Assign(RequestContext ctx, JsonObject pod, JsonObject binding, string node, string uid)
    {
        var meta = Meta.Of(pod);
        if (uid.Length > 0 && uid != Meta.Text(meta, "uid"))
            return ApiStatus.Conflict(ctx.Kind, ctx.Info.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {Meta.Text(meta, "uid")}");
        if (Meta.IsDeleting(meta)) return ApiStatus.Conflict(PodBinding, ctx.Info.Name, $"pod {ctx.Info.Name} is being deleted, cannot be assigned to a host");
        var spec = (JsonObject)pod["spec"]!;
        if (Meta.Text(spec, "nodeName") is { Length: > 0 } already)
            return ApiStatus.Conflict(PodBinding, ctx.Info.Name, $"pod {ctx.Info.Name} is already assigned to node \"{already}\"");
        if (spec["schedulingGates"] is JsonArray { Count: > 0 })
            return ApiStatus.Conflict(PodBinding, ctx.Info.Name, $"pod {ctx.Info.Name} has non-empty .spec.schedulingGates");
        Meta.Of(pod).Remove("resourceVersion");
        spec["nodeName"] = node;
        Copy(Meta.Of(binding), meta, "annotations");
        Copy(Meta.Of(binding), meta, "labels");
        Scheduled(pod, GoTime.Format(ctx.Server.Clock.GetUtcNow()));
        return pod;
    }

    private static readonly KindInfo PodBinding = new()
    {
        Group = "", Version = "v1", Kind = "Binding", Plural = "pods/binding", Singular = "", Schema = Binding.Schema, Rules = KindRules.None,
    };

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is not JsonObject values) return;
        if (to[field] is not JsonObject into) to[field] = into = [];
        foreach (var (key, value) in values) into[key] = value?.DeepClone();
    }

    private static void Scheduled(JsonObject pod, string now)
    {
        if (pod["status"] is not JsonObject status) pod["status"] = status = [];
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => Meta.Text(c, "type") == "PodScheduled");
        if (condition is null) conditions.Add((JsonNode)(condition = new JsonObject { ["type"] = "PodScheduled" }));
        condition["status"] = "True";
        condition["lastTransitionTime"] = now;
        condition.Remove("reason");
        condition.Remove("message");
    }
}
