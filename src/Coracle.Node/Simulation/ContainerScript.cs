using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Node.Simulation;

/// <summary>What happens on simulated nodes, where nothing runs: asked at every start, probe and pull, so that answers may change while the cluster goes on.</summary>
public sealed record ContainerScript
{
    /// <summary>Seconds after which every container of a pod ends by itself.</summary>
    public const string ExitAfterAnnotation = "coracle.dev/simulate-exit-after-seconds";

    /// <summary>With which code it then ends; 0 when not given.</summary>
    public const string ExitCodeAnnotation = "coracle.dev/simulate-exit-code";

    /// <summary>Containers do what annotations of their pods say, all is well, and every image is there.</summary>
    public static ContainerScript ByAnnotations { get; } = new();

    /// <summary>What becomes of a container that starts.</summary>
    public Func<SimulatedContainer, ContainerFate> Fate { get; init; } = Annotated;

    /// <summary>What a probe of a running container finds: null when it is well, otherwise what it says. While this is null, no probe runs and all containers are ready.</summary>
    public Func<SimulatedContainer, Probe, string?>? Probes { get; init; }

    /// <summary>Asked with an image's whole name, registry and tag. One that is not there is not to be had either.</summary>
    public Func<string, bool> HasImage { get; init; } = static _ => true;

    /// <summary>As the annotations of its pod say.</summary>
    public static ContainerFate Annotated(SimulatedContainer container)
    {
        if (!container.Annotations.TryGetValue(ExitAfterAnnotation, out var text) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return ContainerFate.Runs;
        _ = int.TryParse(container.Annotations.GetValueOrDefault(ExitCodeAnnotation), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code);
        return ContainerFate.Ends(code, TimeSpan.FromSeconds(seconds));
    }
}
