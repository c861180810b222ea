using System.Collections.Concurrent;
using Coracle.Node.Simulation;

namespace Coracle.Conformance.Tests;

/// <summary>What containers of tests do: the first word of their command names it. Those of upstream's tests are shell scripts to the same effect.</summary>
internal sealed class Programs
{
    private readonly ConcurrentDictionary<string, string> _unwell = new();

    public ContainerScript Script => new()
    {
        Fate = Fate,
        Probes = (container, _) => _unwell.GetValueOrDefault(container.Namespace),
        HasImage = static image => !image.Contains("non-existent", StringComparison.Ordinal),
    };

    /// <summary>Probes of all containers in a namespace fail from now on.</summary>
    public void Break(string ns) => _unwell[ns] = "HTTP probe failed with statuscode: 404";
    public void Restore(string ns) => _unwell.TryRemove(ns, out _);

    private static ContainerFate Fate(SimulatedContainer container)
    {
        var odd = container.Environment.TryGetValue("JOB_COMPLETION_INDEX", out var index) && int.Parse(index, System.Globalization.CultureInfo.InvariantCulture) % 2 == 1;
        return container.Command.FirstOrDefault() switch
        {
            "succeed" => ContainerFate.Ends(),
            "fail" => ContainerFate.Ends(container.Command.Count > 1 ? int.Parse(container.Command[1], System.Globalization.CultureInfo.InvariantCulture) : 1),
            "fail-once" => ContainerFate.Ends(container.Restarts == 0 ? 1 : 0),
            "fail-odd-succeed-even" => ContainerFate.Ends(odd ? 1 : 0),
            "succeed-even" => odd ? ContainerFate.Runs : ContainerFate.Ends(),
            "succeed-first" => index == "0" ? ContainerFate.Ends() : ContainerFate.Runs,
            "killed" => new() { StoppedWith = 143 },
            _ => ContainerScript.Annotated(container),
        };
    }
}
