using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V1;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>Autoscalers in both their versions: what is refused, filled in and shown, and that nothing is lost between the two.</summary>
public sealed class AutoscalerTests
{
    private const string Target = """ "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"} """;

    private static string Spec(string rest) => $$"""{"spec":{{{Target}}{{(rest.Length > 0 ? "," + rest : "")}} } }""";

    private static string Metrics(string metric) => Spec($"\"maxReplicas\":3,\"metrics\":[{metric}]");

    [Theory]
    [InlineData("\"maxReplicas\":3", "")]
    [InlineData("\"maxReplicas\":0", "spec.maxReplicas: Invalid value: 0: must be greater than 0|spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`")]
    [InlineData("\"maxReplicas\":3,\"minReplicas\":0", "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1")]
    [InlineData("\"maxReplicas\":3,\"minReplicas\":4", "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`")]
    [InlineData("\"maxReplicas\":3,\"behavior\":{\"scaleUp\":{\"stabilizationWindowSeconds\":4000,\"selectPolicy\":\"Odd\",\"policies\":[]}}", "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600|spec.behavior.scaleUp.selectPolicy: Unsupported value: \"Odd\": supported values: \"Disabled\", \"Max\", \"Min\"|spec.behavior.scaleUp.policies: Required value: must specify at least one Policy")]
    [InlineData("\"maxReplicas\":3,\"behavior\":{\"scaleDown\":{\"policies\":[{\"type\":\"Odd\",\"value\":0,\"periodSeconds\":1801}]}}", "spec.behavior.scaleDown.policies[0].type: Unsupported value: \"Odd\": supported values: \"Percent\", \"Pods\"|spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero|spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800")]
    public void An_autoscaler_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("autoscaling/v2", "HorizontalPodAutoscaler", Spec(rest))));

    [Theory]
    [InlineData("""{"type":"Odd"}""", "spec.metrics[0].type: Unsupported value: \"Odd\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"")]
    [InlineData("""{"type":"Pods"}""", "spec.metrics[0].pods: Required value: must populate information for the given metric source")]
    [InlineData("""{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}""", "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization")]
    [InlineData("""{"type":"Resource","resource":{"name":"cpu","target":{"type":"Odd","averageUtilization":0}}}""", "spec.metrics[0].resource.target.type: Invalid value: \"Odd\": must be either Utilization, Value, or AverageValue|spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0")]
    [InlineData("""{"type":"Pods","pods":{"metric":{"name":"a/b"},"target":{"type":"AverageValue"}}}""", "spec.metrics[0].pods.metric.name: Invalid value: \"a/b\": may not contain '/'|spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue")]
    [InlineData("""{"type":"External","external":{"metric":{"name":"q"},"target":{"type":"Value","value":"1","averageValue":"1"}},"pods":{}}""", "spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target|spec.metrics[0].pods: Forbidden: must populate the given metric source only")]
    [InlineData("""{"type":"Object","object":{"describedObject":{"kind":"Ingress","name":""},"metric":{"name":"q"},"target":{"type":"Value"}}}""", "spec.metrics[0].object.describedObject.name: Required value|spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue")]
    [InlineData("""{"type":"ContainerResource","containerResource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":5}}}""", "spec.metrics[0].containerResource.container: Required value: must specify a container")]
    public void A_measurement_is_checked(string metric, string expected) => Assert.Equal(expected, string.Join('|', Errors("autoscaling/v2", "HorizontalPodAutoscaler", Metrics(metric))));

    [Fact]
    public void An_autoscaler_is_filled_in()
    {
        var spec = Filled("autoscaling/v2", "HorizontalPodAutoscaler", Spec("\"maxReplicas\":3,\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":5}}"))["spec"]!;
        Assert.Equal(1, (int)spec["minReplicas"]!);
        Assert.Equal("""[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]""", spec["metrics"]!.ToJsonString());
        Assert.Equal("""{"stabilizationWindowSeconds":5,"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15}]}""", spec["behavior"]!["scaleDown"]!.ToJsonString());
        Assert.Equal("""{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[{"type":"Pods","value":4,"periodSeconds":15},{"type":"Percent","value":100,"periodSeconds":15}]}""", spec["behavior"]!["scaleUp"]!.ToJsonString());
    }

    private const string Whole = """
        {"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v2","metadata":{"name":"h","annotations":{"own":"1"}},
         "spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"minReplicas":2,"maxReplicas":5,"metrics":[
           {"type":"Object","object":{"describedObject":{"kind":"Ingress","name":"i"},"target":{"type":"Value","value":"10k"},"metric":{"name":"hits"}}},
           {"type":"Pods","pods":{"metric":{"name":"q","selector":{"matchLabels":{"a":"1"}}},"target":{"type":"AverageValue","averageValue":"1500m"}}},
           {"type":"External","external":{"metric":{"name":"queue"},"target":{"type":"AverageValue","averageValue":"30"}}},
           {"type":"ContainerResource","containerResource":{"name":"memory","target":{"type":"AverageValue","averageValue":"1Gi"},"container":"c"}},
           {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":60}}}],
          "behavior":{"scaleUp":{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[{"type":"Pods","value":4,"periodSeconds":15}]}}},
         "status":{"currentReplicas":3,"desiredReplicas":4,"currentMetrics":[
           {"type":"Pods","pods":{"metric":{"name":"q"},"current":{"averageValue":"1"}}},
           {"type":"Resource","resource":{"name":"cpu","current":{"averageValue":"10m","averageUtilization":42}}}],
          "conditions":[{"type":"AbleToScale","status":"True","lastTransitionTime":"2030-01-01T00:00:00Z","reason":"R","message":"m"}]}}
        """;

    [Fact]
    public void Nothing_is_lost_in_the_older_version()
    {
        var older = HorizontalPodAutoscalerConversion.FromStorage(JsonNode.Parse(Whole)!.AsObject());
        Assert.Equal((60, 42), ((int)older["spec"]!["targetCPUUtilizationPercentage"]!, (int)older["status"]!["currentCPUUtilizationPercentage"]!));
        Assert.Equal("autoscaling/v1", (string)older["apiVersion"]!);
        Assert.Null(older["spec"]!["metrics"]);
        var back = HorizontalPodAutoscalerConversion.ToStorage(older);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Whole), back), back.ToJsonString());
    }

    [Fact]
    public void The_rest_stands_in_annotations_as_upstream_writes_them()
    {
        var annotations = HorizontalPodAutoscalerConversion.FromStorage(JsonNode.Parse(Whole)!.AsObject())["metadata"]!["annotations"]!;
        Assert.Equal("""{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":null}""",
            (string)annotations["autoscaling.alpha.kubernetes.io/behavior"]!);
        var metrics = JsonNode.Parse((string)annotations["autoscaling.alpha.kubernetes.io/metrics"]!)!;
        Assert.Equal("""{"type":"Object","object":{"target":{"kind":"Ingress","name":"i"},"metricName":"hits","targetValue":"10k"}}""", metrics[0]!.ToJsonString());
        Assert.Equal("""{"type":"Pods","pods":{"metricName":"q","selector":{"matchLabels":{"a":"1"}},"targetAverageValue":"1500m"}}""", metrics[1]!.ToJsonString());
        Assert.Equal("1", (string)annotations["own"]!);
    }

    [Fact]
    public void What_was_written_in_the_older_version_without_a_measurement_gets_the_usual_one()
    {
        var newer = HorizontalPodAutoscalerConversion.ToStorage(JsonNode.Parse("""{"metadata":{"annotations":{"autoscaling.alpha.kubernetes.io/metrics":"not json"}},"spec":{"maxReplicas":2}}""")!.AsObject());
        Assert.Equal(80L, (long)newer["spec"]!["metrics"]![0]!["resource"]!["target"]!["averageUtilization"]!);
        Assert.Null(newer["metadata"]!["annotations"]);
    }

    [Fact]
    public void The_older_version_is_checked_as_what_it_means() => Assert.Equal(
        ["spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0"],
        Errors("autoscaling/v1", "HorizontalPodAutoscaler", Spec("\"maxReplicas\":3,\"targetCPUUtilizationPercentage\":0")));

    [Theory]
    [InlineData("autoscaling/v2")]
    [InlineData("autoscaling/v1")]
    public void Both_versions_look_the_same_in_a_table(string version)
    {
        var obj = JsonNode.Parse(Whole)!.AsObject();
        if (version == "autoscaling/v1") obj = HorizontalPodAutoscalerConversion.FromStorage(obj);
        Assert.Equal("h|Deployment/d|<unknown>/10k, <unknown>/1500m + 3 more...|2|5|3|2d", Row.Of(version, "HorizontalPodAutoscaler", obj.ToJsonString()));
    }

    [Fact]
    public void A_share_is_shown_with_its_resource() => Assert.Equal("Name=x Reference=Deployment/d Targets=cpu: <unknown>/80% MinPods=<unset> MaxPods=3 Replicas=0 Age=2d",
        Row.Named("autoscaling/v2", "HorizontalPodAutoscaler", Metrics("""{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}""")));

    [Theory]
    [InlineData("""{"minAvailable":1,"selector":{}}""", "")]
    [InlineData("""{"minAvailable":1,"maxUnavailable":1}""", "spec: Invalid value: {\"minAvailable\":1,\"maxUnavailable\":1}: minAvailable and maxUnavailable cannot be both set")]
    [InlineData("""{"minAvailable":"101%"}""", "spec.minAvailable: Invalid value: \"101%\": must not be greater than 100%")]
    [InlineData("""{"maxUnavailable":-1}""", "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"unhealthyPodEvictionPolicy":"Odd"}""", "spec.unhealthyPodEvictionPolicy: Unsupported value: \"Odd\": supported values: \"AlwaysAllow\", \"IfHealthyBudget\"")]
    public void A_disruption_budget_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors("policy/v1", "PodDisruptionBudget", $$"""{"spec":{{spec}}}""")));

    [Theory]
    [InlineData("""{"metadata":{"name":"high"},"value":1000000000}""", "")]
    [InlineData("""{"metadata":{"name":"high"},"value":1000000001}""", "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    [InlineData("""{"metadata":{"name":"system-mine"},"value":1}""", "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class")]
    [InlineData("""{"metadata":{"name":"system-node-critical"},"value":1}""", "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000")]
    [InlineData("""{"metadata":{"name":"high"},"preemptionPolicy":"Odd"}""", "preemptionPolicy: Unsupported value: \"Odd\": supported values: \"PreemptLowerPriority\", \"Never\"")]
    public void A_priority_class_is_checked(string json, string expected) => Assert.Equal(expected, string.Join('|', Errors("scheduling.k8s.io/v1", "PriorityClass", json)));

    [Fact]
    public void A_priority_keeps_its_value_and_policy() => Assert.Equal(
        ["value: Forbidden: may not be changed in an update.", "preemptionPolicy: Invalid value: \"Never\": field is immutable"],
        Changes("scheduling.k8s.io/v1", "PriorityClass", """{"value":1}""", """{"value":2,"preemptionPolicy":"Never"}"""));

    [Fact]
    public void A_runtime_class_is_checked() => Assert.Equal(
        [
            "handler: Invalid value: \"Odd\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
            "scheduling.tolerations[1]: Duplicate value: {\"key\":\"a\",\"operator\":\"Exists\"}",
            "handler: Invalid value: \"Odd\": field is immutable",
        ],
        Changes("node.k8s.io/v1", "RuntimeClass", """{"handler":"runc"}""", """{"handler":"Odd","scheduling":{"tolerations":[{"key":"a","operator":"Exists"},{"key":"a","operator":"Exists"}]}}"""));

    [Theory]
    [InlineData("policy/v1", "PodDisruptionBudget", """{"spec":{"maxUnavailable":"20%"},"status":{"disruptionsAllowed":2}}""", "Name=x Min Available=N/A Max Unavailable=20% Allowed Disruptions=2 Age=2d")]
    [InlineData("scheduling.k8s.io/v1", "PriorityClass", """{"value":7,"preemptionPolicy":"Never"}""", "Name=x Value=7 Global-Default=False Age=2d PreemptionPolicy=Never")]
    [InlineData("node.k8s.io/v1", "RuntimeClass", """{"handler":"runc"}""", "Name=x Handler=runc Age=2d")]
    public void Rows_read_as_upstream_prints_them(string version, string kind, string json, string expected) => Assert.Equal(expected, Row.Named(version, kind, json));
}
