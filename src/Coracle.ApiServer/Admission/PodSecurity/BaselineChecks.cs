using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using static Coracle.ApiServer.SecurityWords;

namespace Coracle.ApiServer;

/// <summary>The checks of the level "baseline" (upstream: pod-security-admission, policy/check_*.go).</summary>
internal static class BaselineChecks
{
    private const string AppArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
    private const string SeccompPod = "seccomp.security.alpha.kubernetes.io/pod";
    private const string SeccompContainer = "container.seccomp.security.alpha.kubernetes.io/";

    private static readonly string[] Capabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private static SortedSet<string> Sorted() => new(StringComparer.Ordinal);

    public static Violation? AppArmorProfile(SecuredPod pod)
    {
        static bool IsBad(AppArmorProfile? profile) => profile is not null && profile.Type is not ("RuntimeDefault" or "Localhost");
        var podBad = IsBad(pod.Security?.AppArmorProfile);
        var containers = pod.NamesWhere(c => IsBad(c.Security?.AppArmorProfile));
        var values = Sorted();
        if (podBad) values.Add(pod.Security!.AppArmorProfile!.Type);
        values.UnionWith(pod.Containers.Where(c => IsBad(c.Security?.AppArmorProfile)).Select(c => c.Security!.AppArmorProfile!.Type));
        var annotations = pod.Annotations.Where(a => a.Key.StartsWith(AppArmorPrefix, StringComparison.Ordinal)
            && a.Value is not ("" or "runtime/default") && !a.Value.StartsWith("localhost/", StringComparison.Ordinal)).Select(a => $"{a.Key}={GoText.Quote(a.Value)}").Order(StringComparer.Ordinal).ToList();
        List<string> all = [.. values, .. annotations];
        if (all.Count == 0) return null;
        var setters = Setters(podBad, containers, annotations.Count > 0 ? Many("annotation", "annotations", annotations.Count) : null);
        return new(Many("forbidden AppArmor profile", "forbidden AppArmor profiles", all.Count), $"{setters} must not set AppArmor profile type to {Quoted(all)}");
    }

    public static Violation? CapabilitiesAdded(SecuredPod pod)
    {
        static IEnumerable<string> Bad(SecuredContainer c) => (c.Security?.Capabilities?.Add ?? []).Where(a => !Capabilities.Contains(a));
        var containers = pod.NamesWhere(c => Bad(c).Any());
        if (containers.Count == 0) return null;
        var added = Sorted();
        added.UnionWith(pod.Containers.SelectMany(Bad));
        return new("non-default capabilities", $"{Containers(containers)} must not include {Quoted(added)} in securityContext.capabilities.add");
    }

    public static Violation? HostNamespaces(SecuredPod pod)
    {
        var set = new List<string>();
        if (pod.Spec.HostNetwork) set.Add("hostNetwork=true");
        if (pod.Spec.HostPID) set.Add("hostPID=true");
        if (pod.Spec.HostIPC) set.Add("hostIPC=true");
        return set.Count == 0 ? null : new("host namespaces", string.Join(", ", set));
    }

    public static Violation? HostPathVolumes(SecuredPod pod)
    {
        var volumes = (pod.Spec.Volumes ?? []).Where(v => v.HostPath is not null).Select(v => v.Name).ToList();
        return volumes.Count == 0 ? null : new("hostPath volumes", $"{Many("volume", "volumes", volumes.Count)} {Quoted(volumes)}");
    }

    public static Violation? HostPorts(SecuredPod pod)
    {
        var containers = pod.NamesWhere(c => c.Ports.Any(p => p.HostPort != 0));
        if (containers.Count == 0) return null;
        var ports = Sorted();
        ports.UnionWith(pod.Containers.SelectMany(c => c.Ports).Where(p => p.HostPort != 0).Select(p => p.HostPort.ToString(CultureInfo.InvariantCulture)));
        return new("hostPort", $"{Containers(containers)} {Many("uses", "use", containers.Count)} {Many("hostPort", "hostPorts", ports.Count)} {string.Join(", ", ports)}");
    }

    public static Violation? HostProbes(SecuredPod pod)
    {
        var (containers, hosts) = (Sorted(), Sorted());
        foreach (var container in pod.Containers)
        {
            var found = container.Probes.SelectMany(p => Hosts(p?.HttpGet, p?.TcpSocket))
                .Concat(Hosts(container.Lifecycle?.PostStart?.HttpGet, container.Lifecycle?.PostStart?.TcpSocket))
                .Concat(Hosts(container.Lifecycle?.PreStop?.HttpGet, container.Lifecycle?.PreStop?.TcpSocket)).ToList();
            if (found.Count > 0) containers.Add(container.Name);
            hosts.UnionWith(found);
        }
        return containers.Count == 0
            ? null
            : new("probe or lifecycle host", $"{Containers(containers)} {Many("uses", "use", containers.Count)} {Many("probe or lifecycle host", "probe or lifecycle hosts", hosts.Count)} {Quoted(hosts)}");
    }

    private static IEnumerable<string> Hosts(HTTPGetAction? http, TCPSocketAction? tcp)
    {
        if (http is { Host.Length: > 0 }) yield return http.Host;
        if (tcp is { Host.Length: > 0 }) yield return tcp.Host;
    }

    public static Violation? Privileged(SecuredPod pod)
    {
        var containers = pod.NamesWhere(c => c.Security?.Privileged == true);
        return containers.Count == 0 ? null : new("privileged", $"{Containers(containers)} must not set securityContext.privileged=true");
    }

    public static Violation? ProcMountUnlessOwnUsers(SecuredPod pod) => pod.HasOwnUsers ? null : ProcMount(pod);

    public static Violation? ProcMount(SecuredPod pod)
    {
        static bool IsBad(SecuredContainer c) => c.Security?.ProcMount is { } mount && mount != ProcMountType.Default;
        var containers = pod.NamesWhere(IsBad);
        if (containers.Count == 0) return null;
        var types = Sorted();
        types.UnionWith(pod.Containers.Where(IsBad).Select(c => c.Security!.ProcMount!));
        return new("procMount", $"{Containers(containers)} must not set securityContext.procMount to {Quoted(types)}");
    }

    public static Violation? SeLinuxOptions(SecuredPod pod) => SeLinux(pod, ["", "container_t", "container_init_t", "container_kvm_t"]);
    public static Violation? SeLinuxOptionsWithEngine(SecuredPod pod) => SeLinux(pod, ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]);

    private static Violation? SeLinux(SecuredPod pod, string[] allowed)
    {
        bool IsBad(SELinuxOptions? options) => options is not null && (!allowed.Contains(options.Type) || options.User.Length > 0 || options.Role.Length > 0);
        var podBad = IsBad(pod.Security?.SeLinuxOptions);
        var containers = pod.NamesWhere(c => IsBad(c.Security?.SeLinuxOptions));
        if (!podBad && containers.Count == 0) return null;
        var all = pod.Containers.Select(c => c.Security?.SeLinuxOptions).Append(pod.Security?.SeLinuxOptions).OfType<SELinuxOptions>().ToList();
        var types = Sorted();
        types.UnionWith(all.Select(o => o.Type).Where(t => !allowed.Contains(t)));
        var details = new List<string>();
        if (types.Count > 0) details.Add($"{Many("type", "types", types.Count)} {Quoted(types)}");
        if (all.Exists(o => o.User.Length > 0)) details.Add("user may not be set");
        if (all.Exists(o => o.Role.Length > 0)) details.Add("role may not be set");
        return new("seLinuxOptions", $"{Setters(podBad, containers)} set forbidden securityContext.seLinuxOptions: {string.Join("; ", details)}");
    }

    public static bool IsGood(SeccompProfile profile) => profile.Type is "Localhost" or "RuntimeDefault";

    public static Violation? SeccompAnnotations(SecuredPod pod)
    {
        var bad = Sorted();
        foreach (var key in pod.Containers.Select(c => SeccompContainer + c.Name).Prepend(SeccompPod))
            if (pod.Annotations.TryGetValue(key, out var value) && value is not ("runtime/default" or "docker/default") && !value.StartsWith("localhost/", StringComparison.Ordinal))
                bad.Add($"{key}={GoText.Quote(value)}");
        return bad.Count == 0 ? null : new("seccompProfile", $"forbidden {Many("annotation", "annotations", bad.Count)} {string.Join(", ", bad)}");
    }

    public static Violation? SeccompProfiles(SecuredPod pod)
    {
        static bool IsBad(SeccompProfile? profile) => profile is not null && !IsGood(profile);
        var podBad = IsBad(pod.Security?.SeccompProfile);
        var containers = pod.NamesWhere(c => IsBad(c.Security?.SeccompProfile));
        if (!podBad && containers.Count == 0) return null;
        var values = Sorted();
        if (podBad) values.Add(pod.Security!.SeccompProfile!.Type);
        values.UnionWith(pod.Containers.Where(c => IsBad(c.Security?.SeccompProfile)).Select(c => c.Security!.SeccompProfile!.Type));
        return new("seccompProfile", $"{Setters(podBad, containers)} must not set securityContext.seccompProfile.type to {Quoted(values)}");
    }

    /// <summary>Which parameters of the kernel a pod may set, by release.</summary>
    public static Func<SecuredPod, Violation?> Sysctls(params string[] allowed) => pod =>
    {
        var forbidden = (pod.Security?.Sysctls ?? []).Select(s => s.Name).Where(name => !allowed.Contains(name)).ToList();
        return forbidden.Count == 0 ? null : new("forbidden sysctls", string.Join(", ", forbidden));
    };

    public static Violation? WindowsHostProcess(SecuredPod pod)
    {
        var podBad = pod.Security?.WindowsOptions?.HostProcess == true;
        var containers = pod.NamesWhere(c => c.Security?.WindowsOptions?.HostProcess == true);
        return !podBad && containers.Count == 0 ? null : new("hostProcess", $"{Setters(podBad, containers)} must not set securityContext.windowsOptions.hostProcess=true");
    }
}
