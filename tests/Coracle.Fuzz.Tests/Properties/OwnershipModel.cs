namespace Coracle.Fuzz.Tests.Properties;

/// <summary>
/// Who owns what by the rules as the documentation has them, leaf by leaf. An object is its leaves: "a" a field, "m/x" an entry of a map, "s/1" an item of a set, "l/p/v" a field of the item p of a list with keys,
/// "t" and "u" a list and a map that are owned as one.
/// </summary>
internal sealed class OwnershipModel
{
    public Dictionary<string, string> Live { get; } = [];

    /// <summary>What each manager owns; an apply and an update by the same name are two.</summary>
    public SortedDictionary<string, SortedSet<string>> Owned { get; } = new(StringComparer.Ordinal);

    /// <summary>The leaves that others own with another value: what an apply without force fails for.</summary>
    public IReadOnlyList<(string Manager, string Leaf)> Conflicts(string manager, IReadOnlyDictionary<string, string> applied) =>
    [
        .. from owner in Owned where owner.Key != manager from leaf in owner.Value
           where applied.TryGetValue(leaf, out var value) && Live.TryGetValue(leaf, out var live) && live != value select (owner.Key, leaf),
    ];

    /// <summary>1. What is applied holds. 2. Who had it otherwise has it no more. 3. What the manager applied before and nobody else owns goes.</summary>
    public void Apply(string manager, IReadOnlyDictionary<string, string> applied)
    {
        foreach (var (leaf, value) in applied)
        {
            if (Live.TryGetValue(leaf, out var live) && live != value)
                foreach (var (name, leaves) in Owned)
                    if (name != manager) leaves.Remove(leaf);
            Live[leaf] = value;
        }
        var before = Owned.GetValueOrDefault(manager, []);
        Owned[manager] = new(applied.Keys, StringComparer.Ordinal);
        foreach (var leaf in before)
            if (!Owned.Values.Any(leaves => leaves.Contains(leaf))) Live.Remove(leaf);
        Tidy();
    }

    /// <summary>What changed is the manager's alone; what went is nobody's; all else stays as it was.</summary>
    public void Update(string manager, IReadOnlyDictionary<string, string> updated)
    {
        var removed = Live.Keys.Except(updated.Keys).ToList();
        var changed = updated.Where(leaf => !Live.TryGetValue(leaf.Key, out var live) || live != leaf.Value).Select(leaf => leaf.Key).ToList();
        foreach (var leaves in Owned.Values) leaves.ExceptWith([.. removed, .. changed]);
        if (!Owned.TryGetValue(manager, out var mine)) Owned[manager] = mine = new(StringComparer.Ordinal);
        mine.UnionWith(changed);
        foreach (var leaf in removed) Live.Remove(leaf);
        foreach (var leaf in changed) Live[leaf] = updated[leaf];
        Tidy();
    }

    private void Tidy()
    {
        foreach (var name in Owned.Where(o => o.Value.Count == 0).Select(o => o.Key).ToList()) Owned.Remove(name);
    }
}
