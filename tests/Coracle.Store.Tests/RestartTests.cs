namespace Coracle.Store.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task State_history_and_revision_survive_a_restart()
    {
        using var folder = new TempFolder();
        List<string> history, state;
        await using (var store = folder.Open())
        {
            var recording = new Recording(store);
            await recording.Run(callers: 4, writes: 100, keys: 5, seed: 1);
            await store.CompactAsync(store.Revision / 2);
            history = store.Replay(store.CompactedRevision).Select(c => c.Describe()).ToList();
            state = Model.StateOf(store).ToList();
            Assert.NotEmpty(history);
        }

        await using (var store = folder.Open())
        {
            Assert.Equal(state, Model.StateOf(store));
            // The ephemeral writes that were kept in memory have been added when the store was closed.
            Assert.Subset(store.Replay(store.CompactedRevision).Select(c => c.Revision).ToHashSet(), history.Select(h => long.Parse(h.Split(' ')[0])).ToHashSet());
        }
    }

    [Fact]
    public async Task After_an_orderly_restart_the_next_revision_is_the_next_number()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 3; round++)
        {
            await using var store = folder.Open();
            Assert.Equal(round * 3, store.Revision);
            await store.Put("a", "x");
            await store.Put("b", "x", ephemeral: true);
            await store.Put("b", "y", ephemeral: true);
        }
    }

    [Fact]
    public async Task A_watcher_that_resumes_after_a_restart_gets_exactly_what_it_missed()
    {
        using var folder = new TempFolder();
        var feed = new List<string>();
        await using (var store = folder.Open())
        {
            store.Subscribe(batch => feed.AddRange(batch.ToArray().Select(c => c.Describe())));
            for (var i = 0; i < 50; i++)
                await (i % 5 == 4 ? store.Delete($"k{i % 3}") : store.Put($"k{i % 3}", $"{i}"));
            await store.CompactAsync(10);
        }

        await using (var store = folder.Open())
        {
            Assert.Equal(10, store.CompactedRevision);
            for (var after = 10; after <= store.Revision; after++)
                Assert.Equal(feed.Where(c => long.Parse(c.Split(' ')[0]) > after), store.Replay(after).Select(c => c.Describe()));
            Assert.Throws<ArgumentOutOfRangeException>(() => store.Replay(9));
        }
    }

    /// <summary>Long random lives, each checked against the model after every restart.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_life_of_writes_compactions_and_restarts_follows_the_model(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var model = new Model();
        var store = folder.Open(o => o with { ReservedRevisions = 7 });
        store.Subscribe(batch => batch.ToArray().ToList().ForEach(model.Apply));
        for (var step = 0; step < 600; step++)
        {
            switch (random.Next(40))
            {
                case 0:
                    await store.DisposeAsync();
                    store = folder.Open(o => o with { ReservedRevisions = 7 });
                    store.Subscribe(batch => batch.ToArray().ToList().ForEach(model.Apply));
                    break;
                case 1:
                    (await store.CompactAsync(random.NextInt64(store.CompactedRevision, store.Revision + 1))).Committed();
                    break;
                case < 8:
                    await store.Delete($"k{random.Next(8)}");
                    break;
                default:
                    (await store.Put($"k{random.Next(8)}", $"{step}", ephemeral: random.Next(2) == 0)).Committed();
                    break;
            }

            Assert.Equal(model.State, Model.StateOf(store));
            if (step % 5 == 0)
                CheckReplay(store);
        }

        await store.DisposeAsync();
    }

    /// <summary>What is left of the history is consistent with itself: every change names the one of its key before it.</summary>
    private static void CheckReplay(SqliteStore store)
    {
        var newest = new Dictionary<string, string>();
        foreach (var change in store.Replay(store.CompactedRevision))
        {
            if (newest.TryGetValue(change.Key, out var before))
                Assert.Equal(before, $"{change.PreviousRevision} {change.Previous.Text()}");
            else if (!change.Created)
                Assert.EndsWith($"@{change.PreviousRevision}", change.Previous.Text());
            newest[change.Key] = change.Deleted ? "0 " : $"{change.Revision} {change.Value.Text()}";
        }
    }
}
