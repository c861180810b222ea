using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cri.V1;
using Coracle.Schema;
using Capability = Coracle.Node.Cri.V1.Capability;
using Container = Coracle.Kinds.Core.V1.Container;
using CriProtocol = Coracle.Node.Cri.V1.Protocol;
using SecurityContext = Coracle.Kinds.Core.V1.SecurityContext;

namespace Coracle.Node.Pods;

/// <summary>A pod's specification in the runtime's terms. Pure but for names.</summary>
internal static class RuntimeConfigs
{
    private static readonly string[] MaskedPaths =
        ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"];
    private static readonly string[] ReadOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static string LogDirectory(NodeOptions options, Pod pod) =>
        Path.Combine(options.DataDirectory, "logs", $"{pod.Metadata.Namespace}_{pod.Metadata.Name}_{pod.Metadata.Uid}");

    public static PodSandboxConfig Sandbox(NodeOptions options, Pod pod, uint attempt)
    {
        var spec = pod.Spec;
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = pod.Metadata.Name, Namespace = pod.Metadata.Namespace, Uid = pod.Metadata.Uid, Attempt = attempt },
            Hostname = spec.HostNetwork ? "" : HostnameOf(pod),
            LogDirectory = LogDirectory(options, pod),
            DnsConfig = Dns(options, pod),
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = options.CgroupParent?.Invoke(pod) ?? "",
                SecurityContext = new LinuxSandboxSecurityContext
                {
                    NamespaceOptions = Namespaces(spec),
                    Privileged = (spec.Containers ?? []).Any(c => c.SecurityContext?.Privileged == true),
                    Seccomp = Seccomp(spec.SecurityContext?.SeccompProfile) ?? new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
                },
            },
        };
        if (spec.SecurityContext is { } security)
        {
            if (security.RunAsUser is { } user) config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = user };
            if (security.RunAsGroup is { } group && security.RunAsUser is not null) config.Linux.SecurityContext.RunAsGroup = new Int64Value { Value = group };
            config.Linux.SecurityContext.SupplementalGroups.Add(Groups(security));
            foreach (var sysctl in security.Sysctls ?? []) config.Linux.Sysctls[sysctl.Name.Replace('/', '.')] = sysctl.Value;
        }
        foreach (var (key, value) in pod.Metadata.Labels ?? []) config.Labels[key] = value;
        AddIdentity(config.Labels, pod);
        foreach (var (key, value) in pod.Metadata.Annotations ?? []) config.Annotations[key] = value;
        foreach (var port in (spec.Containers ?? []).Concat(Sidecars(spec)).SelectMany(c => c.Ports ?? []))
        {
            if (port.HostPort == 0 || spec.HostNetwork) continue;
            config.PortMappings.Add(new PortMapping
            {
                ContainerPort = port.ContainerPortValue, HostPort = port.HostPort, HostIp = port.HostIP,
                Protocol = port.Protocol switch { "UDP" => CriProtocol.Udp, "SCTP" => CriProtocol.Sctp, _ => CriProtocol.Tcp },
            });
        }
        return config;
    }

    public static IEnumerable<Container> Sidecars(PodSpec spec) => (spec.InitContainers ?? []).Where(c => c.RestartPolicy == ContainerRestartPolicy.Always);

    public static string HostnameOf(Pod pod)
    {
        if (pod.Spec.HostnameOverride is { Length: > 0 } exact) return exact;
        var name = pod.Spec.Hostname.Length > 0 ? pod.Spec.Hostname : pod.Metadata.Name;
        return name.Length <= 63 ? name : name[..63].TrimEnd('-', '.');
    }

    private static void AddIdentity(IDictionary<string, string> labels, Pod pod)
    {
        labels[RuntimeLabels.PodName] = pod.Metadata.Name;
        labels[RuntimeLabels.PodNamespace] = pod.Metadata.Namespace;
        labels[RuntimeLabels.PodUid] = pod.Metadata.Uid;
    }

    private static NamespaceOption Namespaces(PodSpec spec) => new()
    {
        Network = spec.HostNetwork ? NamespaceMode.Node : NamespaceMode.Pod,
        Ipc = spec.HostIPC ? NamespaceMode.Node : NamespaceMode.Pod,
        Pid = spec.HostPID ? NamespaceMode.Node : spec.ShareProcessNamespace == true ? NamespaceMode.Pod : NamespaceMode.Container,
    };

    private static DNSConfig Dns(NodeOptions options, Pod pod)
    {
        var config = new DNSConfig();
        var policy = pod.Spec.DnsPolicy;
        var cluster = options.ClusterDns.Length > 0 && (policy == DNSPolicy.ClusterFirstWithHostNet || policy == DNSPolicy.ClusterFirst && !pod.Spec.HostNetwork);
        if (cluster)
        {
            config.Servers.Add(options.ClusterDns);
            config.Searches.Add([$"{pod.Metadata.Namespace}.svc.{options.ClusterDomain}", $"svc.{options.ClusterDomain}", options.ClusterDomain]);
            config.Options.Add("ndots:5");
        }
        else if (policy != DNSPolicy.None) config.Servers.Add(options.NodeDnsServers);
        if (pod.Spec.DnsConfig is not { } own) return config;
        config.Servers.Add(own.Nameservers ?? []);
        config.Searches.Add(own.Searches ?? []);
        foreach (var option in own.Options ?? [])
        {
            foreach (var same in config.Options.Where(o => o.Split(':')[0] == option.Name).ToList()) config.Options.Remove(same);
            config.Options.Add(option.Value is { } value ? $"{option.Name}:{value}" : option.Name);
        }
        return config;
    }

    private static IEnumerable<long> Groups(PodSecurityContext security)
    {
        if (security.FsGroup is { } group) yield return group;
        foreach (var more in security.SupplementalGroups ?? []) yield return more;
    }

    /// <summary>A hash of what may change in a pod's container, but not without a new one: its image.</summary>
    public static string Hash(Container container) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{container.Name}\n{container.Image}")).AsSpan(0, 8));

    public static ContainerConfig Container(
        NodeOptions options, Pod pod, Container container, uint attempt, string imageRef, IReadOnlyDictionary<string, string> environment, IEnumerable<Mount> mounts)
    {
        string Expand(string text) => ContainerEnvironment.Expand(text, environment.GetValueOrDefault);
        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = container.Name, Attempt = attempt },
            Image = new ImageSpec { Image = imageRef, UserSpecifiedImage = container.Image },
            WorkingDir = container.WorkingDir,
            LogPath = $"{container.Name}/{attempt.ToString(CultureInfo.InvariantCulture)}.log",
            Stdin = container.Stdin, StdinOnce = container.StdinOnce, Tty = container.Tty,
            Linux = new LinuxContainerConfig { Resources = Resources(options, pod, container), SecurityContext = Security(pod, container) },
        };
        config.Command.Add((container.Command ?? []).Select(Expand));
        config.Args.Add((container.Args ?? []).Select(Expand));
        foreach (var (key, value) in environment) config.Envs.Add(new KeyValue { Key = key, Value = Google.Protobuf.ByteString.CopyFrom(value, Encoding.UTF8) });
        config.Mounts.Add(mounts);
        AddIdentity(config.Labels, pod);
        config.Labels[RuntimeLabels.ContainerName] = container.Name;
        config.Annotations[RuntimeLabels.Hash] = Hash(container);
        return config;
    }

    /// <summary>What a container asks for, as the runtime counts it.</summary>
    public static LinuxContainerResources Resources(NodeOptions options, Pod pod, Container container)
    {
        const long period = 100_000;
        var (requests, limits) = (container.Resources.Requests ?? [], container.Resources.Limits ?? []);
        var resources = new LinuxContainerResources { CpuPeriod = period, OomScoreAdj = OomScore(options, pod, container) };
        var cpuRequest = requests.TryGetValue("cpu", out var request) ? request : limits.GetValueOrDefault("cpu");
        resources.CpuShares = Math.Clamp(cpuRequest.MilliValue * 1024 / 1000, 2, 262_144);
        if (limits.TryGetValue("cpu", out var cpu)) resources.CpuQuota = Math.Max(1000, cpu.MilliValue * period / 1000);
        if (limits.TryGetValue("memory", out var memory)) resources.MemoryLimitInBytes = memory.Value;
        return resources;
    }

    // Who is killed first when memory runs out: best effort, then burstable by how little they asked for (upstream: pkg/kubelet/qos).
    private static long OomScore(NodeOptions options, Pod pod, Container container)
    {
        var qos = pod.Status.QosClass;
        if (qos == "Guaranteed") return -997;
        if (qos == "BestEffort") return 1000;
        var request = container.Resources.Requests?.GetValueOrDefault("memory").Value ?? 0;
        var capacity = options.Capacity.GetValueOrDefault("memory").Value;
        var score = capacity == 0 ? 999 : 1000 - 1000 * request / capacity;
        return Math.Clamp(score, 3, 999);
    }

    private static LinuxContainerSecurityContext Security(Pod pod, Container container)
    {
        var (own, shared) = (container.SecurityContext ?? new SecurityContext(), pod.Spec.SecurityContext ?? new PodSecurityContext());
        var privileged = own.Privileged == true;
        var security = new LinuxContainerSecurityContext
        {
            Privileged = privileged,
            NamespaceOptions = Namespaces(pod.Spec),
            ReadonlyRootfs = own.ReadOnlyRootFilesystem == true,
            NoNewPrivs = own.AllowPrivilegeEscalation == false,
            Seccomp = privileged ? new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined }
                : Seccomp(own.SeccompProfile ?? shared.SeccompProfile) ?? new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
            Capabilities = new Capability(),
        };
        if ((own.RunAsUser ?? shared.RunAsUser) is { } user) security.RunAsUser = new Int64Value { Value = user };
        if ((own.RunAsGroup ?? shared.RunAsGroup) is { } group) security.RunAsGroup = new Int64Value { Value = group };
        security.SupplementalGroups.Add(Groups(shared));
        security.Capabilities.AddCapabilities.Add((own.Capabilities?.Add ?? []).Select(Plain));
        security.Capabilities.DropCapabilities.Add((own.Capabilities?.Drop ?? []).Select(Plain));
        if (!privileged && own.ProcMount != ProcMountType.Unmasked)
        {
            security.MaskedPaths.Add(MaskedPaths);
            security.ReadonlyPaths.Add(ReadOnlyPaths);
        }
        return security;
    }

    private static string Plain(string capability) => capability.StartsWith("CAP_", StringComparison.Ordinal) ? capability[4..] : capability;

    private static SecurityProfile? Seccomp(SeccompProfile? profile) => profile?.Type switch
    {
        SeccompProfileType.RuntimeDefault => new() { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
        SeccompProfileType.Unconfined => new() { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
        SeccompProfileType.Localhost => new() { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = profile.LocalhostProfile ?? "" },
        _ => null,
    };
}
