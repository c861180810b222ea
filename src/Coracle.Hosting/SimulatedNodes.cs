using Coracle.ApiServer.Access;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Simulation;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>Nodes that run nothing but behave as if: the same agent over a simulated runtime.</summary>
public static class SimulatedNodes
{
    public static NodeAgent Create(ControlPlane plane, int index, TimeProvider clock)
    {
        var name = $"sim-{index}";
        var user = new User { Name = $"system:node:{name}", Groups = ["system:nodes", "system:authenticated"] };
        var client = plane.Client(user, "kubelet");
        var range = "";
        var next = 1;
        return new NodeAgent(new NodeOptions
        {
            Name = name,
            Client = client,
            Runtime = new SimulatedRuntime(clock, () => Address(ref range, ref next, index)),
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
                range = assigned;
                return Task.CompletedTask;
            },
        });
    }

    // Addresses out of the node's range once it has one, out of one of its own before.
    private static string Address(ref string range, ref int next, int index)
    {
        var host = next++ % 250 + 2;
        if (range.Length == 0) return $"10.{200 + index / 250 % 50}.{index % 250}.{host}";
        var prefix = range[..range.LastIndexOf('.')];
        return $"{prefix}.{host}";
    }
}
