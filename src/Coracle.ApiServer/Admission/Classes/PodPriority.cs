using System.Text.Json.Nodes;

namespace Coracle.ApiServer;

/// <summary>Turns a pod's priority class into a number, and lets only one class be the default (upstream: Priority).</summary>
public sealed class PodPriority : AdmissionPlugin
{
    private const string Preempt = "PreemptLowerPriority";

    /// <summary>Those that are there from the first moment.</summary>
    private static readonly Dictionary<string, long> System = new(StringComparer.Ordinal)
    {
        ["system-node-critical"] = 2_000_001_000, ["system-cluster-critical"] = 2_000_000_000,
    };

    private sealed record Class(string Name, long Value, string Policy);

    /// <summary>The class of pods that name none, or nothing in the array when there is no such class.</summary>
    private readonly ConfigurationSet<Class[]> _default = new(static stored =>
    [
        .. stored[0].Where(s => s.Field("globalDefault") == "true").Select(Of).OrderBy(c => c.Value).Take(1),
    ], "priorityclasses.scheduling.k8s.io");

    public override string Name => "Priority";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (!context.Is("", "Pod") || context.Operation != Operation.Create || context.Subresource.Length > 0 || context.Object!["spec"] is not JsonObject spec) return default;
        return new(Resolve(context, spec));
    }

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (!context.Is("scheduling.k8s.io", "PriorityClass") || context.Operation is not (Operation.Create or Operation.Update)) return default;
        if (context.Object!["globalDefault"]?.ToString() is not "true") return default;
        var other = _default.Get(context.Server).FirstOrDefault();
        return other is null || context.Operation == Operation.Update && other.Name == context.Name
            ? default
            : new(context.Forbidden($"PriorityClass {other.Name} is already marked as default. Only one default can exist"));
    }

    private static Class Of(StoredObject stored) => new(stored.Name, long.TryParse(stored.Field("value"), out var value) ? value : 0,
        stored.Field("preemptionPolicy") is { Length: > 0 } policy ? policy : Preempt);

    private Class? Find(Server server, string name) => server.Cache.Resource("priorityclasses.scheduling.k8s.io").Get(name) is { } stored
        ? Of(stored)
        : System.TryGetValue(name, out var value) ? new Class(name, value, Preempt) : null;

    private ApiStatus? Resolve(AdmissionContext context, JsonObject spec)
    {
        var name = Meta.Text(spec, "priorityClassName");
        if (name.Length == 0)
        {
            var fallback = _default.Get(context.Server);
            if (fallback.Length > 0) spec["priorityClassName"] = fallback[0].Name;
            return Set(context, spec, fallback.Length > 0 ? fallback[0].Value : 0, fallback.Length > 0 ? fallback[0].Policy : Preempt);
        }
        return Find(context.Server, name) is { } found ? Set(context, spec, found.Value, found.Policy) : context.Forbidden($"no PriorityClass with name {name} was found");
    }

    private static ApiStatus? Set(AdmissionContext context, JsonObject spec, long value, string policy)
    {
        if (Meta.Number(spec, "priority") is { } given && given != value)
            return context.Forbidden($"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name");
        spec["priority"] = value;
        if (Meta.Text(spec, "preemptionPolicy") is { Length: > 0 } own)
            return own == policy
                ? null
                : context.Forbidden($"the string value of PreemptionPolicy ({own}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name");
        spec["preemptionPolicy"] = policy;
        return null;
    }
}
