using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What the sub-resources of pods refuse, in upstream's words.</summary>
public sealed class PodSubresourceTests
{
    private const string Spec = """
        {"containers":[{"name":"a","image":"x","resources":{"requests":{"cpu":"100m","memory":"100Mi"},"limits":{"cpu":"1","memory":"200Mi"}}},{"name":"b","image":"x","resources":{"requests":{"ephemeral-storage":"1Gi"}}}],
         "initContainers":[{"name":"i","image":"x","resizePolicy":[{"resourceName":"cpu","restartPolicy":"RestartContainer"}]},{"name":"s","image":"x","restartPolicy":"Always","resources":{"requests":{"cpu":"10m"}}}]}
        """;

    private static string Resize(string change, string old = Spec, string metadata = "", string status = """{"qosClass":"Burstable"}""")
    {
        var before = $$$"""{"metadata":{"name":"p"{{{metadata}}}},"spec":{{{old}}},"status":{{{status}}}}""";
        var pod = JsonNode.Parse(before)!;
        Merge(pod["spec"]!.AsObject(), JsonNode.Parse(change)!.AsObject());
        return string.Join('|', Changes("v1", "Pod", before, pod.ToJsonString(), "resize"));
    }

    // Objects by field, items of lists by index, null removes: enough to say what differs.
    private static void Merge(JsonObject into, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is null) into.Remove(name);
            else if (value is JsonObject inner && into[name] is JsonObject target) Merge(target, inner);
            else if (value is JsonArray list && into[name] is JsonArray items)
                for (var i = 0; i < list.Count; i++) Merge(items[i]!.AsObject(), list[i]!.AsObject());
            else into[name] = value.DeepClone();
        }
    }

    [Theory]
    [InlineData("""{"containers":[{"resources":{"requests":{"cpu":"200m","memory":"50Mi"},"limits":{"cpu":"500m","memory":"150Mi"}}}]}""", "")]
    [InlineData("""{"containers":[{},{"resources":{"requests":{"memory":"1Mi"},"limits":{"memory":"1Mi"}}}]}""", "")]
    [InlineData("""{"initContainers":[{},{"resources":{"requests":{"cpu":"20m"}}}]}""", "")]
    [InlineData("""{"initContainers":[{},{"resources":{"requests":null}}]}""", "spec.initContainers[1].resources.requests: Forbidden: resource requests cannot be removed")]
    [InlineData("""{"containers":[{"resources":{"limits":{"memory":null}}}]}""", "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed")]
    [InlineData("""{"containers":[{},{"resources":{"requests":{"ephemeral-storage":"2Gi"}}}]}""", "spec: Forbidden: only cpu and memory resources are mutable")]
    [InlineData("""{"containers":[{"resizePolicy":[{"resourceName":"memory","restartPolicy":"RestartContainer"}]}]}""", "spec: Forbidden: only cpu and memory resources are mutable")]
    [InlineData("""{"initContainers":[{"resources":{"requests":{"cpu":"1m"}}}]}""", "spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of RestartContainer cannot be resized")]
    [InlineData("""{"initContainers":[{},{"resources":{"requests":{"example.com/a":"1"},"limits":{"example.com/a":"1"}}}]}""", "spec.initContainers[1]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable")]
    [InlineData("""{"containers":[{"name":"b"},{"name":"a"}]}""", "spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize|spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize")]
    [InlineData("""{"containers":[{"resources":{"limits":{"cpu":"50m"}}}]}""", "spec.containers[0].resources.requests: Invalid value: \"100m\": must be less than or equal to cpu limit of 50m")]
    public void A_resize_changes_processors_and_memory_alone(string change, string expected) => Assert.Equal(expected, Resize(change));

    [Fact]
    public void Containers_are_neither_added_nor_removed_by_a_resize() => Assert.Equal("spec.initContainers: Forbidden: initContainers may not be added or removed on resize", Resize("""{"initContainers":null}"""));

    [Fact]
    public void A_resize_does_not_change_the_quality_of_service() => Assert.Equal(
        "spec: Invalid value: \"Guaranteed\": Pod QOS Class may not change as a result of resizing",
        Resize("""{"containers":[{"resources":{"requests":{"cpu":"1"}}}]}""", """{"containers":[{"name":"a","image":"x","resources":{"requests":{"cpu":"2","memory":"1Gi"},"limits":{"cpu":"2","memory":"1Gi"}}}]}""", status: """{"qosClass":"Guaranteed"}"""));

    [Fact]
    public void A_nodes_own_pod_is_not_resized() => Assert.Equal(": Forbidden: static pods cannot be resized", Resize("{}", metadata: ""","annotations":{"kubernetes.io/config.mirror":"x"}"""));

    [Fact]
    public void A_pod_of_windows_is_not_resized() => Assert.Equal(": Forbidden: windows pods cannot be resized", Resize("{}", """{"os":{"name":"windows"},"containers":[{"name":"a","image":"x"}]}"""));

    [Fact]
    public void A_node_that_does_not_tell_of_resources_cannot_resize() => Assert.Equal(
        "spec: Forbidden: Pod running on node without support for resize", Resize("{}", status: """{"qosClass":"Burstable","containerStatuses":[{"name":"a","state":{"running":{}}}]}"""));

    [Theory]
    [InlineData("""{"requests":{"cpu":"3"}}""", "")]
    [InlineData("""{"requests":{"memory":"1Gi"}}""", "spec.resources.requests: Forbidden: pod-level resource requests cannot be removed")]
    [InlineData("""{"requests":{"cpu":"2","hugepages-2Mi":"4Mi"},"limits":{"hugepages-2Mi":"4Mi"}}""", "spec: Forbidden: only cpu and memory resources are mutable at pod-level")]
    [InlineData("""null""", "spec.resources: Forbidden: pod-level resources cannot be removed")]
    public void Resources_of_the_whole_pod_change_but_stay(string resources, string expected)
    {
        const string old = """{"metadata":{"name":"p"},"spec":{"resources":{"requests":{"cpu":"2"}},"containers":[{"name":"a","image":"x"}]},"status":{"qosClass":"Burstable"}}""";
        var pod = JsonNode.Parse(old)!;
        pod["spec"]!["resources"] = JsonNode.Parse(resources);
        Assert.StartsWith(expected, string.Join('|', Changes("v1", "Pod", old, pod.ToJsonString(), "resize").Where(e => !e.Contains("QOS", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"name":"d","image":"x"},{"name":"e","image":"y","targetContainerName":"a"}]""", "")]
    [InlineData("""[{"name":"e","image":"y"}]""", "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be removed\n")]
    [InlineData("""[{"name":"d","image":"z"}]""", "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be changed\n- d.image: \"x\"\n+ d.image: \"z\"\n")]
    [InlineData("""[{"name":"d","image":"x"},{"name":"e","image":"y","targetContainerName":"q"}]""", "spec.ephemeralContainers[1].targetContainerName: Not found: \"q\"")]
    [InlineData("""[{"name":"d","image":"x"},{"name":"a","image":"y"}]""", "spec.ephemeralContainers[1].name: Duplicate value: \"a\"")]
    [InlineData("""[{"name":"d","image":"x"},{"name":"e","image":"y","ports":[{"containerPort":1}]}]""", "spec.ephemeralContainers[1].ports: Forbidden: cannot be set for an Ephemeral Container")]
    public void Ephemeral_containers_come_and_stay(string containers, string expected) => Assert.Equal(expected, string.Join('|', Changes("v1", "Pod",
        """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"x"}],"ephemeralContainers":[{"name":"d","image":"x"}]}}""",
        $$$"""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"x"}],"ephemeralContainers":{{{containers}}}}}""", "ephemeralcontainers")));
}
