using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Policy.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// pods/eviction: deletes a pod if the disruption budget of the pods like it allows that (upstream: registry/core/pod/storage/eviction.go).
/// </summary>
internal sealed class PodEviction
{
    /// <summary>How often a budget that others write too is tried before the client is told to come again.</summary>
    private const int TriesMax = 20;

    private const int RetryAfterSeconds = 10;

    private readonly RequestContext _ctx;
    private readonly DeleteOptions _options;

    private PodEviction(RequestContext ctx, DeleteOptions options) => (_ctx, _options) = (ctx, options);

    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ctx.Info.Verb != "create") return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var body = await BodyReader.ReadObject(ctx, Eviction.Info);
        if (body.Failed) return ApiResponse.Of(body.Error);
        if (Meta.Text(Meta.Of(body.Value), "name") is { Length: > 0 } name && name != ctx.Info.Name)
            return ApiResponse.Of(ApiStatus.BadRequest("name in URL does not match name in Eviction object"));
        using var admission = new AdmissionContext(ctx, Eviction.Info, Operation.Create, body.Value, old: null) { Subresource = "eviction" };
        var refused = await ctx.Server.Admission.AdmitAsync(admission) ?? await new PodEviction(ctx, OptionsOf(ctx, admission.Object!)).Evict();
        return ApiResponse.Of(refused ?? new ApiStatus(201, "", ""));
    }

    private static DeleteOptions OptionsOf(RequestContext ctx, JsonObject eviction)
    {
        var options = eviction["deleteOptions"] as JsonObject ?? [];
        var preconditions = options["preconditions"] as JsonObject ?? [];
        return new DeleteOptions
        {
            GracePeriodSeconds = Meta.Number(options, "gracePeriodSeconds"),
            Propagation = Meta.Text(options, "propagationPolicy") is { Length: > 0 } policy ? policy : null,
            Uid = Meta.Text(preconditions, "uid") is { Length: > 0 } uid ? uid : null,
            ResourceVersion = Meta.Text(preconditions, "resourceVersion") is { Length: > 0 } version ? version : null,
            DryRun = options["dryRun"] is JsonArray { Count: > 0 } || ctx.DryRun, IsAdmitted = true,
        };
    }

    /// <summary>
    /// 1. A pod that runs nothing goes without asking. 2. Of several budgets none can answer. 3. A pod that is not ready may go where that harms nobody.
    /// 4. The budget is asked, and remembers that the pod goes. 5. Delete.
    /// </summary>
    private async ValueTask<ApiStatus?> Evict()
    {
        for (var attempt = 1; ; attempt++)                                                                          // 1
        {
            if (_ctx.Resource.Cache.Get(_ctx.Key) is not { } live) return ApiStatus.NotFound(_ctx.Kind, _ctx.Info.Name);
            var pod = live.Typed<Pod>();
            if (!IsBeyondBudgets(pod)) return await WithinBudget(live, pod);
            var refused = await Delete(IsOver(pod) ? _options : AsSeen(live));
            if (refused is not { Reason: "Conflict" } || _options.ResourceVersion is not null || attempt == TriesMax) return refused;
        }
    }

    private async ValueTask<ApiStatus?> WithinBudget(StoredObject live, Pod pod)
    {
        var budgets = BudgetsOf(pod);
        if (budgets.Count > 1) return ApiStatus.Unclassified("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");   // 2
        if (budgets.Count == 0) return await Delete(_options);
        var budget = budgets[0].Metadata.Name;
        if (IsHarmless(pod, budgets[0]))                                                                            // 3
        {
            var refused = await Delete(AsSeen(live));
            return refused is { Reason: "Conflict" } && _options.ResourceVersion is null ? Processing(budget) : refused;
        }
        return await Take(budget) ?? await Delete(_options);                                                        // 4, 5
    }

    // It disturbs nobody any more, or not yet.
    private static bool IsBeyondBudgets(Pod pod) => IsOver(pod) || pod.Status.Phase == PodPhase.Pending;

    private static bool IsOver(Pod pod) => pod.Status.Phase is PodPhase.Succeeded or PodPhase.Failed || pod.Metadata.DeletionTimestamp is not null;

    /// <summary>The deletion of the pod as it was judged, not of what it may have become meanwhile.</summary>
    private DeleteOptions AsSeen(StoredObject live) =>
        _options.ResourceVersion is not null ? _options : _options with { ResourceVersion = live.Revision.ToString(CultureInfo.InvariantCulture) };

    private static bool IsHarmless(Pod pod, PodDisruptionBudget budget)
    {
        var ready = pod.Status.Conditions?.Find(c => c.Type == "Ready")?.Status == ConditionStatus.True;
        if (ready) return false;
        if (budget.Spec.UnhealthyPodEvictionPolicy == UnhealthyPodEvictionPolicy.AlwaysAllow) return true;
        return budget.Status.CurrentHealthy >= budget.Status.DesiredHealthy && budget.Status.DesiredHealthy > 0;
    }

    private Resource Budgets => _ctx.Server.Resources.Find(PodDisruptionBudget.Info.GroupVersionKind)!;

    private List<PodDisruptionBudget> BudgetsOf(Pod pod)
    {
        if (pod.Metadata.Labels is not { Count: > 0 } labels || _ctx.Server.Resources.Find(PodDisruptionBudget.Info.GroupVersionKind) is null) return [];
        var prefix = _ctx.Info.Namespace + "/";
        return Budgets.Cache.Current.Objects.From(prefix).TakeWhile(b => b.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(b => b.Typed<PodDisruptionBudget>()).Where(b => Selects(b.Spec.Selector, labels)).ToList();
    }

    private static bool Selects(LabelSelector? selector, Dictionary<string, string> labels)
    {
        if (selector is null) return false;
        var expressions = selector.MatchExpressions?.Select(e => new LabelExpression(e.Key, e.Operator, e.Values));
        return LabelQuery.From(selector.MatchLabels, expressions, out _)?.Matches(labels) ?? selector.IsZero;
    }

    /// <summary>Takes one from what the budget allows, so that of several evictions at the same time no more pass than it has room for.</summary>
    private async ValueTask<ApiStatus?> Take(string name)
    {
        var now = _ctx.Server.Clock.GetUtcNow();
        var budgets = _ctx.ForObject(_ctx.Info.Namespace, name, Budgets);
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            var taken = await _ctx.Server.Writer.UpdateAsync(budgets, "status", tree =>
            {
                var budget = ApiJson.Parse<PodDisruptionBudget>(Encoder.Encode(tree, PodDisruptionBudget.Schema));
                if (Refusal(budget) is { } refused) return refused;
                if (_options.DryRun) return tree;
                budget.Status.DisruptionsAllowed--;
                if (budget.Status.DisruptionsAllowed == 0) DisruptionConditions.Update(budget.Status, now);
                // The controller does not count the pod until it has seen it go, or until that takes too long.
                (budget.Status.DisruptedPods ??= [])[_ctx.Info.Name] = now;
                return (JsonObject)JsonNode.Parse(ApiJson.ToBytes(budget))!;
            });
            if (!taken.Failed) return null;
            if (taken.Error.Reason != "Conflict") return taken.Error;
        }
        return ApiStatus.Timeout($"couldn't update PodDisruptionBudget \"{name}\" due to conflicts", RetryAfterSeconds);
    }

    private static ApiStatus? Refusal(PodDisruptionBudget budget)
    {
        const int disruptedMax = 2000;
        var (name, status) = (budget.Metadata.Name, budget.Status);
        if (status.ObservedGeneration < budget.Metadata.Generation) return Processing(name);
        if (status.DisruptionsAllowed < 0) return Forbidden(name, "pdb disruptions allowed is negative");
        if (status.DisruptedPods?.Count > disruptedMax) return Forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        if (status.DisruptionsAllowed > 0) return null;
        var failed = status.Conditions?.Find(c => c.Type == DisruptionConditions.Allowed && c is { Status: ConditionStatus.False, Reason: DisruptionConditions.SyncFailed });
        return TooMany(0, failed?.ObservedGeneration == budget.Metadata.Generation
            ? $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {failed!.Message}"
            : $"The disruption budget {name} needs {status.DesiredHealthy} healthy pods and has {status.CurrentHealthy} currently");
    }

    private static ApiStatus Processing(string name) => TooMany(RetryAfterSeconds, $"The disruption budget {name} is still being processed by the server.");

    private static ApiStatus TooMany(int retryAfterSeconds, string cause) =>
        new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            RetryAfterSeconds = retryAfterSeconds > 0 ? retryAfterSeconds : null, Causes = [new("DisruptionBudget", cause, "")],
        };

    private static ApiStatus Forbidden(string name, string why) =>
        new(403, "Forbidden", $"poddisruptionbudget.policy \"{name}\" is forbidden: {why}") { Name = name, Group = "policy", Kind = "poddisruptionbudget" };

    /// <summary>Says on the pod why it goes, and deletes it.</summary>
    private async ValueTask<ApiStatus?> Delete(DeleteOptions options)
    {
        // The eviction itself has been admitted; what follows from it is not asked about again.
        _ctx.IsAdmitted = true;
        if (!options.DryRun)
        {
            var told = await _ctx.Server.Writer.UpdateAsync(_ctx, "status", pod => Mark(pod, options.ResourceVersion));
            if (told.Failed) return told.Error;
            if (options.ResourceVersion is not null) options = options with { ResourceVersion = told.Value.Revision.ToString(CultureInfo.InvariantCulture) };
        }
        var deletion = await _ctx.Server.Writer.DeleteAsync(_ctx, options);
        return deletion.Failed ? deletion.Error : null;
    }

    private Result<JsonObject> Mark(JsonObject pod, string? version)
    {
        if (version is not null) Meta.Of(pod)["resourceVersion"] = version;
        if (_options.Uid is { } uid && uid != Meta.Text(Meta.Of(pod), "uid")) return pod;
        if (pod["status"] is not JsonObject status) pod["status"] = status = [];
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => Meta.Text(c, "type") == "DisruptionTarget");
        if (condition is null) conditions.Add((JsonNode)(condition = new JsonObject { ["type"] = "DisruptionTarget" }));
        if (Meta.Text(condition, "status") != "True") condition["lastTransitionTime"] = GoTime.Format(_ctx.Server.Clock.GetUtcNow());
        condition["status"] = "True";
        condition["reason"] = "EvictionByEvictionAPI";
        condition["message"] = "Eviction API: evicting";
        return pod;
    }
}
