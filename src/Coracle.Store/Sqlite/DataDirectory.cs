namespace Coracle.Store.Sqlite;

/// <summary>The store's folder, held by one process at a time and readable by its owner alone.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        DatabasePath = Path.Combine(path, "store.db");
        _lock = held;
    }

    public string DatabasePath { get; }

    public static DataDirectory Open(string path)
    {
        FileStream? held = null;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            held = Hold(Path.Combine(path, "store.lock"), path);
            return new(path, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new StoreOpenException($"The data directory {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Makes the file if it is missing, and takes everyone else's rights to it. SQLite gives its side files the same mode.</summary>
    public static void MakePrivate(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Open(file, FileMode.OpenOrCreate).Dispose();
            return;
        }

        File.Open(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly }).Dispose();
        File.SetUnixFileMode(file, OwnerOnly);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The lock is the operating system's, so it ends with the process however that ends. The file stays: removing it would let two in.</summary>
    private static FileStream Hold(string file, string path)
    {
        if (!File.Exists(file))
            MakePrivate(file);
        try
        {
            return File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StoreOpenException($"The data directory {path} is in use by another process.", e);
        }
    }
}
