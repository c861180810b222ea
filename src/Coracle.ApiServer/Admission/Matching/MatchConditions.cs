using Coracle.Kinds.AdmissionRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>Conditions in CEL that a request must fulfil (upstream: admission/plugin/webhook/matchconditions).</summary>
internal sealed class MatchConditions
{
    private static readonly MatchConditions None = new();

    public static MatchConditions Of(List<MatchCondition>? conditions, string? failurePolicy, bool hasParams)
    {
        _ = (failurePolicy, hasParams);
        return conditions is { Count: > 0 } ? new MatchConditions() : None;
    }

    public bool IsEmpty => ReferenceEquals(this, None);

    public Result<bool> Judge(AdmissionContext context, in AdmissionTarget target, Resource seenAs)
    {
        _ = (context, target, seenAs);
        return !IsEmpty;
    }
}
