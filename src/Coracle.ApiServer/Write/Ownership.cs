using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Keeps metadata.managedFields of what is created and updated; apply keeps its own.</summary>
internal static class Ownership
{
    public static void Created(RequestContext ctx, JsonObject obj)
    {
        if (!ctx.IsApply) FieldOwnership.Update(null, obj, Request(ctx, ""));
    }

    public static void Updated(RequestContext ctx, string subresource, JsonObject obj, JsonObject old)
    {
        if (!ctx.IsApply) FieldOwnership.Update(old, obj, Request(ctx, subresource));
    }

    public static OwnershipRequest Request(RequestContext ctx, string subresource) =>
        new(ctx.Kind.Schema, ctx.Kind.ApiVersion, ctx.FieldManager, subresource, ctx.Server.Clock.GetUtcNow())
        {
            Versions = ctx.Server.Resources.VersionsOf(ctx.Resource),
        };
}
