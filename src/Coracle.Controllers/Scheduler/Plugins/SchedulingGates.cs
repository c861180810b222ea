using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Holds pods back that have scheduling gates.</summary>
public sealed class SchedulingGates : Plugin, IPreEnqueue
{
    public override string Name => "SchedulingGates";
    public override IReadOnlyList<EventHint> Events { get; } = [new(ClusterChange.PodGatesEliminated)];

    public Verdict PreEnqueue(Pod pod) =>
        pod.Spec.SchedulingGates is not { Count: > 0 } gates ? Verdict.Ok : Verdict.Unresolvable($"waiting for scheduling gates: [{string.Join(' ', gates.Select(g => g.Name))}]");
}
