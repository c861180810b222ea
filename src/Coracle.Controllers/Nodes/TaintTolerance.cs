using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers;

/// <summary>How long a pod may stay on a node with taints that evict. Pure.</summary>
internal static class TaintTolerance
{
    /// <summary>The time at which the pod has to go: null when it may stay, the past when it must go now (upstream: tainteviction, processPodOnNode).</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="taints">The node's taints, of whatever effect.</param>
    /// <param name="seen">Since when those are there that do not say.</param>
    public static DateTimeOffset? Until(Pod pod, IEnumerable<Taint>? taints, DateTimeOffset seen)
    {
        DateTimeOffset? until = null;
        foreach (var taint in taints ?? [])
        {
            if (taint.Effect != TaintEffect.NoExecute) continue;
            if (pod.Spec.Tolerations?.Find(toleration => Tolerates(toleration, taint)) is not { } tolerated) return DateTimeOffset.MinValue;
            if (tolerated.TolerationSeconds is not { } seconds) continue;
            var end = seconds <= 0 ? DateTimeOffset.MinValue : (taint.TimeAdded ?? seen).AddSeconds(seconds);
            if (until is null || end < until) until = end;
        }
        return until;
    }

    /// <summary>An empty effect stands for all effects, an empty key with Exists for all keys (upstream: Toleration.ToleratesTaint).</summary>
    public static bool Tolerates(Toleration toleration, Taint taint)
    {
        if (toleration.Effect.Length > 0 && toleration.Effect != taint.Effect) return false;
        if (toleration.Key.Length > 0 && toleration.Key != taint.Key) return false;
        return toleration.Operator switch
        {
            "" or "Equal" => toleration.Value == taint.Value,
            "Exists" => true,
            "Lt" => Numbers(toleration, taint) is var (wanted, have) && have < wanted,
            "Gt" => Numbers(toleration, taint) is var (wanted, have) && have > wanted,
            _ => false,
        };
    }

    private static (long Wanted, long Have)? Numbers(Toleration toleration, Taint taint) =>
        long.TryParse(toleration.Value, out var wanted) && long.TryParse(taint.Value, out var have) ? (wanted, have) : null;
}
