using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>
/// Owners known not to exist, so that the server is asked once about an owner of a thousand objects. A uid never comes back; but a reference can be wrong in
/// other ways, so all of it counts, and the namespace in which it was looked for.
/// </summary>
internal sealed class AbsentOwners
{
    private const int CountMax = 500;

    private readonly Lock gate = new();
    private readonly HashSet<(string ApiVersion, string Kind, string Namespace, string Name, string Uid)> known = [];

    public bool Contains(OwnerReference owner, string ns)
    {
        lock (gate) return known.Contains(Of(owner, ns));
    }

    public void Add(OwnerReference owner, string ns)
    {
        lock (gate)
        {
            if (known.Count >= CountMax) known.Clear(); // what is forgotten is asked for again
            known.Add(Of(owner, ns));
        }
    }

    private static (string, string, string, string, string) Of(OwnerReference owner, string ns) => (owner.ApiVersion, owner.Kind, ns, owner.Name, owner.Uid);
}
