using System.Text;
using SQLitePCL;

namespace Coracle.Store.Sqlite;

/// <summary>A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int parameter, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        Span<byte> utf8 = stackalloc byte[512];
        connection.Check(Encoding.UTF8.TryGetBytes(value, utf8, out var length)
            ? raw.sqlite3_bind_text(handle, parameter, (ReadOnlySpan<byte>)utf8[..length])
            : raw.sqlite3_bind_text(handle, parameter, (ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(value)));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>True if there is a row to read.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        connection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and makes ready for the next time, also if it fails.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The number in the first column of the first row, or <paramref name="otherwise"/> if there is no row or it is null.</summary>
    public long NumberOr(long otherwise)
    {
        try
        {
            return Step() && !IsNull(0) ? Number(0) : otherwise;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Repeats the error of the last step, which was thrown already; so the code says nothing new.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>A copy, which outlives the row.</summary>
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();
}
