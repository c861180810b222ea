namespace Coracle.Store.Tests;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_taken_while_writing_is_the_state_at_one_revision()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var backup = Path.Combine(folder.Path, "backup");
        var feed = new List<Change>();
        await using (var store = folder.Open())
        {
            store.Subscribe(batch => feed.AddRange(batch.ToArray()));
            for (var i = 0; i < 100; i++)
                await store.Put($"k{i % 20}", $"{i}");
            var during = Task.WhenAll(Enumerable.Range(0, 2000).Select(i => store.Put($"k{i % 20}", $"during{i}")));
            await store.BackupAsync(backup);
            await during;
        }

        SqliteStore.Restore(backup, other.Path);
        await using var restored = other.Open();
        var at = restored.Load().Max(s => s.Revision);
        var model = new Model();
        foreach (var change in feed.TakeWhile(c => c.Revision <= at))
            model.Apply(change);
        Assert.True(at >= 100);
        Assert.Equal(model.State, Model.StateOf(restored));
    }

    [Fact]
    public async Task A_restored_store_goes_on_above_all_that_was_given_out_after_the_backup()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var backup = Path.Combine(folder.Path, "backup");
        await using var store = folder.Open();
        await store.Put("a", "x");
        await store.BackupAsync(backup);
        for (var i = 0; i < 100; i++)
            await store.Put("a", "lost");

        SqliteStore.Restore(backup, other.Path, skip: 5000);
        await using var restored = other.Open();
        Assert.True(restored.Revision > store.Revision);
        Assert.Throws<ArgumentOutOfRangeException>(() => restored.Replay(store.Revision));
        Assert.Equal("x@1", restored.Find("a")!.Value.Value.Text());
        Assert.True((await restored.Put("a", "y", expected: 1)).Committed() > 5000);
        Assert.Single(restored.Replay(restored.CompactedRevision));
    }

    [Fact]
    public async Task A_backup_replaces_the_one_before()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var backup = Path.Combine(folder.Path, "backup");
        await using var store = folder.Open();
        await store.BackupAsync(backup);
        await store.Put("a", "x");
        await store.BackupAsync(backup);
        SqliteStore.Restore(backup, other.Path);
        await using var restored = other.Open();
        Assert.Single(restored.Load());
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_is_an_error_and_harms_nothing()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await Assert.ThrowsAnyAsync<IOException>(() => store.BackupAsync(Path.Combine(folder.Path, "missing", "backup")));
        (await store.Put("a", "x")).Committed();
    }

    [Fact]
    public async Task Restoring_does_not_overwrite_a_store()
    {
        using var folder = new TempFolder();
        var backup = Path.Combine(folder.Path, "backup");
        await using (var store = folder.Open())
        {
            await store.BackupAsync(backup);
            await store.Put("a", "x");
            Assert.Contains("in use", Assert.Throws<StoreOpenException>(() => SqliteStore.Restore(backup, folder.Path)).Message);
        }

        Assert.Contains("already has a store", Assert.Throws<StoreOpenException>(() => SqliteStore.Restore(backup, folder.Path)).Message);
        await using var next = folder.Open();
        Assert.Single(next.Load());
    }

    [Fact]
    public void Restoring_what_is_no_backup_is_an_error_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var backup = Path.Combine(folder.Path, "backup");
        File.WriteAllText(backup, "this is no database, and was never meant to be one, however long one reads on in it");
        Assert.Throws<StoreOpenException>(() => SqliteStore.Restore(backup, other.Path));
        Assert.Throws<StoreOpenException>(() => SqliteStore.Restore(Path.Combine(folder.Path, "missing"), other.Path));
        Assert.False(File.Exists(other.Database));
    }
}
