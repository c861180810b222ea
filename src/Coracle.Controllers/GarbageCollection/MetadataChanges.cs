using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>
/// Changes owner references and finalizers of objects of any kind. Lists are replaced whole, under the version that they were read from: so no change by
/// another is lost, and custom resources need no other way.
/// </summary>
internal sealed class MetadataChanges(Client client)
{
    private const int TriesMax = 5;

    public ValueTask RemoveOwnersAsync(Vertex vertex, IReadOnlyCollection<string> uids, CancellationToken cancel) => ChangeAsync(vertex, latest =>
    {
        var owners = latest.Metadata.OwnerReferences ?? [];
        var kept = owners.Where(o => !uids.Contains(o.Uid)).ToList();
        return kept.Count == owners.Count ? null : ("ownerReferences", new JsonArray([.. kept.Select(Json)]));
    }, cancel);

    /// <summary>The object no longer keeps any of its owners from going.</summary>
    public ValueTask UnblockOwnersAsync(Vertex vertex, CancellationToken cancel) => ChangeAsync(vertex, static latest =>
    {
        var owners = (latest.Metadata.DeepCopy().OwnerReferences ?? []).ToList();
        if (!owners.Exists(static o => o.BlockOwnerDeletion == true)) return null;
        foreach (var owner in owners) owner.BlockOwnerDeletion = false;
        return ("ownerReferences", new JsonArray([.. owners.Select(Json)]));
    }, cancel);

    public ValueTask RemoveFinalizerAsync(Vertex vertex, string finalizer, CancellationToken cancel) => ChangeAsync(vertex, latest =>
        Finalizers.Has(latest, finalizer) ? ("finalizers", new JsonArray([.. latest.Metadata.Finalizers!.Where(f => f != finalizer).Select(static f => JsonValue.Create(f))])) : null, cancel);

    private async ValueTask ChangeAsync(Vertex vertex, Func<PartialObject, (string Field, JsonArray Value)?> change, CancellationToken cancel)
    {
        var objects = client.Metadata(vertex.Resource);
        var key = Key.Of(vertex.Object);
        for (var attempt = 1; ; attempt++)
        {
            if (await objects.TryGetAsync(key, cancel) is not { } latest || latest.Metadata.Uid != vertex.Object.Metadata.Uid || change(latest) is not { } wanted) return;
            var metadata = new JsonObject { ["uid"] = latest.Metadata.Uid, ["resourceVersion"] = latest.Metadata.ResourceVersion, [wanted.Field] = wanted.Value };
            var patched = await objects.TryPatchAsync(key, Patch.Merge(new JsonObject { ["metadata"] = metadata }), null, cancel);
            if (patched.Ok || patched.IsNotFound) return;
            if (!patched.IsConflict || attempt == TriesMax) patched.OrThrow();
        }
    }

    private static JsonObject Json(OwnerReference owner)
    {
        var json = new JsonObject { ["apiVersion"] = owner.ApiVersion, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid };
        if (owner.Controller is { } controller) json["controller"] = controller;
        if (owner.BlockOwnerDeletion is { } block) json["blockOwnerDeletion"] = block;
        return json;
    }
}
