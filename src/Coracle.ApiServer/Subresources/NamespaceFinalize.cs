using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>namespaces/finalize: takes spec.finalizers, and nothing else, from the body. With the last one gone, so is the namespace.</summary>
public static class NamespaceFinalize
{
    public static KeyValuePair<string, Subresource> Entry => new("namespaces/finalize", new(Namespace.Info.GroupVersionKind, ["update"], Handle));

    private static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ctx.Info.Verb != "update") return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var body = await BodyReader.ReadObject(ctx, Namespace.Info);
        if (body.Failed) return ApiResponse.Of(body.Error);
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, "finalize", live =>
        {
            var version = Meta.Text(Meta.Of(body.Value), "resourceVersion");
            if (version.Length > 0) Meta.Of(live)["resourceVersion"] = version;
            if (live["spec"] is not JsonObject spec) live["spec"] = spec = [];
            spec["finalizers"] = (body.Value["spec"] as JsonObject)?["finalizers"]?.DeepClone();
            return live;
        });
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }
}
