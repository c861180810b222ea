using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Autoscaling;

/// <summary>What one metric asks for, how it is named in reasons, and how it is told in the status.</summary>
internal sealed record Proposal(int Replicas, string Name, MetricStatus Status);

/// <summary>A metric that could not be made use of: the reason of a condition, its words, and those of the autoscaler's failure.</summary>
internal sealed class ProposalException(string reason, string message, string failure) : Exception(failure)
{
    public string Reason => reason;
    public string Words => message;
}

/// <summary>The pods that an autoscaler speaks for, and how many of them there are to be and are.</summary>
internal sealed record ScaledPods(string Namespace, Selector Selector, IReadOnlyCollection<Pod> Pods, int Asked, int Running, Tolerances Tolerances, DateTimeOffset Now);

/// <summary>How many pods each metric of an autoscaler asks for (upstream: horizontal.go, computeReplicasForMetric).</summary>
internal sealed class MetricProposals(MetricReader metrics)
{
    public ValueTask<Proposal> AskAsync(MetricSpec metric, ScaledPods pods, CancellationToken cancel) => metric switch
    {
        { Type: MetricSourceType.Resource, Resource: { } source } => TryAsync("FailedGetResourceMetric", $"failed to get {source.Name} resource metric value", async () =>
        {
            var (wanted, name) = await ResourceAsync(source.Name, "", source.Target, pods, cancel);
            return new(wanted.Replicas, name, new() { Type = metric.Type, Resource = new() { Name = source.Name, Current = Current(wanted) } });
        }),
        { Type: MetricSourceType.ContainerResource, ContainerResource: { } source } => TryAsync("FailedGetContainerResourceMetric", $"failed to get {source.Container} container metric value", async () =>
        {
            var (wanted, name) = await ResourceAsync(source.Name, source.Container, source.Target, pods, cancel);
            return new(wanted.Replicas, name, new() { Type = metric.Type, ContainerResource = new() { Name = source.Name, Container = source.Container, Current = Current(wanted) } });
        }),
        { Type: MetricSourceType.Pods, Pods: { } source } => TryAsync("FailedGetPodsMetric", "failed to get pods metric value", async () =>
        {
            var samples = await metrics.PodsAsync(pods.Namespace, pods.Selector, source.Metric, cancel);
            var wanted = ReplicaArithmetic.ForAverage(pods.Asked, source.Target.AverageValue?.MilliValue ?? 0, samples, Groups(pods, samples, ""), pods.Tolerances);
            return new(wanted.Replicas, $"pods metric {source.Metric.Name}", new() { Type = metric.Type, Pods = new() { Metric = source.Metric, Current = Current(wanted) } });
        }),
        { Type: MetricSourceType.Object, Object: { } source } => TryAsync("FailedGetObjectMetric", "failed to get object metric value", () => ObjectAsync(source, pods, cancel)),
        { Type: MetricSourceType.External, External: { } source } => TryAsync("FailedGetExternalMetric", $"failed to get {source.Metric.Name} external metric value", () => ExternalAsync(source, pods, cancel)),
        _ => throw new ProposalException("InvalidMetricSourceType", $"unknown metric source type \"{metric.Type}\"", $"unknown metric source type \"{metric.Type}\""),
    };

    private static async ValueTask<Proposal> TryAsync(string reason, string failure, Func<ValueTask<Proposal>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is MetricException or FormatException)
        {
            throw new ProposalException(reason, e.Message, $"{failure}: {e.Message}");
        }
    }

    private async ValueTask<(Wanted, string Name)> ResourceAsync(string resource, string container, MetricTarget target, ScaledPods pods, CancellationToken cancel)
    {
        if (target.AverageValue is { } average) return (await AverageAsync(resource, container, average.MilliValue, pods, cancel), $"{resource} resource");
        if (target.AverageUtilization is not { } percent)
            throw new MetricException("invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");
        try
        {
            var samples = await metrics.PodResourcesAsync(pods.Namespace, pods.Selector, resource, container, cancel);
            RequirePods(pods);
            var groups = Groups(pods, samples, resource);
            var wanted = ReplicaArithmetic.ForUtilization(pods.Asked, percent, samples, ReplicaArithmetic.Requests(pods.Pods, resource, container), groups, pods.Tolerances);
            return (wanted, $"{resource} {(container.Length > 0 ? "container " : "")}resource utilization (percentage of request)");
        }
        catch (MetricException e)
        {
            throw new MetricException($"failed to get {resource} utilization: {e.Message}");
        }
    }

    private async ValueTask<Wanted> AverageAsync(string resource, string container, long average, ScaledPods pods, CancellationToken cancel)
    {
        try
        {
            var samples = await metrics.PodResourcesAsync(pods.Namespace, pods.Selector, resource, container, cancel);
            RequirePods(pods);
            return ReplicaArithmetic.ForAverage(pods.Asked, average, samples, Groups(pods, samples, resource), pods.Tolerances);
        }
        catch (MetricException e)
        {
            throw new MetricException($"failed to get {resource} usage: {e.Message}");
        }
    }

    private static void RequirePods(ScaledPods pods)
    {
        if (pods.Pods.Count == 0) throw new MetricException("no pods returned by selector while calculating replica count");
    }

    private async ValueTask<Proposal> ObjectAsync(ObjectMetricSource source, ScaledPods pods, CancellationToken cancel)
    {
        var (wanted, name) = source.Target switch
        {
            { Type: MetricTargetType.Value, Value: { } target } => (
                ReplicaArithmetic.ForValue(pods.Asked, target.MilliValue, await metrics.ObjectAsync(pods.Namespace, source.DescribedObject, source.Metric, cancel), pods.Pods, pods.Tolerances),
                $"{source.DescribedObject.Kind} metric {source.Metric.Name}"),
            { Type: MetricTargetType.AverageValue, AverageValue: { } target } => (
                ReplicaArithmetic.ForShare(pods.Running, target.MilliValue, await metrics.ObjectAsync(pods.Namespace, source.DescribedObject, source.Metric, cancel), pods.Tolerances),
                $"external metric {source.Metric.Name}({GoSelectors.Text(source.Metric.Selector)})"),
            _ => throw new MetricException("invalid object metric source: neither a value target nor an average value target was set"),
        };
        return new(wanted.Replicas, name, new()
        {
            Type = MetricSourceType.Object,
            Object = new() { Metric = source.Metric, DescribedObject = source.DescribedObject, Current = source.Target.Type == MetricTargetType.Value ? new() { Value = Quantity.FromMilli(wanted.Value) } : Current(wanted) },
        });
    }

    private async ValueTask<Proposal> ExternalAsync(ExternalMetricSource source, ScaledPods pods, CancellationToken cancel)
    {
        var (wanted, isAverage) = source.Target switch
        {
            { AverageValue: { } target } => (ReplicaArithmetic.ForShare(pods.Running, target.MilliValue, await metrics.ExternalAsync(pods.Namespace, source.Metric, cancel), pods.Tolerances), true),
            { Value: { } target } => (ReplicaArithmetic.ForValue(pods.Asked, target.MilliValue, await metrics.ExternalAsync(pods.Namespace, source.Metric, cancel), pods.Pods, pods.Tolerances), false),
            _ => throw new MetricException("invalid external metric source: neither a value target nor an average value target was set"),
        };
        return new(wanted.Replicas, $"external metric {source.Metric.Name}({GoSelectors.Text(source.Metric.Selector)})", new()
        {
            Type = MetricSourceType.External, External = new() { Metric = source.Metric, Current = isAverage ? Current(wanted) : new() { Value = Quantity.FromMilli(wanted.Value) } },
        });
    }

    private static PodGroups Groups(ScaledPods pods, IReadOnlyDictionary<string, PodSample> samples, string resource) => PodGroups.Of(pods.Pods, samples, resource, pods.Now);

    private static MetricValueStatus Current(Wanted wanted) => new() { AverageValue = Quantity.FromMilli(wanted.Value), AverageUtilization = wanted.Percent };
}
