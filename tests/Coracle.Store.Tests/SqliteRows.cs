using Coracle.Store.Sqlite;

namespace Coracle.Store.Tests;

/// <summary>Looks at, and into, the files behind the store's back.</summary>
internal static class SqliteRows
{
    public static long Count(TempFolder folder) => Number(folder, "SELECT count(*) FROM log");

    public static long Number(TempFolder folder, string sql)
    {
        using var connection = new Connection(folder.Database, readOnly: true);
        return connection.Number(sql);
    }

    /// <summary>Changes the database of a closed store, or makes one.</summary>
    public static void Make(TempFolder folder, string sql)
    {
        DataDirectory.MakePrivate(folder.Database);
        using var connection = new Connection(folder.Database);
        connection.Execute(sql);
    }

    /// <summary>Makes the other folder what this one would be if the machine stopped now. The store must be idle.</summary>
    public static void CrashInto(TempFolder folder, TempFolder crashed)
    {
        foreach (var old in Directory.GetFiles(crashed.Path))
            File.Delete(old);
        foreach (var name in new[] { "store.db", "store.db-wal" })
            File.Copy(Path.Combine(folder.Path, name), Path.Combine(crashed.Path, name));
    }
}
