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

    public static async ValueTask UpdatedAsync(RequestContext ctx, string subresource, JsonObject obj, JsonObject old)
    {
        if (ctx.IsApply) return;
        var request = Request(ctx, subresource);
        if (ctx.Server.Resources.ForeignVersionsOf(ctx.Resource) is not { } foreign)
        {
            FieldOwnership.Update(old, obj, request);
            return;
        }
        var given = Meta.Of(obj)["managedFields"]?.DeepClone();
        await foreign.KnowingAsync(versions =>
        {
            if (given is null) Meta.Of(obj).Remove("managedFields");
            else Meta.Of(obj)["managedFields"] = given.DeepClone();
            FieldOwnership.Update(old, obj, request with { Versions = versions });
            return true;
        }, ctx.Cancel);
    }

    public static ValueTask<ApplyResult> ApplyAsync(RequestContext ctx, JsonObject? live, JsonObject applied, bool force)
    {
        var request = Request(ctx, ctx.Info.Subresource);
        return ctx.Server.Resources.ForeignVersionsOf(ctx.Resource) is { } foreign
            ? foreign.KnowingAsync(versions => FieldOwnership.Apply(live, applied, force, request with { Versions = versions }), ctx.Cancel)
            : ValueTask.FromResult(FieldOwnership.Apply(live, applied, force, request));
    }

    private static OwnershipRequest Request(RequestContext ctx, string subresource) =>
        new(ctx.Kind.Schema, ctx.Kind.ApiVersion, ctx.FieldManager, subresource, ctx.Server.Clock.GetUtcNow())
        {
            Versions = ctx.Server.Resources.VersionsOf(ctx.Resource),
        };
}
