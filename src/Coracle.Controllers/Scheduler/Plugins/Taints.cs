using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Whether tolerations cover taints (component-helpers, scheduling/corev1).</summary>
internal static class Taints
{
    public const string Unschedulable = "node.kubernetes.io/unschedulable";

    /// <summary>No taint that keeps pods away (NoSchedule, NoExecute) is without a toleration.</summary>
    public static bool AreTolerated(List<Taint>? taints, List<Toleration>? tolerations)
    {
        foreach (var taint in taints ?? [])
            if (taint.Effect is TaintEffect.NoSchedule or TaintEffect.NoExecute && !IsTolerated(taint, tolerations)) return false;
        return true;
    }

    public static bool IsTolerated(Taint taint, List<Toleration>? tolerations)
    {
        if (tolerations is null) return false;
        foreach (var toleration in tolerations)
            if (Tolerates(toleration, taint)) return true;
        return false;
    }

    public static bool Tolerates(Toleration toleration, Taint taint)
    {
        if (toleration.Effect.Length > 0 && toleration.Effect != taint.Effect) return false;
        if (toleration.Key.Length > 0 && toleration.Key != taint.Key) return false;
        return toleration.Operator switch
        {
            "" or TolerationOperator.Equal => toleration.Value == taint.Value,
            TolerationOperator.Exists => true,
            TolerationOperator.Lt => Numbers(toleration, taint, out var bound, out var value) && value < bound,
            TolerationOperator.Gt => Numbers(toleration, taint, out var bound, out var value) && value > bound,
            _ => false,
        };
    }

    private static bool Numbers(Toleration toleration, Taint taint, out long bound, out long value)
    {
        value = 0;
        return long.TryParse(toleration.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out bound)
            && long.TryParse(taint.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
