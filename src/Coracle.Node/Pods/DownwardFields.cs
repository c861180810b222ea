using System.Globalization;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Node.Pods;

/// <summary>What a pod may learn of itself: fields and resources, for environment variables and downward-API files (upstream: pkg/fieldpath).</summary>
internal static class DownwardFields
{
    /// <summary>The value at a field path; null when there is no such field.</summary>
    public static string? Field(Pod pod, string path, PodStatus status, string hostAddress)
    {
        if (Subscript(path, "metadata.labels") is { } label) return pod.Metadata.Labels?.GetValueOrDefault(label) ?? "";
        if (Subscript(path, "metadata.annotations") is { } annotation) return pod.Metadata.Annotations?.GetValueOrDefault(annotation) ?? "";
        return path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.Namespace,
            "metadata.uid" => pod.Metadata.Uid,
            "metadata.labels" => Lines(pod.Metadata.Labels),
            "metadata.annotations" => Lines(pod.Metadata.Annotations),
            "spec.nodeName" => pod.Spec.NodeName,
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName,
            "status.hostIP" or "status.hostIPs" => hostAddress,
            "status.podIP" => status.PodIP,
            "status.podIPs" => string.Join(',', (status.PodIPs ?? []).Select(p => p.Ip)),
            _ => null,
        };
    }

    private static string? Subscript(string path, string field) =>
        path.StartsWith(field + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(field.Length + 2)..^2] : null;

    private static string Lines(Dictionary<string, string>? map)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in (map ?? []).OrderBy(p => p.Key, StringComparer.Ordinal)) text.Append(key).Append('=').Append(GoText.Quote(value)).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>"limits.cpu" of a container, divided and rounded up; limits that are not set are the node's capacity.</summary>
    public static string Resource(Container container, ResourceFieldSelector selector, Dictionary<string, Quantity> capacity)
    {
        var dot = selector.Resource.IndexOf('.', StringComparison.Ordinal);
        var (list, name) = dot < 0 ? ("", selector.Resource) : (selector.Resource[..dot], selector.Resource[(dot + 1)..]);
        var resources = list == "requests" ? container.Resources.Requests : container.Resources.Limits;
        var quantity = resources?.GetValueOrDefault(name) ?? default;
        if (quantity.IsZero && list == "limits" && capacity.TryGetValue(name, out var whole)) quantity = whole;
        var divisor = selector.Divisor.IsZero ? Quantity.Parse("1") : selector.Divisor;
        var value = name == "cpu"
            ? Math.Ceiling((double)quantity.MilliValue / divisor.MilliValue)
            : Math.Ceiling((double)quantity.Value / divisor.Value);
        return ((long)value).ToString(CultureInfo.InvariantCulture);
    }
}
