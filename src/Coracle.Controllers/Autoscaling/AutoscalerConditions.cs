using Coracle.Kinds.Autoscaling.V2;

namespace Coracle.Controllers.Autoscaling;

/// <summary>What an autoscaler says of itself.</summary>
internal static class AutoscalerConditions
{
    public const string Able = "AbleToScale", Active = "ScalingActive", Limited = "ScalingLimited";

    public static void Set(HorizontalPodAutoscaler autoscaler, string type, bool holds, string reason, string message, DateTimeOffset now)
    {
        var conditions = autoscaler.Status.Conditions ??= [];
        var status = holds ? "True" : "False";
        if (conditions.Find(c => c.Type == type) is not { } condition) conditions.Add(condition = new() { Type = type });
        if (condition.Status != status) condition.LastTransitionTime = now;
        (condition.Status, condition.Reason, condition.Message) = (status, reason, message);
    }
}
