using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Pods beyond their schema.</summary>
public sealed partial class PodRules : KindRules<Pod>
{
    private static readonly string[] StatusLists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

    public override void Default(JsonObject obj)
    {
        PodDefaults.Pod(obj);
        Singular.Align(obj.Child("status"), "podIP", "podIPs", "ip");
        if (obj.Child("status") is not { } status) return;
        foreach (var list in StatusLists)
            foreach (var container in status.Items(list))
            {
                ResourceRounding.List(container.Child("allocatedResources"));
                ResourceRounding.Requirements(container.Child("resources"));
            }
    }

    public override IReadOnlyList<RowCondition> RowConditions { get; } =
    [
        new("status.phase", PodPhase.Succeeded, "Completed", "Succeeded", "The pod has completed successfully."),
        new("status.phase", PodPhase.Failed, "Completed", "Failed", "The pod failed."),
    ];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Ready", "Containers that are ready to serve, of all."),
        CommonColumns.Text("Status", "The pod's state in one word, taken from its phase and its containers."),
        CommonColumns.Text("Restarts", "How often containers of the pod restarted, and when one last did."),
        CommonColumns.Age,
        CommonColumns.Wide("IP", "The pod's first address."),
        CommonColumns.Wide("Node", "The node on which the pod runs."),
        CommonColumns.Wide("Nominated Node", "The node on which others are preempted to make room for the pod."),
        CommonColumns.Wide("Readiness Gates", "Extra conditions that hold, of those that must hold for the pod to be ready."),
    ];

    public override IReadOnlyList<object?> Cells(Pod obj, DateTimeOffset now)
    {
        var summary = new PodSummary(obj);
        return
        [
            obj.Metadata.Name,
            $"{summary.Ready}/{summary.Total}",
            summary.Status,
            Restarts(summary, now),
            Cell.Age(obj.Metadata, now),
            Cell.OrNone(obj.Status.PodIPs is [var first, ..] ? first.Ip : obj.Status.PodIP),
            Cell.OrNone(obj.Spec.NodeName),
            Cell.OrNone(obj.Status.NominatedNodeName),
            Gates(obj),
        ];
    }

    private static string Restarts(PodSummary summary, DateTimeOffset now) => summary is { Restarts: > 0, LastRestart: { } last }
        ? $"{summary.Restarts} ({HumanDuration.Of(now - last)} ago)"
        : $"{summary.Restarts}";

    private static string Gates(Pod pod)
    {
        if (pod.Spec.ReadinessGates is not { Count: > 0 } gates) return "<none>";
        var open = gates.Count(g => pod.Status.Conditions?.Find(c => c.Type == g.ConditionType)?.Status == ConditionStatus.True);
        return $"{open}/{gates.Count}";
    }
}
