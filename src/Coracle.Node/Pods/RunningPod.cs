using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using CriContainerStatus = Coracle.Node.Cri.V1.ContainerStatus;

namespace Coracle.Node.Pods;

/// <summary>What the runtime has of one pod, as of one look: its newest sandbox and every container, newest attempt first.</summary>
internal sealed class RunningPod
{
    private static readonly Dictionary<string, CriContainerStatus> NoCache = [];

    public PodSandbox? Sandbox { get; private init; }

    /// <summary>Sandboxes of earlier attempts.</summary>
    public IReadOnlyList<PodSandbox> OldSandboxes { get; private init; } = [];

    /// <summary>The sandbox's addresses; empty with the node's network.</summary>
    public IReadOnlyList<string> Addresses { get; private init; } = [];
    public IReadOnlyList<CriContainerStatus> Containers { get; private init; } = [];

    private HashSet<string> InSandbox { get; init; } = [];

    public bool SandboxReady => Sandbox?.State == PodSandboxState.SandboxReady;

    /// <summary>Whether a container belongs to the newest sandbox. One of an earlier sandbox can only be history.</summary>
    public bool IsCurrent(CriContainerStatus container) => InSandbox.Contains(container.Id);

    /// <summary>The newest attempt of a container; null when it was never made.</summary>
    public CriContainerStatus? Latest(string name) => Containers.FirstOrDefault(c => c.Metadata.Name == name);

    /// <summary>The attempt before the newest.</summary>
    public CriContainerStatus? Previous(string name) => Containers.Where(c => c.Metadata.Name == name).Skip(1).FirstOrDefault();

    public IEnumerable<CriContainerStatus> Running => Containers.Where(c => c.State == CriContainerState.ContainerRunning);

    /// <param name="known">Statuses of containers that have ended, which never change: kept between looks.</param>
    public static async Task<RunningPod> Look(IContainerRuntime runtime, string uid, Dictionary<string, CriContainerStatus>? known, CancellationToken cancel)
    {
        known ??= NoCache;
        var selector = new PodSandboxFilter();
        selector.LabelSelector[RuntimeLabels.PodUid] = uid;
        var sandboxes = (await runtime.ListPodSandboxes(selector, cancel)).OrderByDescending(s => s.CreatedAt).ToList();
        var filter = new ContainerFilter();
        filter.LabelSelector[RuntimeLabels.PodUid] = uid;
        var containers = new List<CriContainerStatus>();
        var current = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listed in await runtime.ListContainers(filter, cancel))
        {
            if (listed.PodSandboxId == sandboxes.FirstOrDefault()?.Id) current.Add(listed.Id);
            if (await Status(runtime, listed, known, cancel) is { } status) containers.Add(status);
        }
        return new RunningPod
        {
            Sandbox = sandboxes.FirstOrDefault(),
            InSandbox = current,
            OldSandboxes = [.. sandboxes.Skip(1)],
            Addresses = sandboxes.FirstOrDefault() is { State: PodSandboxState.SandboxReady } ready ? await AddressesOf(runtime, ready.Id, cancel) : [],
            Containers = [.. containers.OrderByDescending(c => c.Metadata.Attempt).ThenByDescending(c => c.CreatedAt)],
        };
    }

    private static async Task<CriContainerStatus?> Status(IContainerRuntime runtime, Container listed, Dictionary<string, CriContainerStatus> known, CancellationToken cancel)
    {
        if (known.TryGetValue(listed.Id, out var status)) return status;
        status = (await runtime.ContainerStatus(listed.Id, false, cancel))?.Status;
        if (status is { State: CriContainerState.ContainerExited } && known != NoCache) known[listed.Id] = status;
        return status;
    }

    private static async Task<IReadOnlyList<string>> AddressesOf(IContainerRuntime runtime, string sandbox, CancellationToken cancel)
    {
        if ((await runtime.PodSandboxStatus(sandbox, false, cancel))?.Status.Network is not { Ip.Length: > 0 } network) return [];
        return [network.Ip, .. network.AdditionalIps.Select(a => a.Ip)];
    }
}
