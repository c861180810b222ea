namespace Coracle.ApiServer;

/// <summary>
/// An immutable map sorted by ordinal key: a B-tree of which a change copies one path. Reading needs no lock, and an old version stays readable
/// for as long as somebody holds it, which is what makes exact-revision lists and continue tokens free.
/// </summary>
public sealed class SortedMap<T> where T : class
{
    private const int NodeMax = 32;

    private readonly Node? _root;

    private SortedMap(Node? root, int count) => (_root, Count) = (root, count);

    public static SortedMap<T> Empty { get; } = new(null, 0);

    public int Count { get; }

    public T? Get(string key)
    {
        var node = _root;
        while (node is Branch branch) node = branch.Children[branch.ChildFor(key)];
        if (node is not Leaf leaf) return null;
        var i = leaf.Find(key);
        return i >= 0 ? leaf.Values[i] : null;
    }

    public SortedMap<T> Set(string key, T value)
    {
        if (_root is null) return new(new Leaf([key], [value]), 1);
        var (left, right, added) = _root.Set(key, value);
        var root = right is null ? left : new Branch([left, right]);
        return new(root, added ? Count + 1 : Count);
    }

    public SortedMap<T> Remove(string key)
    {
        if (_root is null) return this;
        var (node, removed) = _root.Remove(key);
        if (!removed) return this;
        while (node is Branch { Children.Length: 1 } branch) node = branch.Children[0];
        return new(node, Count - 1);
    }

    /// <summary>The values whose keys are at or after <paramref name="from"/>, in order.</summary>
    public IEnumerable<T> From(string from) => _root is null ? [] : _root.From(from);

    /// <summary>How many keys are before <paramref name="key"/>.</summary>
    public int CountBefore(string key)
    {
        var (node, before) = (_root, 0);
        while (node is Branch branch)
        {
            var child = branch.ChildFor(key);
            for (var i = 0; i < child; i++) before += branch.Children[i].Total;
            node = branch.Children[child];
        }
        if (node is not Leaf leaf) return before;
        var at = leaf.Find(key);
        return before + (at < 0 ? ~at : at);
    }

    private abstract class Node(string first, int total)
    {
        /// <summary>The number of values below.</summary>
        public readonly int Total = total;

        /// <summary>The smallest key below, or one that was.</summary>
        public readonly string First = first;

        public abstract (Node Left, Node? Right, bool Added) Set(string key, T value);
        public abstract (Node? Node, bool Removed) Remove(string key);
        public abstract IEnumerable<T> From(string from);
        public abstract int Size { get; }
    }

    private sealed class Leaf(string[] keys, T[] values) : Node(keys[0], keys.Length)
    {
        public readonly string[] Keys = keys;
        public readonly T[] Values = values;
        public override int Size => Keys.Length;

        public int Find(string key) => Array.BinarySearch(Keys, key, StringComparer.Ordinal);

        public override (Node, Node?, bool) Set(string key, T value)
        {
            var i = Find(key);
            if (i >= 0)
            {
                var values = (T[])Values.Clone();
                values[i] = value;
                return (new Leaf(Keys, values), null, false);
            }
            var grownKeys = Insert(Keys, ~i, key);
            var grownValues = Insert(Values, ~i, value);
            if (grownKeys.Length <= NodeMax) return (new Leaf(grownKeys, grownValues), null, true);
            // Keys that only grow (names with a sequence) would leave half-empty leaves behind if split in the middle.
            var at = ~i == Keys.Length ? Keys.Length : grownKeys.Length / 2;
            return (new Leaf(grownKeys[..at], grownValues[..at]), new Leaf(grownKeys[at..], grownValues[at..]), true);
        }

        public override (Node?, bool) Remove(string key)
        {
            var i = Find(key);
            if (i < 0) return (this, false);
            return Keys.Length == 1 ? (null, true) : (new Leaf(Without(Keys, i), Without(Values, i)), true);
        }

        public override IEnumerable<T> From(string from)
        {
            var i = Find(from);
            for (i = i < 0 ? ~i : i; i < Values.Length; i++) yield return Values[i];
        }
    }

    private sealed class Branch(Node[] children) : Node(children[0].First, Sum(children))
    {
        public readonly Node[] Children = children;
        public override int Size => Children.Length;

        public int ChildFor(string key)
        {
            int low = 1, high = Children.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (string.CompareOrdinal(Children[middle].First, key) <= 0) low = middle + 1;
                else high = middle;
            }
            return low - 1;
        }

        public override (Node, Node?, bool) Set(string key, T value)
        {
            var i = ChildFor(key);
            var (left, right, added) = Children[i].Set(key, value);
            var children = (Node[])Children.Clone();
            children[i] = left;
            if (right is not null) children = Insert(children, i + 1, right);
            if (children.Length <= NodeMax) return (new Branch(children), null, added);
            var at = i + 2 == children.Length ? children.Length - 1 : children.Length / 2;
            return (new Branch(children[..at]), new Branch(children[at..]), added);
        }

        public override (Node?, bool) Remove(string key)
        {
            var i = ChildFor(key);
            var (child, removed) = Children[i].Remove(key);
            if (!removed) return (this, false);
            if (child is null)
                return Children.Length == 1 ? (null, true) : (new Branch(Without(Children, i)), true);
            var children = (Node[])Children.Clone();
            children[i] = child;
            return (new Branch(Joined(children, i)), true);
        }

        // Joins a child that has become small with its neighbour, so that a map that shrinks shrinks in depth as well.
        private static Node[] Joined(Node[] children, int i)
        {
            if (children[i].Size >= NodeMax / 4 || children.Length == 1) return children;
            var left = i == 0 ? 0 : i - 1;
            var (a, b) = (children[left], children[left + 1]);
            if (a.Size + b.Size > NodeMax * 3 / 4) return children;
            Node? joined = (a, b) switch
            {
                (Leaf x, Leaf y) => new Leaf([.. x.Keys, .. y.Keys], [.. x.Values, .. y.Values]),
                (Branch x, Branch y) => new Branch([.. x.Children, .. y.Children]),
                _ => null,
            };
            if (joined is null) return children;
            var fewer = Without(children, left + 1);
            fewer[left] = joined;
            return fewer;
        }

        public override IEnumerable<T> From(string from)
        {
            for (var i = ChildFor(from); i < Children.Length; i++)
                foreach (var value in Children[i].From(from))
                    yield return value;
        }
    }

    private static int Sum(Node[] nodes)
    {
        var sum = 0;
        foreach (var node in nodes) sum += node.Total;
        return sum;
    }

    private static TItem[] Insert<TItem>(TItem[] items, int at, TItem item)
    {
        var result = new TItem[items.Length + 1];
        Array.Copy(items, result, at);
        result[at] = item;
        Array.Copy(items, at, result, at + 1, items.Length - at);
        return result;
    }

    private static TItem[] Without<TItem>(TItem[] items, int at)
    {
        var result = new TItem[items.Length - 1];
        Array.Copy(items, result, at);
        Array.Copy(items, at + 1, result, at, result.Length - at);
        return result;
    }
}
