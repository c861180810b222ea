namespace Coracle.Store;

/// <summary>A committed change of one key.</summary>
/// <param name="Revision">Its place in the order of all changes.</param>
/// <param name="Key">The key that changed.</param>
/// <param name="Deleted">True if the key is gone with this change.</param>
/// <param name="Value">The new value; empty for a deletion.</param>
/// <param name="CreateRevision">The revision that created the key; of a deletion, the one that had created it.</param>
/// <param name="PreviousRevision">The revision of the key's change before this; 0 if this created it.</param>
/// <param name="Previous">The value before this change; empty if this created the key.</param>
public sealed record Change(
    long Revision,
    string Key,
    bool Deleted,
    ReadOnlyMemory<byte> Value,
    long CreateRevision,
    long PreviousRevision,
    ReadOnlyMemory<byte> Previous)
{
    /// <summary>True if the key did not exist before.</summary>
    public bool Created => PreviousRevision == 0;

    /// <summary>
    /// The very object that the write was proposed with, for a subscriber that wants what its writer knew; null for a deletion and for history read back.
    /// </summary>
    public IStoredValue? Source { get; init; }
}

/// <summary>A key that exists, with its last change.</summary>
/// <param name="Key">The key.</param>
/// <param name="Revision">The revision of its last change.</param>
/// <param name="CreateRevision">The revision that created it.</param>
/// <param name="Value">Its value: the same bytes that were or will be given to subscribers, not a copy.</param>
public readonly record struct Stored(string Key, long Revision, long CreateRevision, ReadOnlyMemory<byte> Value);
