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

    private SimulatedNode(NodeAgent agent, SimulatedRuntime runtime, PodAddresses addresses) => (Agent, _runtime, _addresses) = (agent, runtime, addresses);

    public NodeAgent Agent { get; }

    /// <summary>The node of this number in a cluster: "sim-0" and so on.</summary>
    public static SimulatedNode Create(ControlPlane plane, int index, TimeProvider clock)
    {
        var addresses = new PodAddresses(index);
        return Create(plane, index, new SimulatedRuntime(clock, addresses.Next), addresses);
    }

    /// <summary>The same node in another cluster: what runs on it does there too.</summary>
    public SimulatedNode Fork(ControlPlane plane, int index, TimeProvider clock)
    {
        var addresses = _addresses.Fork();
        return Create(plane, index, _runtime.Fork(clock, addresses.Next), addresses);
    }

    private static SimulatedNode Create(ControlPlane plane, int index, SimulatedRuntime runtime, PodAddresses addresses)
    {
        var name = $"sim-{index}";
        var user = new User { Name = $"system:node:{name}", Groups = ["system:nodes", "system:authenticated"] };
        var client = plane.Client(user, "kubelet");
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
            ProbesReachPods = false,
            ParallelStarts = 64,
            PodRangeAssigned = (assigned, _) =>
            {
                addresses.Range = assigned;
                return Task.CompletedTask;
            },
        }), runtime, addresses);
    }

    /// <summary>Addresses out of the node's range once it has one, out of one of its own before.</summary>
    private sealed class PodAddresses(int index)
    {
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
