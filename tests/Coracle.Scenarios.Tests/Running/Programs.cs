using System.Collections.Concurrent;
using System.Globalization;
using Coracle.Node.Simulation;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>What containers of scenarios do, by the first word of their command; and which pods a scenario has made unready.</summary>
internal sealed class Programs
{
    private readonly ConcurrentDictionary<string, bool> _unready = new();

    public ContainerScript Script => new()
    {
        Fate = Fate,
        Probes = (container, _) => _unready.Keys.Any(prefix => container.Pod.StartsWith(prefix, StringComparison.Ordinal) || container.Image == prefix) ? "not ready" : null,
        HasImage = static image => !image.Contains("missing", StringComparison.Ordinal),
    };

    /// <param name="prefix">Of names of pods, or an image.</param>
    public void Unready(string prefix) => _unready[prefix] = true;
    public void Ready(string prefix) => _unready.TryRemove(prefix, out _);

    private static ContainerFate Fate(SimulatedContainer container)
    {
        var index = container.Environment.TryGetValue("JOB_COMPLETION_INDEX", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : -1;
        return container.Command switch
        {
            ["succeed"] => ContainerFate.Ends(),
            ["succeed", var after] => ContainerFate.Ends(0, Seconds(after)),
            ["fail"] => ContainerFate.Ends(1),
            ["fail", var code] => ContainerFate.Ends(Number(code)),
            ["fail", var code, var after] => ContainerFate.Ends(Number(code), Seconds(after)),
            ["fail-once"] => ContainerFate.Ends(container.Restarts == 0 ? 1 : 0),
            ["fail-odd"] => ContainerFate.Ends(index % 2 == 1 ? 1 : 0),
            ["fail-odd", var code] => ContainerFate.Ends(index % 2 == 1 ? Number(code) : 0),
            ["fail-odd-first", var after] => index % 2 == 1 ? ContainerFate.Ends(1) : ContainerFate.Ends(0, Seconds(after)),
            ["succeed-only", var one] => index == Number(one) ? ContainerFate.Ends() : ContainerFate.Runs,
            ["succeed-below", var limit] => index < Number(limit) ? ContainerFate.Ends() : ContainerFate.Runs,
            ["stops-after", var time] => new() { StopsAfter = Seconds(time) },
            ["stops-after", var time, var code] => new() { StopsAfter = Seconds(time), StoppedWith = Number(code) },
            ["stops-with", var code] => new() { StoppedWith = Number(code) },
            _ => ContainerFate.Runs,
        };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(Number(text));
}
