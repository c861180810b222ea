using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>
/// The owners of an object, as the server has them now: those that are there (<see cref="Solid"/>), those that are not (<see cref="Dangling"/>), and those that
/// are there but wait for their dependents to go (<see cref="Waiting"/>). <see cref="Unknown"/>: some cannot be judged, so nothing may be done.
/// </summary>
internal sealed class OwnerStates
{
    public List<OwnerReference> Solid { get; } = [];
    public List<OwnerReference> Dangling { get; } = [];
    public List<OwnerReference> Waiting { get; } = [];

    /// <summary>An owner's kind is not one that the server has, for now.</summary>
    public bool Unknown { get; set; }

    /// <summary>The object belongs to no namespace, but an owner would: such a reference means nothing and is left alone.</summary>
    public bool Unreachable { get; set; }

    /// <summary>An owner is there that no cache has seen yet: its end could be missed.</summary>
    public bool Unseen { get; set; }
}

/// <summary>Asks the server about owners (upstream: garbagecollector.go, classifyReferences).</summary>
internal sealed class OwnerLookup(Client client, OwnershipGraph graph)
{
    private readonly AbsentOwners absent = new();
    private volatile Discovery? discovery;

    public void Use(Discovery found) => discovery = found;

    /// <summary>Throws ApiException when an owner cannot be read.</summary>
    public async ValueTask<OwnerStates> ClassifyAsync(IKubernetesObject obj, CancellationToken cancel)
    {
        var states = new OwnerStates();
        foreach (var owner in obj.Metadata.OwnerReferences ?? [])
        {
            if (discovery?.Find(owner.ApiVersion, owner.Kind)?.Resource is not { } resource) states.Unknown = true;
            else if (resource.Namespaced && obj.Metadata.Namespace.Length == 0) states.Unreachable = true;
            else if (await FindAsync(resource, owner, resource.Namespaced ? obj.Metadata.Namespace : "", cancel) is not { } found) states.Dangling.Add(owner);
            else
            {
                (Deletions.IsForeground(found) ? states.Waiting : states.Solid).Add(owner);
                states.Unseen |= graph.Find(owner.Uid) is null;
            }
        }
        return states;
    }

    private async ValueTask<PartialObject?> FindAsync(ApiResource resource, OwnerReference owner, string ns, CancellationToken cancel)
    {
        if (absent.Contains(owner, ns)) return null;
        var found = await client.Metadata(resource).TryGetAsync(new(ns, owner.Name), cancel);
        if (found?.Metadata.Uid == owner.Uid) return found;
        absent.Add(owner, ns);
        return null;
    }
}
