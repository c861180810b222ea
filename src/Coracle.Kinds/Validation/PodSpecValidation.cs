using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>
/// What is wrong with the specification of a pod, in a pod or in a template (upstream: apis/core/validation, ValidatePodSpec). Values that the schema
/// enumerates have been checked before. The parts are split by subject.
/// </summary>
/// <param name="spec">The specification.</param>
/// <param name="isPod">True in a pod, false in a template, where some rules are looser.</param>
/// <param name="errors">Takes what is found.</param>
internal sealed partial class PodSpecValidation(PodSpec spec, bool isPod, FieldErrors errors)
{
    private readonly HashSet<string> claims = [.. (spec.ResourceClaims ?? []).Select(c => c.Name).Where(n => n.Length > 0)];

    /// <summary>Volumes without faults of their own; mounts of others are not found.</summary>
    private readonly Dictionary<string, Volume> volumes = new(StringComparer.Ordinal);

    internal void Validate(FieldPath path)
    {
        Volumes(path / "volumes");
        ResourceClaims(path / "resourceClaims");
        Containers(path / "containers");
        InitContainers(path / "initContainers");
        EphemeralContainers(path / "ephemeralContainers");
        PodResources(path / "resources");
        HostNetworkPorts(path / "containers");
        errors.Labels(path / "nodeSelector", spec.NodeSelector);
        PodSecurity(path, path / "securityContext");
        Affinity(path / "affinity");
        Dns(path / "dnsConfig");
        Gates(path);
        Spread(path / "topologySpreadConstraints");
        HostUsers(path);
        Names(path);
        Tolerations(errors, path / "tolerations", spec.Tolerations ?? []);
        HostAliases(path / "hostAliases");
        errors.OneOf(path / "preemptionPolicy", spec.PreemptionPolicy, PreemptionPolicy.Never, PreemptionPolicy.PreemptLowerPriority);
        Overhead(path / "overhead");
        Os(path / "os");
    }

    /// <summary>A template's labels, annotations and specification.</summary>
    internal static void Template(PodTemplateSpec template, FieldPath path, FieldErrors errors)
    {
        errors.Labels(path / "labels", template.Metadata.Labels);
        errors.Annotations(path / "annotations", template.Metadata.Annotations);
        new PodSpecValidation(template.Spec, isPod: false, errors).Validate(path / "spec");
        if (template.Spec.EphemeralContainers is { Count: > 0 })
            errors.Forbidden(path / "spec" / "ephemeralContainers", "ephemeral containers not allowed in pod template");
    }

    private void Names(FieldPath path)
    {
        if (spec.ServiceAccountName.Length > 0) errors.Subdomain(path / "serviceAccountName", spec.ServiceAccountName);
        if (spec.NodeName.Length > 0) errors.Subdomain(path / "nodeName", spec.NodeName);
        if (spec.ActiveDeadlineSeconds is { } deadline) errors.Problems(path / "activeDeadlineSeconds", deadline, NameRules.InRange(deadline, 1, int.MaxValue));
        if (spec.Hostname.Length > 0) errors.Label(path / "hostname", spec.Hostname);
        if (spec.Subdomain.Length > 0) errors.Label(path / "subdomain", spec.Subdomain);
        if (spec.PriorityClassName.Length > 0) errors.Subdomain(path / "priorityClassName", spec.PriorityClassName);
        if (spec.RuntimeClassName is { } runtime) errors.Subdomain(path / "runtimeClassName", runtime);
    }

    private void Gates(FieldPath path)
    {
        for (var i = 0; i < (spec.ReadinessGates?.Count ?? 0); i++)
            errors.QualifiedName((path / "readinessGates")[i] / "conditionType", spec.ReadinessGates![i].ConditionType);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (spec.SchedulingGates?.Count ?? 0); i++)
        {
            var name = spec.SchedulingGates![i].Name;
            errors.QualifiedName((path / "schedulingGates")[i], name);
            if (!seen.Add(name)) errors.Duplicate((path / "schedulingGates")[i], name);
        }
    }

    private void HostUsers(FieldPath path)
    {
        if (spec.HostUsers != false) return;
        if (spec.HostNetwork) errors.Forbidden(path / "hostNetwork", "when `pod.Spec.HostUsers` is false");
        if (spec.HostPID) errors.Forbidden(path / "HostPID", "when `pod.Spec.HostUsers` is false");
        if (spec.HostIPC) errors.Forbidden(path / "HostIPC", "when `pod.Spec.HostUsers` is false");
    }

    private void HostAliases(FieldPath path)
    {
        for (var i = 0; i < (spec.HostAliases?.Count ?? 0); i++)
        {
            errors.Ip(path[i] / "ip", spec.HostAliases![i].Ip);
            var names = spec.HostAliases[i].Hostnames ?? [];
            for (var j = 0; j < names.Count; j++) errors.Subdomain((path[i] / "hostnames")[j], names[j]);
        }
    }

    private void Os(FieldPath path)
    {
        if (spec.Os is not { } os) return;
        if (os.Name.Length == 0) errors.Required(path / "name", "cannot be empty");
        else errors.OneOf(path / "name", os.Name, OSName.Linux, OSName.Windows);
    }

    private void Dns(FieldPath path)
    {
        const int serversMax = 3;
        const int searchesMax = 32;
        const int searchCharactersMax = 2048;
        if (spec.DnsPolicy == DNSPolicy.None)
        {
            if (spec.DnsConfig is null)
            {
                errors.Required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (spec.DnsConfig.Nameservers is not { Count: > 0 })
            {
                errors.Required(path / "nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (spec.DnsConfig is not { } config) return;
        var (servers, searches) = (config.Nameservers ?? [], config.Searches ?? []);
        if (servers.Count > serversMax) errors.Invalid(path / "nameservers", Checks.Shown(servers), $"must not have more than {serversMax} nameservers");
        for (var i = 0; i < servers.Count; i++) errors.Ip((path / "nameservers")[i], servers[i]);
        if (searches.Count > searchesMax) errors.Invalid(path / "searches", Checks.Shown(searches), $"must not have more than {searchesMax} search paths");
        if (string.Join(' ', searches).Length > searchCharactersMax)
            errors.Invalid(path / "searches", Checks.Shown(searches), $"must not have more than {searchCharactersMax} characters (including spaces) in the search list");
        for (var i = 0; i < searches.Count; i++) Search((path / "searches")[i], searches[i]);
        for (var i = 0; i < (config.Options?.Count ?? 0); i++)
            errors.RequiredText((path / "options")[i], config.Options![i].Name, "must not be empty");
    }

    private void Search(FieldPath path, string search)
    {
        if (search == ".") return;
        var name = search.EndsWith('.') ? search[..^1] : search;
        errors.Problems(path, name, NameRules.Dns1123SubdomainWithUnderscore(name));
    }
}
