namespace Coracle.ApiServer;

/// <summary>
/// A change of one object, and the link to the next change of its resource. A watcher holds the event that it has seen last: the log is the
/// queue of all watchers together. What no watcher holds and the history has let go of is garbage.
/// </summary>
public sealed class ResourceEvent
{
    private volatile ResourceEvent? _next;

    public ResourceEvent(long revision, StoredObject? current, StoredObject? previous, SortedMap<StoredObject> after) =>
        (Revision, Current, Previous, After) = (revision, current, previous, after);

    public long Revision { get; }

    /// <summary>The object after the change; null when it was deleted.</summary>
    public StoredObject? Current { get; }

    /// <summary>The object before the change; null when it was created.</summary>
    public StoredObject? Previous { get; }

    /// <summary>All objects of the resource after the change.</summary>
    public SortedMap<StoredObject> After { get; }

    /// <summary>What watchers read of a deleted object: its last state at the revision of the deletion. Made once for all of them.</summary>
    public StoredObject Deleted => _deleted ??= new StoredObject(Previous!.Namespace, Previous.Name, Revision, VersionedJson.Replace(Previous.Json.Span, Revision));
    private StoredObject? _deleted;

    public ResourceEvent? Next { get => _next; set => _next = value; }
}
