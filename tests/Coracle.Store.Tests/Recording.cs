using System.Collections.Concurrent;

namespace Coracle.Store.Tests;

/// <summary>
/// A write as its caller saw it: what it asked, what it was told, and which revisions the store was known to be at before it was asked and after it was answered.
/// </summary>
internal sealed record Operation(Write Write, WriteResult Result, long Before, long After, string? Text);

/// <summary>What happened to a store under concurrent callers, as these and a subscriber saw it.</summary>
internal sealed class Recording
{
    private readonly IStore _store;
    private readonly List<Change> _feed = [];
    private long _acknowledged;

    public Recording(IStore store)
    {
        _store = store;
        store.Subscribe(OnCommitted);
    }

    public ConcurrentBag<Operation> Operations { get; } = [];

    public List<Operation[]> Batches { get; } = [];

    public IReadOnlyList<Change> Feed => _feed;

    public List<int> BatchEnds { get; } = [];

    /// <summary>Random writes of few keys, so that they meet; each caller remembers what it last knew of a key, so that many preconditions hold and many do not.</summary>
    public Task Run(int callers, int writes, int keys, int seed) => Task.WhenAll(
        Enumerable.Range(0, callers).Select(c => Task.Run(() => Call(new Random((seed * 1000) + c), $"c{c}", writes, keys))));

    private async Task Call(Random random, string name, int writes, int keys)
    {
        var known = new long[keys];
        for (var i = 0; i < writes; i++)
        {
            if (random.Next(10) == 0)
            {
                await WriteTogether(random, $"{name}.{i}", known);
                continue;
            }

            var key = random.Next(keys);
            var (write, text) = Propose(random, key, $"{name}.{i}", known);
            var result = await Record(write, text);
            known[key] = write.Value is null && result.Outcome == WriteOutcome.Committed ? 0 : result.Revision;
        }
    }

    private static (Write Write, string? Text) Propose(Random random, int key, string text, long[] known)
    {
        long? expected = random.Next(5) == 0 ? null : known[key];
        var delete = random.Next(6) == 0;
        return (new($"k{key}", expected, delete ? null : new Stamped(text), Ephemeral: random.Next(4) == 0), delete ? null : text);
    }

    private async Task<WriteResult> Record(Write write, string? text)
    {
        var before = Volatile.Read(ref _acknowledged);
        var result = await _store.WriteAsync(write);
        var after = _store.Revision;
        Acknowledge(result);
        Operations.Add(new(write, result, before, after, text));
        return result;
    }

    private async Task WriteTogether(Random random, string text, long[] known)
    {
        var chosen = Enumerable.Range(0, known.Length).OrderBy(_ => random.Next()).Take(2).Select(k => Propose(random, k, $"{text}/{k}", known)).ToArray();
        var before = Volatile.Read(ref _acknowledged);
        var result = await _store.WriteAllAsync(chosen.Select(c => c.Write).ToArray());
        var after = _store.Revision;
        Acknowledge(result);
        if (result.Outcome != WriteOutcome.Committed)
        {
            Operations.Add(new(chosen[result.Index].Write, result, before, after, null));
            return;
        }

        var first = result.Revision - chosen.Length + 1;
        var operations = chosen.Select((c, i) => new Operation(c.Write, result with { Revision = first + i }, before, after, c.Text)).ToArray();
        foreach (var operation in operations)
            Operations.Add(operation);
        lock (Batches)
            Batches.Add(operations);
    }

    /// <summary>From here on, every write that starts must be ordered after this one.</summary>
    private void Acknowledge(WriteResult result)
    {
        if (result.Outcome != WriteOutcome.Committed)
            return;
        long seen;
        while ((seen = Volatile.Read(ref _acknowledged)) < result.Revision)
            Interlocked.CompareExchange(ref _acknowledged, result.Revision, seen);
    }

    private void OnCommitted(ReadOnlyMemory<Change> batch)
    {
        _feed.AddRange(batch.ToArray());
        BatchEnds.Add(_feed.Count);
    }
}
