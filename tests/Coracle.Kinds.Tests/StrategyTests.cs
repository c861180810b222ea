using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>The initial state of objects, what updates keep and drop, and how long a deletion waits.</summary>
public sealed class StrategyTests
{
    [Theory]
    [InlineData("""{"containers":[{"name":"a"}]}""", "BestEffort")]
    [InlineData("""{"containers":[{"name":"a","resources":{"requests":{"cpu":"0"}}}]}""", "BestEffort")]
    [InlineData("""{"containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}]}""", "Burstable")]
    [InlineData("""{"containers":[{"name":"a","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1000m","memory":"1024Mi"}}}]}""", "Guaranteed")]
    [InlineData("""{"containers":[{"name":"a","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}},{"name":"b"}]}""", "Burstable")]
    [InlineData("""{"resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}},"containers":[{"name":"b"}]}""", "Guaranteed")]
    public void A_new_pod_is_pending_and_has_the_quality_that_its_resources_give(string spec, string quality)
    {
        var pod = Object($$$"""{"metadata":{"name":"p"},"spec":{{{spec}}},"status":{"phase":"Running"}}""");
        Rules("v1", "Pod").PrepareForCreate(pod);
        Equal($$"""{"phase":"Pending","qosClass":"{{quality}}"}""", pod["status"]);
    }

    [Fact]
    public void A_pod_with_gates_says_why_it_is_not_scheduled()
    {
        var pod = Object("""{"spec":{"schedulingGates":[{"name":"a"}],"containers":[]}}""");
        Rules("v1", "Pod").PrepareForCreate(pod);
        Equal("""[{"type":"PodScheduled","status":"False","reason":"SchedulingGated","message":"Scheduling is blocked due to non-empty scheduling gates"}]""", pod["status"]!["conditions"]);
    }

    [Fact]
    public void A_pods_own_labels_join_the_selectors_that_ask_for_them()
    {
        var pod = Object("""
            {"metadata":{"labels":{"h":"1"}},"spec":{"containers":[],
             "topologySpreadConstraints":[{"labelSelector":{},"matchLabelKeys":["h","absent"]},{"matchLabelKeys":["h"]}],
             "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"podAffinityTerm":{"labelSelector":{},"mismatchLabelKeys":["h"]}}]}}}}
            """);
        Rules("v1", "Pod").PrepareForCreate(pod);
        var spec = pod["spec"]!;
        Equal("""{"matchExpressions":[{"key":"h","operator":"In","values":["1"]}]}""", spec["topologySpreadConstraints"]![0]!["labelSelector"]);
        Assert.Null(spec["topologySpreadConstraints"]![1]!["labelSelector"]);
        Equal("""{"matchExpressions":[{"key":"h","operator":"NotIn","values":["1"]}]}""",
            spec["affinity"]!["podAntiAffinity"]!["preferredDuringSchedulingIgnoredDuringExecution"]![0]!["podAffinityTerm"]!["labelSelector"]);
    }

    [Theory]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", null, 30)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", 5L, 5)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", 0L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", -1L, 1)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":-4}}""", null, 1)]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":30}}""", 5L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30},"status":{"phase":"Succeeded"}}""", 5L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30},"status":{"phase":"Failed"}}""", null, 0)]
    public void A_pod_is_given_time_to_end_when_there_is_something_to_end(string pod, long? requested, long expected) =>
        Assert.Equal(expected, Rules("v1", "Pod").GraceSeconds(Object(pod), requested));

    [Fact]
    public void A_new_job_gets_a_selector_that_no_other_job_has_unless_it_brings_its_own()
    {
        var job = Object("""{"metadata":{"name":"j","uid":"u"},"spec":{"template":{"metadata":{"labels":{"job-name":"mine"}}}}}""");
        Rules("batch/v1", "Job").PrepareForCreate(job);
        Equal("""{"matchLabels":{"batch.kubernetes.io/controller-uid":"u"}}""", job["spec"]!["selector"]);
        Equal("""{"job-name":"mine","batch.kubernetes.io/job-name":"j","controller-uid":"u","batch.kubernetes.io/controller-uid":"u"}""", job["spec"]!["template"]!["metadata"]!["labels"]);

        var own = Object("""{"metadata":{"name":"j","uid":"u"},"spec":{"manualSelector":true,"template":{}}}""");
        Rules("batch/v1", "Job").PrepareForCreate(own);
        Equal("""{"manualSelector":true,"template":{}}""", own["spec"]);
    }

    [Fact]
    public void A_slice_forgets_the_topology_of_old_but_not_the_node_that_only_that_named()
    {
        const string topology = """{"kubernetes.io/hostname":"n","zone":"z"}""";
        var created = Object($$$"""{"endpoints":[{"addresses":["a"],"deprecatedTopology":{{{topology}}} }]}""");
        Rules("discovery.k8s.io/v1", "EndpointSlice").PrepareForCreate(created);
        Equal("""[{"addresses":["a"]}]""", created["endpoints"]);

        var old = Object($$$"""{"endpoints":[{"addresses":["a"],"deprecatedTopology":{{{topology}}} }]}""");
        var same = (JsonObject)old.DeepClone();
        Rules("discovery.k8s.io/v1", "EndpointSlice").PrepareForUpdate(same, old, "");
        Equal(old.ToJsonString(), same);
        var changed = Object($$$"""{"endpoints":[{"addresses":["b"],"deprecatedTopology":{{{topology}}} }]}""");
        Rules("discovery.k8s.io/v1", "EndpointSlice").PrepareForUpdate(changed, old, "");
        Equal("""[{"addresses":["b"],"nodeName":"n"}]""", changed["endpoints"]);
    }

    [Fact]
    public void A_service_account_keeps_the_names_of_its_secrets_alone()
    {
        var account = Object("""{"secrets":[{"name":"s","namespace":"n","kind":"Secret"}]}""");
        Rules("v1", "ServiceAccount").PrepareForCreate(account);
        Equal("""[{"name":"s"}]""", account["secrets"]);
    }

    [Fact]
    public void A_status_written_without_them_keeps_the_quality_and_the_observed_generations()
    {
        var pod = Object("""{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"New","status":"True"}]}}""");
        Rules("v1", "Pod").PrepareForUpdate(pod, Object("""{"status":{"qosClass":"Burstable","observedGeneration":3,"conditions":[{"type":"Ready","observedGeneration":2}]}}"""), "status");
        Equal("""{"conditions":[{"type":"Ready","status":"True","observedGeneration":2},{"type":"New","status":"True"}],"qosClass":"Burstable","observedGeneration":3}""", pod["status"]);
    }

    [Fact]
    public void Ephemeral_containers_are_all_that_their_sub_resource_changes()
    {
        var pod = Object("""{"metadata":{"labels":{"a":"2"}},"spec":{"nodeName":"x","containers":[],"ephemeralContainers":[{"name":"d"}]},"status":{"phase":"Failed"}}""");
        Rules("v1", "Pod").PrepareForUpdate(pod, Object("""{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"m"}]},"status":{"phase":"Running"}}"""), "ephemeralcontainers");
        Equal("""{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"m"}],"ephemeralContainers":[{"name":"d"}]},"status":{"phase":"Running"}}""", pod);
    }

    [Fact]
    public void Resources_are_all_that_a_resize_changes()
    {
        var old = Object("""{"metadata":{},"spec":{"containers":[{"name":"m","image":"a","resources":{}}]},"status":{}}""");
        var pod = Object("""{"metadata":{},"spec":{"containers":[{"name":"m","image":"b","resources":{"limits":{"cpu":"1"}}}]},"status":{}}""");
        Rules("v1", "Pod").PrepareForUpdate(pod, old, "resize");
        Equal("""[{"name":"m","image":"a","resources":{"limits":{"cpu":"1"}}}]""", pod["spec"]!["containers"]);
    }

    [Fact]
    public void An_update_of_a_service_need_not_repeat_what_was_allocated()
    {
        var old = Object("""{"spec":{"type":"NodePort","clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"],"ports":[{"name":"a","port":80,"nodePort":30080},{"name":"b","port":81,"nodePort":30081}]}}""");
        var service = Object("""{"spec":{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"c","port":83,"nodePort":30081},{"name":"b","port":81}]}}""");
        Rules("v1", "Service").PrepareForUpdate(service, old, "");
        Equal("""{"type":"NodePort","ports":[{"name":"a","port":80,"nodePort":30080},{"name":"c","port":83,"nodePort":30081},{"name":"b","port":81}],"clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"]}""", service["spec"]);
    }

    [Fact]
    public void A_service_that_changes_its_type_loses_what_the_new_type_has_no_use_for()
    {
        var old = Object("""{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","externalTrafficPolicy":"Local","healthCheckNodePort":31000,"allocateLoadBalancerNodePorts":true,"loadBalancerClass":"a/b","ports":[{"port":80,"nodePort":30080}]}}""");
        var internalOnly = (JsonObject)old.DeepClone();
        internalOnly["spec"]!["type"] = "ClusterIP";
        Rules("v1", "Service").PrepareForUpdate(internalOnly, old, "");
        Equal("""{"type":"ClusterIP","clusterIP":"10.0.0.9","clusterIPs":["10.0.0.9"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80}]}""", internalOnly["spec"]);
        var external = (JsonObject)old.DeepClone();
        external["spec"]!["type"] = "ExternalName";
        Rules("v1", "Service").PrepareForUpdate(external, old, "");
        Equal("""{"type":"ExternalName","ports":[{"port":80}]}""", external["spec"]);
    }

    [Theory]
    [InlineData("v1", "Namespace", "a.b", "must not contain dots")]
    [InlineData("v1", "Service", "1a", "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("v1", "Pod", "A", "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    public void Names_have_the_form_of_their_kind(string version, string kind, string name, string problem)
    {
        Assert.Equal(problem, Assert.Single(Rules(version, kind).NameProblems(name, false)));
        Assert.Empty(Rules(version, kind).NameProblems("a-", true));
        Assert.Empty(Rules(version, kind).NameProblems("a1", false));
    }

    private static KindRules Rules(string version, string kind) => GeneratedKinds.All.Single(k => k.ApiVersion == version && k.Kind == kind).Rules;
    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
    private static void Equal(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
