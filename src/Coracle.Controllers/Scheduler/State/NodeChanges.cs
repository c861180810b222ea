namespace Coracle.Controllers.Scheduling;

/// <summary>Which nodes changed, in order, as far back as is worth while: who knows how far it has looked need not look at all of them. Owned by the scheduling loop.</summary>
internal sealed class NodeChanges
{
    private const int Kept = 16_384;
    private readonly List<NodeInfo> latest = [];
    private long first;

    /// <summary>How many changes there have been.</summary>
    public long Count => first + latest.Count;

    public void Add(NodeInfo node)
    {
        if (latest.Count >= 2 * Kept)
        {
            latest.RemoveRange(0, Kept);
            first += Kept;
        }
        latest.Add(node);
    }

    /// <summary>The nodes that changed after so many changes, some of them more than once; null when that is too long ago.</summary>
    public IReadOnlyList<NodeInfo>? Since(long count) => count < first ? null : latest.GetRange((int)(count - first), (int)(Count - count));
}
