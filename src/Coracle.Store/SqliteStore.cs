using System.Runtime.InteropServices;
using Coracle.Store.Sqlite;

namespace Coracle.Store;

/// <summary>
/// A store in one SQLite file. One thread writes: it takes all that is waiting, stores it in one transaction with one sync of the disk, and only then
/// tells subscribers and callers. A committed write survives a power cut; an ephemeral one survives an orderly <see cref="DisposeAsync"/>.
/// Revisions go on after a crash above all that were ever given out. A full or failing disk makes writes <see cref="WriteOutcome.Unavailable"/> for as
/// long as it lasts; ephemeral writes go on.
/// </summary>
public sealed class SqliteStore : IStore
{
    private const int BatchLimit = 1024;
    private const string ClosedReason = "The store has been closed.";

    private readonly DataDirectory _directory;
    private readonly LogFile _file;
    private readonly Encryption.ValueEncryption? _encryption;
    private readonly Feed _feed = new();
    private readonly Intake _intake;
    private readonly Writer _writer;
    private readonly Sweeper _sweeper;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqliteStore(SqliteStoreOptions options, DataDirectory directory, LogFile file)
    {
        _directory = directory;
        _file = file;
        _encryption = options.Encryption;
        _intake = new(options.QueueLimit);
        _sweeper = new(file);
        _writer = Start(options);
        _thread = new(Run) { IsBackground = true, Name = "coracle-store" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public long Revision => _writer.Published;

    /// <inheritdoc/>
    public long CompactedRevision => _sweeper.Compacted;

    /// <summary>Opens the store, or makes a new one. Reads all of the current state.</summary>
    /// <exception cref="StoreOpenException">The folder is in use or cannot be used; or the database is damaged, foreign, or too new.</exception>
    public static SqliteStore Open(SqliteStoreOptions options)
    {
        var directory = DataDirectory.Open(options.Directory);
        LogFile? file = null;
        try
        {
            DataDirectory.MakePrivate(directory.DatabasePath);
            file = new(directory.DatabasePath, options.MaxBytes, options.Encryption);
            return new(options, directory, file);
        }
        catch (Exception e) when (e is DatabaseException or StoreOpenException or IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            directory.Dispose();
            var damaged = e is DatabaseException { IsDamage: true } ? "it is damaged; restore it from a backup. " : "";
            throw new StoreOpenException($"The store {directory.DatabasePath} cannot be opened: {damaged}{e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Stored> Load() => _writer.Load();

    /// <inheritdoc/>
    public IEnumerable<Change> Replay(long after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, CompactedRevision);
        return History.After(_directory.DatabasePath, after, _encryption);
    }

    /// <inheritdoc/>
    public bool IsStale(string key) => _encryption?.IsStale(key) ?? false;

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<ReadOnlyMemory<Change>> onCommitted) => _feed.Subscribe(onCommitted);

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAsync(Write write, CancellationToken cancellation = default) =>
        _intake.Add(Request.Single(write), cancellation);

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAllAsync(ReadOnlyMemory<Write> writes, CancellationToken cancellation = default) =>
        _intake.Add(Request.Atomic(writes), cancellation);

    /// <inheritdoc/>
    public ValueTask<WriteResult> CompactAsync(long upTo, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upTo, Revision);
        var done = _sweeper.Compact(upTo);
        _intake.Wake();
        return new(done.WaitAsync(cancellation));
    }

    /// <summary>
    /// Writes a consistent copy of the store, as of now and without free space, to a file that only its owner may read. Writers go on meanwhile.
    /// Ephemeral writes are not in it. To go back to it, see <see cref="Restore"/>.
    /// </summary>
    /// <exception cref="IOException">The copy could not be written; a file that was there is untouched.</exception>
    public Task BackupAsync(string file) => Task.Run(() =>
    {
        try
        {
            Backup.Write(_directory.DatabasePath, file);
        }
        catch (DatabaseException e)
        {
            throw new IOException($"The backup {file} could not be written: {e.Message}", e);
        }
    });

    /// <summary>Carries out what has been asked for, stores the ephemeral writes, and closes. Later writes are <see cref="WriteOutcome.Unavailable"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _intake.Close(ClosedReason);
        await _ended.Task;
    }

    /// <summary>
    /// Makes a new data directory from a backup. Revisions go on above <paramref name="skip"/> more than the backup can know of, so that none is given out twice
    /// although the cluster went on after the backup; and all history is forgotten, so that whoever watched the lost future is told to start over.
    /// </summary>
    /// <exception cref="StoreOpenException">The backup cannot be read, or there is a store in the directory already.</exception>
    public static void Restore(string backup, string directory, long skip = 1_000_000_000)
    {
        using var target = DataDirectory.Open(directory);
        if (File.Exists(target.DatabasePath))
            throw new StoreOpenException($"The directory {directory} already has a store.");
        try
        {
            Backup.Restore(backup, target.DatabasePath, skip);
        }
        catch (Exception e) when (e is DatabaseException or StoreOpenException or IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"The backup {backup} cannot be restored: {e.Message}", e);
        }
    }

    /// <summary>
    /// 1. Reads the state. 2. Decides where revisions go on: where they ended or, after a crash, above all that can have been given out. 3. Notes that from now
    /// on a crash may lose something. 4. After a crash, rewrites what may have lost something.
    /// </summary>
    private Writer Start(SqliteStoreOptions options)
    {
        // 1, 2
        var ledger = new Ledger();
        var newest = _file.Restore(ledger);
        var marks = _file.Marks;
        var crashed = marks.Closed < 0;
        var last = Math.Max(Math.Max(newest, marks.Compacted), crashed ? marks.Ceiling : marks.Closed);

        // 3
        if (!crashed)
            _file.Transact(() => _file.Mark(marks with { Closed = -1 }));

        // 4
        var writer = new Writer(_file, ledger, _feed, options, last);
        if (crashed && options.Restamp is { } restamp)
            writer.RestampRenewed(restamp);
        return writer;
    }

    private void Run()
    {
        var batch = new List<Request>(BatchLimit);
        var done = 0;
        try
        {
            while (_intake.Take(batch, BatchLimit, wait: !_sweeper.HasWork))
            {
                for (done = 0; done < batch.Count;)
                    done += _writer.Run(CollectionsMarshal.AsSpan(batch)[done..]);
                batch.Clear();
                if (_sweeper.HasWork)
                    _sweeper.Step();
            }

            _sweeper.Stop(ClosedReason);
            End(orderly: true);
        }
        catch (Exception e)
        {
            Fail(batch[done..], e);
            End(orderly: false);
        }
    }

    /// <summary>What the writer should never throw. Whether the batch at hand was stored is not known, so its callers are told of the exception.</summary>
    private void Fail(List<Request> batch, Exception e)
    {
        var reason = $"The store has stopped: {e.Message}";
        _intake.Close(reason);
        _sweeper.Stop(reason);
        foreach (var request in batch)
        {
            request.Failure = new InvalidOperationException(reason, e);
            request.Complete();
        }

        var left = new List<Request>();
        while (_intake.Take(left, BatchLimit, wait: true))
        {
            foreach (var request in left)
            {
                request.Answer = WriteResult.Unavailable(reason);
                request.Complete();
            }

            left.Clear();
        }
    }

    /// <summary>If the ephemeral writes cannot be stored, the next start is as after a crash, and says so by itself.</summary>
    private void End(bool orderly)
    {
        try
        {
            if (orderly)
                _writer.Close();
        }
        catch (DatabaseException)
        {
        }

        _file.Dispose();
        _directory.Dispose();
        _ended.TrySetResult();
    }
}
