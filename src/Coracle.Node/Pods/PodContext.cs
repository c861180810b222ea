using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Probes;
using Coracle.Node.Volumes;
using Coracle.Sdk;

namespace Coracle.Node.Pods;

/// <summary>What the workers of one node share.</summary>
internal sealed class PodContext
{
    public PodContext(NodeOptions options, Informer<Pod> pods)
    {
        Options = options;
        Pods = pods;
        Events = new EventRecorder(options.Client, "kubelet", options.Name);
        Images = new ImagePuller(options);
        Volumes = new PodVolumes(options);
        ProbeClient = new ProbeClient(options.Clock);
        Starts = new StartSlots(options.ParallelStarts);
        Allotments = new NodeAllotments(options.Capacity, pods.List);
    }

    public NodeOptions Options { get; }
    public Informer<Pod> Pods { get; }
    public EventRecorder Events { get; }
    public ImagePuller Images { get; }
    public PodVolumes Volumes { get; }
    public ProbeClient ProbeClient { get; }

    public StartSlots Starts { get; }
    public NodeAllotments Allotments { get; }
    public Cri.IContainerRuntime Runtime => Options.Runtime;
    public TimeProvider Clock => Options.Clock;

    public ContainerEvents EventsOf(Pod pod, Container container) => new(Events, pod, container);

    public void Log(string message, Exception? e = null) =>
        Options.Client.Options.Log(new(e is null ? LogSeverity.Info : LogSeverity.Warning, $"node/{Options.Name}", message, e));
}
