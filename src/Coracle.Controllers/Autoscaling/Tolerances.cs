using Coracle.Kinds.Autoscaling.V2;

namespace Coracle.Controllers.Autoscaling;

/// <summary>How far usage may be from what is wanted before anything is done about it, in either direction.</summary>
internal readonly record struct Tolerances(double Up, double Down)
{
    /// <summary>Upstream: --horizontal-pod-autoscaler-tolerance.</summary>
    public const double Usual = 0.1;

    public static Tolerances Of(HorizontalPodAutoscaler autoscaler) => new(
        autoscaler.Spec.Behavior?.ScaleUp?.Tolerance?.AsDouble ?? Usual, autoscaler.Spec.Behavior?.ScaleDown?.Tolerance?.AsDouble ?? Usual);

    public bool Cover(double ratio) => 1 - Down <= ratio && ratio <= 1 + Up;
}
