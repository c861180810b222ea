using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>What one node is: its name, its addresses, what runs its containers and where its files are.</summary>
public sealed record NodeOptions
{
    public required string Name { get; init; }

    /// <summary>Calls the API as system:node:NAME.</summary>
    public required Client Client { get; init; }
    public required IContainerRuntime Runtime { get; init; }

    /// <summary>Volumes and logs of pods live below here. Empty for a simulated node, which keeps no files.</summary>
    public string DataDirectory { get; init; } = "";

    public string InternalAddress { get; init; } = "127.0.0.1";
    public int ApiPort { get; init; } = 10250;

    /// <summary>"name" to quantity: cpu, memory, pods, ephemeral-storage.</summary>
    public required Dictionary<string, Quantity> Capacity { get; init; }
    public Dictionary<string, string> Labels { get; init; } = [];
    public List<Taint> Taints { get; init; } = [];
    public NodeSystemInfo SystemInfo { get; init; } = new();

    /// <summary>Where pods find the cluster's DNS; empty: they use the node's.</summary>
    public string ClusterDns { get; init; } = "";
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>The node's own resolvers, for pods with dnsPolicy Default.</summary>
    public IReadOnlyList<string> NodeDnsServers { get; init; } = [];

    /// <summary>cgroup parent of a pod, made with its limits; null where cgroups are not managed.</summary>
    public Func<Pod, string>? CgroupParent { get; init; }

    /// <summary>Removes what <see cref="CgroupParent"/> made.</summary>
    public Func<Pod, CancellationToken, Task>? RemoveCgroup { get; init; }

    /// <summary>Services, for environment variables; shared between the nodes of one process.</summary>
    public Informer<Service>? Services { get; init; }

    /// <summary>Told when the pod network's range of this node is known.</summary>
    public Func<string, CancellationToken, Task>? PodRangeAssigned { get; init; }

    /// <summary>How often the lease is renewed: four times in its duration, as upstream's nodes do.</summary>
    public TimeSpan LeasePeriod { get; init; } = TimeSpan.FromSeconds(10);
    public int LeaseSeconds => (int)(4 * LeasePeriod.TotalSeconds);

    /// <summary>How often the node looks at itself.</summary>
    public TimeSpan StatusLookPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it says how it is when nothing has changed.</summary>
    public TimeSpan StatusPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the logs of containers are looked at, how large one may grow, and how many files of each are kept: upstream's defaults.</summary>
    public TimeSpan LogLookPeriod { get; init; } = TimeSpan.FromSeconds(10);
    public long LogBytesMax { get; init; } = 10 * 1024 * 1024;
    public int LogFilesMax { get; init; } = 5;

    /// <summary>False on simulated nodes, where nothing listens: probes succeed without asking.</summary>
    public bool ProbesReachPods { get; init; } = true;

    /// <summary>Answers the probes of a container, by its id, instead of the container itself: null when it is well, otherwise what the probe says.</summary>
    public Func<string, Probe, string?>? SimulatedProbe { get; init; }

    /// <summary>How many pods may be starting at once: more only make each other slow.</summary>
    public int ParallelStarts { get; init; } = 4;

    public TimeProvider Clock => Client.Time;
}
