using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Support;

/// <summary>Takes up every pod, makes it ready, and ends it when it is deleted: as much of a node as controllers notice.</summary>
public sealed class TestNode
{
    private readonly TestCluster cluster;
    private readonly Client client;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Pod> held = [];
    private readonly HashSet<string> taken = [];
    private readonly HashSet<string> ending = [];

    public TestNode(TestCluster cluster)
    {
        this.cluster = cluster;
        client = cluster.NewClient("node");
        cluster.Follow<Pod>(delta =>
        {
            if (delta.New is { } pod) _ = LookAsync(pod);
        });
    }

    /// <summary>Whether a pod becomes ready by itself.</summary>
    public Func<Pod, bool> BecomesReady { get; set; } = static _ => true;

    /// <summary>Whether a pod ends at once, as one does that its node refuses.</summary>
    public Func<Pod, bool> Refuses { get; set; } = static _ => false;

    /// <summary>Pods that are deleted do not end, until <see cref="EndHeldAsync"/>.</summary>
    public bool HoldsDeleted { get; set; }

    private async Task LookAsync(Pod pod)
    {
        var deleted = pod.Metadata.DeletionTimestamp is not null;
        lock (gate)
            if (!(deleted ? ending : taken).Add(pod.Metadata.Uid)) return;
        await Task.Yield(); // not within the cache's own call
        if (!deleted) await StartAsync(pod);
        else if (!Hold(pod)) await EndAsync(pod);
    }

    private bool Hold(Pod pod)
    {
        lock (gate) return HoldsDeleted && held.TryAdd(pod.Metadata.Uid, pod);
    }

    private async Task StartAsync(Pod pod)
    {
        var binding = new Binding { Metadata = new() { Name = pod.Metadata.Name, Namespace = pod.Metadata.Namespace }, Target = new() { Kind = "Node", Name = "node-1" } };
        await client.For<Pod>().TryCreateSubresourceAsync(Key.Of(pod), "binding", binding);
        if (Refuses(pod)) await SetStatusAsync(pod, static status => status.Phase = "Failed");
        else if (BecomesReady(pod)) await SetReadyAsync(pod, true);
    }

    /// <summary>All that were deleted and did not end, end, and so do those that are deleted from now on.</summary>
    public async Task EndHeldAsync()
    {
        List<Pod> pods;
        lock (gate)
        {
            pods = [.. held.Values];
            held.Clear();
            HoldsDeleted = false;
        }
        foreach (var pod in pods) await EndAsync(pod);
    }

    // Pods of tests carry a finalizer, so that they end when this node says so, however long their grace period is.
    private async Task EndAsync(Pod pod)
    {
        await client.TryPatchAsync<Pod>(Key.Of(pod), Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()));
        await client.DeleteAsync(pod, Deletion.Now);
    }

    /// <summary>All pods that are there become ready.</summary>
    public async Task AllReadyAsync()
    {
        foreach (var pod in cluster.Cache<Pod>().List("default").Where(PodState.IsActive)) await SetReadyAsync(pod, true);
    }

    /// <summary>The pod runs and becomes ready, or ceases to be.</summary>
    public Task SetReadyAsync(Pod pod, bool ready) => SetStatusAsync(pod, status =>
    {
        status.Phase = "Running";
        status.Conditions = [.. status.Conditions?.Where(static c => c.Type != "Ready") ?? [], new()
        {
            Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = cluster.Time.GetUtcNow(),
        }];
    });

    private async Task SetStatusAsync(Pod pod, Action<PodStatus> change)
    {
        while (await client.TryGetAsync<Pod>(Key.Of(pod)) is { } current && current.Metadata.Uid == pod.Metadata.Uid)
        {
            change(current.Status);
            if (!(await client.TryUpdateStatusAsync(current)).IsConflict) return;
        }
    }
}
