using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Container = Coracle.Kinds.Core.V1.Container;

namespace Coracle.Node.Pods;

/// <summary>Events about one container of a pod, which they name by its field, so that those of two containers are two events.</summary>
internal static class ContainerEvents
{
    public static void Normal(this EventRecorder events, Pod pod, Container container, string reason, string message) => events.Record(Refer(pod, container), "Normal", reason, message);

    public static void Warning(this EventRecorder events, Pod pod, Container container, string reason, string message) => events.Record(Refer(pod, container), "Warning", reason, message);

    private static ObjectReference Refer(Pod pod, Container container)
    {
        var reference = EventRecorder.Refer(pod);
        var list = pod.Spec.InitContainers?.Exists(c => c.Name == container.Name) == true ? "initContainers"
            : pod.Spec.EphemeralContainers?.Exists(c => c.Name == container.Name) == true ? "ephemeralContainers" : "containers";
        reference.FieldPath = $"spec.{list}{{{container.Name}}}";
        return reference;
    }
}
