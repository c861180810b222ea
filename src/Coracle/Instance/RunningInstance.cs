using System.Globalization;
using System.Net;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Node.Agent;
using Coracle.Sdk;
using Kubeconfig = Coracle.ApiServer.Access.Kubeconfig;
using Coracle.Serving;
using Coracle.Store;

namespace Coracle.Instance;

/// <summary>What `coracle up` was asked for.</summary>
internal sealed record UpOptions
{
    public required string DataDirectory { get; init; }
    public int ApiPort { get; init; } = 6443;

    /// <summary>"containerd", "sim:N" or "none".</summary>
    public string Nodes { get; init; } = "containerd";

    /// <summary>A Policy of audit.k8s.io/v1: then there is an audit log, audit.log in the data directory.</summary>
    public string? AuditPolicyFile { get; init; }

    /// <summary>Flags about access and encryption, by name.</summary>
    public IReadOnlyDictionary<string, string> Access { get; init; } = new Dictionary<string, string>();

    /// <summary>"A=true,B=false": what is turned on and off.</summary>
    public string FeatureGates { get; init; } = "";

    /// <summary>The API server alone.</summary>
    public bool WithoutControllers { get; init; }

    /// <summary>All that was given, by flag without dashes.</summary>
    public IReadOnlyDictionary<string, string> Flags => new Dictionary<string, string>(Access.Select(flag => new KeyValuePair<string, string>(flag.Key.TrimStart('-'), flag.Value)))
    {
        ["api-port"] = ApiPort.ToString(CultureInfo.InvariantCulture), ["audit-policy-file"] = AuditPolicyFile ?? "", ["data-dir"] = DataDirectory, ["feature-gates"] = FeatureGates, ["nodes"] = Nodes,
    };

    public Action<string> Progress { get; init; } = static _ => { };
}

/// <summary>A whole instance in this process: store, control plane, HTTP, nodes. Composed here, by hand, in the order in which things need each other.</summary>
internal sealed class RunningInstance : IAsyncDisposable
{
    private readonly UpOptions _options;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly Dictionary<string, NodeApi> _nodes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _agents = [];
    private readonly Journal _journal;
    private NetworkSlot? _slot;

    // Nothing is sent to pods of simulated nodes: these may be as many as there are ranges here, 16,384.
    private static readonly IPNetwork SimulatedPods = IPNetwork.Parse("100.64.0.0/10");

    private RunningInstance(UpOptions options, Journal journal) => (_options, _journal) = (options, journal);

    public string KubeconfigPath => Path.Combine(_options.DataDirectory, "kubeconfig");

    /// <summary>Throws <see cref="InstanceException"/> with what is to be told when it cannot start.</summary>
    public static async Task<RunningInstance> StartAsync(UpOptions options, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.DataDirectory, DataDirectoryMode.Value);
        var instance = new RunningInstance(options, new Journal(Path.Combine(options.DataDirectory, "coracle.log")));
        try
        {
            await instance.Start(cancel);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>1. Addresses. 2. The store. 3. Keys. 4. The control plane and its port. 5. The system's objects and controllers. 6. Nodes.</summary>
    private async Task Start(CancellationToken cancel)
    {
        var before = InstanceRecord.Read(_options.DataDirectory);
        if (before is { IsRunning: true }) throw new InstanceException($"an instance is running on {_options.DataDirectory} already (process {before.Pid})");
        var audit = AuditFile.Open(_options.AuditPolicyFile, Path.Combine(_options.DataDirectory, "audit.log"));
        if (audit?.Sink is AuditFile log) _parts.Add(log);
        var network = new HttpWebhookTransport();
        if (audit is not null && AuditFile.Webhook(_options.Access, network, _journal.Write) is { } webhook)
        {
            _parts.Add(webhook);
            audit = audit with { Sink = new ApiServer.AuditSinks(audit.Sink, webhook) };
        }
        var access = new AccessFiles(_options.Access);
        var (accessOptions, tokens) = (access.Read(), access.ReadTokens());
        var features = ApiServer.FeatureGates.Parse(_options.FeatureGates, out var problem) ?? throw new InstanceException($"--feature-gates: {problem}");
        var encryption = EncryptionFile.Open(_options.Access, _options.DataDirectory);
        _slot = NetworkSlot.Take(before?.NetworkSlot) ?? throw new InstanceException("no address range is free: too many instances on this machine");   // 1
        var store = OpenStore(encryption);                                                                                                                // 2
        var pki = PkiDirectory.Open(Path.Combine(_options.DataDirectory, "pki"), new PkiOptions { ServiceAddress = First(_slot.Services) }, TimeProvider.System).Pki;   // 3
        var plane = new ControlPlane(new ControlPlaneOptions
        {
            Store = store, Pki = pki, ServiceRange = _slot.Services, PodRange = _options.Nodes.StartsWith("sim:", StringComparison.Ordinal) ? SimulatedPods : _slot.Pods, LoadBalancerRange = _slot.LoadBalancers, Advertised = new IPEndPoint(IPAddress.Loopback, _options.ApiPort),
            Nodes = name => _nodes.GetValueOrDefault(name), Log = _journal.Write, Webhooks = network, Audit = audit,
            Access = accessOptions, StaticTokens = tokens,
            Backends = new HttpBackendTransport(() => pki.FrontProxyClient),
            RunsControllers = !_options.WithoutControllers, Features = features, Flags = _options.Flags, ProcessMetrics = ProcessMetrics.Render,
        });
        _parts.Add(plane);
        _parts.AddRange(access.Follow(plane.Access, _journal.Write));
        if (encryption.Follow(plane.Access, _journal.Write) is { } followed) _parts.Add(followed);
        await Listen(plane, IPAddress.Loopback, pki);                                                                                            // 4
        WriteKubeconfig(pki);
        new InstanceRecord
        {
            Pid = Environment.ProcessId, StartTime = InstanceRecord.StartTimeOf(Environment.ProcessId) ?? 0, ApiPort = _options.ApiPort, Nodes = _options.Nodes, NetworkSlot = _slot.Number,
        }.Write(_options.DataDirectory);
        _options.Progress($"API server answers on https://127.0.0.1:{_options.ApiPort}");
        await plane.StartAsync(cancel);                                                                                                          // 5
        _options.Progress("control plane is ready");
        await StartNodes(plane, pki, cancel);                                                                                                    // 6
    }

    private SqliteStore OpenStore(EncryptionFile encryption)
    {
        try
        {
            return SqliteStore.Open(new SqliteStoreOptions
            {
                Directory = Path.Combine(_options.DataDirectory, "store"),
                Restamp = static (_, value, revision) => ApiServer.VersionedJson.Replace(value.Span, revision),
                Encryption = encryption.Encryption,
            });
        }
        catch (StoreOpenException e)
        {
            throw new InstanceException(e.Message, e);
        }
    }

    private async Task Listen(ControlPlane plane, IPAddress address, Pki pki)
    {
        try
        {
            _parts.Add(await HttpServer.StartAsync(plane.Server, address, _options.ApiPort, () => pki.ServingCertificate));
        }
        catch (IOException e)
        {
            throw new InstanceException($"port {_options.ApiPort} on {address} is taken: choose another with --api-port", e);
        }
    }

    private void WriteKubeconfig(Pki pki)
    {
        var admin = pki.ClusterAuthority.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(365));
        var text = Kubeconfig.WithCertificate("coracle", $"https://127.0.0.1:{_options.ApiPort.ToString(CultureInfo.InvariantCulture)}", pki.ClusterAuthority.Certificate.CertificatePem, admin);
        using (var file = new FileStream(KubeconfigPath, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        File.SetUnixFileMode(KubeconfigPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task StartNodes(ControlPlane plane, Pki pki, CancellationToken cancel)
    {
        if (_options.Nodes == "none") return;
        if (_options.Nodes.StartsWith("sim:", StringComparison.Ordinal))
        {
            var count = int.Parse(_options.Nodes.AsSpan(4), CultureInfo.InvariantCulture);
            // So many that their heartbeats would be most of what happens live on fewer: still two within the time after which a node counts as silent.
            var leases = TimeSpan.FromSeconds(count > 1000 ? 20 : 10);
            for (var i = 0; i < count; i++) Run(SimulatedNode.Create(plane.Client(SimulatedNode.UserOf(i), "kubelet"), i, leasePeriod: leases).Agent);
            _options.Progress($"{count} simulated nodes are starting");
            return;
        }
        var name = Environment.MachineName.ToLowerInvariant();
        var clients = new NodeClients(
            plane.Client(new User { Name = $"system:node:{name}", Groups = ["system:nodes", "system:authenticated"] }, "kubelet"),
            plane.Client(new User { Name = "system:kube-proxy", Groups = ["system:authenticated"] }, "kube-proxy"),
            plane.Client(new User { Name = "system:apiserver", Groups = ["system:masters"] }, "coredns"));
        try
        {
            var node = await MachineNode.StartAsync(new MachineNodeOptions
            {
                Name = name, DataDirectory = _options.DataDirectory, PodRange = _slot!.Pods, ServiceRange = _slot.Services, Log = _journal.Write,
                GatewayReady = (gateway, stop) => ServePods(plane, gateway, pki, stop),
            }, clients, cancel);
            _parts.Add(node);
            _nodes[name] = node.Agent.Api;
        }
        catch (Exception e) when (e is FileNotFoundException or IOException)
        {
            throw new InstanceException($"the node cannot start: {e.Message}", e);
        }
        _options.Progress($"node {name} is starting");
    }

    private void Run(NodeAgent agent)
    {
        _nodes[agent.Name] = agent.Api;
        _agents.Add(Task.Run(async () =>
        {
            try
            {
                await agent.RunAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
            }
            catch (Exception e)
            {
                _journal.Write(new LogEntry(LogSeverity.Error, agent.Name, "the agent ended", e));
            }
        }));
    }

    // Pods cannot reach the machine's loopback: for them the API is served on their bridge, and the "kubernetes" service points there.
    private async Task ServePods(ControlPlane plane, IPAddress gateway, Pki pki, CancellationToken cancel)
    {
        await Listen(plane, gateway, pki);
        await plane.AdvertiseAsync(new IPEndPoint(gateway, _options.ApiPort), cancel);
    }

    private static IPAddress First(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }

    /// <summary>Lets go of everything; containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_agents);
        foreach (var part in Enumerable.Reverse(_parts)) await part.DisposeAsync();
        _slot?.Dispose();
        _journal.Dispose();
    }
}

/// <summary>Why an instance cannot start, for the user.</summary>
internal sealed class InstanceException(string message, Exception? inner = null) : Exception(message, inner);
