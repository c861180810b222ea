using System.Globalization;
using Coracle.Sdk;

namespace Coracle.Instance;

/// <summary>The instance's log file: one line an entry, bounded by starting anew at a size.</summary>
internal sealed class Journal : IDisposable
{
    private const long BytesMax = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly string _path;
    private StreamWriter _writer;

    public Journal(string path)
    {
        _path = path;
        _writer = Open();
    }

    private StreamWriter Open() => new(new FileStream(_path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    })) { AutoFlush = true };

    public void Write(LogEntry entry)
    {
        if (entry.Severity == LogSeverity.Debug) return;
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {entry.Severity,-7} {entry.Source}: {entry.Message}");
        lock (_lock)
        {
            _writer.WriteLine(line);
            if (entry.Failure is not null && entry.Severity >= LogSeverity.Warning) _writer.WriteLine(entry.Failure);
            if (_writer.BaseStream.Length < BytesMax) return;
            _writer.Dispose();
            File.Move(_path, _path + ".old", overwrite: true);
            _writer = Open();
        }
    }

    public void Dispose()
    {
        lock (_lock) _writer.Dispose();
    }
}
