using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>Fills in what a namespace's limit ranges say of pods that say nothing, and refuses what is outside of the ranges (upstream: LimitRanger).</summary>
public sealed class LimitRanger : AdmissionPlugin
{
    private readonly ConfigurationSet<FrozenDictionary<string, LimitRange[]>> _ranges = new(static stored => stored[0].GroupBy(s => s.Namespace)
        .ToFrozenDictionary(g => g.Key, g => g.Select(Configuration.Read<LimitRange>).OfType<LimitRange>().ToArray()), "limitranges");

    public override string Name => "LimitRanger";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (context.Operation == Operation.Create && context.Subresource.Length == 0 && context.Is("", "Pod"))
            foreach (var range in Of(context)) LimitDefaults.Apply(range, context.Object!);
        return default;
    }

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Operation is not (Operation.Create or Operation.Update)) return default;
        if (context.Is("", "Pod") && (context.Operation == Operation.Create && context.Subresource.Length == 0 || context.Subresource == "resize"))
            return new(Check(context, static (range, obj, errors) => LimitChecks.Pod(range, obj, errors)));
        if (context.Is("", "PersistentVolumeClaim") && context.Subresource.Length == 0)
            return new(Check(context, static (range, obj, errors) => LimitChecks.Claim(range, obj, errors)));
        return default;
    }

    private LimitRange[] Of(AdmissionContext context)
    {
        var all = _ranges.Get(context.Server);
        return all.Count == 0 ? [] : all.GetValueOrDefault(context.Namespace, []);
    }

    private ApiStatus? Check(AdmissionContext context, Action<LimitRange, JsonObject, List<string>> check)
    {
        foreach (var range in Of(context))
        {
            var errors = new List<string>();
            check(range, context.Object!, errors);
            if (errors.Count > 0) return context.Forbidden(errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors.Distinct())}]");
        }
        return null;
    }
}
