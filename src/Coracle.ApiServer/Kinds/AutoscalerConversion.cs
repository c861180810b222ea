using Coracle.Kinds.Autoscaling.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Autoscalers are served in two versions and stored in the newer one.</summary>
public static class AutoscalerConversion
{
    public static KeyValuePair<GroupVersionKind, KindConversion> Entry => new(HorizontalPodAutoscaler.Info.GroupVersionKind,
        new KindConversion(Kinds.Autoscaling.V2.HorizontalPodAutoscaler.Info, HorizontalPodAutoscalerConversion.ToStorage, HorizontalPodAutoscalerConversion.FromStorage));
}
