namespace Coracle.Sdk;

/// <summary>A map that holds so many entries and forgets the one not used for longest.</summary>
internal sealed class LeastRecent<TKey, TValue>(int limit) where TKey : notnull where TValue : class
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> byUse = [];

    public int Count => nodes.Count;

    public TValue? Get(TKey key)
    {
        if (!nodes.TryGetValue(key, out var node)) return null;
        byUse.Remove(node);
        byUse.AddFirst(node);
        return node.Value.Value;
    }

    public void Set(TKey key, TValue value)
    {
        if (nodes.Remove(key, out var old)) byUse.Remove(old);
        nodes[key] = byUse.AddFirst((key, value));
        if (nodes.Count <= limit) return;
        nodes.Remove(byUse.Last!.Value.Key);
        byUse.RemoveLast();
    }
}
