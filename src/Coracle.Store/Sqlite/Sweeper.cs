namespace Coracle.Store.Sqlite;

/// <summary>
/// Compaction, in steps between the batches of writes, so that none of these waits long. First history up to the target is declared forgotten, then rows
/// go, then free pages. After a crash in between, the next start goes on.
/// </summary>
internal sealed class Sweeper
{
    /// <summary>Rows looked at in a step, and pages given back in one.</summary>
    private const int ChunkRows = 500;
    private const int ChunkPages = 64;

    /// <summary>Free pages are kept for new rows, unless there are more than these and than half of the file.</summary>
    private const long SparePages = 1024;

    private readonly Lock _gate = new();
    private readonly LogFile _file;
    private readonly List<(long UpTo, TaskCompletionSource<WriteResult> Done)> _waiting = [];
    private long _target;
    private long _swept;
    private bool _working;
    private string? _stopped;

    public Sweeper(LogFile file)
    {
        _file = file;
        _target = file.Marks.Compacted;
        _swept = file.Marks.Swept;
        _working = _swept < _target;
    }

    public long Compacted => Volatile.Read(ref _target);

    public bool HasWork
    {
        get
        {
            lock (_gate)
                return _working;
        }
    }

    public Task<WriteResult> Compact(long upTo)
    {
        lock (_gate)
        {
            if (_stopped is not null)
                return Task.FromResult(WriteResult.Unavailable(_stopped));
            if (upTo > _target)
            {
                Volatile.Write(ref _target, upTo);
                _working = true;
            }

            if (!_working)
                return Task.FromResult(new WriteResult(WriteOutcome.Committed, _target));
            var done = new TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((upTo, done));
            return done.Task;
        }
    }

    /// <summary>For the writer: does a little. If the disk fails, the waiting callers are told, and the next compaction takes up what is left.</summary>
    public void Step()
    {
        var target = Compacted;
        try
        {
            if (Sweep(target) || Shrink())
                return;
            Finish(target, null);
        }
        catch (DatabaseException e)
        {
            Finish(target, $"The store could not be compacted: {e.Message}");
        }
    }

    public void Stop(string reason)
    {
        lock (_gate)
            _stopped = reason;
        Finish(0, reason);
    }

    /// <summary>If there is no row in between, as when all changes were ephemeral, nothing is written.</summary>
    private bool Sweep(long target)
    {
        if (_file.EndOfChunk(_swept, target, ChunkRows) is not { } end)
            return false;
        _file.Transact(() =>
        {
            _file.Sweep(_swept, end);
            _file.Mark(_file.Marks with { Compacted = target, Swept = end });
        });
        _swept = end;
        return true;
    }

    private bool Shrink()
    {
        var (free, all) = _file.Pages();
        if (free <= SparePages || free <= all / 2)
            return false;
        _file.Vacuum(ChunkPages);
        return _file.Pages().Free < free;
    }

    private void Finish(long target, string? error)
    {
        List<(long UpTo, TaskCompletionSource<WriteResult> Done)> finished;
        lock (_gate)
        {
            finished = _waiting.FindAll(w => error is not null || w.UpTo <= target);
            _waiting.RemoveAll(finished.Contains);
            _working = error is null && _target > target;
        }

        var answer = error is null ? new WriteResult(WriteOutcome.Committed, target) : WriteResult.Unavailable(error);
        foreach (var (_, done) in finished)
            done.SetResult(answer);
    }
}
