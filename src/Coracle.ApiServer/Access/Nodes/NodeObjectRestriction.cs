using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>What a kubelet may say of its own Node: not its taints, and of the labels that Kubernetes reserves only those that describe the machine.</summary>
internal static class NodeObjectRestriction
{
    private static readonly string[] KubeletLabels =
    [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region", "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type", "kubernetes.io/os",
        "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
    ];

    public static ApiStatus? Check(string node, NodeWrite write)
    {
        var who = $"node {GoText.Quote(node)}";
        if (write.ObjectName != node)
            return write.Forbidden($"{who} is not allowed to modify node {GoText.Quote(write.ObjectName)}");
        return write.Operation switch
        {
            "CREATE" => Create(who, write),
            "UPDATE" => Update(who, write),
            _ => null,
        };
    }

    private static ApiStatus? Create(string who, NodeWrite write)
    {
        if (write.Object.At("spec", "configSource") is not null)
            return write.Forbidden($"{who} is not allowed to create pods with a non-nil configSource");
        var labels = ForbiddenChanges(default, write.Object);
        return labels.Length == 0 ? null : write.Forbidden($"{who} is not allowed to set the following labels: {labels}");
    }

    private static ApiStatus? Update(string who, NodeWrite write)
    {
        if (write.Object.At("spec", "configSource") is { } source && !JsonSameness.Same(source, write.Old.At("spec", "configSource")))
            return write.Forbidden($"{who} is not allowed to update configSource to a new non-nil configSource");
        if (!JsonSameness.Same(write.Object.At("spec", "taints"), write.Old.At("spec", "taints")))
            return write.Forbidden($"{who} is not allowed to modify taints");
        var labels = ForbiddenChanges(write.Old, write.Object);
        return labels.Length == 0 ? null : write.Forbidden($"is not allowed to modify labels: {labels}");
    }

    /// <summary>The labels that differ and that a kubelet may not touch, sorted, with commas.</summary>
    private static string ForbiddenChanges(JsonElement old, JsonElement changed)
    {
        var before = Labels(old);
        var after = Labels(changed);
        var different = before.Keys.Union(after.Keys).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key));
        return string.Join(", ", different.Where(IsForbidden).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string> Labels(JsonElement node)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in node.Fields("metadata", "labels"))
            labels[label.Name] = label.Value.Text();
        return labels;
    }

    private static bool IsForbidden(string label)
    {
        var slash = label.IndexOf('/');
        if (slash < 0)
            return false;
        var prefix = label[..slash];
        if (IsOrEndsWith(prefix, "node-restriction.kubernetes.io"))
            return true;
        var isReserved = IsOrEndsWith(prefix, "kubernetes.io") || IsOrEndsWith(prefix, "k8s.io");
        var isForKubelets = KubeletLabels.Contains(label) || IsOrEndsWith(prefix, "kubelet.kubernetes.io") || IsOrEndsWith(prefix, "node.kubernetes.io");
        return isReserved && !isForKubelets;
    }

    private static bool IsOrEndsWith(string prefix, string domain) =>
        prefix == domain || (prefix.EndsWith(domain, StringComparison.Ordinal) && prefix[^(domain.Length + 1)] == '.');
}
