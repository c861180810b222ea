namespace Coracle.Store;

/// <summary>A proposed write of one key.</summary>
/// <param name="Key">Not empty, valid Unicode. Compared by ordinal.</param>
/// <param name="ExpectedRevision">
/// Null: unconditional. 0: the key must not exist. Otherwise: the key must exist and this must be the revision of its last change.
/// </param>
/// <param name="Value">The new value; null to delete the key.</param>
/// <param name="Ephemeral">
/// True for an update that may be lost in a crash, such as a heartbeat. It gets a revision, and goes through preconditions and the feed, as any write,
/// but costs no disk write: the newest of a key is stored with the next durable write of that key or when the store is closed. The first ephemeral
/// write of a key is durable nonetheless, and so are creations and deletions.
/// </param>
public readonly record struct Write(string Key, long? ExpectedRevision, IStoredValue? Value, bool Ephemeral = false);

/// <summary>A value that is asked for its bytes once its revision is known, so that it may contain it.</summary>
public interface IStoredValue
{
    /// <summary>
    /// The bytes to store at <paramref name="revision"/>. They are kept and shared with subscribers: they must never change afterwards.
    /// Called on the writer, so it should be quick; called again with another revision if the commit has to be repeated.
    /// </summary>
    ReadOnlyMemory<byte> At(long revision);
}

/// <summary>A value that does not depend on its revision.</summary>
public sealed class StoredBytes(ReadOnlyMemory<byte> bytes) : IStoredValue
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> At(long revision) => bytes;
}

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    /// <summary>Done, and durable unless ephemeral.</summary>
    Committed,

    /// <summary>The key exists at another revision than expected.</summary>
    Conflict,

    /// <summary>The key exists and was expected not to.</summary>
    Exists,

    /// <summary>The key does not exist, but was expected to or was to be deleted.</summary>
    NotFound,

    /// <summary>
    /// The disk is full, failed, or the store has stopped; <see cref="WriteResult.Error"/> says which. Nothing was published. The same write may be tried again.
    /// </summary>
    Unavailable,
}

/// <summary>The answer to a write.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Revision">The committed revision; when refused, the revision of the key's last change, or 0 if there is no such key.</param>
/// <param name="Error">For operators to read; set if and only if the outcome is <see cref="WriteOutcome.Unavailable"/>.</param>
/// <param name="Index">Of several writes, the first that was refused.</param>
public readonly record struct WriteResult(WriteOutcome Outcome, long Revision, string? Error = null, int Index = 0)
{
    internal static WriteResult Unavailable(string error) => new(WriteOutcome.Unavailable, 0, error);
}
