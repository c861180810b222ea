namespace Coracle.Store.Sqlite;

/// <summary>
/// What the database looks like. One table, <c>log</c>, is both the history and the state: a row a change, appended in revision order; the state is the
/// newest row of every key, found at start by reading backwards. There is no index to keep up: a row names the row it supersedes, which is all that compaction
/// asks for. <c>meta</c> holds a few numbers.
/// </summary>
internal static class Schema
{
    /// <summary>"Cora", in the file's header.</summary>
    private const long ApplicationId = 0x436F7261;

    private const long Version = 1;

    private const string Create = """
        BEGIN IMMEDIATE;
        CREATE TABLE log (
          revision INTEGER PRIMARY KEY,
          created  INTEGER NOT NULL,  -- the revision that created the key
          previous INTEGER NOT NULL,  -- the row that this one supersedes; 0 if none
          flags    INTEGER NOT NULL,  -- 1: deleted, 2: the key has ephemeral writes
          key      TEXT NOT NULL,
          value    BLOB NOT NULL);
        CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES
          ('ceiling', 0),    -- no revision above this has been given to an ephemeral write
          ('closed', 0),     -- the last revision if the store was closed in order, else -1
          ('compacted', 0),  -- history up to here is forgotten
          ('swept', 0);      -- and its rows are gone up to here
        PRAGMA application_id = 1131377249;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    public static void Prepare(Connection connection)
    {
        // A new file takes the page size and the vacuum mode from these; an old one keeps what it has.
        connection.Execute("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;");
        var version = connection.Number("PRAGMA user_version");
        var application = connection.Number("PRAGMA application_id");
        var isNew = version == 0 && application == 0 && connection.Number("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
            throw new StoreOpenException("it is not a database of this program.");
        if (version > Version)
            throw new StoreOpenException($"it was written by a newer version of this program (format {version}; this one knows up to {Version}).");

        connection.Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 1000;
            PRAGMA journal_size_limit = 33554432;
            PRAGMA temp_store = MEMORY;
            """);
        if (isNew)
            connection.Execute(Create);
    }
}
