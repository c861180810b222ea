using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>What is accepted of pods and their templates but should not be written (upstream: pkg/api/pod/warnings.go).</summary>
internal sealed partial class PodWarnings
{
    private const string SeccompPod = "seccomp.security.alpha.kubernetes.io/pod";
    private const string SeccompContainer = "container.seccomp.security.alpha.kubernetes.io/";
    private const string AppArmorContainer = "container.apparmor.security.beta.kubernetes.io/";
    private const string NoPods = ": a null labelSelector results in matching no pod";

    private static readonly Dictionary<string, string> OldNodeLabels = new(StringComparer.Ordinal)
    {
        ["beta.kubernetes.io/arch"] = "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        ["beta.kubernetes.io/os"] = "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        ["failure-domain.beta.kubernetes.io/region"] = "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        ["failure-domain.beta.kubernetes.io/zone"] = "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        ["beta.kubernetes.io/instance-type"] = "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    };

    private static readonly (string Key, string Message)[] OldAnnotations =
    [
        ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
        ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ];

    private readonly PodSpec spec;
    private readonly Dictionary<string, string> annotations;
    private readonly bool isTemplate;
    private readonly FieldPath root;
    private readonly FieldPath path;
    private readonly List<string> warnings;

    private PodWarnings(PodSpec spec, Dictionary<string, string>? annotations, FieldPath root, bool isTemplate, List<string> warnings) =>
        (this.spec, this.annotations, this.root, path, this.isTemplate, this.warnings) = (spec, annotations ?? [], root, root / "spec", isTemplate, warnings);

    internal static void Pod(Pod pod, List<string> warnings) =>
        new PodWarnings(pod.Spec, pod.Metadata.Annotations, FieldPath.Root, isTemplate: false, warnings).All();

    internal static void Template(PodTemplateSpec template, FieldPath path, List<string> warnings) =>
        new PodWarnings(template.Spec, template.Metadata.Annotations, path, isTemplate: true, warnings).All();

    /// <summary>Of the name of what makes pods.</summary>
    internal static void Name(string name, List<string> warnings, string use = "Pod names and hostnames")
    {
        if (NameRules.Dns1123Label(name) is { Count: > 0 } problems)
            warnings.Add($"metadata.name: this is used in {use}, which can result in surprising behavior; a DNS label is recommended: [{string.Join(' ', problems)}]");
    }

    /// <summary>What is said of a label of nodes that has a new name, or null.</summary>
    internal static string? OldNodeLabel(string key) => OldNodeLabels.GetValueOrDefault(key);

    private void Add(FieldPath field, string message) => warnings.Add($"{field}: {message}");

    private void All()
    {
        NodeLabels();
        Spread();
        foreach (var (key, message) in OldAnnotations)
            if (annotations.ContainsKey(key)) Add((root / "metadata" / "annotations").Key(key), message);
        Volumes();
        Duplicates();
        Fractions(path / "overhead", spec.Overhead);
        if (spec.SecurityContext?.SeccompProfile is null && annotations.ContainsKey(SeccompPod))
            Add((root / "metadata" / "annotations").Key(SeccompPod), """non-functional in v1.27+; use the "seccompProfile" field instead""");
        foreach (var (container, at) in Containers()) Container(container, at);
        Ports();
        if (spec.TerminationGracePeriodSeconds < 0) Add(path / "terminationGracePeriodSeconds", "must be >= 0; negative values are invalid and will be treated as 1");
        PodAffinity();
    }

    /// <summary>Of labels of nodes that have new names.</summary>
    internal static void NodeLabels(Dictionary<string, string>? selector, FieldPath path, List<string> warnings)
    {
        foreach (var (key, _) in selector ?? [])
            if (OldNodeLabels.TryGetValue(key, out var message)) warnings.Add($"{path.Key(key)}: {message}");
    }

    private void NodeLabels()
    {
        NodeLabels(spec.NodeSelector, path / "nodeSelector", warnings);
        if (spec.Affinity?.NodeAffinity is not { } affinity) return;
        var at = path / "affinity" / "nodeAffinity";
        var required = affinity.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [];
        for (var i = 0; i < required.Count; i++) Term(required[i], (at / "requiredDuringSchedulingIgnoredDuringExecution" / "nodeSelectorTerms")[i]);
        var preferred = affinity.PreferredDuringSchedulingIgnoredDuringExecution ?? [];
        for (var i = 0; i < preferred.Count; i++) Term(preferred[i].Preference, (at / "preferredDuringSchedulingIgnoredDuringExecution")[i] / "preference");
    }

    private void Term(NodeSelectorTerm term, FieldPath at) => Term(term, at, warnings);

    private static void Term(NodeSelectorTerm term, FieldPath at, List<string> warnings)
    {
        for (var i = 0; i < (term.MatchExpressions?.Count ?? 0); i++)
            if (OldNodeLabels.TryGetValue(term.MatchExpressions![i].Key, out var message))
                warnings.Add($"{(at / "matchExpressions")[i] / "key"}: {term.MatchExpressions[i].Key} is {message}");
    }

    /// <summary>Of the nodes that a volume can be reached from.</summary>
    internal static void NodeTerms(NodeSelector selector, FieldPath path, List<string> warnings)
    {
        for (var i = 0; i < (selector.NodeSelectorTerms?.Count ?? 0); i++) Term(selector.NodeSelectorTerms![i], path[i], warnings);
    }

    private void Spread()
    {
        for (var i = 0; i < (spec.TopologySpreadConstraints?.Count ?? 0); i++)
        {
            var (constraint, at) = (spec.TopologySpreadConstraints![i], (path / "topologySpreadConstraints")[i]);
            if (OldNodeLabels.TryGetValue(constraint.TopologyKey, out var message)) Add(at / "topologyKey", $"{constraint.TopologyKey} is {message}");
            if (constraint.LabelSelector is null) warnings.Add($"{at / "labelSelector"}{NoPods}");
        }
    }

    private void PodAffinity()
    {
        var at = path / "affinity";
        if (spec.Affinity?.PodAffinity is { } near)
            Terms(near.RequiredDuringSchedulingIgnoredDuringExecution, near.PreferredDuringSchedulingIgnoredDuringExecution, at / "podAffinity");
        if (spec.Affinity?.PodAntiAffinity is { } far)
            Terms(far.RequiredDuringSchedulingIgnoredDuringExecution, far.PreferredDuringSchedulingIgnoredDuringExecution, at / "podAntiAffinity");
    }

    private void Terms(List<PodAffinityTerm>? required, List<WeightedPodAffinityTerm>? preferred, FieldPath at)
    {
        for (var i = 0; i < (required?.Count ?? 0); i++)
            if (required![i].LabelSelector is null) warnings.Add($"{(at / "requiredDuringSchedulingIgnoredDuringExecution")[i] / "labelSelector"}{NoPods}");
        for (var i = 0; i < (preferred?.Count ?? 0); i++)
            if (preferred![i].PodAffinityTerm.LabelSelector is null)
                warnings.Add($"{(at / "preferredDuringSchedulingIgnoredDuringExecution")[i] / "podAffinityTerm" / "labelSelector"}{NoPods}");
    }

    private void Duplicates()
    {
        var (hosts, secrets) = (spec.HostAliases ?? [], spec.ImagePullSecrets ?? []);
        for (var i = 0; i < hosts.Count; i++)
            if (hosts.FindIndex(h => h.Ip == hosts[i].Ip) < i) Add((path / "hostAliases")[i] / "ip", $"duplicate ip {GoText.Quote(hosts[i].Ip)}");
        for (var i = 0; i < secrets.Count; i++)
            if (secrets.FindIndex(s => s.Name == secrets[i].Name) < i) Add((path / "imagePullSecrets")[i] / "name", $"duplicate name {GoText.Quote(secrets[i].Name)}");
        for (var i = 0; i < secrets.Count; i++)
            if (secrets[i].Name.Length == 0) Add((path / "imagePullSecrets")[i] / "name", "invalid empty name \"\"");
    }

    private void Fractions(FieldPath at, Dictionary<string, Quantity>? resources)
    {
        foreach (var name in (ReadOnlySpan<string>)["memory", "ephemeral-storage"])
            if (resources?.TryGetValue(name, out var value) == true && value.MilliValue % 1000 != 0)
                Add(at.Key(name), $"fractional byte value {GoText.Quote(value.ToString())} is invalid, must be an integer");
    }
}
