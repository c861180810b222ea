namespace Coracle.Store.Sqlite;

/// <summary>A copy of the database in one file, and back. Neither file has its name before it is complete and on disk.</summary>
internal static class Backup
{
    public static void Write(string database, string to)
    {
        var unfinished = to + ".part";
        try
        {
            File.Delete(unfinished);
            DataDirectory.MakePrivate(unfinished);
            using (var connection = new Connection(database, readOnly: true))
            using (var copy = connection.Prepare("VACUUM INTO ?1"))
                copy.Bind(1, unfinished).Run();
            Sync(unfinished);
            File.Move(unfinished, to, overwrite: true);
        }
        catch
        {
            DeleteIfThere(unfinished);
            throw;
        }
    }

    public static void Restore(string backup, string database, long skip)
    {
        var unfinished = database + ".part";
        try
        {
            File.Copy(backup, unfinished, overwrite: true);
            DataDirectory.MakePrivate(unfinished);
            using (var file = new LogFile(unfinished, maxBytes: null))
            {
                var newest = file.Restore(new Ledger());
                var last = Math.Max(newest, Math.Max(file.Marks.Ceiling, file.Marks.Compacted)) + skip;
                file.Transact(() => file.Mark(file.Marks with { Ceiling = last, Closed = -1, Compacted = last }));
            }

            Sync(unfinished);
            File.Move(unfinished, database);
        }
        catch
        {
            DeleteIfThere(unfinished);
            throw;
        }
    }

    private static void Sync(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static void DeleteIfThere(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }
}
