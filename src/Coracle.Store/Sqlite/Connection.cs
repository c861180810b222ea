using SQLitePCL;

namespace Coracle.Store.Sqlite;

/// <summary>SQLite said no. The code is the extended one: its low byte is the kind of error.</summary>
internal sealed class DatabaseException(int code, string message) : Exception($"{message} (SQLite error {code})")
{
    public int Code => code;

    /// <summary>No space: on disk, or below the limit set for the file.</summary>
    public bool IsFull => (code & 0xff) == raw.SQLITE_FULL;

    /// <summary>The file is not what SQLite expects.</summary>
    public bool IsDamage => (code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}

/// <summary>One connection to a database file. Not thread-safe.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _handle;

    static Connection() => Batteries_V2.Init();

    public Connection(string path, bool readOnly = false)
    {
        var flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE) | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out _handle, flags, null);
        raw.sqlite3_extended_result_codes(_handle, 1);
        Check(code);
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new(this, statement);
    }

    /// <summary>Runs statements that are not worth keeping, and ignores their rows.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The number in the first row, such as a pragma answers with.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        throw new DatabaseException(code, raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose() => _handle.Dispose();
}
