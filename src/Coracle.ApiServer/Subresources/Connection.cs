using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Sub-resources that are connections: exec, attach, port-forward and proxy. Admission is asked with the operation CONNECT and the request's options as the object.</summary>
internal static class Connection
{
    public static bool IsOne(RequestContext ctx) => ctx.Info.Subresource is "exec" or "attach" or "portforward" or "proxy";

    public static async ValueTask<ApiResponse> Open(RequestContext ctx, Subresource subresource)
    {
        var kind = KindOf(subresource.Kind);
        var admission = new AdmissionContext(ctx, kind, Operation.Connect, Options(ctx, kind), old: null) { Subresource = ctx.Info.Subresource };
        return await ctx.Server.Admission.AdmitAsync(admission) is { } refused ? ApiResponse.Of(refused) : await subresource.Handle(ctx);
    }

    private static KindInfo KindOf(GroupVersionKind kind) => new()
    {
        Group = kind.Group, Version = kind.Version, Kind = kind.Kind, Plural = "", Singular = "", Rules = KindRules.None, Schema = new SchemaNode { Type = SchemaType.Any },
    };

    private static JsonObject Options(RequestContext ctx, KindInfo kind)
    {
        var options = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion };
        switch (ctx.Info.Subresource)
        {
            case "portforward":
                var ports = QueryText.All(ctx.Request.Query, "ports").Select(p => int.TryParse(p, out var port) ? port : 0).Where(p => p > 0).ToList();
                if (ports.Count > 0) options["ports"] = new JsonArray([.. ports.Select(p => (JsonNode)p)]);
                break;
            case "proxy":
                if (ctx.Info.Rest.Length > 0) options["path"] = "/" + ctx.Info.Rest;
                break;
            default:
                Command(ctx, options);
                break;
        }
        return options;
    }

    private static void Command(RequestContext ctx, JsonObject options)
    {
        foreach (var stream in (ReadOnlySpan<string>)["stdin", "stdout", "stderr", "tty"])
            if (ctx.QueryTrue(stream)) options[stream] = true;
        if (ctx.Query("container") is { Length: > 0 } container) options["container"] = container;
        var command = QueryText.All(ctx.Request.Query, "command");
        if (command.Count > 0) options["command"] = new JsonArray([.. command.Select(c => (JsonNode)c)]);
    }
}
