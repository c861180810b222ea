namespace Coracle.Store;

/// <summary>The last change of a live key, as the writer knows it. The default value stands for a key that does not exist.</summary>
/// <param name="Revision">The revision of its last change.</param>
/// <param name="CreateRevision">The revision that created it.</param>
/// <param name="StoredRevision">The newest of its changes that is on disk; below <paramref name="Revision"/> if that one was ephemeral.</param>
/// <param name="Renewed">The key has had an ephemeral write, and the disk knows: from now on such writes may stay in memory.</param>
/// <param name="Value">The value. Shared with the subscribers, so keeping it here costs a reference.</param>
internal readonly record struct Entry(long Revision, long CreateRevision, long StoredRevision, bool Renewed, ReadOnlyMemory<byte> Value)
{
    public bool Exists => Revision != 0;

    /// <summary>The newest change is ephemeral and on no disk.</summary>
    public bool Pending => Revision != StoredRevision;
}

/// <summary>A change that has been applied to the ledger, and how to take it back.</summary>
internal readonly record struct Staged(Change Change, Entry Before, Entry After, bool Durable);

/// <summary>
/// The current state, against which preconditions are judged: every live key with its last change. It is not thread-safe; its owner is the one writer.
/// </summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public void Restore(string key, Entry entry) => _entries.Add(key, entry);

    public Entry this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>
    /// 1. Judges all of a request's writes, then 2. applies them, at the revisions after <paramref name="revision"/>.
    /// False if it was refused or a value threw: then nothing has been applied. Either way, the request has its answer.
    /// </summary>
    public bool TryStage(Request request, long revision, List<Staged> staged)
    {
        for (var i = 0; i < request.Writes.Length; i++)
        {
            if (Refusal(request.Writes[i]) is not { } refusal)
                continue;
            request.Answer = refusal with { Index = i };
            return false;
        }

        var first = staged.Count;
        try
        {
            foreach (var write in request.Writes)
                staged.Add(Stage(write, ++revision, request.MayBeEphemeral));
        }
        catch (Exception e)
        {
            Undo(staged, first);
            request.Failure = e;
            return false;
        }

        request.Answer = new(WriteOutcome.Committed, revision);
        return true;
    }

    /// <summary>Takes back what has been staged, from the given index on, the last first.</summary>
    public void Undo(List<Staged> staged, int from)
    {
        for (var i = staged.Count - 1; i >= from; i--)
            Set(staged[i].Change.Key, staged[i].Before);
        staged.RemoveRange(from, staged.Count - from);
    }

    /// <summary>The keys that have ephemeral writes.</summary>
    public IReadOnlyList<KeyValuePair<string, Entry>> Renewed() => _entries.Where(e => e.Value.Renewed).ToList();

    /// <summary>The keys whose newest change is on no disk.</summary>
    public IReadOnlyList<KeyValuePair<string, Entry>> Pending() => _entries.Where(e => e.Value.Pending).ToList();

    public Stored[] ToArray()
    {
        var all = new Stored[_entries.Count];
        var i = 0;
        foreach (var (key, e) in _entries)
            all[i++] = new(key, e.Revision, e.CreateRevision, e.Value);
        Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return all;
    }

    /// <summary>Why the write cannot be done now, or null if it can.</summary>
    private WriteResult? Refusal(in Write write)
    {
        var current = this[write.Key].Revision;
        if (write.ExpectedRevision is 0)
        {
            if (current != 0)
                return new(WriteOutcome.Exists, current);
            return write.Value is null ? new(WriteOutcome.NotFound, 0) : null;
        }

        if (current == 0 && (write.ExpectedRevision is not null || write.Value is null))
            return new(WriteOutcome.NotFound, 0);
        if (write.ExpectedRevision is { } expected && expected != current)
            return new(WriteOutcome.Conflict, current);
        return null;
    }

    /// <summary>Applies a write whose preconditions hold. The value is asked first: if it throws, nothing has been applied.</summary>
    private Staged Stage(in Write write, long revision, bool mayBeEphemeral)
    {
        var before = this[write.Key];
        var value = write.Value?.At(revision) ?? default;
        var ephemeral = write.Ephemeral && before.Exists && write.Value is not null;
        var durable = !(ephemeral && before.Renewed && mayBeEphemeral);
        var created = before.Exists ? before.CreateRevision : revision;

        var after = write.Value is null
            ? default
            : new Entry(revision, created, durable ? revision : before.StoredRevision, before.Renewed || ephemeral, value);
        Set(write.Key, after);

        var change = new Change(revision, write.Key, write.Value is null, value, created, before.Revision, before.Value) { Source = write.Value };
        return new(change, before, after, durable);
    }

    private void Set(string key, in Entry entry)
    {
        if (entry.Exists)
            _entries[key] = entry;
        else
            _entries.Remove(key);
    }
}
