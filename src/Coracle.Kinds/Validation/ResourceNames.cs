using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Names of resources and the amounts that go with them (upstream: apis/core/helper and validation).</summary>
internal static class ResourceNames
{
    private static readonly HashSet<string> Standard = new(
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
        "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims",
        "storage", "requests.storage", "services.nodeports", "services.loadbalancers",
    ], StringComparer.Ordinal);

    private static readonly HashSet<string> Whole = new(
        ["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"],
        StringComparer.Ordinal);

    internal static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    /// <summary>Resources of Kubernetes itself; all others are extended ones, of a device's vendor.</summary>
    internal static bool IsNative(string name) => !name.Contains('/', StringComparison.Ordinal) || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    internal static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith("requests.", StringComparison.Ordinal) && NameRules.LabelKey("requests." + name).Count == 0;

    internal static bool MayOvercommit(string name) => IsNative(name) && !IsHugePages(name);

    internal static void Container(FieldErrors errors, FieldPath path, string name)
    {
        General(errors, path, name);
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            if (name is not (ResourceName.Cpu or ResourceName.Memory or ResourceName.EphemeralStorage) && !IsHugePages(name))
                errors.Invalid(path, name, "must be a standard resource for containers");
        }
        else if (!IsNative(name) && !IsExtended(name)) errors.Invalid(path, name, "doesn't follow extended resource name standard");
    }

    internal static void Pod(FieldErrors errors, FieldPath path, string name)
    {
        var before = errors.Count;
        General(errors, path, name);
        if (errors.Count == before && name is not (ResourceName.Cpu or ResourceName.Memory) && !IsHugePages(name))
            errors.NotSupported(path, name, [ResourceName.Cpu, ResourceName.Memory]);
    }

    internal static void Any(FieldErrors errors, FieldPath path, string name) => General(errors, path, name);

    private static readonly HashSet<string> Compute = new(
        ["cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage"],
        StringComparer.Ordinal);

    private static readonly HashSet<string> Objects = new(
    [
        "requests.storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps", "services.nodeports",
        "services.loadbalancers",
    ], StringComparer.Ordinal);

    internal static bool IsQuotaStandard(string name) =>
        Compute.Contains(name) || Objects.Contains(name) || IsHugePages(name) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    /// <summary>The name of something that a quota can limit.</summary>
    internal static void Quota(FieldErrors errors, FieldPath path, string name)
    {
        General(errors, path, name);
        if (!name.Contains('/', StringComparison.Ordinal) && !IsQuotaStandard(name)) errors.Invalid(path, name, "must be a standard resource for quota");
    }

    internal static void QuotaAmount(FieldErrors errors, FieldPath path, string name, Quantity amount)
    {
        if (amount.Sign < 0) errors.Invalid(path, amount, Checks.NotNegative);
        if ((Whole.Contains(name) || IsExtended(name)) && amount.MilliValue % 1000 != 0) errors.Invalid(path, amount, "must be an integer");
    }

    /// <summary>Whether objects of a scope use the resource at all.</summary>
    internal static bool QuotaScopeFits(string scope, string name) => scope switch
    {
        ResourceQuotaScope.Terminating or ResourceQuotaScope.NotTerminating or ResourceQuotaScope.NotBestEffort or ResourceQuotaScope.PriorityClass
            or ResourceQuotaScope.CrossNamespacePodAffinity => name == "pods" || Compute.Contains(name) || IsHugePages(name) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal),
        ResourceQuotaScope.BestEffort => name == "pods",
        ResourceQuotaScope.VolumeAttributesClass => name is "persistentvolumeclaims" or "requests.storage",
        _ => true,
    };

    private static void General(FieldErrors errors, FieldPath path, string name)
    {
        var problems = NameRules.LabelKey(name);
        errors.Problems(path, name, problems);
        if (problems.Count == 0 && !name.Contains('/', StringComparison.Ordinal) && !Standard.Contains(name) && !IsHugePages(name) && !name.StartsWith("requests.hugepages-", StringComparison.Ordinal))
            errors.Invalid(path, name, "must be a standard resource type or fully qualified");
    }

    internal static void Amount(FieldErrors errors, FieldPath path, string name, Quantity amount)
    {
        if (amount.Sign < 0) errors.Invalid(path, amount, Checks.NotNegative);
        if ((Whole.Contains(name) || IsExtended(name)) && amount.MilliValue % 1000 != 0) errors.Invalid(path, amount, "must be an integer");
        if (IsHugePages(name) && Quantity.TryParse(name["hugepages-".Length..], out var page) && page.Value > 0 && (amount.Sign <= 0 || amount.Value % page.Value != 0))
            errors.Invalid(path, amount, $"{amount} is not positive integer multiple of {name}");
    }
}
