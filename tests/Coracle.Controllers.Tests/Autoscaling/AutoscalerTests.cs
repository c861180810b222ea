using System.Text.Json.Nodes;
using Coracle.Controllers.Autoscaling;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Autoscaling;

/// <summary>Autoscalers over metrics that the test makes up (upstream: horizontal_test.go).</summary>
public sealed class AutoscalerTests
{
    private readonly SimulatedCluster cluster;
    private readonly Dictionary<string, Func<string>> answers = [];
    private readonly List<string> asked = [];

    public AutoscalerTests() => cluster = new(1, informers => AutoscalerReconciler.Build(informers, targets => new(Answer, targets.FindAsync)));

    private ValueTask<MetricAnswer> Answer(string path, string query, CancellationToken cancel)
    {
        asked.Add(query.Length == 0 ? path : $"{path}?{query}");
        return new(answers.TryGetValue(path, out var make) ? new MetricAnswer(JsonNode.Parse(make())!.AsObject(), null)
            : new MetricAnswer(null, new ApiStatus { Code = 404, Reason = "NotFound", Message = "the server could not find the requested resource" }));
    }

    private HorizontalPodAutoscaler Autoscaler => cluster.Get<HorizontalPodAutoscaler>("default", "web");
    private int Replicas => cluster.Get<Deployment>("default", "web").Spec.Replicas!.Value;
    private string Condition(string type) => Autoscaler.Status.Conditions?.Find(c => c.Type == type) is { } c ? $"{c.Status} {c.Reason}: {c.Message}" : "";

    private void UntilTold(string what) => cluster.Until(() => cluster.List<Event>().Any(e => $"{e.Type} {e.Reason}: {e.Message}" == what), 120,
        $"the event {what}; there are {string.Join('\n', cluster.List<Event>().Select(e => $"{e.Type} {e.Reason}: {e.Message}"))}");

    /// <summary>A deployment with pods that run, each requesting a processor.</summary>
    private void Deploy(int replicas, bool requests = true)
    {
        var deployment = Samples.Deployment("web", replicas);
        var resources = new ResourceRequirements { Requests = requests ? new() { ["cpu"] = Quantity.Parse("1") } : null };
        deployment.Spec.Template.Spec.Containers![0].Resources = resources;
        cluster.Create(deployment);
        cluster.ChangeStatus<Deployment>("default", "web", d => d.Status.Replicas = replicas);
        for (var i = 0; i < replicas; i++)
        {
            var pod = Samples.Pod($"p{i}", ("app", "web"));
            pod.Spec.Containers![0].Resources = resources;
            cluster.Create(pod);
            cluster.ChangeStatus<Pod>("default", $"p{i}", p =>
            {
                (p.Status.Phase, p.Status.StartTime) = ("Running", cluster.Loop.Time.GetUtcNow().AddHours(-1));
                p.Status.Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = cluster.Loop.Time.GetUtcNow().AddMinutes(-50) }];
            });
        }
    }

    private void Measure(params int[] millis) => answers["/apis/metrics.k8s.io/v1beta1/namespaces/default/pods"] = () => new JsonObject
    {
        ["items"] = new JsonArray([.. millis.Select((m, i) => (JsonNode)new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"p{i}" }, ["timestamp"] = cluster.Loop.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), ["window"] = "30s",
            ["containers"] = new JsonArray(
                new JsonObject { ["name"] = "main", ["usage"] = new JsonObject { ["cpu"] = $"{m}m", ["memory"] = "10Mi" } }),
        })]),
    }.ToJsonString();

    private void Create(int max = 10, int min = 1, HorizontalPodAutoscalerBehavior? behavior = null, params MetricSpec[] metrics) => cluster.Create(new HorizontalPodAutoscaler
    {
        Metadata = new() { Namespace = "default", Name = "web" },
        Spec = new()
        {
            ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web" }, MinReplicas = min, MaxReplicas = max, Behavior = behavior, Metrics = metrics.Length == 0 ? null : [.. metrics],
        },
    });

    private static MetricSpec Cpu(int percent) => new() { Type = "Resource", Resource = new() { Name = "cpu", Target = new() { Type = "Utilization", AverageUtilization = percent } } };

    [Fact]
    public void More_use_than_wanted_makes_more_pods_and_says_so()
    {
        Deploy(3);
        Measure(300, 500, 700);
        Create(metrics: Cpu(30));
        cluster.Until(() => Replicas == 5, 60, "5 replicas");
        UntilTold("Normal SuccessfulRescale: New size: 5; reason: cpu resource utilization (percentage of request) above target");
        Assert.Equal("True SucceededRescale: the HPA controller was able to update the target scale to 5", Condition("AbleToScale"));
        Assert.Equal("True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)", Condition("ScalingActive"));
        Assert.Equal("False DesiredWithinRange: the desired count is within the acceptable range", Condition("ScalingLimited"));
        var status = Autoscaler.Status;
        Assert.Equal((3, 5, 50, "500m"), (status.CurrentReplicas, status.DesiredReplicas, status.CurrentMetrics![0].Resource!.Current.AverageUtilization!.Value, status.CurrentMetrics[0].Resource!.Current.AverageValue.ToString()));
        Assert.NotNull(status.LastScaleTime);
        Assert.Contains("/apis/metrics.k8s.io/v1beta1/namespaces/default/pods?labelSelector=app%3Dweb", asked);
    }

    [Fact]
    public void Less_use_than_wanted_makes_fewer_pods_once_five_minutes_have_passed()
    {
        Deploy(5);
        Measure(100, 100, 100, 100, 100);
        Create(metrics: Cpu(50));
        cluster.Pass(240);
        Assert.Equal(5, Replicas);
        Assert.Equal("True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation", Condition("AbleToScale"));
        cluster.Until(() => Replicas == 1, 120, "1 replica");
        UntilTold("Normal SuccessfulRescale: New size: 1; reason: All metrics below target");
    }

    [Fact]
    public void The_bounds_hold_without_any_metric()
    {
        Deploy(3);
        Create(max: 2);
        cluster.Until(() => Replicas == 2, 60, "2 replicas");
        UntilTold("Normal SuccessfulRescale: New size: 2; reason: Current number of replicas above Spec.MaxReplicas");
    }

    [Fact]
    public void Metrics_that_cannot_be_had_are_told_and_change_nothing()
    {
        Deploy(3);
        Create(metrics: Cpu(30));
        const string why = "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource";
        UntilTold($"Warning FailedGetResourceMetric: {why}");
        UntilTold($"Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: {why}");
        cluster.Until(() => Condition("ScalingActive") == $"False FailedGetResourceMetric: the HPA was unable to compute the replica count: {why}", 60, "the condition");
        Assert.Equal(3, Replicas);
        Measure(600, 600, 600);
        cluster.Until(() => Replicas == 6, 60, "6 replicas");
    }

    [Fact]
    public void Pods_that_request_nothing_have_no_share_of_it()
    {
        Deploy(1, requests: false);
        Measure(300);
        Create(metrics: Cpu(30));
        UntilTold("Warning FailedGetResourceMetric: failed to get cpu utilization: missing request for cpu in container main of Pod p0");
    }

    [Fact]
    public void Of_several_metrics_the_one_that_asks_for_most_decides_and_one_that_fails_only_keeps_pods_from_going()
    {
        Deploy(3);
        Measure(300, 300, 300);
        answers["/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/queue"] = () => """{"items":[{"describedObject":{"name":"p0"},"value":"20"},{"describedObject":{"name":"p1"},"value":"20"},{"describedObject":{"name":"p2"},"value":"20"}]}""";
        var queue = new MetricSpec { Type = "Pods", Pods = new() { Metric = new() { Name = "queue" }, Target = new() { Type = "AverageValue", AverageValue = Quantity.Parse("10") } } };
        var lost = new MetricSpec { Type = "External", External = new() { Metric = new() { Name = "lost" }, Target = new() { Type = "Value", Value = Quantity.Parse("1") } } };
        Create(metrics: [Cpu(30), queue, lost]);
        cluster.Until(() => Replicas == 6, 60, "6 replicas");
        UntilTold("Normal SuccessfulRescale: New size: 6; reason: pods metric queue above target");
        UntilTold("Warning FailedGetExternalMetric: unable to get external metric default/lost/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource");
    }

    [Fact]
    public void Metrics_of_objects_and_from_outside_are_asked_for_where_they_are()
    {
        Deploy(2);
        answers["/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/services/front/requests"] = () => """{"items":[{"describedObject":{"name":"front"},"value":"40"}]}""";
        answers["/apis/external.metrics.k8s.io/v1beta1/namespaces/default/jobs"] = () => """{"items":[{"metricName":"jobs","value":"3"},{"metricName":"jobs","value":"4"}]}""";
        Create(metrics:
        [
            new() { Type = "Object", Object = new() { DescribedObject = new() { ApiVersion = "v1", Kind = "Service", Name = "front" }, Metric = new() { Name = "requests" }, Target = new() { Type = "Value", Value = Quantity.Parse("20") } } },
            new() { Type = "External", External = new() { Metric = new() { Name = "jobs", Selector = new() { MatchLabels = new() { ["queue"] = "fast" } } }, Target = new() { Type = "AverageValue", AverageValue = Quantity.Parse("2") } } },
        ]);
        cluster.Until(() => Replicas == 4, 60, "4 replicas");
        Assert.Contains("/apis/external.metrics.k8s.io/v1beta1/namespaces/default/jobs?labelSelector=queue%3Dfast", asked);
        Assert.Equal(("40", "3500m"), (Autoscaler.Status.CurrentMetrics![0].Object!.Current.Value.ToString(), Autoscaler.Status.CurrentMetrics[1].External!.Current.AverageValue.ToString()));
    }

    [Fact]
    public void A_target_that_is_not_there_is_told()
    {
        Create(metrics: Cpu(30));
        UntilTold("Warning FailedGetScale: deployments.apps \"web\" not found");
        cluster.Until(() => Condition("AbleToScale") == "False FailedGetScale: the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found", 60, "the condition");
    }

    [Fact]
    public void A_target_with_no_pods_wanted_is_left_alone()
    {
        Deploy(0);
        Create(metrics: Cpu(30));
        cluster.Until(() => Condition("ScalingActive") == "False ScalingDisabled: scaling is disabled since the replica count of the target is zero", 60, "the condition");
        cluster.Pass(60);
        Assert.Equal(0, Replicas);
    }

    [Fact]
    public void Two_autoscalers_for_the_same_pods_do_nothing_but_say_so()
    {
        Deploy(3);
        Measure(900, 900, 900);
        Create(max: 3, metrics: Cpu(30));
        cluster.Create(new HorizontalPodAutoscaler
        {
            Metadata = new() { Namespace = "default", Name = "again" },
            Spec = new() { ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web" }, MaxReplicas = 10, Metrics = [Cpu(30)] },
        });
        UntilTold("Warning AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [{again default} {web default}]");
    }
}
