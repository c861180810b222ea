using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Subresources;

/// <summary>The sub-resources of pods that change a running pod: ephemeral containers and resources.</summary>
public sealed class PodSubresourceTests
{
    private const string Web = Api.Pods + "/web";

    private static async Task<Api> Start()
    {
        var api = await Api.StartAsync();
        await api.Create(Api.Pods, """{"metadata":{"name":"web","labels":{"a":"1"}},"spec":{"containers":[{"name":"main","image":"main:1","resources":{"requests":{"cpu":"100m","memory":"1Mi"}}},{"name":"side","image":"side:1"}]}}""");
        return api;
    }

    public static TheoryData<string, string> Resizes => new()
    {
        { Api.Strategic, """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}]}}""" },
        { Api.JsonPatch, """[{"op":"replace","path":"/spec/containers/0/resources/requests/cpu","value":"200m"}]""" },
        { Api.Merge, """{"spec":{"containers":[{"name":"main","image":"main:1","resources":{"requests":{"cpu":"200m","memory":"1Mi"}}},{"name":"side","image":"side:1"}]}}""" },
        { Api.Apply, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}]}}""" },
    };

    [Theory, MemberData(nameof(Resizes))]
    public async Task Resources_change_by_every_sort_of_patch(string type, string patch)
    {
        await using var api = await Start();
        var answer = await api.Patch($"{Web}/resize?fieldManager=sizer{(type == Api.Apply ? "&force=true" : "")}", patch, type);
        Assert.True(answer.Code == 200, answer.Text);
        Assert.Equal(("200m", "2", "1"), (answer.At("spec.containers.0.resources.requests.cpu"), answer.At("metadata.generation"), answer.At("metadata.labels.a")));
        Assert.Equal(answer.Text, (await api.Get($"{Web}/resize")).Text);
        var owner = answer.Meta["managedFields"]!.AsArray().Single(m => (string?)m!["manager"] == "sizer")!;
        Assert.Equal((type == Api.Apply ? "Apply" : "Update", "resize"), ((string?)owner["operation"], (string?)owner["subresource"]));
        Assert.Contains("f:cpu", owner["fieldsV1"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_change_by_an_update_and_nothing_else_does()
    {
        await using var api = await Start();
        var pod = (await api.Get(Web)).Json;
        pod["spec"]!["containers"]![1]!["resources"] = JsonNode.Parse("""{"requests":{"memory":"1Mi"}}""");
        pod["spec"]!["containers"]![1]!["image"] = "other:1";
        pod["metadata"]!["labels"]!["a"] = "2";
        pod["status"]!["phase"] = "Failed";
        var answer = await api.Put($"{Web}/resize", pod.ToJsonString());
        Assert.True(answer.Code == 200, answer.Text);
        Assert.Equal(("1Mi", "side:1", "1", "Pending"), (answer.At("spec.containers.1.resources.requests.memory"), answer.At("spec.containers.1.image"), answer.At("metadata.labels.a"), answer.At("status.phase")));
    }

    [Fact]
    public async Task A_resize_that_changes_nothing_writes_nothing()
    {
        await using var api = await Start();
        var pod = await api.Get(Web);
        Assert.Equal(pod.Version, (await api.Put($"{Web}/resize", pod.Text)).Version);
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":null}}}]}}""", "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed")]
    [InlineData("""{"spec":{"containers":[{"name":"new","image":"x"}]}}""", "spec.containers: Forbidden: containers may not be added or removed on resize")]
    [InlineData("""{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"1","memory":"1Mi"},"limits":{"cpu":"1","memory":"1Mi"}}},{"name":"side","resources":{"requests":{"cpu":"1","memory":"1Mi"},"limits":{"cpu":"1","memory":"1Mi"}}}]}}""",
        "spec: Invalid value: \"Burstable\": Pod QOS Class may not change as a result of resizing")]
    public async Task A_bad_resize_is_refused_in_upstreams_words(string patch, string why)
    {
        await using var api = await Start();
        Assert.Equal((422, "Invalid", $"Pod \"web\" is invalid: {why}"), (await api.Patch($"{Web}/resize", patch, Api.Strategic)).Status);
    }

    [Fact]
    public async Task Resources_do_not_change_by_an_ordinary_update()
    {
        await using var api = await Start();
        var answer = await api.Patch(Web, """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}]}}""", Api.Strategic);
        Assert.Equal(422, answer.Code);
        Assert.StartsWith("Pod \"web\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resize_counts_against_quotas()
    {
        await using var api = await Start();
        await api.Create("/api/v1/namespaces/default/resourcequotas", """{"metadata":{"name":"q"},"spec":{"hard":{"limits.cpu":"10","requests.memory":"1Gi"}}}""");
        const string patch = """{"spec":{"containers":[{"name":"main","resources":{"requests":{"memory":"AMOUNT"},"limits":{"cpu":"1"}}},{"name":"side","resources":{"requests":{"memory":"1Mi"},"limits":{"cpu":"1"}}}]}}""";
        var refused = await api.Patch($"{Web}/resize", patch.Replace("AMOUNT", "2Gi", StringComparison.Ordinal), Api.Strategic);
        Assert.Equal((403, "Forbidden", "pods \"web\" is forbidden: exceeded quota: q, requested: requests.memory=2Gi, used: requests.memory=1Mi, limited: requests.memory=1Gi"), refused.Status);
        Assert.Equal(200, (await api.Patch($"{Web}/resize", patch.Replace("AMOUNT", "512Mi", StringComparison.Ordinal), Api.Strategic)).Code);
    }

    [Fact]
    public async Task A_resize_stays_within_limit_ranges()
    {
        await using var api = await Start();
        await api.Create("/api/v1/namespaces/default/limitranges", """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Pod","max":{"cpu":"1"}}]}}""");
        var refused = await api.Patch($"{Web}/resize", """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"2"}}},{"name":"side","resources":{"limits":{"cpu":"1"}}}]}}""", Api.Strategic);
        Assert.Equal((403, "Forbidden"), (refused.Code, refused.Reason));
        Assert.Contains("maximum cpu usage per Pod is 1, but limit is 3", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Debuggers => new()
    {
        { Api.Strategic, """{"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1"}]}}""" },
        { Api.Merge, """{"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1"}]}}""" },
        { Api.JsonPatch, """[{"op":"add","path":"/spec/ephemeralContainers","value":[{"name":"debug","image":"tools:1"}]}]""" },
        { Api.Apply, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1"}]}}""" },
    };

    [Theory, MemberData(nameof(Debuggers))]
    public async Task Ephemeral_containers_are_added_by_every_sort_of_patch(string type, string patch)
    {
        await using var api = await Start();
        var answer = await api.Patch($"{Web}/ephemeralcontainers?fieldManager=debugger", patch, type);
        Assert.True(answer.Code == 200, answer.Text);
        Assert.Equal(("debug", "IfNotPresent", "File", "2"),
            (answer.At("spec.ephemeralContainers.0.name"), answer.At("spec.ephemeralContainers.0.imagePullPolicy"), answer.At("spec.ephemeralContainers.0.terminationMessagePolicy"), answer.At("metadata.generation")));
        var owner = answer.Meta["managedFields"]!.AsArray().Single(m => (string?)m!["manager"] == "debugger")!;
        Assert.Equal((type == Api.Apply ? "Apply" : "Update", "ephemeralcontainers"), ((string?)owner["operation"], (string?)owner["subresource"]));
        Assert.Equal(answer.Text, (await api.Get($"{Web}/ephemeralcontainers")).Text);
    }

    [Fact]
    public async Task Ephemeral_containers_are_added_by_an_update_and_stay()
    {
        await using var api = await Start();
        var pod = (await api.Get(Web)).Json;
        pod["spec"]!["ephemeralContainers"] = JsonNode.Parse("""[{"name":"debug","image":"tools:1"}]""");
        var added = await api.Put($"{Web}/ephemeralcontainers", pod.ToJsonString());
        Assert.True(added.Code == 200, added.Text);
        Assert.Equal((422, "Invalid", "Pod \"web\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"debug\" may not be removed\n"),
            (await api.Patch($"{Web}/ephemeralcontainers", """{"spec":{"ephemeralContainers":null}}""")).Status);
        Assert.Equal(422, (await api.Patch(Web, """{"spec":{"ephemeralContainers":null}}""")).Code);
    }

    [Theory]
    [InlineData("resize", """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}]}}""")]
    [InlineData("ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1"}]}}""")]
    public async Task Rights_to_the_sub_resource_are_their_own(string subresource, string patch)
    {
        await using var api = await Start();
        await api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """{"metadata":{"name":"pods"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}]}""");
        await api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", $$"""{"metadata":{"name":"sub"},"rules":[{"apiGroups":[""],"resources":["pods/{{subresource}}"],"verbs":["patch"]}]}""");
        await api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", """{"metadata":{"name":"a"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"pods"},"subjects":[{"kind":"User","name":"ann"}]}""");
        await api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", """{"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"sub"},"subjects":[{"kind":"User","name":"bob"}]}""");
        Task<Answer> As(string user) => api.Send("PATCH", $"{Web}/{subresource}", patch, new How { ContentType = Api.Strategic, User = new User { Name = user } });
        Assert.Equal((403, "Forbidden", $"pods \"web\" is forbidden: User \"ann\" cannot patch resource \"pods/{subresource}\" in API group \"\" in the namespace \"default\""), (await As("ann")).Status);
        Assert.Equal(200, (await As("bob")).Code);
    }

    [Fact]
    public async Task Webhooks_and_policies_see_the_sub_resource()
    {
        await using var api = await Start();
        await api.Create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", """
            {"metadata":{"name":"p"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["UPDATE"],"resources":["pods/resize","pods/ephemeralcontainers"]}]},
             "validations":[{"expression":"request.subResource == 'resize' && object.spec.containers[0].resources.requests['cpu'] != '9'","message":"not so"}]}}
            """);
        await api.Create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", """{"metadata":{"name":"b"},"spec":{"policyName":"p","validationActions":["Deny"]}}""");
        Assert.Equal(422, (await api.Patch($"{Web}/resize", """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"9"}}}]}}""", Api.Strategic)).Code);
        Assert.Equal(200, (await api.Patch($"{Web}/resize", """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"8"}}}]}}""", Api.Strategic)).Code);
        Assert.Equal(422, (await api.Patch($"{Web}/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1"}]}}""", Api.Strategic)).Code);
    }
}
