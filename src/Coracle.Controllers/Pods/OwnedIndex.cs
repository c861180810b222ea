using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Pods;

/// <summary>Finds what an owner may claim without looking at every object of its namespace: what names it as an owner, and what nobody manages.</summary>
public sealed class OwnedIndex<T>(Informer<T> informer) where T : class, IKind<T>
{
    private readonly ObjectIndex<T> orphans = informer.Index("orphans", static obj => Owners.ControllerOf(obj) is null ? [obj.Metadata.Namespace] : []);

    /// <summary>Managed by the owner, or by nobody.</summary>
    public IEnumerable<T> Candidates(IKubernetesObject owner) =>
        informer.OwnedBy(owner.Metadata.Uid).Where(obj => Owners.IsControlledBy(obj, owner)).Concat(orphans.Get(owner.Metadata.Namespace));
}
