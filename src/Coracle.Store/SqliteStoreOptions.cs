namespace Coracle.Store;

/// <summary>Makes a stored value carry another revision: the value of <paramref name="key"/> as it would have been written at <paramref name="revision"/>.</summary>
public delegate ReadOnlyMemory<byte> Restamp(string key, ReadOnlyMemory<byte> value, long revision);

/// <summary>Where a <see cref="SqliteStore"/> lives and its limits.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The folder, made if it is missing. The store owns the files <c>store.db*</c> and <c>store.lock</c> in it.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Used at the start after a crash, for the keys that have ephemeral writes. The newest of those may be lost; by rewriting such keys at a new revision,
    /// whoever read a key before the lost write cannot update it as if that had never been, and watchers hear what the key is now.
    /// Null: such keys go back to their last durable revision.
    /// </summary>
    public Restamp? Restamp { get; init; }

    /// <summary>The size at which the database is full, in bytes; null for no limit but the disk. Compaction makes room again.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>What of the values is encrypted on disk; null for nothing.</summary>
    public Encryption.ValueEncryption? Encryption { get; init; }

    /// <summary>How many writes may wait for the writer. Beyond, callers wait for a place.</summary>
    public int QueueLimit { get; init; } = 4096;

    /// <summary>
    /// How many revisions are reserved on disk at a time for ephemeral writes. One disk write is done per so many of them, and a crash skips up to so many numbers.
    /// </summary>
    public long ReservedRevisions { get; init; } = 100_000;
}

/// <summary>Why a store cannot be opened: for operators to read.</summary>
public sealed class StoreOpenException(string message, Exception? inner = null) : Exception(message, inner);
