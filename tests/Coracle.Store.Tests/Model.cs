namespace Coracle.Store.Tests;

/// <summary>
/// The sequential specification: a dictionary to which changes are applied one by one. A recording is right if the order of revisions explains all of it.
/// </summary>
internal sealed class Model
{
    private readonly Dictionary<string, (long Revision, long Created, string Value)> _state = [];

    /// <summary>Of every key, the revisions at which it changed, and whether it existed from then on.</summary>
    private readonly Dictionary<string, List<(long Revision, bool Exists)>> _lives = [];

    public static void Check(Recording recording)
    {
        var model = new Model();
        model.CheckFeed(recording);
        model.CheckAnswers(recording);
        CheckBatches(recording);
    }

    public IEnumerable<string> State => _state.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value.Revision} {s.Value.Created} {s.Value.Value}");

    public static IEnumerable<string> StateOf(IStore store) => store.Load().Select(s => $"{s.Key} {s.Revision} {s.CreateRevision} {s.Value.Text()}");

    /// <summary>Applies a change, and checks all that it says of the past.</summary>
    public void Apply(Change change)
    {
        var before = _state.GetValueOrDefault(change.Key, (0, 0, ""));
        Assert.Equal((before.Revision, before.Value), (change.PreviousRevision, change.Previous.Text()));
        Assert.Equal(before.Revision == 0 ? change.Revision : before.Created, change.CreateRevision);
        if (change.Deleted)
            Assert.True(_state.Remove(change.Key), "only what exists is deleted");
        else
            _state[change.Key] = (change.Revision, change.CreateRevision, change.Value.Text());
        if (!_lives.TryGetValue(change.Key, out var life))
            _lives[change.Key] = life = [(0, false)];
        life.Add((change.Revision, !change.Deleted));
    }

    /// <summary>The feed is ordered and unique, has what was committed and nothing else, and every precondition held where it was committed.</summary>
    private void CheckFeed(Recording recording)
    {
        var committed = recording.Operations.Where(o => o.Result.Outcome == WriteOutcome.Committed).ToDictionary(o => o.Result.Revision);
        long last = 0;
        foreach (var change in recording.Feed)
        {
            Assert.True(change.Revision > last, "revisions only grow");
            last = change.Revision;
            Assert.True(committed.Remove(change.Revision, out var operation), "every change was acknowledged");
            Assert.Equal((operation.Write.Key, operation.Write.Value is null), (change.Key, change.Deleted));
            Assert.Equal(change.Deleted ? "" : $"{operation.Text}@{change.Revision}", change.Value.Text());
            if (operation.Write.ExpectedRevision is { } expected)
                Assert.Equal(expected, change.PreviousRevision);
            Assert.True(operation.Before < change.Revision, "it comes after all that was acknowledged before it was asked");
            Assert.True(change.Revision <= operation.After, "and it is there when it is acknowledged");
            Apply(change);
        }

        Assert.Empty(committed);
    }

    /// <summary>A refusal is right if there was a moment between question and answer at which it was true.</summary>
    private void CheckAnswers(Recording recording)
    {
        foreach (var operation in recording.Operations.Where(o => o.Result.Outcome != WriteOutcome.Committed))
        {
            var (write, result) = (operation.Write, operation.Result);
            var life = _lives.GetValueOrDefault(write.Key) ?? [(0, false)];
            var isTrue = result.Outcome switch
            {
                WriteOutcome.NotFound => write.ExpectedRevision is not 0 || write.Value is null,
                WriteOutcome.Exists => write.ExpectedRevision is 0,
                WriteOutcome.Conflict => write.ExpectedRevision is { } expected && expected != 0 && expected != result.Revision,
                _ => false,
            };
            Assert.True(isTrue, $"{operation}");
            Assert.Contains(Enumerable.Range(0, life.Count), i =>
                life[i].Exists == (result.Outcome != WriteOutcome.NotFound)
                && (!life[i].Exists || life[i].Revision == result.Revision)
                && life[i].Revision <= operation.After
                && (i + 1 == life.Count || life[i + 1].Revision > operation.Before));
        }
    }

    /// <summary>Writes that belong together are never seen apart.</summary>
    private static void CheckBatches(Recording recording)
    {
        var batchOf = new Dictionary<long, int>();
        for (int i = 0, batch = 0; i < recording.Feed.Count; i++)
        {
            if (i == recording.BatchEnds[batch])
                batch++;
            batchOf[recording.Feed[i].Revision] = batch;
        }

        foreach (var together in recording.Batches)
            Assert.Single(together.Select(o => batchOf[o.Result.Revision]).Distinct());
    }
}
