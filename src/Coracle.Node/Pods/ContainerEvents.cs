using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Node.Pods;

/// <summary>The events of one container: about its pod, with the path to the container in it.</summary>
internal sealed class ContainerEvents(EventRecorder recorder, Pod pod, Container container)
{
    public void Normal(string reason, string message) => Record("Normal", reason, message);

    public void Warning(string reason, string message) => Record("Warning", reason, message);

    private void Record(string type, string reason, string message)
    {
        var about = EventRecorder.Refer(pod);
        var list = (pod.Spec.InitContainers ?? []).Exists(c => c.Name == container.Name) ? "initContainers"
            : (pod.Spec.EphemeralContainers ?? []).Exists(c => c.Name == container.Name) ? "ephemeralContainers" : "containers";
        about.FieldPath = $"spec.{list}{{{container.Name}}}";
        recorder.Record(about, type, reason, message);
    }
}
