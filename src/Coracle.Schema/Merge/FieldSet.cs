namespace Coracle.Schema;

/// <summary>
/// A set of paths to fields, kept as a tree (structured-merge-diff, fieldpath.Set). A path may be in the set while those below it are not, and the
/// other way round. Operations give new sets that share what did not change; a set that is shared is never changed.
/// </summary>
public sealed partial class FieldSet
{
    private readonly record struct Entry(PathElement Element, bool Member, FieldSet? Children);

    private readonly List<Entry> entries; // sorted; no entry is neither member nor parent

    public FieldSet() => entries = [];

    private FieldSet(int capacity) => entries = new(capacity);

    public static FieldSet Empty { get; } = new();

    public bool IsEmpty
    {
        get
        {
            foreach (var entry in entries)
                if (entry.Member || !(entry.Children?.IsEmpty ?? true))
                    return false;
            return true;
        }
    }

    /// <summary>A set of fields given by their names: "metadata.name".</summary>
    public static FieldSet OfFields(params ReadOnlySpan<string> paths)
    {
        var set = new FieldSet();
        foreach (var path in paths) set.Insert([.. path.Split('.').Select(PathElement.Field)]);
        return set;
    }

    /// <summary>Whether this very path is in the set.</summary>
    public bool Has(params ReadOnlySpan<PathElement> path)
    {
        var set = this;
        for (var i = 0; i < path.Length; i++)
        {
            var at = set.Find(path[i]);
            if (at < 0) return false;
            if (i == path.Length - 1) return set.entries[at].Member;
            if (set.entries[at].Children is not { } children) return false;
            set = children;
        }
        return false;
    }

    /// <summary>Whether every path of another set is in this one.</summary>
    public bool Contains(FieldSet other)
    {
        foreach (var entry in other.entries)
        {
            var at = Find(entry.Element);
            if (entry.Member && (at < 0 || !entries[at].Member)) return false;
            if (entry.Children is { } children && !(at < 0 ? Empty : entries[at].Children ?? Empty).Contains(children)) return false;
        }
        return true;
    }

    /// <summary>Adds a path, but not those above it. The empty path, the whole object, is never in a set.</summary>
    public void Insert(params ReadOnlySpan<PathElement> path)
    {
        if (path.IsEmpty) return;
        var set = this;
        for (var i = 0; i < path.Length - 1; i++) set = set.Descend(path[i]);
        var at = set.Find(path[^1]);
        if (at < 0) set.entries.Insert(~at, new(path[^1], true, null));
        else set.entries[at] = set.entries[at] with { Member = true };
    }

    /// <summary>Adds a path, and what is below it. The set below becomes part of this one.</summary>
    internal void Insert(ReadOnlySpan<PathElement> path, FieldSet? below)
    {
        var set = this;
        for (var i = 0; i < path.Length - 1; i++) set = set.Descend(path[i]);
        set.Add(new(path[^1], true, below));
    }

    /// <summary>Adds a step of this level that is in the set itself, and what is below it.</summary>
    internal void Add(PathElement element, FieldSet? below) => Add(new Entry(element, true, below));

    /// <summary>Leaves nothing below a step.</summary>
    internal void Cut(PathElement element)
    {
        if (Find(element) is >= 0 and var at) entries[at] = entries[at] with { Children = null };
    }

    internal static FieldSet OfSize(int steps) => new(steps);

    /// <summary>The paths below a step, without it.</summary>
    public FieldSet Below(PathElement element)
    {
        var at = Find(element);
        return at < 0 ? Empty : entries[at].Children ?? Empty;
    }

    public FieldSet Union(FieldSet other) => other.entries.Count == 0 ? this : entries.Count == 0 ? other : Zip(other, static (a, b) => new(
        (a ?? b)!.Value.Element,
        (a?.Member ?? false) || (b?.Member ?? false),
        a?.Children is { } x ? b?.Children is { } y ? x.Union(y) : x : b?.Children));

    public FieldSet Intersect(FieldSet other) => other.entries.Count == 0 || entries.Count == 0 ? Empty : Zip(other, static (a, b) => new(
        (a ?? b)!.Value.Element,
        (a?.Member ?? false) && (b?.Member ?? false),
        a?.Children is { } x && b?.Children is { } y ? x.Intersect(y) : null));

    /// <summary>What is in this set and not in the other. A path takes nothing away from those below it.</summary>
    public FieldSet Except(FieldSet other) => other.entries.Count == 0 ? this : Zip(other, static (a, b) => new(
        (a ?? b)!.Value.Element,
        (a?.Member ?? false) && !(b?.Member ?? false),
        a?.Children is { } x ? b?.Children is { } y ? x.Except(y) : x : null));

    /// <summary>What is in this set and neither in the other nor below a path of it.</summary>
    public FieldSet ExceptBelow(FieldSet other) => other.entries.Count == 0 ? this : Zip(other, static (a, b) => new(
        (a ?? b)!.Value.Element,
        (a?.Member ?? false) && !(b?.Member ?? false),
        a?.Children is { } x && !(b?.Member ?? false) ? b?.Children is { } y ? x.ExceptBelow(y) : x : null));

    /// <summary>This set, and of the fields on the way to its paths those that the schema names (not the keys of maps).</summary>
    internal FieldSet WithNamedParents(MergeType? type)
    {
        var result = new FieldSet(entries.Count);
        foreach (var entry in entries)
        {
            var named = entry.Member || entry.Children is not null && entry.Element.Kind == PathElementKind.Field && type?.Declares(entry.Element.Text) == true;
            var below = entry.Children?.WithNamedParents(type?.TypeBelow(entry.Element));
            result.entries.Add(new(entry.Element, named, below));
        }
        return result;
    }

    /// <summary>All paths: those of a level before those below it, each level sorted.</summary>
    public IEnumerable<PathElement[]> Paths() => Paths([]);

    private IEnumerable<PathElement[]> Paths(PathElement[] prefix)
    {
        foreach (var entry in entries)
            if (entry.Member)
                yield return [.. prefix, entry.Element];
        foreach (var entry in entries)
        {
            if (entry.Children is null) continue;
            foreach (var path in entry.Children.Paths([.. prefix, entry.Element])) yield return path;
        }
    }

    /// <summary>The steps of this level: whether each is in the set, and what is below it.</summary>
    internal IEnumerable<(PathElement Element, bool Member, FieldSet? Children)> Steps() => entries.Select(e => (e.Element, e.Member, e.Children));

    public bool SetEquals(FieldSet other)
    {
        var (a, b) = (Meaningful(), other.Meaningful());
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (a[i].Element != b[i].Element || a[i].Member != b[i].Member || !(a[i].Children ?? Empty).SetEquals(b[i].Children ?? Empty))
                return false;
        return true;
    }

    /// <summary>One path a line: .spec.replicas.</summary>
    public override string ToString() => string.Join('\n', Paths().Select(Text));

    /// <summary>A path as conflicts show it: .spec.containers[name="web"].image.</summary>
    public static string Text(IEnumerable<PathElement> path) => string.Concat(path.Select(e => e.ToString()));

    private List<Entry> Meaningful() => entries.FindAll(e => e.Member || !(e.Children?.IsEmpty ?? true));

    private FieldSet Descend(PathElement element)
    {
        var at = Find(element);
        if (at >= 0 && entries[at].Children is { } existing) return existing;
        var children = new FieldSet();
        if (at < 0) entries.Insert(~at, new(element, false, children));
        else entries[at] = entries[at] with { Children = children };
        return children;
    }

    private int Find(PathElement element)
    {
        // Paths mostly come in order.
        if (entries.Count == 0) return ~0;
        var last = element.CompareTo(entries[^1].Element);
        if (last >= 0) return last == 0 ? entries.Count - 1 : ~entries.Count;
        var (low, high) = (0, entries.Count - 2);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = entries[middle].Element.CompareTo(element);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    private FieldSet Zip(FieldSet other, Func<Entry?, Entry?, Entry> join)
    {
        var result = new FieldSet(Math.Max(entries.Count, other.entries.Count));
        var (i, j) = (0, 0);
        while (i < entries.Count || j < other.entries.Count)
        {
            var order = i == entries.Count ? 1 : j == other.entries.Count ? -1 : entries[i].Element.CompareTo(other.entries[j].Element);
            var entry = join(order <= 0 ? entries[i] : null, order >= 0 ? other.entries[j] : null);
            if (order <= 0) i++;
            if (order >= 0) j++;
            var children = entry.Children is { IsEmpty: false } ? entry.Children : null;
            if (entry.Member || children is not null) result.entries.Add(entry with { Children = children });
        }
        return result;
    }
}
