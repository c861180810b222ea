namespace Coracle.Store.Sqlite;

/// <summary>
/// Turns batches of requests into durable, published changes. All that happens to the database and the ledger happens here, on one thread.
/// </summary>
internal sealed class Writer(LogFile file, Ledger ledger, Feed feed, SqliteStoreOptions options, long revision)
{
    /// <summary>A batch is cut when its values reach this size: it is held in memory and in the write-ahead log.</summary>
    private const long BatchBytes = 16 << 20;

    private readonly Lock _ledgerGate = new();
    private readonly List<Staged> _staged = [];

    /// <summary>The last revision given out, also to changes that then could not be stored: a number is never tried twice.</summary>
    private long _assigned = revision;

    /// <summary>
    /// A commit has failed in a way that leaves unknown whether its rows would be found after a crash. The next commit settles it by writing over them. Until
    /// then nothing may be acknowledged, not even in memory.
    /// </summary>
    private bool _unsettled;

    private long _published = revision;

    public long Published => Volatile.Read(ref _published);

    public Stored[] Load()
    {
        lock (_ledgerGate)
            return ledger.ToArray();
    }

    /// <summary>
    /// Carries out as many of the requests as fit in a batch, and returns how many. 1. Judges and applies them in order. 2. Stores them; one sync for all.
    /// 3. Tells the subscribers. 4. Answers the callers.
    /// </summary>
    public int Run(ReadOnlySpan<Request> requests)
    {
        // 1, 2
        int count;
        Change[] changes;
        lock (_ledgerGate)
        {
            count = Stage(requests, refuseDurable: null);
            requests = requests[..count];
            if (Store() is { } error)
                StageWithoutDisk(requests, error);
            changes = new Change[_staged.Count];
            for (var i = 0; i < changes.Length; i++)
                changes[i] = _staged[i].Change;
            _staged.Clear();
        }

        // 3
        if (changes.Length > 0)
        {
            Volatile.Write(ref _published, changes[^1].Revision);
            feed.Publish(changes);
        }

        // 4
        foreach (var request in requests)
            request.Complete();
        return count;
    }

    /// <summary>Rewrites the keys that may have lost ephemeral writes in a crash, each at a new revision.</summary>
    public void RestampRenewed(Restamp restamp)
    {
        const int chunk = 1000;
        foreach (var keys in ledger.Renewed().Chunk(chunk))
        {
            var writes = keys.Select(k => new Write(k.Key, null, new Restamped(restamp, k.Key, k.Value.Value))).ToArray();
            var request = Request.Atomic(writes);
            Run([request]);
            if (request.Task.GetAwaiter().GetResult() is { Error: { } error })
                throw new StoreOpenException(error);
        }
    }

    /// <summary>Stores what was kept in memory, and that nothing is missing.</summary>
    public void Close() => file.Transact(() =>
    {
        foreach (var (key, entry) in ledger.Pending())
            file.AppendPending(key, entry);
        file.Mark(file.Marks with { Closed = _assigned });
    });

    /// <summary>Stages requests until the batch is full; with an error, only those that need no disk, and the others get the error.</summary>
    private int Stage(ReadOnlySpan<Request> requests, string? refuseDurable)
    {
        long bytes = 0;
        for (var i = 0; i < requests.Length; i++)
        {
            var first = _staged.Count;
            if (!ledger.TryStage(requests[i], _assigned, _staged))
                continue;
            _assigned = _staged[^1].Change.Revision;
            if (refuseDurable is not null && _staged.FindIndex(first, s => s.Durable) >= 0)
            {
                ledger.Undo(_staged, first);
                requests[i].Answer = WriteResult.Unavailable(refuseDurable);
                continue;
            }

            for (var s = first; s < _staged.Count; s++)
                bytes += _staged[s].Change.Value.Length;
            if (bytes >= BatchBytes && refuseDurable is null)
                return i + 1;
        }

        return requests.Length;
    }

    /// <summary>A disk that is full or broken does not stop the heartbeats.</summary>
    private void StageWithoutDisk(ReadOnlySpan<Request> requests, string error)
    {
        ledger.Undo(_staged, 0);
        Stage(requests, refuseDurable: error);
        if (!NeedsDisk(out _))
            return;

        ledger.Undo(_staged, 0);
        foreach (var request in requests)
            request.Answer = WriteResult.Unavailable(error);
    }

    /// <summary>Makes durable what has to be. Returns why that failed, or null.</summary>
    private string? Store()
    {
        if (!NeedsDisk(out var ceiling))
            return null;
        try
        {
            file.Transact(() =>
            {
                file.Append(_staged);
                file.Mark(file.Marks with { Ceiling = ceiling });
            });
            _unsettled = false;
            return null;
        }
        catch (DatabaseException e)
        {
            _unsettled |= !e.IsFull;
            return Explain(e);
        }
    }

    private bool NeedsDisk(out long ceiling)
    {
        ceiling = file.Marks.Ceiling;
        var durable = _unsettled;
        var ephemeral = false;
        foreach (var staged in _staged)
        {
            durable |= staged.Durable;
            ephemeral |= !staged.Durable;
        }

        // Settling an unknown commit takes a write of some kind: raising the ceiling is one.
        if ((ephemeral && _assigned > ceiling) || _unsettled)
            ceiling = Math.Max(ceiling, _assigned) + options.ReservedRevisions;
        return durable || ceiling != file.Marks.Ceiling;
    }

    private string Explain(DatabaseException e) =>
        !e.IsFull ? $"The store could not write to its disk: {e.Message}"
        : options.MaxBytes is { } limit ? $"No space left: the store has reached its limit of {limit} bytes, or its disk is full."
        : "No space left: the store's disk is full.";

    private sealed class Restamped(Restamp restamp, string key, ReadOnlyMemory<byte> value) : IStoredValue
    {
        public ReadOnlyMemory<byte> At(long revision) => restamp(key, value, revision);
    }
}
