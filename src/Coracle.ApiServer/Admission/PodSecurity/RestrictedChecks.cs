using Coracle.Kinds.Core.V1;
using static Coracle.ApiServer.SecurityWords;

namespace Coracle.ApiServer;

/// <summary>The checks of the level "restricted" beyond those of "baseline" (upstream: pod-security-admission, policy/check_*.go).</summary>
internal static class RestrictedChecks
{
    /// <summary>Windows knows nothing of what the check is about.</summary>
    public static Func<SecuredPod, Violation?> UnlessWindows(Func<SecuredPod, Violation?> check) => pod => pod.IsWindows ? null : check(pod);

    public static Func<SecuredPod, Violation?> UnlessOwnUsers(Func<SecuredPod, Violation?> check) => pod => pod.HasOwnUsers ? null : check(pod);

    public static Violation? AllowPrivilegeEscalation(SecuredPod pod)
    {
        var containers = pod.NamesWhere(c => c.Security?.AllowPrivilegeEscalation != false);
        return containers.Count == 0 ? null : new("allowPrivilegeEscalation != false", $"{Containers(containers)} must set securityContext.allowPrivilegeEscalation=false");
    }

    public static Violation? Capabilities(SecuredPod pod)
    {
        static IEnumerable<string> Added(SecuredContainer c) => (c.Security?.Capabilities?.Add ?? []).Where(a => a != "NET_BIND_SERVICE");
        var keeping = pod.NamesWhere(c => c.Security?.Capabilities?.Drop?.Contains("ALL") != true);
        var adding = pod.NamesWhere(c => Added(c).Any());
        var details = new List<string>();
        if (keeping.Count > 0) details.Add($"{Containers(keeping)} must set securityContext.capabilities.drop=[\"ALL\"]");
        var added = new SortedSet<string>(pod.Containers.SelectMany(Added), StringComparer.Ordinal);
        if (adding.Count > 0) details.Add($"{Containers(adding)} must not include {Quoted(added)} in securityContext.capabilities.add");
        return details.Count == 0 ? null : new("unrestricted capabilities", string.Join("; ", details));
    }

    public static Violation? Volumes(SecuredPod pod)
    {
        var bad = (pod.Spec.Volumes ?? []).Where(v => v is
        {
            ConfigMap: null, Csi: null, DownwardAPI: null, EmptyDir: null, Ephemeral: null, Image: null, PersistentVolumeClaim: null, Projected: null, Secret: null,
        }).ToList();
        if (bad.Count == 0) return null;
        var types = new SortedSet<string>(bad.Select(TypeOf), StringComparer.Ordinal);
        return new("restricted volume types", $"{Many("volume", "volumes", bad.Count)} {Quoted(bad.Select(v => v.Name))} {Many("uses", "use", bad.Count)} "
            + $"{Many("restricted volume type", "restricted volume types", types.Count)} {Quoted(types)}");
    }

    private static string TypeOf(Volume volume) => volume switch
    {
        { HostPath: not null } => "hostPath",
        { GcePersistentDisk: not null } => "gcePersistentDisk",
        { AwsElasticBlockStore: not null } => "awsElasticBlockStore",
        { GitRepo: not null } => "gitRepo",
        { Nfs: not null } => "nfs",
        { Iscsi: not null } => "iscsi",
        { Glusterfs: not null } => "glusterfs",
        { Rbd: not null } => "rbd",
        { FlexVolume: not null } => "flexVolume",
        { Cinder: not null } => "cinder",
        { Cephfs: not null } => "cephfs",
        { Flocker: not null } => "flocker",
        { Fc: not null } => "fc",
        { AzureFile: not null } => "azureFile",
        { VsphereVolume: not null } => "vsphereVolume",
        { Quobyte: not null } => "quobyte",
        { AzureDisk: not null } => "azureDisk",
        { PhotonPersistentDisk: not null } => "photonPersistentDisk",
        { PortworxVolume: not null } => "portworxVolume",
        { ScaleIO: not null } => "scaleIO",
        { Storageos: not null } => "storageos",
        _ => "unknown",
    };

    public static Violation? RunAsNonRoot(SecuredPod pod)
    {
        const string reason = "runAsNonRoot != true";
        var wanted = pod.Security?.RunAsNonRoot;
        var explicitly = pod.NamesWhere(c => c.Security?.RunAsNonRoot == false);
        if (wanted == false || explicitly.Count > 0) return new(reason, $"{Setters(wanted == false, explicitly)} must not set securityContext.runAsNonRoot=false");
        var silent = wanted == true ? [] : pod.NamesWhere(c => c.Security?.RunAsNonRoot is null);
        return silent.Count == 0 ? null : new(reason, $"pod or {Containers(silent)} must set securityContext.runAsNonRoot=true");
    }

    public static Violation? RunAsUser(SecuredPod pod)
    {
        var containers = pod.NamesWhere(c => c.Security?.RunAsUser == 0);
        var podBad = pod.Security?.RunAsUser == 0;
        return !podBad && containers.Count == 0 ? null : new("runAsUser=0", $"{Setters(podBad, containers)} must not set runAsUser=0");
    }

    public static Violation? Seccomp(SecuredPod pod)
    {
        if (BaselineChecks.SeccompProfiles(pod) is { } bad) return bad;
        var silent = pod.Security?.SeccompProfile is not null ? [] : pod.NamesWhere(c => c.Security?.SeccompProfile is null);
        return silent.Count == 0
            ? null
            : new("seccompProfile", $"pod or {Containers(silent)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}
