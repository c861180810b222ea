using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>What is filled in where a field is left out: the schema's defaults, then those that depend on other fields.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public void A_pod_gets_all_that_upstream_fills_in() => Same("v1", "Pod",
        """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"m","image":"nginx","ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"port":80}}}],"volumes":[{"name":"v"},{"name":"c","configMap":{"name":"c"}},{"name":"h","hostPath":{"path":"/"}}]}}""",
        """
        {"metadata":{"name":"p"},"spec":{
          "volumes":[{"name":"v","emptyDir":{}},{"name":"c","configMap":{"name":"c","defaultMode":420}},{"name":"h","hostPath":{"path":"/","type":""}}],
          "containers":[{"name":"m","image":"nginx","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{},
            "livenessProbe":{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
            "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],
          "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},"schedulerName":"default-scheduler","enableServiceLinks":true},
         "status":{}}
        """);

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("nginx:1.29", "IfNotPresent")]
    [InlineData("localhost:5000/nginx", "Always")]
    [InlineData("localhost:5000/nginx:1.29", "IfNotPresent")]
    [InlineData("Registry.Example/nginx", "Always")]
    [InlineData("nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "IfNotPresent")]
    [InlineData("nginx:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "Always")]
    [InlineData("NotAName", "IfNotPresent")]
    [InlineData("", "IfNotPresent")]
    public void An_image_is_pulled_always_when_its_tag_is_latest(string image, string policy)
    {
        var pod = Defaulted("v1", "Pod", $$$"""{"spec":{"containers":[{"name":"m","image":"{{{image}}}"}],"initContainers":[{"name":"i","image":"{{{image}}}"}]}}""");
        Assert.Equal(policy, (string?)pod["spec"]!["containers"]![0]!["imagePullPolicy"]);
        Assert.Equal(policy, (string?)pod["spec"]!["initContainers"]![0]!["imagePullPolicy"]);
    }

    [Fact]
    public void Requests_come_from_limits_in_pods_but_not_in_templates()
    {
        const string spec = """{"containers":[{"name":"m","resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"100m"}}}]}""";
        var pod = Defaulted("v1", "Pod", $$"""{"spec":{{spec}} }""");
        Equal("""{"cpu":"100m","memory":"1Gi"}""", pod["spec"]!["containers"]![0]!["resources"]!["requests"]);
        var set = Defaulted("apps/v1", "ReplicaSet", $$$"""{"spec":{"template":{"spec":{{{spec}}} } } }""");
        Equal("""{"cpu":"100m"}""", set["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]!["requests"]);
        Assert.Null(set["spec"]!["template"]!["spec"]!["enableServiceLinks"]);
    }

    [Fact]
    public void Amounts_finer_than_a_thousandth_are_rounded_up()
    {
        var pod = Defaulted("v1", "Pod", """{"spec":{"containers":[{"name":"m","resources":{"limits":{"cpu":"100500u"},"requests":{"cpu":"1n"}}}]}}""");
        Equal("""{"limits":{"cpu":"101m"},"requests":{"cpu":"1m"}}""", pod["spec"]!["containers"]![0]!["resources"]);
    }

    [Fact]
    public void Resources_of_a_whole_pod_are_completed_from_its_containers_and_limits()
    {
        var pod = Defaulted("v1", "Pod", """
            {"spec":{"resources":{"limits":{"cpu":"4","memory":"4Gi"}},
             "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}},{"name":"i","resources":{"requests":{"cpu":"3"}}}],
             "containers":[{"name":"a","resources":{"requests":{"cpu":"1"},"limits":{"hugepages-2Mi":"4Mi"}}},{"name":"b","resources":{"requests":{"cpu":"500m"}}}]}}
            """);
        Equal("""{"limits":{"cpu":"4","memory":"4Gi","hugepages-2Mi":"4Mi"},"requests":{"cpu":"3100m","hugepages-2Mi":"4Mi","memory":"4Gi"}}""", pod["spec"]!["resources"]);
    }

    [Fact]
    public void On_the_nodes_network_ports_are_the_nodes_ports()
    {
        var pod = Defaulted("v1", "Pod", """{"spec":{"hostNetwork":true,"containers":[{"name":"m","ports":[{"containerPort":80},{"containerPort":81,"hostPort":91}]}]}}""");
        Equal("""[{"hostPort":80,"containerPort":80,"protocol":"TCP"},{"hostPort":91,"containerPort":81,"protocol":"TCP"}]""", pod["spec"]!["containers"]![0]!["ports"]);
    }

    [Fact]
    public void A_namespaces_name_is_among_its_labels()
    {
        Equal("""{"kubernetes.io/metadata.name":"a"}""", Defaulted("v1", "Namespace", """{"metadata":{"name":"a"}}""")["metadata"]!["labels"]);
        Assert.Null(Defaulted("v1", "Namespace", """{"metadata":{"generateName":"a-"}}""")["metadata"]!["labels"]);
    }

    [Fact]
    public void A_node_offers_all_that_it_has_unless_it_says_otherwise() =>
        Equal("""{"cpu":"2"}""", Defaulted("v1", "Node", """{"status":{"capacity":{"cpu":"2"}}}""")["status"]!["allocatable"]);

    [Fact]
    public void Fields_of_two_names_agree()
    {
        Assert.Equal("a", (string?)Defaulted("v1", "Pod", """{"spec":{"serviceAccount":"a"}}""")["spec"]!["serviceAccountName"]);
        Assert.Equal("b", (string?)Defaulted("v1", "Pod", """{"spec":{"serviceAccount":"a","serviceAccountName":"b"}}""")["spec"]!["serviceAccount"]);
        Equal("""{"podIP":"1.1.1.1","podIPs":[{"ip":"1.1.1.1"},{"ip":"::1"}]}""", Defaulted("v1", "Pod", """{"status":{"podIPs":[{"ip":"1.1.1.1"},{"ip":"::1"}]}}""")["status"]);
        Equal("""{"podIP":"2.2.2.2","podIPs":[{"ip":"2.2.2.2"}]}""", Defaulted("v1", "Pod", """{"status":{"podIP":"2.2.2.2","podIPs":[{"ip":"1.1.1.1"},{"ip":"::1"}]}}""")["status"]);
        Equal("""{"podCIDR":"10.0.0.0/24","podCIDRs":["10.0.0.0/24"]}""", Defaulted("v1", "Node", """{"spec":{"podCIDR":"10.0.0.0/24"}}""")["spec"]);
    }

    [Fact]
    public void A_secrets_plain_text_is_merged_into_its_data_and_never_read_back() => Same("v1", "Secret",
        """{"data":{"a":"MQ==","b":"Mg=="},"stringData":{"b":"drei","c":""}}""",
        """{"metadata":{},"data":{"a":"MQ==","b":"ZHJlaQ==","c":""},"type":"Opaque"}""");

    [Fact]
    public void A_service_gets_a_type_target_ports_and_policies()
    {
        Same("v1", "Service", """{"spec":{"ports":[{"port":80},{"port":81,"targetPort":"web"},{"port":82,"targetPort":0}],"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":5}}}}""", """
            {"metadata":{},"spec":{"ports":[{"protocol":"TCP","port":80,"targetPort":80},{"protocol":"TCP","port":81,"targetPort":"web"},{"protocol":"TCP","port":82,"targetPort":82}],
             "type":"ClusterIP","sessionAffinity":"None","internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
            """);
        Same("v1", "Service", """{"spec":{"type":"LoadBalancer","sessionAffinity":"ClientIP"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"},{"hostname":"h"}]}}}""", """
            {"metadata":{},"spec":{"type":"LoadBalancer","sessionAffinity":"ClientIP","externalTrafficPolicy":"Cluster","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}},
             "allocateLoadBalancerNodePorts":true,"internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4","ipMode":"VIP"},{"hostname":"h"}]}}}
            """);
        var named = Defaulted("v1", "Service", """{"spec":{"type":"ExternalName","externalName":"e"}}""")["spec"]!;
        Assert.Null(named["internalTrafficPolicy"]);
        Assert.Null(named["externalTrafficPolicy"]);
    }

    [Fact]
    public void A_deployment_rolls_by_a_quarter_unless_it_recreates()
    {
        var rolling = Defaulted("apps/v1", "Deployment", """{"spec":{"strategy":{"rollingUpdate":{"maxSurge":1}}}}""")["spec"]!;
        Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":1}}""", rolling["strategy"]);
        Equal("[1,10,600]", new JsonArray(rolling["replicas"]!.DeepClone(), rolling["revisionHistoryLimit"]!.DeepClone(), rolling["progressDeadlineSeconds"]!.DeepClone()));
        Equal("""{"type":"Recreate"}""", Defaulted("apps/v1", "Deployment", """{"spec":{"strategy":{"type":"Recreate"}}}""")["spec"]!["strategy"]);
    }

    [Theory]
    [InlineData("{}", """{"parallelism":1,"completions":1,"backoffLimit":6,"manualSelector":false,"completionMode":"NonIndexed","suspend":false,"podReplacementPolicy":"TerminatingOrFailed"}""")]
    [InlineData("""{"parallelism":3}""", """{"parallelism":3,"backoffLimit":6,"manualSelector":false,"completionMode":"NonIndexed","suspend":false,"podReplacementPolicy":"TerminatingOrFailed"}""")]
    [InlineData("""{"completions":3,"backoffLimitPerIndex":1}""", """{"parallelism":1,"completions":3,"backoffLimit":2147483647,"backoffLimitPerIndex":1,"manualSelector":false,"completionMode":"NonIndexed","suspend":false,"podReplacementPolicy":"TerminatingOrFailed"}""")]
    [InlineData("""{"podFailurePolicy":{"rules":[{"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget"}]}]}}""", """{"parallelism":1,"completions":1,"podFailurePolicy":{"rules":[{"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget","status":"True"}]}]},"backoffLimit":6,"manualSelector":false,"completionMode":"NonIndexed","suspend":false,"podReplacementPolicy":"Failed"}""")]
    public void A_job_runs_one_pod_once_unless_told_otherwise(string spec, string expected)
    {
        var job = Defaulted("batch/v1", "Job", $$"""{"spec":{{spec}} }""")["spec"]!.AsObject();
        job.Remove("template");
        Equal(expected, job);
    }

    [Fact]
    public void A_job_takes_its_templates_labels_when_it_has_none() =>
        Equal("""{"a":"1"}""", Defaulted("batch/v1", "Job", """{"spec":{"template":{"metadata":{"labels":{"a":"1"}}}}}""")["metadata"]!["labels"]);

    [Fact]
    public void The_template_of_a_cron_jobs_jobs_gets_a_pods_defaults_but_not_a_jobs()
    {
        var cron = Defaulted("batch/v1", "CronJob", """{"spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"m","image":"x"}]}}}}}}""")["spec"]!;
        var job = cron["jobTemplate"]!["spec"]!.AsObject();
        Assert.Equal(["template"], job.Select(f => f.Key));
        Assert.Equal("Always", (string?)job["template"]!["spec"]!["containers"]![0]!["imagePullPolicy"]);
        Equal("""["Allow",false,3,1]""", new JsonArray(cron["concurrencyPolicy"]!.DeepClone(), cron["suspend"]!.DeepClone(), cron["successfulJobsHistoryLimit"]!.DeepClone(), cron["failedJobsHistoryLimit"]!.DeepClone()));
    }

    [Fact]
    public void References_in_bindings_get_the_group_that_their_kind_implies() => Same("rbac.authorization.k8s.io/v1", "RoleBinding",
        """{"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}],"roleRef":{"apiGroup":"","kind":"Role","name":"r"}}""",
        """{"metadata":{},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"u"},{"kind":"ServiceAccount","name":"s"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"}}""");

    [Fact]
    public void Defaulting_twice_changes_nothing_more()
    {
        foreach (var kind in GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources))
        {
            var once = Fill(kind, JsonNode.Parse("{}")!.AsObject());
            Assert.Equal(once.ToJsonString(), Fill(kind, once.DeepClone().AsObject()).ToJsonString());
        }
    }

    [Fact]
    public void A_deployments_annotations_and_a_slices_labels_count_as_a_new_generation()
    {
        var deployment = Kind("apps/v1", "Deployment").Rules;
        var old = Object("""{"metadata":{"name":"d"},"spec":{"replicas":1},"status":{"replicas":1}}""");
        Assert.False(deployment.ChangesGeneration(Object("""{"metadata":{"name":"d","annotations":{},"labels":{"a":"1"}},"spec":{"replicas":1}}"""), old));
        Assert.True(deployment.ChangesGeneration(Object("""{"metadata":{"name":"d","annotations":{"a":"1"}},"spec":{"replicas":1}}"""), old));
        Assert.True(deployment.ChangesGeneration(Object("""{"metadata":{"name":"d"},"spec":{"replicas":2}}"""), old));

        var slice = Kind("discovery.k8s.io/v1", "EndpointSlice").Rules;
        var before = Object("""{"metadata":{"name":"s"},"addressType":"IPv4","endpoints":[]}""");
        Assert.False(slice.ChangesGeneration(Object("""{"metadata":{"name":"s","annotations":{"a":"1"}},"addressType":"IPv4"}"""), before));
        Assert.True(slice.ChangesGeneration(Object("""{"metadata":{"name":"s","labels":{"a":"1"}},"addressType":"IPv4"}"""), before));
        Assert.True(slice.ChangesGeneration(Object("""{"metadata":{"name":"s"},"addressType":"IPv4","endpoints":[{"addresses":["1.1.1.1"]}]}"""), before));
    }

    private static KindInfo Kind(string apiVersion, string kind) =>
        GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources).Single(k => k.ApiVersion == apiVersion && k.Kind == kind);

    private static JsonObject Fill(KindInfo kind, JsonObject obj)
    {
        Defaulter.Apply(obj, kind.Schema);
        kind.Rules.Default(obj);
        return obj;
    }

    private static JsonNode Defaulted(string apiVersion, string kind, string json) => Fill(Kind(apiVersion, kind), Object(json));
    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static void Same(string apiVersion, string kind, string json, string expected)
    {
        var info = Kind(apiVersion, kind);
        var obj = Fill(info, Object(json));
        Equal(expected, JsonNode.Parse(Encoder.Encode(obj, info.Schema)));
    }

    private static void Equal(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {JsonNode.Parse(expected)!.ToJsonString()}\n but is  {actual?.ToJsonString()}");
}
