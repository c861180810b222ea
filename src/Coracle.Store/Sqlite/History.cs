namespace Coracle.Store.Sqlite;

/// <summary>Reads the log beside the writer, on a connection and a snapshot of its own.</summary>
internal static class History
{
    public static IEnumerable<Change> After(string path, long after, Encryption.ValueEncryption? encryption)
    {
        using var connection = new Connection(path, readOnly: true);
        connection.Execute("BEGIN");
        var compacted = connection.Number("SELECT value FROM meta WHERE name = 'compacted'");
        ArgumentOutOfRangeException.ThrowIfLessThan(after, compacted);
        using var rows = connection.Prepare("""
            SELECT new.revision, new.key, new.flags & 1, new.value, new.created, new.previous, old.value
            FROM log new LEFT JOIN log old ON old.revision = new.previous
            WHERE new.revision > ?1 ORDER BY new.revision
            """);
        rows.Bind(1, after);
        while (rows.Step())
        {
            var (key, deleted) = (rows.Text(1), rows.Number(2) != 0);
            yield return new(rows.Number(0), key, deleted, Value(rows.Bytes(3)), rows.Number(4), rows.Number(5), Value(rows.Bytes(6)));

            // Nothing is no value: of a deletion, and before a creation.
            byte[] Value(byte[] stored) => stored.Length == 0 ? stored : encryption?.Open(key, stored, note: false) ?? stored;
        }
    }
}
