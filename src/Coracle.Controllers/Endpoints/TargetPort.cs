using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers;

/// <summary>The port of a pod to which a port of a service leads.</summary>
internal static class TargetPort
{
    /// <summary>
    /// The target by number, or the container's port of that name and the same protocol, which may differ from pod to pod; null when the pod has none
    /// (upstream: FindPort). Sidecars count, other init containers do not.
    /// </summary>
    public static int? Find(Pod pod, ServicePort port)
    {
        if (!port.TargetPort.IsString) return port.TargetPort.IntValue;
        foreach (var container in pod.Spec.Containers ?? [])
            if (Named(container, port) is { } number) return number;
        foreach (var container in pod.Spec.InitContainers ?? [])
            if (container.RestartPolicy == "Always" && Named(container, port) is { } number) return number;
        return null;
    }

    private static int? Named(Container container, ServicePort port) =>
        container.Ports?.Find(p => p.Name == port.TargetPort.StringValue && p.Protocol == port.Protocol)?.ContainerPortValue;
}
