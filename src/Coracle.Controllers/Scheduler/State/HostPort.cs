using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A port that a pod takes on its node.</summary>
public readonly record struct HostPort(string Address, string Protocol, int Port)
{
    private const string All = "0.0.0.0";

    /// <summary>Both cannot be on one node: the same port and protocol on the same address, or on all of them.</summary>
    public bool Conflicts(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address == All || other.Address == All || Address == other.Address);

    /// <summary>The host ports of a pod's containers and sidecars.</summary>
    internal static HostPort[] Of(Pod pod)
    {
        List<HostPort>? ports = null;
        foreach (var container in pod.Spec.Containers ?? []) Collect(container, ref ports);
        foreach (var container in pod.Spec.InitContainers ?? [])
            if (container.RestartPolicy == ContainerRestartPolicy.Always) Collect(container, ref ports);
        return ports is null ? [] : [.. ports];
    }

    private static void Collect(Container container, ref List<HostPort>? ports)
    {
        foreach (var port in container.Ports ?? [])
        {
            if (port.HostPort <= 0) continue;
            (ports ??= []).Add(new(port.HostIP.Length == 0 ? All : port.HostIP, port.Protocol.Length == 0 ? "TCP" : port.Protocol, port.HostPort));
        }
    }
}
