using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Warnings about single containers and about the ports of all.</summary>
internal sealed partial class PodWarnings
{
    /// <summary>What of a container of any sort is looked at.</summary>
    private readonly record struct AnyContainer(string Name, SecurityContext? Security, ResourceRequirements Resources, List<EnvVar> Env, List<ContainerPort> Ports);

    private static readonly List<EnvVar> NoEnv = [];
    private static readonly List<ContainerPort> NoPorts = [];

    private IEnumerable<(AnyContainer Container, FieldPath At)> Containers()
    {
        foreach (var (list, name) in new[] { (spec.InitContainers, "initContainers"), (spec.Containers, "containers") })
            for (var i = 0; i < (list?.Count ?? 0); i++)
                yield return (new(list![i].Name, list[i].SecurityContext, list[i].Resources, list[i].Env ?? NoEnv, list[i].Ports ?? NoPorts), (path / name)[i]);
        for (var i = 0; i < (spec.EphemeralContainers?.Count ?? 0); i++)
        {
            var debugger = spec.EphemeralContainers![i];
            yield return (new(debugger.Name, debugger.SecurityContext, debugger.Resources, debugger.Env ?? NoEnv, debugger.Ports ?? NoPorts), (path / "ephemeralContainers")[i]);
        }
    }

    private void Container(AnyContainer container, FieldPath at)
    {
        var notes = root / "metadata" / "annotations";
        if (annotations.Count > 0 && container.Security?.SeccompProfile is null && annotations.ContainsKey(SeccompContainer + container.Name))
            Add(notes.Key(SeccompContainer + container.Name), """non-functional in v1.27+; use the "seccompProfile" field instead""");
        var hasProfile = spec.SecurityContext?.AppArmorProfile is not null || container.Security?.AppArmorProfile is not null;
        if (isTemplate && !hasProfile && annotations.ContainsKey(AppArmorContainer + container.Name))
            Add(notes.Key(AppArmorContainer + container.Name), """deprecated since v1.30; use the "appArmorProfile" field instead""");
        Fractions(at / "resources" / "limits", container.Resources.Limits);
        Fractions(at / "resources" / "requests", container.Resources.Requests);
        Hidden(container.Env, at / "env");
    }

    // Naming a variable twice is well where the second builds on the first.
    private void Hidden(List<EnvVar> env, FieldPath at)
    {
        if (env.Count < 2) return;
        var seen = new HashSet<string>(env.Count, StringComparer.Ordinal);
        for (var i = 0; i < env.Count; i++)
        {
            if (seen.Add(env[i].Name)) continue;
            var reference = $"$({env[i].Name})";
            if (env[i].ValueFrom is not null || env[i].Value == reference || !env[i].Value.Contains(reference, StringComparison.Ordinal))
                Add(at[i], $"hides previous definition of {GoText.Quote(env[i].Name)}, which may be dropped when using apply");
        }
    }

    private void Ports()
    {
        var all = new Dictionary<(int, string), List<(FieldPath At, ContainerPort Port)>>();
        foreach (var (container, owner) in Containers())
            for (var i = 0; i < container.Ports.Count; i++)
            {
                var (port, at) = (container.Ports[i], (owner / "ports")[i]);
                if (port.HostIP.Length > 0 && port.HostPort == 0)
                    Add(at, $"hostIP set without hostPort: {{Name:{port.Name} HostPort:{port.HostPort} ContainerPort:{port.ContainerPortValue} Protocol:{port.Protocol} HostIP:{port.HostIP}}}");
                var key = (port.ContainerPortValue, port.Protocol);
                if (!all.TryGetValue(key, out var others)) all[key] = others = [];
                foreach (var other in others) Overlap(port, at, other.Port, other.At);
                others.Add((at, port));
            }
    }

    private void Overlap(ContainerPort port, FieldPath at, ContainerPort other, FieldPath otherAt)
    {
        if (port.HostIP == other.HostIP && port.HostPort == other.HostPort) Add(at, $"duplicate port definition with {otherAt}");
        else if (port.HostPort == 0 || other.HostPort == 0) Add(at, $"overlapping port definition with {otherAt}");
        else if (port.HostPort == other.HostPort && port.HostIP.Length == 0 != (other.HostIP.Length == 0))
            Add(at, $"dangerously ambiguous port definition with {otherAt}");
    }
}
