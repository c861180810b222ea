using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

/// <summary>One kind in two served versions over one stored one, kinds that are found out, and classes of priority.</summary>
public sealed class VersionTests
{
    private const string Older = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    private const string Newer = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
    private const string Body = """{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d","apiVersion":"apps/v1"},"maxReplicas":5,"targetCPUUtilizationPercentage":60}}""";

    [Fact]
    public async Task What_is_written_in_one_version_is_read_in_the_other()
    {
        await using var api = await Api.StartAsync();
        var created = await api.Create(Older, Body);
        Assert.Equal(("60", "autoscaling/v1"), (created.At("spec.targetCPUUtilizationPercentage"), created.At("apiVersion")));
        var newer = await api.Get($"{Newer}/h");
        Assert.Equal(("60", "autoscaling/v2", created.Version), (newer.At("spec.metrics.0.resource.target.averageUtilization"), newer.At("apiVersion"), newer.Version));
        await api.Patch($"{Newer}/h", """{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":7}},"metrics":[{"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue","averageValue":"1Gi"}}}]}}""");
        var older = await api.Get($"{Older}/h");
        Assert.Null(older.At("spec.targetCPUUtilizationPercentage"));
        Assert.Contains("\"targetAverageValue\":\"1Gi\"", (string)older.Meta["annotations"]!["autoscaling.alpha.kubernetes.io/metrics"]!);
        var put = await api.Put($"{Older}/h", older.Text.Replace("\"maxReplicas\":5", "\"maxReplicas\":6"));
        Assert.Equal(200, put.Code);
        newer = await api.Get($"{Newer}/h");
        Assert.Equal(("6", "memory", "7"), (newer.At("spec.maxReplicas"), newer.At("spec.metrics.0.resource.name"), newer.At("spec.behavior.scaleDown.stabilizationWindowSeconds")));
    }

    [Fact]
    public async Task A_watch_tells_in_its_version_what_was_written_in_the_other()
    {
        await using var api = await Api.StartAsync();
        var watch = await api.Watch($"{Newer}?watch=1");
        await api.Create(Older, Body);
        Assert.Equal("autoscaling/v2", (string)watch.Take().Single().Object["apiVersion"]!);
    }

    [Fact]
    public async Task Who_owns_a_field_in_one_version_owns_it_in_the_other()
    {
        await using var api = await Api.StartAsync();
        await api.Send("PATCH", $"{Newer}/h?fieldManager=first", """{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5}}""", new How { ContentType = Api.Apply });
        var second = await api.Send("PATCH", $"{Older}/h?fieldManager=second", """{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":6}}""", new How { ContentType = Api.Apply });
        Assert.Equal(409, second.Code);
        Assert.Contains("conflict with \"first\": .spec.maxReplicas", second.Message);
    }

    [Fact]
    public async Task The_parts_of_the_control_plane_say_how_they_do()
    {
        await using var api = await Api.StartAsync();
        var list = await api.Get("/api/v1/componentstatuses");
        Assert.Equal(["controller-manager", "etcd-0", "scheduler"], list.Names);
        Assert.Equal(["v1 ComponentStatus is deprecated in v1.19+"], list.Warnings);
        Assert.Equal("True", (await api.Get("/api/v1/componentstatuses/scheduler")).At("conditions.0.status"));
        Assert.Equal(404, (await api.Get("/api/v1/componentstatuses/other")).Code);
        Assert.Equal(405, (await api.Post("/api/v1/componentstatuses", "{}")).Code);
    }

    private const string Classes = "/apis/scheduling.k8s.io/v1/priorityclasses";

    [Fact]
    public async Task A_pod_gets_the_number_and_policy_of_its_class()
    {
        await using var api = await Api.StartAsync();
        await api.Create(Classes, """{"metadata":{"name":"high"},"value":1000,"preemptionPolicy":"Never"}""");
        await api.Create(Classes, """{"metadata":{"name":"usual"},"value":7,"globalDefault":true}""");
        var pod = await api.Create(Api.Pods, """{"metadata":{"name":"a"},"spec":{"priorityClassName":"high","containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal(("1000", "Never"), (pod.At("spec.priority"), pod.At("spec.preemptionPolicy")));
        pod = await api.CreatePod("b");
        Assert.Equal(("7", "usual", "PreemptLowerPriority"), (pod.At("spec.priority"), pod.At("spec.priorityClassName"), pod.At("spec.preemptionPolicy")));
        var unknown = await api.Post(Api.Pods, """{"metadata":{"name":"c"},"spec":{"priorityClassName":"odd","containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal((403, "Forbidden", "pods \"c\" is forbidden: no PriorityClass with name odd was found"), unknown.Status);
        var second = await api.Post(Classes, """{"metadata":{"name":"other"},"globalDefault":true}""");
        Assert.Equal((403, "Forbidden", "priorityclasses.scheduling.k8s.io \"other\" is forbidden: PriorityClass usual is already marked as default. Only one default can exist"), second.Status);
    }

    [Fact]
    public async Task A_class_of_the_system_cannot_be_deleted()
    {
        await using var api = await Api.StartAsync();
        await api.Create(Classes, """{"metadata":{"name":"system-node-critical"},"value":2000001000}""");
        var deleted = await api.Delete($"{Classes}/system-node-critical");
        Assert.Equal((403, "Forbidden", "priorityclasses.scheduling.k8s.io \"system-node-critical\" is forbidden: this is a system priority class and cannot be deleted"), deleted.Status);
    }
}
