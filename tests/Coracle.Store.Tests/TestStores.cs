using System.Text;

namespace Coracle.Store.Tests;

/// <summary>An empty folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coracle-store-").FullName;

    public string Database => System.IO.Path.Combine(Path, "store.db");

    public SqliteStore Open(Func<SqliteStoreOptions, SqliteStoreOptions>? with = null)
    {
        var options = new SqliteStoreOptions { Directory = Path };
        return SqliteStore.Open(with?.Invoke(options) ?? options);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A value that says its revision, as an object with a resourceVersion does: <c>text@revision</c>.</summary>
internal sealed class Stamped(string text) : IStoredValue
{
    public ReadOnlyMemory<byte> At(long revision) => Encoding.UTF8.GetBytes($"{text}@{revision}");

    public static ReadOnlyMemory<byte> Again(string key, ReadOnlyMemory<byte> value, long revision) =>
        new Stamped(value.Text().Split('@')[0]).At(revision);
}

internal static class Words
{
    public static string Text(this ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    public static async Task<WriteResult> Put(this IStore store, string key, string text, long? expected = null, bool ephemeral = false) =>
        await store.WriteAsync(new(key, expected, new Stamped(text), ephemeral));

    public static async Task<WriteResult> Delete(this IStore store, string key, long? expected = null) =>
        await store.WriteAsync(new(key, expected, null));

    public static Stored? Find(this IStore store, string key) =>
        store.Load().Where(s => s.Key == key).Select(s => (Stored?)s).SingleOrDefault();

    public static long Committed(this WriteResult result)
    {
        Assert.Equal(WriteOutcome.Committed, result.Outcome);
        return result.Revision;
    }

    /// <summary>All that a change says, for comparison: memory compares by reference.</summary>
    public static string Describe(this Change c) =>
        $"{c.Revision} {c.Key} {(c.Deleted ? "deleted" : c.Created ? "created" : "updated")} [{c.Value.Text()}] of {c.CreateRevision} after {c.PreviousRevision} [{c.Previous.Text()}]";
}
