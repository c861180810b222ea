using Coracle.ApiServer.Access;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Simulation;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>A node that runs nothing but behaves as if: the same agent over a simulated runtime.</summary>
public sealed class SimulatedNode
{
    private readonly SimulatedRuntime _runtime;
    private readonly PodAddresses _addresses;
    private readonly ContainerScript _script;

    private SimulatedNode(NodeAgent agent, SimulatedRuntime runtime, PodAddresses addresses, ContainerScript script) =>
        (Agent, _runtime, _addresses, _script) = (agent, runtime, addresses, script);

    public NodeAgent Agent { get; }

    /// <summary>As whom the node of this number ("sim-0" and so on) calls the API.</summary>
    public static User UserOf(int index) => new() { Name = $"system:node:sim-{index}", Groups = ["system:nodes", "system:authenticated"] };

    /// <param name="client">Calls the API as <see cref="UserOf"/> says.</param>
    /// <param name="index">Which one it is.</param>
    /// <param name="script">What becomes of its containers; by default what their pods' annotations say.</param>
    /// <param name="leasePeriod">How often it renews its lease; by default as upstream's nodes do.</param>
    public static SimulatedNode Create(Client client, int index, ContainerScript? script = null, TimeSpan? leasePeriod = null)
    {
        var addresses = new PodAddresses(index);
        script ??= ContainerScript.ByAnnotations;
        return Create(client, index, new SimulatedRuntime(client.Time, addresses.Next, script), addresses, script, leasePeriod);
    }

    /// <summary>The same node in another cluster: what runs on it does there too.</summary>
    public SimulatedNode Fork(Client client, ContainerScript? script = null)
    {
        var addresses = _addresses.Fork();
        script ??= _script;
        return Create(client, _addresses.Index, _runtime.Fork(client.Time, addresses.Next, script), addresses, script);
    }

    /// <summary>The same node after a restart of its agent: what runs goes on.</summary>
    public SimulatedNode Restart(Client client) => Create(client, _addresses.Index, _runtime, _addresses, _script);

    /// <summary>A container of a pod ends now, as its process might do at any time; false when none of that name runs.</summary>
    public bool EndContainer(string podUid, string container, int exitCode) => _runtime.End(podUid, container, exitCode);

    private static SimulatedNode Create(Client client, int index, SimulatedRuntime runtime, PodAddresses addresses, ContainerScript script, TimeSpan? leasePeriod = null)
    {
        var name = $"sim-{index}";
        return new SimulatedNode(new NodeAgent(new NodeOptions
        {
            Name = name,
            Client = client,
            Runtime = runtime,
            InternalAddress = $"172.30.{index / 250}.{index % 250 + 1}",
            Capacity = new Dictionary<string, Quantity>
            {
                ["cpu"] = Quantity.Parse("32"), ["memory"] = Quantity.Parse("256Gi"), ["pods"] = Quantity.Parse("250"), ["ephemeral-storage"] = Quantity.Parse("1Ti"),
            },
            Labels = new() { ["type"] = "simulated" },
            SystemInfo = new NodeSystemInfo
            {
                Architecture = "amd64", OperatingSystem = "linux", OsImage = "simulated", KernelVersion = "0", ContainerRuntimeVersion = "simulated://1.0",
                KubeletVersion = ApiServer.VersionInfo.GitVersion, KubeProxyVersion = "", MachineID = name, SystemUUID = name, BootID = name,
            },
            ProbesReachPods = script.Probes is not null,
            SimulatedProbe = runtime.Probe,
            ParallelStarts = 64,
            LeasePeriod = leasePeriod ?? TimeSpan.FromSeconds(10),
            PodRangeAssigned = (assigned, _) =>
            {
                addresses.Range = assigned;
                return Task.CompletedTask;
            },
        }), runtime, addresses, script);
    }

    /// <summary>Addresses out of the node's range once it has one, out of one of its own before.</summary>
    private sealed class PodAddresses(int index)
    {
        public int Index => index;

        private int _given;

        public string Range { get; set; } = "";

        public string Next()
        {
            var host = Interlocked.Increment(ref _given) % 250 + 2;
            return Range.Length == 0 ? $"10.{200 + index / 250 % 50}.{index % 250}.{host}" : $"{Range[..Range.LastIndexOf('.')]}.{host}";
        }

        public PodAddresses Fork() => new(index) { _given = _given, Range = Range };
    }
}
