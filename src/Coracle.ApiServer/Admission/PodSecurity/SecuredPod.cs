using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>A container of any sort, as far as Pod Security looks at it.</summary>
internal sealed record SecuredContainer(string Name, SecurityContext? Security, IReadOnlyList<ContainerPort> Ports, Probe?[] Probes, Lifecycle? Lifecycle);

/// <summary>A pod, or what will be one, as Pod Security looks at it.</summary>
internal sealed class SecuredPod
{
    public SecuredPod(IReadOnlyDictionary<string, string>? annotations, PodSpec spec)
    {
        Annotations = annotations ?? new Dictionary<string, string>();
        Spec = spec;
        Containers =
        [
            .. (spec.InitContainers ?? []).Select(Of), .. (spec.Containers ?? []).Select(Of),
            .. (spec.EphemeralContainers ?? []).Select(c => new SecuredContainer(c.Name, c.SecurityContext, c.Ports ?? [], [c.LivenessProbe, c.ReadinessProbe, c.StartupProbe], c.Lifecycle)),
        ];
    }

    private static SecuredContainer Of(Container c) => new(c.Name, c.SecurityContext, c.Ports ?? [], [c.LivenessProbe, c.ReadinessProbe, c.StartupProbe], c.Lifecycle);

    public IReadOnlyDictionary<string, string> Annotations { get; }
    public PodSpec Spec { get; }
    public PodSecurityContext? Security => Spec.SecurityContext;

    /// <summary>Init containers, containers and ephemeral ones, in this order.</summary>
    public IReadOnlyList<SecuredContainer> Containers { get; }

    public bool IsWindows => Spec.Os?.Name == "windows";

    /// <summary>The users in the pod are none on the node.</summary>
    public bool HasOwnUsers => Spec.HostUsers == false;

    public List<string> NamesWhere(Func<SecuredContainer, bool> bad) => [.. Containers.Where(bad).Select(c => c.Name)];
}

/// <summary>What a check found: the reason in a word or two, and the details.</summary>
internal sealed record Violation(string Reason, string Detail);
