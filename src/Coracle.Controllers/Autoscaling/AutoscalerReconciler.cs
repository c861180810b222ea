using Coracle.Kinds.Autoscaling.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Autoscaler = Coracle.Kinds.Autoscaling.V2.HorizontalPodAutoscaler;

namespace Coracle.Controllers.Autoscaling;

/// <summary>Keeps as many pods as metrics ask for (upstream: pkg/controller/podautoscaler/horizontal.go).</summary>
public sealed class AutoscalerReconciler : IReconciler
{
    /// <summary>Upstream: --horizontal-pod-autoscaler-sync-period.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly Client client;
    private readonly Informer<Autoscaler> autoscalers;
    private readonly Informer<Pod> pods;
    private readonly EventRecorder events;
    private readonly ScaleTargets targets;
    private readonly MetricProposals proposals;
    private readonly Lock gate = new();
    private readonly Dictionary<Key, ScalingHistory> histories = [];
    private readonly Dictionary<Key, Selector> selectors = [];

    private AutoscalerReconciler(Client client, InformerSet informers, Func<ScaleTargets, MetricReader> metrics)
    {
        this.client = client;
        (autoscalers, pods) = (informers.For<Autoscaler>(), informers.For<Pod>());
        events = new(client, "horizontal-pod-autoscaler");
        targets = new(client);
        proposals = new(metrics(targets));
    }

    public static Controller NewController(InformerSet informers)
    {
        var client = informers.Client.As("horizontal-pod-autoscaler");
        return Build(informers, targets => new(async (path, query, cancel) => MetricAnswer.Of(await client.SendAsync(new() { Method = "GET", Path = path, Query = query }, cancel)), targets.FindAsync));
    }

    /// <summary>With metrics from elsewhere, for tests.</summary>
    internal static Controller Build(InformerSet informers, Func<ScaleTargets, MetricReader> metrics) => new ControllerBuilder("horizontal-pod-autoscaler-controller", informers)
        .For<Autoscaler>(static delta => delta is not { Old: { } old, New: { } now } || !old.Spec.ContentEquals(now.Spec))
        .Reads<Pod>()
        .Workers(5)
        .Queue(new() { BackoffInitial = Period, BackoffMax = Period })
        .Build(new AutoscalerReconciler(informers.Client.As("horizontal-pod-autoscaler"), informers, metrics));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (autoscalers.Get(key) is not { } known)
        {
            Forget(key);
            return Result.Done;
        }
        var autoscaler = known.DeepCopy();
        Exception? failure = null;
        try
        {
            failure = await ScaleAsync(autoscaler, key, cancel);
        }
        catch (ReconcileException e)
        {
            failure = e; // said in the status, too
        }
        if (!autoscaler.Status.ContentEquals(known.Status)) await WriteAsync(autoscaler, cancel);
        return failure is null ? Result.After(Period) : Result.Fail(failure);
    }

    private void Forget(Key key)
    {
        lock (gate)
        {
            histories.Remove(key);
            selectors.Remove(key);
        }
    }

    private ScalingHistory HistoryOf(Key key)
    {
        lock (gate) return histories.TryGetValue(key, out var known) ? known : histories[key] = new();
    }

    private async ValueTask WriteAsync(Autoscaler autoscaler, CancellationToken cancel)
    {
        var written = await client.TryUpdateStatusAsync(autoscaler, cancel);
        if (written.Ok || written.IsNotFound) return;
        if (!written.IsConflict) events.Warning(autoscaler, "FailedUpdateStatus", written.Failure.Message);
        written.OrThrow();
    }

    /// <summary>1. What is to be scaled. 2. How many there are to be: by the bounds, or else by what is measured. 3. That many.</summary>
    private async ValueTask<Exception?> ScaleAsync(Autoscaler autoscaler, Key key, CancellationToken cancel)
    {
        var (resource, scale) = await FindAsync(autoscaler, cancel);                                            // 1
        var current = scale.Spec.Replicas;
        var history = HistoryOf(key);
        if (history.IsEmpty) history.Recommend(current, client.Time.GetUtcNow());
        var choice = await ChooseAsync(autoscaler, key, scale, history, cancel);                                // 2
        var rescales = choice.Replicas != current;
        if (rescales) await RescaleAsync(autoscaler, key, resource, scale, choice, history, cancel);            // 3
        autoscaler.Status.CurrentReplicas = current;
        autoscaler.Status.DesiredReplicas = choice.Replicas;
        autoscaler.Status.CurrentMetrics = choice.Metrics;
        if (rescales) autoscaler.Status.LastScaleTime = client.Time.GetUtcNow();
        return choice.Failure;
    }

    private void Say(Autoscaler autoscaler, string type, bool holds, string reason, string message) => AutoscalerConditions.Set(autoscaler, type, holds, reason, message, client.Time.GetUtcNow());

    private static string Reference(Autoscaler autoscaler) => $"{autoscaler.Spec.ScaleTargetRef.Kind}/{autoscaler.Metadata.Namespace}/{autoscaler.Spec.ScaleTargetRef.Name}";

    private async ValueTask<(ApiResource, Scale)> FindAsync(Autoscaler autoscaler, CancellationToken cancel)
    {
        var target = autoscaler.Spec.ScaleTargetRef;
        var resource = await targets.FindAsync(target.ApiVersion, target.Kind, cancel);
        var group = target.ApiVersion.Split('/') is [var name, _] ? name : "";
        var found = resource is null ? default : await targets.GetAsync(resource, new(autoscaler.Metadata.Namespace, target.Name), cancel);
        if (resource is not null && found.Ok)
        {
            Say(autoscaler, AutoscalerConditions.Able, true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
            return (resource, found.Value);
        }
        var why = resource is null ? $"no matches for kind \"{target.Kind}\" in group \"{group}\"" : found.Failure!.Message;
        events.Warning(autoscaler, "FailedGetScale", why);
        Say(autoscaler, AutoscalerConditions.Able, false, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {why}");
        throw new ReconcileException(resource is null ? $"unable to determine resource for scale target reference: {why}" : $"failed to query scale subresource for {Reference(autoscaler)}: {why}");
    }

    /// <summary>How many pods, and why; what was measured; and what could not be measured although enough else was.</summary>
    private sealed record Choice(int Replicas, string Reason, List<Kinds.Autoscaling.V2.MetricStatus>? Metrics = null, Exception? Failure = null);

    private async ValueTask<Choice> ChooseAsync(Autoscaler autoscaler, Key key, Scale scale, ScalingHistory history, CancellationToken cancel)
    {
        var (current, fewest, most) = (scale.Spec.Replicas, autoscaler.Spec.MinReplicas ?? 1, autoscaler.Spec.MaxReplicas);
        if (current == 0 && fewest != 0)
        {
            Say(autoscaler, AutoscalerConditions.Active, false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return new(0, "");
        }
        if (current > most) return new(most, "Current number of replicas above Spec.MaxReplicas");
        if (current < fewest) return new(fewest, "Current number of replicas below Spec.MinReplicas");
        var asked = await AskAsync(autoscaler, key, scale, cancel);
        var now = client.Time.GetUtcNow();
        var stable = ScalingLimits.Stabilize(autoscaler.Spec.Behavior, history, current, asked.Replicas, now);
        Say(autoscaler, AutoscalerConditions.Able, true, stable.Reason, stable.Message);
        var bound = ScalingLimits.Bound(autoscaler, history, current, stable.Replicas, now);
        Say(autoscaler, AutoscalerConditions.Limited, bound.Replicas != stable.Replicas, bound.Reason, bound.Message);
        var reason = asked.Replicas > current ? $"{asked.Reason} above target" : asked.Replicas < current ? "All metrics below target" : "";
        return asked with { Replicas = bound.Replicas, Reason = reason };
    }

    /// <summary>The most that any metric asks for. Fewer pods are only asked for when every metric says something.</summary>
    private async ValueTask<Choice> AskAsync(Autoscaler autoscaler, Key key, Scale scale, CancellationToken cancel)
    {
        var view = View(autoscaler, key, scale);
        var statuses = new List<Kinds.Autoscaling.V2.MetricStatus>();
        Proposal? best = null;
        ProposalException? first = null;
        var (all, invalid) = (autoscaler.Spec.Metrics ?? [], 0);
        foreach (var metric in all)
        {
            try
            {
                var proposal = await proposals.AskAsync(metric, view, cancel);
                statuses.Add(proposal.Status);
                if (best is null || best.Replicas == 0 || proposal.Replicas > best.Replicas) best = proposal;
            }
            catch (ProposalException e)
            {
                events.Warning(autoscaler, e.Reason, e.Words);
                first ??= e;
                invalid++;
            }
        }
        var failure = first is null ? null : new ReconcileException($"invalid metrics ({invalid} invalid out of {all.Count}), first error is: {first.Message}");
        if (best is not null && (invalid == 0 || best.Replicas >= scale.Spec.Replicas))
        {
            Say(autoscaler, AutoscalerConditions.Active, true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {best.Name}");
            return new(best.Replicas, best.Name, statuses, failure);
        }
        Say(autoscaler, AutoscalerConditions.Active, false, first?.Reason ?? "", $"the HPA was unable to compute the replica count: {first?.Words}");
        (autoscaler.Status.CurrentReplicas, autoscaler.Status.CurrentMetrics) = (scale.Spec.Replicas, statuses);
        throw Incomputable(autoscaler, failure?.Message ?? "");
    }

    private ReconcileException Incomputable(Autoscaler autoscaler, string why)
    {
        events.Warning(autoscaler, "FailedComputeMetricsReplicas", why);
        return new($"failed to compute desired number of replicas based on listed metrics for {Reference(autoscaler)}: {why}");
    }

    /// <summary>The pods that the target selects. Two autoscalers for one pod would fight over it.</summary>
    private ScaledPods View(Autoscaler autoscaler, Key key, Scale scale)
    {
        var text = scale.Status.Selector;
        if (text.Length == 0) throw Refuse("SelectorRequired", "InvalidSelector", "selector is required", "the HPA target's scale is missing a selector");
        Selector selector;
        try
        {
            selector = Selector.Parse(text);
        }
        catch (FormatException e)
        {
            var words = $"couldn't convert selector into a corresponding internal selector object: {e.Message}";
            throw Refuse("InvalidSelector", "InvalidSelector", words, words);
        }
        var mine = pods.List(key.Namespace, selector);
        List<Key> rivals;
        lock (gate)
        {
            selectors[key] = selector;
            rivals = [.. selectors.Where(other => other.Key.Namespace == key.Namespace && mine.Any(pod => other.Value.Matches(pod.Metadata.Labels))).Select(static other => other.Key).Order()];
        }
        if (rivals.Count > 1)
        {
            var words = $"pods by selector {text} are controlled by multiple HPAs: [{string.Join(' ', rivals.Select(static k => $"{{{k.Name} {k.Namespace}}}"))}]";
            throw Refuse("AmbiguousSelector", "AmbiguousSelector", words, words);
        }
        return new(key.Namespace, selector, mine, scale.Spec.Replicas, scale.Status.Replicas, Tolerances.Of(autoscaler), client.Time.GetUtcNow());

        ReconcileException Refuse(string eventReason, string reason, string told, string message)
        {
            events.Warning(autoscaler, eventReason, told);
            Say(autoscaler, AutoscalerConditions.Active, false, reason, message);
            (autoscaler.Status.CurrentReplicas, autoscaler.Status.CurrentMetrics) = (scale.Spec.Replicas, null);
            return Incomputable(autoscaler, told);
        }
    }

    private async ValueTask RescaleAsync(Autoscaler autoscaler, Key key, ApiResource resource, Scale scale, Choice choice, ScalingHistory history, CancellationToken cancel)
    {
        var before = scale.Spec.Replicas;
        scale.Spec.Replicas = choice.Replicas;
        var written = await targets.SetAsync(resource, new(key.Namespace, autoscaler.Spec.ScaleTargetRef.Name), scale, cancel);
        if (!written.Ok)
        {
            var why = written.Failure.Message;
            events.Warning(autoscaler, "FailedRescale", $"New size: {choice.Replicas}; reason: {choice.Reason}; error: {why}");
            Say(autoscaler, AutoscalerConditions.Able, false, "FailedUpdateScale", $"the HPA controller was unable to update the target scale: {why}");
            (autoscaler.Status.CurrentReplicas, autoscaler.Status.CurrentMetrics) = (before, choice.Metrics);
            throw new ReconcileException($"failed to rescale {Reference(autoscaler)}: {why}");
        }
        Say(autoscaler, AutoscalerConditions.Able, true, "SucceededRescale", $"the HPA controller was able to update the target scale to {choice.Replicas}");
        events.Normal(autoscaler, "SuccessfulRescale", $"New size: {choice.Replicas}; reason: {choice.Reason}");
        history.Scaled(autoscaler.Spec.Behavior, before, choice.Replicas, client.Time.GetUtcNow());
    }
}
