using System.Net;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cgroups;
using Coracle.Node.Containerd;
using Coracle.Node.Dns;
using Coracle.Node.Network;
using Coracle.Node.Proxy;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>What a machine needs to be told to become a node.</summary>
public sealed record MachineNodeOptions
{
    public required string Name { get; init; }
    public required string DataDirectory { get; init; }
    public required IPNetwork PodRange { get; init; }
    public required IPNetwork ServiceRange { get; init; }
    public string ClusterDomain { get; init; } = "cluster.local";
    public string OciRuntime { get; init; } = "runc";
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public Action<LogEntry> Log { get; init; } = static _ => { };

    /// <summary>Told the bridge's address once pods can reach it: where the API is to be served for them.</summary>
    public Func<IPAddress, CancellationToken, Task> GatewayReady { get; init; } = static (_, _) => Task.CompletedTask;
}

/// <summary>As whom the parts of a node call the API: each with the rights that upstream gives it.</summary>
/// <param name="Agent">system:node:NAME</param>
/// <param name="Proxy">system:kube-proxy</param>
/// <param name="Dns">May write the service of the name server and this node's slice of it.</param>
public sealed record NodeClients(Client Agent, Client Proxy, Client Dns);

/// <summary>This machine as a node: containerd, the pod network, the service proxy, the name server and the agent, in the order in which they need each other.</summary>
public sealed class MachineNode : IAsyncDisposable
{
    private readonly MachineNodeOptions _options;
    private readonly NodeClients _clients;
    private readonly ContainerdInstance _containerd;
    private readonly PodCgroups _cgroups;
    private readonly NetworkDirectory _directory = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private DnsServer? _dns;

    private MachineNode(MachineNodeOptions options, NodeClients clients, ContainerdInstance containerd)
    {
        (_options, _clients, _containerd) = (options, clients, containerd);
        _cgroups = new PodCgroups(CgroupHierarchy.Detect(), containerd.Layout.CgroupRoot);
        var informers = new InformerSet(clients.Proxy);
        var services = informers.For<Service>();
        var slices = informers.For<EndpointSlice>();
        Follow(services, slices);
        Agent = new NodeAgent(new NodeOptions
        {
            Name = options.Name,
            Client = clients.Agent,
            Runtime = containerd.Runtime,
            DataDirectory = options.DataDirectory,
            InternalAddress = Machine.Address(),
            Capacity = Machine.Capacity(),
            SystemInfo = Machine.SystemInfo(options.Name),
            ClusterDns = ClusterDnsAddress.ToString(),
            ClusterDomain = options.ClusterDomain,
            NodeDnsServers = [.. Resolvers().NameServers.Select(a => a.ToString())],
            CgroupParent = pod => _cgroups.Apply(Qos(pod), pod.Metadata.Uid, Limits(pod)),
            RemoveCgroup = (pod, cancel) => _cgroups.Remove(pod.Metadata.Uid, options.Clock, cancel),
            Services = services,
            PodRangeAssigned = ConnectAsync,
        });
        _informers = informers;
        (_services, _slices) = (services, slices);
    }

    private readonly InformerSet _informers;
    private readonly Informer<Service> _services;
    private readonly Informer<EndpointSlice> _slices;

    public NodeAgent Agent { get; }
    public ContainerdInstance Containerd => _containerd;

    private IPAddress ClusterDnsAddress => Offset(_options.ServiceRange.BaseAddress, 10);

    /// <summary>Starts containerd and the agent. The network follows when the node has its pod range.</summary>
    public static async Task<MachineNode> StartAsync(MachineNodeOptions options, NodeClients clients, CancellationToken cancel)
    {
        var containerd = await ContainerdInstance.Start(new ContainerdOptions
        {
            DataDirectory = options.DataDirectory, OciRuntime = options.OciRuntime, Time = options.Clock,
            Log = line => options.Log(new LogEntry(LogSeverity.Info, "containerd", line)),
        }, cancel);
        var node = new MachineNode(options, clients, containerd);
        node._informers.Start(node._stopping.Token);
        node._running.Add(node.Guard("agent", node.Agent.RunAsync));
        node._running.Add(node.Guard("services", node.CompleteAsync));
        return node;
    }

    private async Task Guard(string what, Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            _options.Log(new LogEntry(LogSeverity.Error, $"node/{_options.Name}", $"{what} ended", e));
        }
    }

    private void Follow(Informer<Service> services, Informer<EndpointSlice> slices)
    {
        services.Subscribe(delta =>
        {
            if (delta.Type == DeltaType.Deleted) _directory.RemoveService(FromKinds.KeyOf(delta.Object.Metadata));
            else _directory.SetService(FromKinds.Service(delta.Object));
        });
        slices.Subscribe(delta =>
        {
            if (delta.Type != DeltaType.Deleted && FromKinds.Slice(delta.Object) is { } slice) _directory.SetSlice(slice);
            else _directory.RemoveSlice(delta.Object.Metadata.Namespace, delta.Object.Metadata.Name);
        });
    }

    private async Task CompleteAsync(CancellationToken cancel)
    {
        await _services.WaitForSyncAsync(cancel);
        await _slices.WaitForSyncAsync(cancel);
        _directory.MarkComplete();
    }

    /// <summary>1. The bridge and CNI. 2. The API for pods. 3. The proxy. 4. The name server and its service.</summary>
    private async Task ConnectAsync(string range, CancellationToken cancel)
    {
        var run = HostCommands.WithLimit(TimeSpan.FromSeconds(30), _options.Clock);
        var bridge = Bridge(IPNetwork.Parse(range));
        var setup = await new BridgeNetwork(bridge, run).EnsureAsync(cancel);                                   // 1
        if (!setup.Ok) throw new IOException($"the pod network cannot be set up: {setup.Error}");
        await _options.GatewayReady(bridge.Gateway, cancel);                                                     // 2
        var proxy = new ServiceProxy(ProxyOptions(bridge, setup), _directory, new NftKernel(run), _options.Clock);
        _running.Add(Guard("proxy", proxy.RunAsync));                                                            // 3
        await StartDns(bridge.Gateway, cancel);                                                                  // 4
    }

    private BridgeOptions Bridge(IPNetwork pods) => new()
    {
        BridgeName = _containerd.Layout.BridgeName, Pods = pods, CniDirectory = _containerd.Layout.CniConfDirectory,
        IpamDirectory = _containerd.Layout.CniStateDirectory, NetworkName = _containerd.Layout.NetworkName, LoopbackNodePorts = true,
    };

    private ProxyOptions ProxyOptions(BridgeOptions bridge, BridgeSetup setup) => new()
    {
        InstanceId = _containerd.Layout.Id, NodeName = _options.Name, NodeAddress = IPAddress.Parse(Machine.Address()),
        ClusterPods = _options.PodRange, NodePods = bridge.Pods, ServiceAddresses = _options.ServiceRange,
        LoopbackNodePorts = true, BridgeNetfilter = setup.BridgeNetfilter, PodBridge = bridge.BridgeName, BridgePrefix = "cor",
    };

    private async Task StartDns(IPAddress gateway, CancellationToken cancel)
    {
        _dns = new DnsServer(new DnsServerOptions
        {
            Listen = [new IPEndPoint(gateway, 53)],
            Zone = new ZoneOptions { Domain = DnsName.Parse(_options.ClusterDomain), NameServers = [ClusterDnsAddress] },
            Forwarding = new ForwarderOptions { Upstreams = Resolvers().Upstreams(gateway, ClusterDnsAddress) },
        }, _directory, _options.Clock, new Random(), Forwarder.UnguessableId);
        if (_dns.Start() is { } problem) throw new IOException($"the cluster's name server cannot listen on {gateway}: {problem}");
        var service = ClusterDns.Service(ClusterDnsAddress);
        if (await _clients.Dns.TryGetAsync<Service>(Key.Of(service), cancel) is null) await _clients.Dns.TryCreateAsync(service, cancel);
        var slice = ClusterDns.Slice(_options.Name, new IPEndPoint(gateway, 53), ready: true);
        if (await _clients.Dns.TryGetAsync<EndpointSlice>(Key.Of(slice), cancel) is null) await _clients.Dns.TryCreateAsync(slice, cancel);
        else await _clients.Dns.TryUpdateAsync(slice, cancel);
    }

    private static ResolvConf Resolvers() => ResolvConf.Parse(File.Exists("/etc/resolv.conf") ? File.ReadAllText("/etc/resolv.conf") : "");

    private static QosClass Qos(Pod pod) => pod.Status.QosClass switch
    {
        "Guaranteed" => QosClass.Guaranteed,
        "BestEffort" => QosClass.BestEffort,
        _ => QosClass.Burstable,
    };

    // The pod's cgroup holds what its containers may use together, once each of them has a limit, or what the pod says itself.
    private static CgroupLimits Limits(Pod pod)
    {
        List<Container> containers = [.. pod.Spec.Containers ?? [], .. (pod.Spec.InitContainers ?? []).Where(c => c.RestartPolicy == ContainerRestartPolicy.Always)];
        long Sum(string resource, Func<Quantity, long> value) => containers.TrueForAll(c => c.Resources.Limits?.ContainsKey(resource) == true)
            ? containers.Sum(c => value(c.Resources.Limits![resource])) : 0;
        var whole = pod.Spec.Resources;
        var cpu = whole?.Limits?.TryGetValue("cpu", out var ofPod) == true ? ofPod.MilliValue : Sum("cpu", q => q.MilliValue);
        var memory = whole?.Limits?.TryGetValue("memory", out ofPod) == true ? ofPod.Value : Sum("memory", q => q.Value);
        var requested = whole?.Requests?.TryGetValue("cpu", out ofPod) == true ? ofPod.MilliValue
            : containers.Sum(c => (c.Resources.Requests?.TryGetValue("cpu", out var q) == true ? q : default).MilliValue);
        return new CgroupLimits
        {
            CpuShares = Math.Clamp(requested * 1024 / 1000, 2, 262_144), CpuPeriod = 100_000,
            CpuQuota = cpu > 0 ? Math.Max(1000, cpu * 100) : null, MemoryLimit = memory > 0 ? memory : null,
        };
    }

    private static IPAddress Offset(IPAddress address, byte by)
    {
        var bytes = address.GetAddressBytes();
        bytes[^1] += by;
        return new IPAddress(bytes);
    }

    /// <summary>Lets go of everything; containers and the network go on without us.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        if (_dns is not null) await _dns.DisposeAsync();
        await _containerd.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Removes all that a node with this data directory has on the machine: containers, network, nftables table, cgroups, mounts.</summary>
    public static async Task RemoveAsync(string dataDirectory, IPNetwork podRange, TimeProvider clock, Action<string> log, CancellationToken cancel)
    {
        var layout = new ContainerdLayout(dataDirectory);
        var run = HostCommands.WithLimit(TimeSpan.FromSeconds(30), clock);
        await ContainerdInstance.Stop(new ContainerdOptions { DataDirectory = dataDirectory, Time = clock, Log = log }, cancel);
        var bridge = new BridgeOptions
        {
            BridgeName = layout.BridgeName, Pods = podRange, CniDirectory = layout.CniConfDirectory, IpamDirectory = layout.CniStateDirectory, NetworkName = layout.NetworkName,
        };
        if (await new BridgeNetwork(bridge, run).RemoveAsync(cancel) is { } problem) log(problem);
        var proxy = new ServiceProxy(new ProxyOptions { InstanceId = layout.Id, NodeName = "" }, new NetworkDirectory(), new NftKernel(run), clock);
        await proxy.TeardownAsync(cancel);
        UnmountBelow(Path.Combine(dataDirectory, "pods"), run);
    }

    private static void UnmountBelow(string directory, RunCommand run)
    {
        foreach (var line in File.ReadLines("/proc/self/mounts").Reverse())
        {
            var target = line.Split(' ')[1];
            if (target.StartsWith(directory + "/", StringComparison.Ordinal)) run(new Command("umount", "-l", target), CancellationToken.None).GetAwaiter().GetResult();
        }
    }
}
