namespace Coracle.ApiServer;

/// <summary>Which check belongs to which level from which release on.</summary>
internal static class SecurityChecks
{
    /// <summary>The release that this server is; what it does not know yet counts as this.</summary>
    private const int Newest = 36;

    /// <summary>A check in one of its forms, from a release on until the next form.</summary>
    /// <param name="Id">Its name, by which the checks of a level are ordered.</param>
    /// <param name="From">The release in which this form came up.</param>
    /// <param name="Run">What it finds.</param>
    /// <param name="Overrides">The check of the lower level that need not be asked as well.</param>
    private sealed record Check(string Id, int From, Func<SecuredPod, Violation?> Run, string? Overrides = null);

    private static readonly string[] Sysctls =
        ["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"];
    private static readonly string[] Sysctls27 = [.. Sysctls, "net.ipv4.ip_local_reserved_ports"];
    private static readonly string[] Sysctls29 =
        [.. Sysctls27, "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"];
    private static readonly string[] Sysctls32 = [.. Sysctls29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

    private static readonly Check[] Baseline =
    [
        new("appArmorProfile", 0, BaselineChecks.AppArmorProfile),
        new("capabilities_baseline", 0, BaselineChecks.CapabilitiesAdded),
        new("hostNamespaces", 0, BaselineChecks.HostNamespaces),
        new("hostPathVolumes", 0, BaselineChecks.HostPathVolumes),
        new("hostPorts", 0, BaselineChecks.HostPorts),
        new("hostProbesAndHostLifecycle", 34, BaselineChecks.HostProbes),
        new("privileged", 0, BaselineChecks.Privileged),
        new("procMount", 0, BaselineChecks.ProcMount),
        new("procMount", 35, BaselineChecks.ProcMountUnlessOwnUsers),
        new("seLinuxOptions", 0, BaselineChecks.SeLinuxOptions),
        new("seLinuxOptions", 31, BaselineChecks.SeLinuxOptionsWithEngine),
        new("seccompProfile_baseline", 0, BaselineChecks.SeccompAnnotations),
        new("seccompProfile_baseline", 19, BaselineChecks.SeccompProfiles),
        new("sysctls", 0, BaselineChecks.Sysctls(Sysctls)),
        new("sysctls", 27, BaselineChecks.Sysctls(Sysctls27)),
        new("sysctls", 29, BaselineChecks.Sysctls(Sysctls29)),
        new("sysctls", 32, BaselineChecks.Sysctls(Sysctls32)),
        new("windowsHostProcess", 0, BaselineChecks.WindowsHostProcess),
    ];

    private static readonly Check[] Restricted =
    [
        new("allowPrivilegeEscalation", 8, RestrictedChecks.AllowPrivilegeEscalation),
        new("allowPrivilegeEscalation", 25, RestrictedChecks.UnlessWindows(RestrictedChecks.AllowPrivilegeEscalation)),
        new("capabilities_restricted", 22, RestrictedChecks.Capabilities, "capabilities_baseline"),
        new("capabilities_restricted", 25, RestrictedChecks.UnlessWindows(RestrictedChecks.Capabilities), "capabilities_baseline"),
        new("procMount_restricted", 35, BaselineChecks.ProcMount, "procMount"),
        new("restrictedVolumes", 0, RestrictedChecks.Volumes, "hostPathVolumes"),
        new("runAsNonRoot", 0, RestrictedChecks.RunAsNonRoot),
        new("runAsNonRoot", 35, RestrictedChecks.UnlessOwnUsers(RestrictedChecks.RunAsNonRoot)),
        new("runAsUser", 23, RestrictedChecks.RunAsUser),
        new("runAsUser", 35, RestrictedChecks.UnlessOwnUsers(RestrictedChecks.RunAsUser)),
        new("seccompProfile_restricted", 19, RestrictedChecks.Seccomp, "seccompProfile_baseline"),
        new("seccompProfile_restricted", 25, RestrictedChecks.UnlessWindows(RestrictedChecks.Seccomp), "seccompProfile_baseline"),
    ];

    /// <summary>What the pod violates, checks of the lower level first, each level's in the order of their names.</summary>
    public static List<Violation> Run(LevelVersion wanted, SecuredPod pod)
    {
        if (wanted.Level == SecurityLevel.Privileged) return [];
        var release = Math.Min(wanted.Minor ?? Newest, Newest);
        var restricted = wanted.Level == SecurityLevel.Restricted ? Of(Restricted, release).ToList() : [];
        return Of(Baseline, release).Where(check => !restricted.Exists(r => r.Overrides == check.Id)).Concat(restricted)
            .Select(check => check.Run(pod)).OfType<Violation>().ToList();
    }

    // The newest form of each that there was.
    private static IEnumerable<Check> Of(Check[] all, int release)
    {
        for (var i = 0; i < all.Length; i++)
            if (all[i].From <= release && !(i + 1 < all.Length && all[i + 1].Id == all[i].Id && all[i + 1].From <= release)) yield return all[i];
    }

    public static string Details(IEnumerable<Violation> violations) => string.Join(", ", violations.Select(v => v.Detail.Length > 0 ? $"{v.Reason} ({v.Detail})" : v.Reason));
    public static string Reasons(IEnumerable<Violation> violations) => string.Join(", ", violations.Select(v => v.Reason));
}
