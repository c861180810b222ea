using Coracle.Kinds.Autoscaling.V2;
using Coracle.Schema;

namespace Coracle.Kinds.Printing;

/// <summary>Rows of autoscalers (upstream: printers.go, printHorizontalPodAutoscaler).</summary>
internal static class AutoscalerTable
{
    private const int ShownMax = 2;
    private const string Unknown = "<unknown>";

    internal static IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Reference", "What is scaled."),
        CommonColumns.Text("Targets", "What was measured, and what it is to be."),
        CommonColumns.Text("MinPods", "The least number of pods."),
        CommonColumns.Text("MaxPods", "The highest number of pods."),
        CommonColumns.Text("Replicas", "Pods that there were."),
        CommonColumns.Age,
    ];

    internal static IReadOnlyList<object?> Cells(HorizontalPodAutoscaler obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        $"{obj.Spec.ScaleTargetRef.Kind}/{obj.Spec.ScaleTargetRef.Name}",
        Targets(obj.Spec.Metrics ?? [], obj.Status.CurrentMetrics ?? []),
        obj.Spec.MinReplicas is { } least ? $"{least}" : "<unset>",
        (long)obj.Spec.MaxReplicas,
        (long)obj.Status.CurrentReplicas,
        Cell.Age(obj.Metadata, now),
    ];

    private static string Targets(List<MetricSpec> wanted, List<MetricStatus> found)
    {
        if (wanted.Count == 0) return "<none>";
        var shown = string.Join(", ", wanted.Take(ShownMax).Select((metric, i) => Target(metric, i < found.Count ? found[i] : null)));
        return wanted.Count > ShownMax ? $"{shown} + {wanted.Count - ShownMax} more..." : shown;
    }

    private static string Target(MetricSpec wanted, MetricStatus? found) => wanted switch
    {
        { Type: MetricSourceType.External, External: { } external } => Value(external.Target, found?.External?.Current),
        { Type: MetricSourceType.Object, Object: { } described } => Value(described.Target, found?.Object?.Current),
        { Type: MetricSourceType.Pods, Pods: { } pods } => $"{Text(found?.Pods?.Current.AverageValue)}/{Text(pods.Target.AverageValue)}",
        { Type: MetricSourceType.Resource, Resource: { } resource } => $"{resource.Name}: {Share(resource.Target, found?.Resource?.Current)}",
        { Type: MetricSourceType.ContainerResource, ContainerResource: { } resource } => $"{resource.Name}: {Share(resource.Target, found?.ContainerResource?.Current)}",
        _ => "<unknown type>",
    };

    private static string Value(MetricTarget target, MetricValueStatus? current) => target.AverageValue is { } average
        ? $"{Text(current?.AverageValue)}/{average} (avg)"
        : $"{Text(current?.Value)}/{Text(target.Value)}";

    private static string Share(MetricTarget target, MetricValueStatus? current)
    {
        if (target.AverageValue is { } average) return $"{Text(current?.AverageValue)}/{average}";
        var now = current?.AverageUtilization is { } percent ? $"{percent}%" : Unknown;
        return $"{now}/{(target.AverageUtilization is { } wanted ? $"{wanted}%" : "<auto>")}";
    }

    private static string Text(Quantity? amount) => amount?.ToString() ?? Unknown;
}
