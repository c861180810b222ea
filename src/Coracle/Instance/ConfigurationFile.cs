using Coracle.Sdk;

namespace Coracle.Instance;

/// <summary>
/// A configuration file that may change while we run: looked at when its folder changes, and once a minute, as not every file system tells (upstream does both).
/// What is not good is told, and what was in force stays.
/// </summary>
internal sealed class ConfigurationFile : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly Func<string, string?> _use;
    private readonly Action<string?> _told;
    private readonly FileSystemWatcher _watcher;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private string _inForce;

    private ConfigurationFile(string path, string text, Func<string, string?> use, Action<string?> told)
    {
        (_path, _inForce, _use, _told) = (path, text, use, told);
        _timer = new Timer(_ => Look(), null, LookEvery, LookEvery);
        // By the folder: editors replace the file, and mounted config maps the link on the way to it. What else happens there is of no interest.
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!);
        _watcher.Filters.Add(Path.GetFileName(path));
        _watcher.Filters.Add("..data");
        _watcher.Changed += (_, _) => Look();
        _watcher.Created += (_, _) => Look();
        _watcher.Renamed += (_, _) => Look();
        _watcher.Deleted += (_, _) => Look();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>The file's text. Throws <see cref="InstanceException"/> when it cannot be read.</summary>
    public static string Read(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceException($"the {what} cannot be read: {e.Message}");
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="text">What it held when it was put in force.</param>
    /// <param name="use">Puts a new text in force, or says what is wrong with it.</param>
    /// <param name="told">Told of each attempt: null when the new text is in force, what is wrong with it otherwise.</param>
    public static ConfigurationFile Watch(string path, string text, Func<string, string?> use, Action<string?> told) => new(path, text, use, told);

    /// <summary>Logs what became of a changed file.</summary>
    public static Action<string?> Log(Action<LogEntry> log, string path) => error =>
        log(error is null
            ? new LogEntry(LogSeverity.Info, "apiserver", $"{path} has changed and is in force")
            : new LogEntry(LogSeverity.Error, "apiserver", $"{path} has changed and is not used: {error}"));

    private void Look()
    {
        lock (_lock)
        {
            string text;
            try
            {
                text = File.ReadAllText(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
            // A file that is being written is empty for a moment.
            if (text == _inForce || text.Length == 0) return;
            _inForce = text;
            _told(Use(text));
        }
    }

    // We are called by a timer, where what is thrown would end the server: no text of a file may do that.
    private string? Use(string text)
    {
        try
        {
            return _use(text);
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        await _timer.DisposeAsync();
    }
}
