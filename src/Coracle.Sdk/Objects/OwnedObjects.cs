using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Which objects an owner with a selector has: those it controls already, orphans that it adopts, and not those that it lets go.</summary>
public static class OwnedObjects
{
    /// <summary>
    /// The objects among the candidates that the owner controls, after (1) adopting those that its selector (and filter) matches and nobody controls, (2)
    /// releasing those it controls that do not match any more. An owner on its way out does neither. Before the first adoption the owner is read from
    /// the server, so that one that was deleted or replaced adopts nothing (upstream: pkg/controller/controller_ref_manager.go). All candidates are dealt
    /// with before the first failure is thrown.
    /// </summary>
    public static async ValueTask<IReadOnlyList<T>> ClaimAsync<TOwner, T>(
        Client client, TOwner owner, Selector selector, IEnumerable<T> candidates, CancellationToken cancel, Func<T, bool>? filter = null)
        where TOwner : class, IKind<TOwner> where T : class, IKind<T>
    {
        var claimed = new List<T>();
        var isFresh = false;
        Exception? first = null;
        foreach (var obj in candidates)
        {
            try
            {
                var matches = selector.Matches(obj.Metadata.Labels) && (filter is null || filter(obj));
                switch (Decide(owner, obj, matches))
                {
                    case Claim.Keep:
                        claimed.Add(obj);
                        break;
                    case Claim.Release:
                        await ReleaseAsync(client, owner, obj, cancel);
                        break;
                    case Claim.Adopt:
                        if (!isFresh) await CheckFreshAsync(client, owner, cancel);
                        isFresh = true;
                        if (await AdoptAsync(client, owner, obj, cancel) is { } adopted) claimed.Add(adopted);
                        break;
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                first ??= failure;
            }
        }
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return claimed;
    }

    private enum Claim { Ignore, Keep, Release, Adopt }

    private static Claim Decide(IKubernetesObject owner, IKubernetesObject obj, bool matches)
    {
        var leaving = owner.Metadata.DeletionTimestamp is not null;
        if (Owners.ControllerOf(obj) is { } controller)
        {
            if (controller.Uid != owner.Metadata.Uid) return Claim.Ignore;
            return matches ? Claim.Keep : leaving ? Claim.Ignore : Claim.Release;
        }
        if (leaving || !matches || obj.Metadata.DeletionTimestamp is not null) return Claim.Ignore;
        return owner.Metadata.Namespace.Length > 0 && owner.Metadata.Namespace != obj.Metadata.Namespace ? Claim.Ignore : Claim.Adopt;
    }

    private static async ValueTask CheckFreshAsync<TOwner>(Client client, TOwner owner, CancellationToken cancel) where TOwner : class, IKind<TOwner>
    {
        var fresh = await client.TryGetAsync<TOwner>(Key.Of(owner), cancel);
        if (fresh is null || fresh.Metadata.Uid != owner.Metadata.Uid)
            throw new ReconcileException($"original {owner.Kind} {Key.Of(owner)} is gone: got uid {fresh?.Metadata.Uid}, wanted {owner.Metadata.Uid}");
        if (fresh.Metadata.DeletionTimestamp is { } at) throw new ReconcileException($"{Key.Of(owner)} has just been deleted at {at:O}");
    }

    private static async ValueTask<T?> AdoptAsync<T>(Client client, IKubernetesObject owner, T obj, CancellationToken cancel) where T : class, IKind<T>
    {
        var reference = Json(Owners.ControllerReference(owner));
        var patch = T.Info.BuiltIn
            ? Patch.Strategic(Metadata(obj, new JsonArray(reference)))
            : Patch.Merge(Metadata(obj, new JsonArray([.. (obj.Metadata.OwnerReferences ?? []).Where(o => o.Uid != owner.Metadata.Uid).Select(Json), reference]), versioned: true));
        return (await client.TryPatchAsync<T>(Key.Of(obj), patch, null, cancel)).OrNullIfNotFound();
    }

    private static async ValueTask ReleaseAsync<T>(Client client, IKubernetesObject owner, T obj, CancellationToken cancel) where T : class, IKind<T>
    {
        var patch = T.Info.BuiltIn
            ? Patch.Strategic(Metadata(obj, new JsonArray(new JsonObject { ["$patch"] = "delete", ["uid"] = owner.Metadata.Uid })))
            : Patch.Merge(Metadata(obj, new JsonArray([.. obj.Metadata.OwnerReferences!.Where(o => o.Uid != owner.Metadata.Uid).Select(Json)]), versioned: true));
        var released = await client.TryPatchAsync<T>(Key.Of(obj), patch, null, cancel);
        // Invalid: the uid is another's now. Either way it is not the owner's any more.
        if (!released.IsNotFound && !released.IsInvalid) released.OrThrow();
    }

    private static JsonObject Metadata(IKubernetesObject obj, JsonArray owners, bool versioned = false)
    {
        var metadata = new JsonObject { ["ownerReferences"] = owners, ["uid"] = obj.Metadata.Uid };
        if (versioned) metadata["resourceVersion"] = obj.Metadata.ResourceVersion;
        return new() { ["metadata"] = metadata };
    }

    private static JsonObject Json(OwnerReference owner)
    {
        var json = new JsonObject { ["apiVersion"] = owner.ApiVersion, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid };
        if (owner.Controller is { } controller) json["controller"] = controller;
        if (owner.BlockOwnerDeletion is { } block) json["blockOwnerDeletion"] = block;
        return json;
    }
}
