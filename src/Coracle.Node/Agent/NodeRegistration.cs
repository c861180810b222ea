using Coracle.Kinds.Coordination.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Node.Cri;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>The node's own object and lease: made at start, kept fresh afterwards (upstream: pkg/kubelet/nodestatus and nodelease).</summary>
internal sealed class NodeRegistration(NodeOptions options)
{
    private static readonly (string Type, string Reason, string Message)[] Pressures =
    [
        ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ];

    // As many as upstream names by default.
    private const int ImagesMax = 50;
    private const int NamesMax = 5;

    private readonly EventRecorder _events = new(options.Client, "kubelet", options.Name);
    private string _podRange = "";
    private Seen? _told;
    private DateTimeOffset _toldAt;

    public async Task RegisterAsync(CancellationToken cancel)
    {
        await Retry(async () =>
        {
            var existing = await options.Client.TryGetAsync<V1Node>(new Key("", options.Name), cancel);
            if (existing is null) await options.Client.TryCreateAsync(NewNode(), cancel);
            else await Relabel(existing, cancel);
            await PutStatus(cancel);
        }, cancel);
    }

    public Task RunAsync(CancellationToken cancel) => Waits.All([KeepLease(cancel), KeepStatus(cancel)]);

    private V1Node NewNode() => new()
    {
        Metadata = new()
        {
            Name = options.Name,
            Labels = new(options.Labels)
            {
                ["kubernetes.io/hostname"] = options.Name, ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = "amd64",
                ["beta.kubernetes.io/os"] = "linux", ["beta.kubernetes.io/arch"] = "amd64",
            },
        },
        Spec = new() { Taints = options.Taints.Count > 0 ? options.Taints : null },
    };

    private async Task Relabel(V1Node existing, CancellationToken cancel)
    {
        var wanted = NewNode().Metadata.Labels!;
        if (wanted.All(l => existing.Metadata.Labels?.GetValueOrDefault(l.Key) == l.Value)) return;
        var changed = existing.DeepCopy();
        changed.Metadata.Labels ??= [];
        foreach (var (key, value) in wanted) changed.Metadata.Labels[key] = value;
        await options.Client.TryUpdateAsync(changed, cancel);
    }

    private async Task KeepLease(CancellationToken cancel)
    {
        Lease? mine = null;
        while (!cancel.IsCancellationRequested)
        {
            mine = await Renew(mine, cancel);
            await Task.Delay(options.LeasePeriod, options.Clock, cancel);
        }
    }

    private async Task<Lease?> Renew(Lease? mine, CancellationToken cancel)
    {
        try
        {
            mine ??= await options.Client.TryGetAsync<Lease>(new Key("kube-node-lease", options.Name), cancel);
            if (mine is null)
            {
                var created = await options.Client.TryCreateAsync(await NewLease(cancel), cancel);
                return created.Ok ? created.Value : null;
            }
            var renewed = mine.DeepCopy();
            renewed.Spec.HolderIdentity = options.Name;
            renewed.Spec.LeaseDurationSeconds = options.LeaseSeconds;
            renewed.Spec.RenewTime = options.Clock.GetUtcNow();
            var updated = await options.Client.TryUpdateAsync(renewed, cancel);
            return updated.Ok ? updated.Value : null;
        }
        catch (Exception e) when (e is TransportException or ApiException)
        {
            return null;
        }
    }

    private async Task<Lease> NewLease(CancellationToken cancel)
    {
        var node = await options.Client.TryGetAsync<V1Node>(new Key("", options.Name), cancel);
        return new Lease
        {
            Metadata = new()
            {
                Name = options.Name, Namespace = "kube-node-lease",
                OwnerReferences = node is null ? null : [new() { ApiVersion = "v1", Kind = "Node", Name = node.Metadata.Name, Uid = node.Metadata.Uid }],
            },
            Spec = new() { HolderIdentity = options.Name, LeaseDurationSeconds = options.LeaseSeconds, RenewTime = options.Clock.GetUtcNow() },
        };
    }

    /// <summary>Looks every few seconds; writes what has changed at once, and that nothing has every few minutes.</summary>
    private async Task KeepStatus(CancellationToken cancel)
    {
        for (var soon = TimeSpan.FromSeconds(0.2); !cancel.IsCancellationRequested; soon = soon * 2 < options.StatusLookPeriod ? soon * 2 : options.StatusLookPeriod)
        {
            // Until the pod range is known, pods cannot have addresses: look often, but let thousands of nodes that have none not ask all the time.
            var withoutRange = _podRange.Length == 0 && options.PodRangeAssigned is not null;
            await Task.Delay(withoutRange ? soon : options.StatusLookPeriod, options.Clock, cancel);
            var seen = await Look(cancel);
            if (withoutRange || !seen.SameAs(_told) || options.Clock.GetUtcNow() >= _toldAt + options.StatusPeriod) await Retry(() => PutStatus(cancel), cancel);
        }
    }

    private async Task PutStatus(CancellationToken cancel)
    {
        var node = await options.Client.GetAsync<V1Node>(new Key("", options.Name), cancel);
        if (_podRange.Length == 0 && node.Spec.PodCIDR.Length > 0)
        {
            _podRange = node.Spec.PodCIDR;
            if (options.PodRangeAssigned is not null) await options.PodRangeAssigned(_podRange, cancel);
        }
        var seen = await Look(cancel);
        var changed = node.DeepCopy();
        var now = options.Clock.GetUtcNow();
        var wasReady = ReadyOf(node.Status);
        Fill(changed.Status, seen, now);
        if (!changed.Status.ContentEquals(node.Status))
        {
            var updated = await options.Client.TryUpdateStatusAsync(changed, cancel);
            if (!updated.Ok) return; // the next look tries again
            if (ReadyOf(changed.Status) is var ready && ready != wasReady) _events.Normal(changed, ready == "True" ? "NodeReady" : "NodeNotReady", $"Node {options.Name} status is now: {(ready == "True" ? "NodeReady" : "NodeNotReady")}");
        }
        (_told, _toldAt) = (seen, now);
    }

    private static string? ReadyOf(NodeStatus status) => status.Conditions?.Find(c => c.Type == "Ready")?.Status;

    /// <summary>What may change while the node runs.</summary>
    private sealed record Seen(string? Problem, string Version, List<ContainerImage> Images)
    {
        public bool SameAs(Seen? other) => other is not null && Problem == other.Problem && Version == other.Version && Images.SequenceEqual(other.Images, ImageComparer);

        private static readonly EqualityComparer<ContainerImage> ImageComparer = EqualityComparer<ContainerImage>.Create((a, b) => a!.ContentEquals(b!), a => (int)a.SizeBytes);
    }

    private async Task<Seen> Look(CancellationToken cancel)
    {
        try
        {
            var status = await options.Runtime.Status(false, cancel);
            var bad = status.Status.Conditions.FirstOrDefault(c => !c.Status);
            var problem = bad is null ? null : $"container runtime {(bad.Type == "NetworkReady" ? "network " : "")}not ready: {bad.Type}=false reason:{bad.Reason} message:{bad.Message}";
            var version = await options.Runtime.Version(cancel);
            return new Seen(problem, $"{version.RuntimeName}://{version.RuntimeVersion}", [.. (await options.Runtime.ListImages(cancel)).Select(Image).OrderByDescending(i => i.SizeBytes).ThenBy(i => i.Names?[0], StringComparer.Ordinal).Take(ImagesMax)]);
        }
        catch (GrpcException e)
        {
            return new Seen($"container runtime is down: {e.RpcText}", _told?.Version ?? "", _told?.Images ?? []);
        }
    }

    private static ContainerImage Image(Cri.V1.Image image) => new() { Names = [.. image.RepoDigests.Concat(image.RepoTags).DefaultIfEmpty(image.Id).Take(NamesMax)], SizeBytes = (long)image.Size };

    private void Fill(NodeStatus status, Seen seen, DateTimeOffset now)
    {
        status.Allocatable = status.Capacity = WithOthers(status.Capacity);
        status.Addresses = [new() { Type = "InternalIP", Address = options.InternalAddress }, new() { Type = "Hostname", Address = options.Name }];
        status.DaemonEndpoints.KubeletEndpoint.Port = options.ApiPort;
        status.NodeInfo = options.SystemInfo.DeepCopy();
        if (seen.Version.Length > 0) status.NodeInfo.ContainerRuntimeVersion = seen.Version;
        status.Images = seen.Images.Count > 0 ? seen.Images : null;
        status.Conditions ??= [];
        foreach (var (type, reason, message) in Pressures) Set(status.Conditions, type, "False", reason, message, now);
        if (seen.Problem is null) Set(status.Conditions, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now);
        else Set(status.Conditions, "Ready", "False", "KubeletNotReady", seen.Problem, now);
    }

    // Resources that the agent knows nothing of are others' to tell of: a device's, an administrator's.
    private Dictionary<string, Quantity> WithOthers(Dictionary<string, Quantity>? told)
    {
        var all = new Dictionary<string, Quantity>(options.Capacity);
        foreach (var (name, amount) in told ?? [])
            if (name.Contains('/') && !name.Contains("kubernetes.io/", StringComparison.Ordinal)) all.TryAdd(name, amount);
        return all;
    }

    private static void Set(List<NodeCondition> conditions, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var condition = conditions.Find(c => c.Type == type);
        if (condition is null) conditions.Add(condition = new NodeCondition { Type = type });
        if (condition.Status != value) condition.LastTransitionTime = now;
        (condition.Status, condition.Reason, condition.Message, condition.LastHeartbeatTime) = (value, reason, message, now);
    }

    private async Task Retry(Func<Task> action, CancellationToken cancel)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 > TimeSpan.FromSeconds(7) ? TimeSpan.FromSeconds(7) : pause * 2)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception e) when (e is TransportException or ApiException && !cancel.IsCancellationRequested)
            {
                options.Client.Options.Log(new(LogSeverity.Warning, options.Name, $"the node could not be registered or updated: {e.Message}"));
            }
            await Task.Delay(pause, options.Clock, cancel);
        }
    }
}
