using Coracle.Samples.Chaos.Kinds;
using Coracle.Sdk;
using V1Beta1 = Coracle.Samples.Chaos.Kinds.V1Beta1;

namespace Coracle.Samples.Chaos.Webhooks;

/// <summary>The versions of a schedule. What v1beta1 cannot say (time zones, several acts...) the SDK keeps.</summary>
public static class ChaosCronVersions
{
    public static Conversion<ChaosCron> All { get; } = Conversion.Hub<ChaosCron>().Spoke<V1Beta1.ChaosCron>(ToHub, FromHub);

    private static ChaosCron ToHub(V1Beta1.ChaosCron old) => new()
    {
        Spec = new()
        {
            Schedule = old.Spec.Schedule, Suspend = old.Spec.Paused, TimeZone = "UTC", Concurrency = "Forbid", HistoryLimit = 3,
            Template = new() { Acts = 1, Parallelism = 1, Template = new() { Selector = new() { MatchLabels = new() { ["app"] = old.Spec.App } }, Victims = old.Spec.Victims, DelaySeconds = 10 } },
        },
        Status = new() { LastTime = old.Status.LastTime },
    };

    private static V1Beta1.ChaosCron FromHub(ChaosCron cron) => new()
    {
        Spec = new()
        {
            Schedule = cron.Spec.Schedule, Paused = cron.Spec.Suspend, App = cron.Spec.Template.Template.Selector.MatchLabels?.GetValueOrDefault("app") ?? "",
            Victims = cron.Spec.Template.Template.Victims,
        },
        Status = new() { LastTime = cron.Status.LastTime },
    };
}
