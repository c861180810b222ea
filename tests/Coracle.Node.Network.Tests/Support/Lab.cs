using System.Net;
using System.Runtime.CompilerServices;
using Coracle.Node.Proxy;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>
/// A node with three pods and a neighbour, each a network namespace of its own:
/// <code>
/// pod1 10.201.7.11 ─┐
/// pod2 10.201.7.12 ─┼─ bridge 10.201.7.1 [node] 192.0.2.1 ─── 192.0.2.2 [ext]
/// pod3 10.201.7.13 ─┘
/// </code>
/// The bridge is made by <see cref="BridgeNetwork"/>, the rules by <see cref="ServiceProxy"/>, both inside the node's namespace.
/// </summary>
public sealed class Lab : IAsyncLifetime
{
    public const string NodeAddress = "192.0.2.1";
    public const string ExtAddress = "192.0.2.2";
    public const string Gateway = "10.201.7.1";

    private static int _labs;
    private readonly string _prefix = $"ct{Environment.ProcessId}x{Interlocked.Increment(ref _labs)}";
    private readonly RunCommand _run = HostCommands.WithLimit(TimeSpan.FromSeconds(60), TimeProvider.System);
    private readonly List<string> _namespaces = [];
    private readonly List<IDisposable> _backends = [];
    private string _directory = "";

    public string Node => _prefix + "n";

    public string Ext => _prefix + "e";

    public string Pod(int number) => $"{_prefix}p{number}";

    public static string PodAddress(int number) => $"10.201.7.1{number}";

    internal NetworkDirectory Services { get; } = new();

    internal ServiceProxy Proxy { get; private set; } = null!;

    internal BridgeNetwork Bridge { get; private set; } = null!;

    internal BridgeOptions BridgeOptions { get; private set; } = null!;

    internal ProxyOptions Options { get; private set; } = null!;

    public RunCommand OnNode => _run.InNamespace(Node);

    public async ValueTask InitializeAsync()
    {
        if (!Root.IsAvailable)
        {
            return;
        }

        _directory = Directory.CreateTempSubdirectory("coracle-lab-").FullName;
        BridgeOptions = new BridgeOptions
        {
            BridgeName = BridgeOptions.NameFor(_prefix),
            Pods = IPNetwork.Parse("10.201.7.0/24"),
            CniDirectory = Path.Combine(_directory, "cni"),
            IpamDirectory = Path.Combine(_directory, "ipam"),
            LoopbackNodePorts = true,
        };
        Bridge = new BridgeNetwork(BridgeOptions, OnNode);
        await AddNamespaceAsync(Node);
        var setup = await Bridge.EnsureAsync(CancellationToken.None);
        Assert.True(setup.Ok, setup.Error);
        await AddNeighbourAsync();
        for (var number = 1; number <= 3; number++)
        {
            await AddPodAsync(number);
        }

        Options = new ProxyOptions
        {
            InstanceId = _prefix,
            NodeName = "node",
            NodeAddress = IPAddress.Parse(NodeAddress),
            ClusterPods = IPNetwork.Parse("10.201.0.0/16"),
            ServiceAddresses = IPNetwork.Parse("10.96.0.0/12"),
            NodePods = BridgeOptions.Pods,
            BridgeNetfilter = setup.BridgeNetfilter,
            LoopbackNodePorts = true,
            PodBridge = BridgeOptions.BridgeName,
            BridgePrefix = BridgeOptions.NamePrefix,
        };
        Proxy = NewProxy();
        Services.MarkComplete();
    }

    internal ServiceProxy NewProxy() => new(Options, Services, new NftKernel(OnNode), TimeProvider.System);

    /// <summary>Applies a change and loads it.</summary>
    internal async Task ChangeAsync(Func<NetworkSnapshot, NetworkSnapshot> change)
    {
        Services.Change(change);
        await Proxy.SyncAsync(CancellationToken.None);
        Assert.True(Proxy.Status.LastError is null, Proxy.Status.LastError);
    }

    public async Task<string> NodeCommandAsync(string file, params string[] arguments) => await CommandAsync(OnNode, file, arguments);

    public Task<string> CommandInAsync(string @namespace, string file, params string[] arguments) =>
        CommandAsync(_run.InNamespace(@namespace), file, arguments);

    /// <summary>A fresh namespace without any network, to be connected by a plugin.</summary>
    public async Task<string> AddBareNamespaceAsync()
    {
        var name = _prefix + "b";
        await AddNamespaceAsync(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        _backends.ForEach(b => b.Dispose());
        foreach (var name in _namespaces)
        {
            await _run(new Command("ip", "netns", "delete", name), CancellationToken.None);
        }

        if (_directory.Length > 0)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task AddNeighbourAsync()
    {
        await AddNamespaceAsync(Ext);
        await IpAsync(Node, "link", "add", "up0", "type", "veth", "peer", "name", "eth0", "netns", Ext);
        await IpAsync(Node, "addr", "add", NodeAddress + "/24", "dev", "up0");
        await IpAsync(Node, "link", "set", "up0", "up");
        await IpAsync(Ext, "addr", "add", ExtAddress + "/24", "dev", "eth0");
        await IpAsync(Ext, "link", "set", "eth0", "up");
        await IpAsync(Ext, "route", "add", "default", "via", NodeAddress);
        await IpAsync(Node, "route", "add", "default", "via", ExtAddress);
        _backends.Add(new Backend(Ext, "ext", 8080));
    }

    private async Task AddPodAsync(int number)
    {
        var pod = Pod(number);
        await AddNamespaceAsync(pod);
        await IpAsync(Node, "link", "add", $"veth{number}", "type", "veth", "peer", "name", "eth0", "netns", pod);
        await IpAsync(Node, "link", "set", $"veth{number}", "master", BridgeOptions.BridgeName, "up");
        await IpAsync(Node, "link", "set", $"veth{number}", "type", "bridge_slave", "hairpin", "on");
        await IpAsync(pod, "addr", "add", PodAddress(number) + "/24", "dev", "eth0");
        await IpAsync(pod, "link", "set", "eth0", "up");
        await IpAsync(pod, "route", "add", "default", "via", Gateway);
        _backends.Add(new Backend(pod, $"pod{number}", 8080));
    }

    private async Task AddNamespaceAsync(string name)
    {
        await CommandAsync(_run, "ip", "netns", "add", name);
        _namespaces.Add(name);
        await IpAsync(name, "link", "set", "lo", "up");
    }

    public Task<string> IpAsync(string @namespace, params string[] arguments) => CommandAsync(_run.InNamespace(@namespace), "ip", arguments);

    private static async Task<string> CommandAsync(RunCommand run, string file, params string[] arguments)
    {
        var result = await run(new Command(file, [.. arguments]), CancellationToken.None);
        Assert.True(result.Ok, $"{file} {string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }
}

/// <summary>Whether tests may make network namespaces.</summary>
public static class Root
{
    public const string Needed = "needs root, nft, ip, iptables and conntrack: makes network namespaces";

    public static bool IsAvailable { get; } =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && HasTool("nft") && HasTool("ip") && HasTool("iptables") && HasTool("conntrack");

    private static bool HasTool(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Any(d => File.Exists(Path.Combine(d, name)));
}

/// <summary>A fact that only root can check; elsewhere it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = Root.Needed;
        SkipType = typeof(Root);
        SkipUnless = nameof(Root.IsAvailable);
    }
}
