using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/deployment.go.</summary>
public sealed class Deployments(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Revision = "deployment.kubernetes.io/revision";

    private async Task<string> Create(string ns, string name, int replicas, string spec = "", string? container = null, string? app = null, string meta = "")
    {
        await cluster.Create(WorkloadsIn(ns, "deployments"), Workload("Deployment", name, $""" "replicas":{replicas},{spec}""", Template(app ?? name, container), meta, app));
        return $"{WorkloadsIn(ns, "deployments")}/{name}";
    }

    private Task SetImage(string deployment, string image) => cluster.Update(deployment, found => found["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image);

    private async Task<IReadOnlyList<JsonObject>> Sets(string ns, string app) => (await cluster.Get($"{WorkloadsIn(ns, "replicasets")}?labelSelector=app%3D{app}")).Is(200).Items;

    private async Task<JsonObject> SetOf(string ns, string app, string image) => (await Sets(ns, app)).Single(s => s.Text("spec.template.spec.containers.0.image") == image);

    private static string RevisionOf(JsonObject obj) => obj["metadata"]!["annotations"]![Revision]!.GetValue<string>();

    [Fact, Behaviour("Deployment, completes the lifecycle of a Deployment")]
    public async Task The_lifecycle_of_a_Deployment()
    {
        var ns = await cluster.Namespace();
        var deployment = await Create(ns, "test-deployment", 2, meta: ",\"annotations\":{\"static\":\"true\"}");
        await cluster.UntilComplete(deployment, 2);
        var list = (await cluster.Get($"{WorkloadsIn(ns, "deployments")}?labelSelector=app%3Dtest-deployment")).Is(200);
        Assert.Equal(["test-deployment"], list.Names);
        await using var watch = await cluster.Watch($"{WorkloadsIn(ns, "deployments")}?labelSelector=app%3Dtest-deployment&resourceVersion={list.Version}");

        (await cluster.Patch(deployment, """
            {"metadata":{"labels":{"test-deployment":"patched"}},"spec":{"replicas":1,"template":{"spec":{"terminationGracePeriodSeconds":2,"containers":[{"name":"main","image":"pause:3.9"}]}}}}
            """, Cluster.Strategic)).Is(200);
        Assert.Equal("MODIFIED", (await watch.Until(e => e.Object.Text("metadata.labels.test-deployment") == "patched")).Type);
        var patched = await cluster.UntilComplete(deployment, 1);
        Assert.Equal(("pause:3.9", "2"), (patched["spec.template.spec.containers.0.image"], patched["spec.template.spec.terminationGracePeriodSeconds"]));
        Assert.Contains("test-deployment", (await cluster.Get("/apis/apps/v1/deployments?labelSelector=test-deployment%3Dpatched")).Is(200).Names);

        await cluster.Update(deployment, found =>
        {
            found["metadata"]!["labels"]!["test-deployment"] = "updated";
            found["spec"]!["replicas"] = 2;
            found["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = New;
        });
        await cluster.UntilComplete(deployment, 2);
        Assert.Equal("2", (await cluster.Get(deployment + "/status")).Is(200)["status.readyReplicas"]);
        (await cluster.Patch(deployment + "/status", """{"metadata":{"labels":{"test-deployment":"patched-status"}},"status":{"readyReplicas":2}}""")).Is(200);
        await watch.Until(e => e.Object.Text("status.readyReplicas") == "2");
        (await cluster.Delete($"{WorkloadsIn(ns, "deployments")}?labelSelector=app%3Dtest-deployment", """{"gracePeriodSeconds":1}""")).Is(200);
        await watch.Until(e => e.Type == "DELETED");
        await cluster.UntilPods(ns, "test-deployment", pods => pods.Count == 0);
    }

    [Fact, Behaviour("Deployment, status sub-resource")]
    public async Task Validate_Deployment_status_endpoints()
    {
        var ns = await cluster.Namespace();
        await cluster.UntilComplete(await Create(ns, "test-deployment", 1), 1);
        await cluster.StatusIsServed(WorkloadsIn(ns, "deployments"), "test-deployment");
    }

    [Fact, Behaviour("Deployment, completes the scaling of a Deployment subresource")]
    public async Task A_working_scale_subresource()
    {
        var ns = await cluster.Namespace();
        var deployment = await Create(ns, "test-new-deployment", 1);
        await cluster.UntilComplete(deployment, 1);
        await cluster.ScaleIsServed(deployment);
        await cluster.UntilComplete(deployment, 4);
    }

    [Fact, Behaviour("Deployment Recreate")]
    public async Task RecreateDeployment_deletes_old_pods_and_creates_new_ones()
    {
        var ns = await cluster.Namespace();
        var deployment = await Create(ns, "test-recreate-deployment", 1, """ "strategy":{"type":"Recreate"},""");
        var first = await cluster.UntilComplete(deployment, 1);
        Assert.Equal("1", RevisionOf(first.Json));
        var old = (await cluster.UntilRunning(ns, "test-recreate-deployment", 1))[0].Name();
        await using var watch = await cluster.Watch($"{Core(ns, "pods")}?labelSelector=app%3Dtest-recreate-deployment");
        await SetImage(deployment, New);
        // No new pod while an old one may run: its end comes before the first of the others.
        await watch.Until(e => e.Name == old && e.Object.Text("metadata.deletionTimestamp").Length > 0);
        Assert.Equal(old, (await watch.Until(e => e.Type == "DELETED" || e.Name != old)).Name);
        Assert.Equal("2", RevisionOf((await cluster.UntilComplete(deployment, 1)).Json));
    }

    [Fact, Behaviour("Deployment RollingUpdate")]
    public async Task RollingUpdateDeployment_deletes_old_pods_and_creates_new_ones()
    {
        var ns = await cluster.Namespace();
        const string given = "3546343826724305832";
        await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", "test-rolling-update-controller", """ "replicas":1,""", meta: $$$""","annotations":{"{{{Revision}}}":"{{{given}}}"}""", app: "sample-pod"));
        await cluster.UntilRunning(ns, "sample-pod", 1);
        var deployment = await Create(ns, "test-rolling-update-deployment", 1, container: Container(New), app: "sample-pod");
        var done = await cluster.UntilComplete(deployment, 1);
        Assert.Equal("3546343826724305833", RevisionOf(done.Json)); // one more than the adopted set's
        var sets = await Sets(ns, "sample-pod");
        Assert.Equal(2, sets.Count);
        Assert.All(sets, set => Assert.True(set.IsControlledBy(done)));
        Assert.Equal(["0"], sets.Where(s => s.Name() == "test-rolling-update-controller").Select(s => s.Text("spec.replicas")));
    }

    [Fact, Behaviour("Deployment RevisionHistoryLimit")]
    public async Task Old_replica_sets_are_deleted()
    {
        var ns = await cluster.Namespace();
        await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", "test-cleanup-controller", """ "replicas":1,""", app: "cleanup-pod"));
        await cluster.UntilRunning(ns, "cleanup-pod", 1);
        var deployment = await Create(ns, "test-cleanup-deployment", 1, """ "revisionHistoryLimit":0,""", Container(New), "cleanup-pod");
        await cluster.UntilComplete(deployment, 1);
        await cluster.Gone($"{WorkloadsIn(ns, "replicasets")}/test-cleanup-controller");
        Assert.Single(await Sets(ns, "cleanup-pod"));
    }

    [Fact, Behaviour("Deployment Rollover")]
    public async Task A_rollout_gives_way_to_the_next()
    {
        var ns = await cluster.Namespace();
        await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", "test-rollover-controller", """ "replicas":1,""", app: "rollover-pod"));
        await cluster.UntilRunning(ns, "rollover-pod", 1);
        var deployment = await Create(ns, "test-rollover-deployment", 1, """
            "minReadySeconds":10,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":1}},
            """, Container(Missing), "rollover-pod");
        await cluster.UntilPods(ns, "rollover-pod", pods => pods.Any(p => p.Image() == Missing));
        await SetImage(deployment, New);
        await cluster.UntilComplete(deployment, 1);
        var done = await cluster.Get(deployment);
        var sets = await Sets(ns, "rollover-pod");
        Assert.Equal(3, sets.Count);
        Assert.All(sets, set => Assert.True(set.IsControlledBy(done)));
        Assert.Equal([New], sets.Where(s => s.Text("spec.replicas") == "1").Select(s => s.Text("spec.template.spec.containers.0.image")));
        Assert.All(sets.Where(s => s.Text("spec.template.spec.containers.0.image") != New), s => Assert.Equal(("0", "0"), (s.Text("spec.replicas"), s.Text("status.replicas"))));
    }

    [Fact, Behaviour("Deployment Proportional Scaling")]
    public async Task Replica_sets_are_scaled_in_proportion()
    {
        var ns = await cluster.Namespace();
        var deployment = await Create(ns, "webserver-deployment", 10, """ "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":3,"maxUnavailable":2}},""");
        await cluster.UntilComplete(deployment, 10);
        await SetImage(deployment, Missing);
        await Stand(8, 5);
        (await cluster.Patch(deployment + "/scale", """{"spec":{"replicas":30}}""")).Is(200);
        await Stand(20, 13);

        async Task Stand(int first, int second)
        {
            await cluster.Until(deployment, found => found["status.observedGeneration"] == found["metadata.generation"] && Number(found, "availableReplicas") == first && Number(found, "updatedReplicas") == second);
            await cluster.Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal($"{first}", (await SetOf(ns, "webserver-deployment", Old)).Text("spec.replicas"));
            Assert.Equal($"{second}", (await SetOf(ns, "webserver-deployment", Missing)).Text("spec.replicas"));
        }
    }
}
