namespace Coracle.Store;

/// <summary>
/// A revisioned log of opaque values with an ordered change feed. One counter, the revision, numbers every change of every key;
/// it only grows, across restarts and crashes too, and no number is ever given to two changes.
/// </summary>
/// <remarks>
/// Guarantees, the same for every implementation:
/// <list type="bullet">
/// <item>Writes are linearizable: a precondition is judged against all writes with a lower revision and none with a higher.</item>
/// <item>A committed write is durable before its caller or any subscriber learns of it (except ephemeral ones, see <see cref="Write"/>).</item>
/// <item>Subscribers see a change before its caller does, so a caller can read its own write from a cache that subscribes.</item>
/// <item>The feed is in revision order, without a missing or a repeated change. Revision numbers may be skipped.</item>
/// </list>
/// All members may be called from any thread.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>The revision of the newest change that subscribers have been or are just being told of; 0 in a new store.</summary>
    long Revision { get; }

    /// <summary>History up to and including this revision has been forgotten; 0 when all of it is there.</summary>
    long CompactedRevision { get; }

    /// <summary>
    /// The whole current state, in ordinal order of keys. Meant for filling a cache at start. To do so while others write: subscribe first,
    /// then load, and skip changes that are not newer than what was loaded of their key.
    /// </summary>
    IReadOnlyList<Stored> Load();

    /// <summary>
    /// The history after revision <paramref name="after"/>, in order. Of ephemeral writes only the newest of a key may be there, or none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is below <see cref="CompactedRevision"/>.</exception>
    IEnumerable<Change> Replay(long after);

    /// <summary>
    /// Calls <paramref name="onCommitted"/> with every batch committed from now on, in revision order, one call at a time, until the
    /// returned object is disposed. The batch is the subscriber's to keep. The call holds up all writers, so it should be short; it must
    /// not wait for a write. If it throws, the store stops: going on would leave the subscriber with a gap.
    /// </summary>
    IDisposable Subscribe(Action<ReadOnlyMemory<Change>> onCommitted);

    /// <summary>Commits one write, or says why not.</summary>
    /// <param name="write">What to write.</param>
    /// <param name="cancellation">Ends the wait for a place in the queue. Once queued, a write is carried out.</param>
    ValueTask<WriteResult> WriteAsync(Write write, CancellationToken cancellation = default);

    /// <summary>
    /// Commits all of the writes or none, in one batch of the feed. They get consecutive revisions in the order given, and the result has the last one.
    /// If one is refused, the result is its refusal and <see cref="WriteResult.Index"/> says which. All are durable, even those marked ephemeral.
    /// </summary>
    /// <exception cref="ArgumentException">No write at all, or two of the same key.</exception>
    ValueTask<WriteResult> WriteAllAsync(ReadOnlyMemory<Write> writes, CancellationToken cancellation = default);

    /// <summary>
    /// The key's value is on disk in a way that is not that of new writes: it was encrypted with a former key, or not at all. To write the same value again changes that.
    /// </summary>
    bool IsStale(string key) => false;

    /// <summary>
    /// Forgets the history up to and including <paramref name="upTo"/>: of every key only the newest value is kept. Completes when the space has been
    /// freed, with <see cref="WriteOutcome.Committed"/> and the compacted revision. Compacting to an already compacted revision does nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="upTo"/> is above <see cref="Revision"/>.</exception>
    ValueTask<WriteResult> CompactAsync(long upTo, CancellationToken cancellation = default);
}
