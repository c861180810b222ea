using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// The writes made while one key is reconciled. Every client notes its writes in the log of the flow it runs in; the controller then keeps the key
/// back until its caches show them. That is how a reconciler reads its own writes.
/// </summary>
internal sealed class WriteLog
{
    private static readonly AsyncLocal<WriteLog?> current = new();
    private readonly Lock gate = new();
    private readonly List<(ApiResource Resource, ObjectMeta Meta)> written = [];
    private readonly List<(ApiResource Resource, Key Key, string Uid)> deleted = [];

    public static WriteLog? Current
    {
        get => current.Value;
        set => current.Value = value;
    }

    public void Written(ApiResource resource, ObjectMeta meta)
    {
        lock (gate) written.Add((resource, meta));
    }

    public void Deleted(ApiResource resource, Key key, ReadOnlySpan<byte> reply)
    {
        var uid = UidOf(reply, resource);
        lock (gate) deleted.Add((resource, key, uid));
    }

    /// <summary>The waits for each of these caches that is to show a write and does not yet; none when all do.</summary>
    public List<(Informer Informer, Task Shown)> Pending(IReadOnlyList<Informer> informers)
    {
        var pending = new List<(Informer, Task)>();
        lock (gate)
        {
            foreach (var informer in informers)
            {
                if (!informer.HasSynced) continue;
                foreach (var (resource, meta) in written)
                    if (SameStore(resource, informer.Resource) && informer.Covers(meta)) Add(pending, informer, informer.WaitForAsync(meta.ResourceVersion));
                foreach (var (resource, key, uid) in deleted)
                    if (SameStore(resource, informer.Resource) && informer.Covers(key)) Add(pending, informer, informer.WaitForDeletionAsync(key, uid));
            }
        }
        return pending;
    }

    private static void Add(List<(Informer, Task)> pending, Informer informer, Task shown)
    {
        if (!shown.IsCompleted) pending.Add((informer, shown));
    }

    // Versions of one API group share their objects.
    private static bool SameStore(ApiResource a, ApiResource b) => a.Plural == b.Plural && a.Group == b.Group;

    private static string UidOf(ReadOnlySpan<byte> reply, ApiResource resource)
    {
        try
        {
            return ApiStatus.Read(reply) is { } status ? status.Uid : PartialCodec.Instance.Parse(reply, resource).Metadata.Uid;
        }
        catch (System.Text.Json.JsonException)
        {
            return "";
        }
    }
}
