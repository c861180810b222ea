using Coracle.Store.Encryption;

namespace Coracle.Store.Sqlite;

/// <summary>The numbers in <c>meta</c>; see <see cref="Schema"/>.</summary>
internal readonly record struct Marks(long Ceiling, long Closed, long Compacted, long Swept);

/// <summary>The writer's connection to the database and all that it does there. Used by one thread at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private const long DeletedFlag = 1;
    private const long RenewedFlag = 2;

    private readonly Connection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _insert;
    private readonly Statement _remove;
    private readonly Statement _mark;

    private readonly ValueEncryption? _encryption;

    /// <param name="encryption">Null: values are on disk as they are, or are not looked into.</param>
    public LogFile(string path, long? maxBytes, ValueEncryption? encryption = null)
    {
        _encryption = encryption;
        _connection = new(path);
        try
        {
            Schema.Prepare(_connection);
            if (encryption is { OverwritesDeleted: true })
                _connection.Execute("PRAGMA secure_delete = ON");
            if (maxBytes is { } limit)
                SetLimit(limit);
            _begin = _connection.Prepare("BEGIN IMMEDIATE");
            _commit = _connection.Prepare("COMMIT");
            _rollback = _connection.Prepare("ROLLBACK");
            _insert = _connection.Prepare("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
            _remove = _connection.Prepare("DELETE FROM log WHERE revision = ?1");
            _mark = _connection.Prepare("UPDATE meta SET value = ?2 WHERE name = ?1");
            Marks = new(ReadMark("ceiling"), ReadMark("closed"), ReadMark("compacted"), ReadMark("swept"));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>As they are on disk.</summary>
    public Marks Marks { get; private set; }

    public void SetLimit(long maxBytes) =>
        _connection.Execute($"PRAGMA max_page_count = {Math.Max(1, maxBytes / _connection.Number("PRAGMA page_size"))}");

    /// <summary>
    /// Fills the ledger with the newest row of every key and returns the newest revision. Reading backwards, the first row of a key is the one that
    /// counts, and the values of all others are never read.
    /// </summary>
    public long Restore(Ledger ledger)
    {
        using var rows = _connection.Prepare("SELECT revision, created, flags, key, value FROM log ORDER BY revision DESC");
        var gone = new HashSet<string>(StringComparer.Ordinal);
        long newest = 0;
        while (rows.Step())
        {
            var (revision, flags, key) = (rows.Number(0), rows.Number(2), rows.Text(3));
            newest = Math.Max(newest, revision);
            if (gone.Contains(key) || ledger[key].Exists)
                continue;
            if ((flags & DeletedFlag) != 0)
                gone.Add(key);
            else
                ledger.Restore(key, new(revision, rows.Number(1), revision, (flags & RenewedFlag) != 0, _encryption?.Open(key, rows.Bytes(4), note: true) ?? rows.Bytes(4)));
        }

        return newest;
    }

    /// <summary>Does all of <paramref name="work"/> or nothing, and returns when the disk has it.</summary>
    /// <exception cref="DatabaseException">It was not done.</exception>
    public void Transact(Action work)
    {
        var marks = Marks;
        try
        {
            RollBack();
            _begin.Run();
            work();
            _commit.Run();
        }
        catch
        {
            Marks = marks;
            RollBack();
            throw;
        }
    }

    /// <summary>Adds the durable ones among the changes. Inside <see cref="Transact"/>.</summary>
    public void Append(List<Staged> changes)
    {
        foreach (var staged in changes)
        {
            if (!staged.Durable)
                continue;
            var change = staged.Change;
            if (staged.Before.Pending)
                AppendPending(change.Key, staged.Before);
            var flags = (change.Deleted ? DeletedFlag : 0) | (staged.After.Renewed ? RenewedFlag : 0);
            Insert(change.Revision, change.CreateRevision, change.PreviousRevision, flags, change.Key, Sealed(change.Key, change.Deleted, change.Value.Span));
        }
    }

    /// <summary>
    /// Adds an ephemeral change that had been kept in memory, with the revision it was given then. Where compaction has gone by, it would never
    /// come back for the row that this one supersedes.
    /// </summary>
    public void AppendPending(string key, in Entry entry)
    {
        Insert(entry.Revision, entry.CreateRevision, entry.StoredRevision, RenewedFlag, key, Sealed(key, deleted: false, entry.Value.Span));
        if (entry.Revision <= Marks.Swept)
            _remove.Bind(1, entry.StoredRevision).Run();
    }

    /// <summary>Changes the numbers in <c>meta</c>. Inside <see cref="Transact"/>.</summary>
    public void Mark(Marks marks)
    {
        WriteMark("ceiling", Marks.Ceiling, marks.Ceiling);
        WriteMark("closed", Marks.Closed, marks.Closed);
        WriteMark("compacted", Marks.Compacted, marks.Compacted);
        WriteMark("swept", Marks.Swept, marks.Swept);
        Marks = marks;
    }

    /// <summary>The last of the next <paramref name="count"/> rows after a revision, up to a revision; null if there are none.</summary>
    public long? EndOfChunk(long after, long upTo, int count)
    {
        using var last = _connection.Prepare("SELECT max(revision) FROM (SELECT revision FROM log WHERE revision > ?1 AND revision <= ?2 ORDER BY revision LIMIT ?3)");
        var end = last.Bind(1, after).Bind(2, upTo).Bind(3, count).NumberOr(0);
        return end == 0 ? null : end;
    }

    /// <summary>Removes what the rows after one revision and up to another supersede, and the deletions among them. Inside <see cref="Transact"/>.</summary>
    public void Sweep(long after, long upTo)
    {
        using var superseded = _connection.Prepare(
            "DELETE FROM log WHERE revision IN (SELECT previous FROM log WHERE revision > ?1 AND revision <= ?2)");
        superseded.Bind(1, after).Bind(2, upTo).Run();
        using var deletions = _connection.Prepare("DELETE FROM log WHERE revision > ?1 AND revision <= ?2 AND flags & 1");
        deletions.Bind(1, after).Bind(2, upTo).Run();
    }

    /// <summary>Pages of the file that hold nothing, and all pages.</summary>
    public (long Free, long All) Pages() => (_connection.Number("PRAGMA freelist_count"), _connection.Number("PRAGMA page_count"));

    /// <summary>Gives up to so many free pages back to the file system. Outside of <see cref="Transact"/>.</summary>
    public void Vacuum(int pages) => _connection.Execute($"PRAGMA incremental_vacuum({pages})");

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_begin, _commit, _rollback, _insert, _remove, _mark])
            statement.Dispose();
        _connection.Dispose();
    }

    private ReadOnlySpan<byte> Sealed(string key, bool deleted, ReadOnlySpan<byte> value)
    {
        if (_encryption is null)
            return value;
        if (!deleted)
            return _encryption.Seal(key, value);
        _encryption.Forget(key);
        return value;
    }

    private void Insert(long revision, long created, long previous, long flags, string key, ReadOnlySpan<byte> value) =>
        _insert.Bind(1, revision).Bind(2, created).Bind(3, previous).Bind(4, flags).Bind(5, key).Bind(6, value).Run();

    /// <summary>Some errors end the transaction by themselves; others, and a rollback that failed, leave it open.</summary>
    private void RollBack()
    {
        if (_connection.InTransaction)
            _rollback.Run();
    }

    private long ReadMark(string name)
    {
        using var statement = _connection.Prepare("SELECT value FROM meta WHERE name = ?1");
        return statement.Bind(1, name).NumberOr(0);
    }

    private void WriteMark(string name, long old, long value)
    {
        if (old != value)
            _mark.Bind(1, name).Bind(2, value).Run();
    }
}
