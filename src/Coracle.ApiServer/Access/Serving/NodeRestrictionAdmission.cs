using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Access;

/// <summary>Asks <see cref="NodeRestriction"/> before anything that a node writes.</summary>
public sealed class NodeRestrictionAdmission(Authorizer authorize) : AdmissionPlugin
{
    public override string Name => "NodeRestriction";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (NodeIdentity.Of(context.User) is null || context.Operation == Operation.Connect)
            return ValueTask.FromResult<ApiStatus?>(null);
        var write = new NodeWrite
        {
            User = context.User, Operation = context.Operation.ToString().ToUpperInvariant(), Group = context.Request.Kind.Group, Resource = context.Request.Kind.Plural,
            Subresource = context.Subresource, Namespace = context.Namespace, Name = context.Subresource.Length > 0 ? context.Request.Info.Name : context.Operation == Operation.Create ? "" : NameOf(context),
            Object = Element(context.Object), Old = Element(context.Old),
        };
        return For(context.Server).CheckAsync(write, context.Request.Cancel);
    }

    internal NodeRestriction For(Server server) => new((resource, ns, name) => Find(server.Cache, resource, ns, name), authorize);

    private static string NameOf(AdmissionContext context) => context.Old is { } old ? Meta.Text(Meta.Of(old), "name") : context.Name;

    private static JsonElement? Find(WatchCache cache, string resource, string ns, string name)
    {
        var groupResource = resource == "csidrivers" ? "csidrivers.storage.k8s.io" : resource;
        return cache.Resource(groupResource).Get(ns.Length == 0 ? name : $"{ns}/{name}") is { } found ? JsonElement.Parse(found.Json.Span) : null;
    }

    private static JsonElement Element(JsonObject? obj) => obj is null ? default : JsonElement.Parse(obj.ToJsonString());
}
