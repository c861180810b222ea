using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Users, groups, privileges and confinement.
internal sealed partial class PodSpecValidation
{
    private const string SysctlForm = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

    private void PodSecurity(FieldPath specPath, FieldPath path)
    {
        if (spec.SecurityContext is not { } context) return;
        Id(context.FsGroup, path / "fsGroup");
        Id(context.RunAsUser, path / "runAsUser");
        Id(context.RunAsGroup, path / "runAsGroup");
        for (var i = 0; i < (context.SupplementalGroups?.Count ?? 0); i++) Id(context.SupplementalGroups![i], (path / "supplementalGroups")[i]);
        if (spec is { ShareProcessNamespace: true, HostPID: true })
            errors.Invalid(path / "shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        Sysctls(context.Sysctls ?? [], path / "sysctls");
        errors.OneOf(path / "fsGroupChangePolicy", context.FsGroupChangePolicy, PodFSGroupChangePolicy.Always, PodFSGroupChangePolicy.OnRootMismatch);
        Seccomp(context.SeccompProfile, path / "seccompProfile");
        AppArmor(context.AppArmorProfile, path / "appArmorProfile");
        errors.OneOf(path / "supplementalGroupsPolicy", context.SupplementalGroupsPolicy, SupplementalGroupsPolicy.Merge, SupplementalGroupsPolicy.Strict);
        errors.OneOf(path / "seLinuxChangePolicy", context.SeLinuxChangePolicy, PodSELinuxChangePolicy.MountOption, PodSELinuxChangePolicy.Recursive);
        if (spec.Os?.Name == OSName.Linux && context.WindowsOptions is not null)
            errors.Forbidden(specPath / "securityContext" / "windowsOptions", "windows options cannot be set for a linux pod");
    }

    private void Id(long? id, FieldPath path)
    {
        if (id is { } value) errors.Problems(path, value, NameRules.UserId(value));
    }

    private void ContainerSecurity(SecurityContext? context, FieldPath path)
    {
        if (context is null) return;
        Id(context.RunAsUser, path / "runAsUser");
        Id(context.RunAsGroup, path / "runAsGroup");
        if (context.ProcMount == ProcMountType.Unmasked && spec.HostUsers != false)
            errors.Invalid(path / "procMount", context.ProcMount, "`hostUsers` must be false to use `Unmasked`");
        errors.OneOf(path / "procMount", context.ProcMount, ProcMountType.Default, ProcMountType.Unmasked);
        Seccomp(context.SeccompProfile, path / "seccompProfile");
        if (context.AllowPrivilegeEscalation == false) NoEscalation(context, path);
        AppArmor(context.AppArmorProfile, path / "appArmorProfile");
        if (spec.Os?.Name == OSName.Linux && context.WindowsOptions is not null)
            errors.Forbidden(path / "windowsOptions", "windows options cannot be set for a linux pod");
    }

    private void NoEscalation(SecurityContext context, FieldPath path)
    {
        if (context.Privileged == true)
            errors.Invalid(path, Checks.Shown(context), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        if (context.Capabilities?.Add?.Contains("CAP_SYS_ADMIN") == true)
            errors.Invalid(path, Checks.Shown(context), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }

    private void Seccomp(SeccompProfile? profile, FieldPath path)
    {
        if (profile is null) return;
        if (profile.Type.Length == 0) errors.Required(path / "type", "type is required when seccompProfile is set");
        else errors.OneOf(path / "type", profile.Type, SeccompProfileType.Localhost, SeccompProfileType.RuntimeDefault, SeccompProfileType.Unconfined);
        if (profile.Type != SeccompProfileType.Localhost)
        {
            if (profile.LocalhostProfile is not null) errors.Invalid(path / "localhostProfile", Checks.Shown(profile), "can only be set when seccomp type is Localhost");
            return;
        }
        if (profile.LocalhostProfile is null) errors.Required(path / "localhostProfile", "must be set when seccomp type is Localhost");
        else errors.LocalPath(path / "localhostProfile", profile.LocalhostProfile);
    }

    private void AppArmor(AppArmorProfile? profile, FieldPath path)
    {
        const int pathMax = 4095;
        if (profile is null) return;
        var local = path / "localhostProfile";
        if (profile.Type.Length == 0) errors.Required(path / "type", "type is required when appArmorProfile is set");
        else errors.OneOf(path / "type", profile.Type, AppArmorProfileType.Localhost, AppArmorProfileType.RuntimeDefault, AppArmorProfileType.Unconfined);
        if (profile.Type is AppArmorProfileType.RuntimeDefault or AppArmorProfileType.Unconfined && profile.LocalhostProfile is not null)
            errors.Invalid(local, profile.LocalhostProfile, "can only be set when AppArmor type is Localhost");
        if (profile.Type != AppArmorProfileType.Localhost) return;
        if (profile.LocalhostProfile is not { } name) errors.Required(local, "must be set when AppArmor type is Localhost");
        else
        {
            if (name.Trim() != name) errors.Invalid(local, name, "must not be padded with whitespace");
            else if (name.Length == 0) errors.Required(local, "must be set when AppArmor type is Localhost");
            if (name.Length > pathMax) errors.TooLong(local, pathMax);
        }
    }

    private void Sysctls(List<Sysctl> sysctls, FieldPath path)
    {
        const int nameMax = 253;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < sysctls.Count; i++)
        {
            var name = sysctls[i].Name;
            if (name.Length == 0) errors.Required(path[i] / "name");
            else if (name.Length > nameMax || !IsSysctl(name)) errors.Invalid(path[i] / "name", name, $"must have at most {nameMax} characters and match regex {SysctlForm}");
            else if (names.Contains(name)) errors.Duplicate(path[i] / "name", name);
            names.Add(name);
            if (!isPod) continue;
            var dotted = name.Replace('/', '.');
            if (spec.HostNetwork && dotted.StartsWith("net.", StringComparison.Ordinal)) errors.Invalid(path[i] / "name", name, "may not be specified when 'hostNetwork' is true");
            var ipc = dotted is "kernel.sem" || dotted.StartsWith("kernel.shm", StringComparison.Ordinal) || dotted.StartsWith("kernel.msg", StringComparison.Ordinal) || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal);
            if (spec.HostIPC && ipc) errors.Invalid(path[i] / "name", name, "may not be specified when 'hostIPC' is true");
        }
    }

    private static bool IsSysctl(string name) => name.Split('.', '/').All(part =>
        part.Length > 0 && IsLowerOrDigit(part[0]) && IsLowerOrDigit(part[^1]) && part.All(c => IsLowerOrDigit(c) || c is '-' or '_'));

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
