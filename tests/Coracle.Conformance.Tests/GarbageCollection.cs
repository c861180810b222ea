using System.Globalization;
using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/garbage_collector.go.</summary>
public sealed class GarbageCollection(Cluster cluster) : IClassFixture<Cluster>
{
    private const int Replicas = 10;

    private async Task<string> Namespace() => $"/api/v1/namespaces/{await cluster.Namespace()}";
    private static string Apps(string ns) => ns.Replace("/api/v1/", "/apis/apps/v1/", StringComparison.Ordinal);

    private async Task<Answer> Controller(string ns, string name, int replicas = Replicas)
    {
        var created = await cluster.Create($"{ns}/replicationcontrollers", Samples.ReplicationController(name, replicas));
        if (replicas > 0) await cluster.Until($"{ns}/replicationcontrollers/{name}", found => found["status.replicas"] == $"{replicas}");
        return created;
    }

    private async Task Delete(string path, Answer created, string propagation) =>
        (await cluster.Delete(path, $$$"""{"propagationPolicy":"{{{propagation}}}","preconditions":{"uid":"{{{created.Uid}}}"} }""")).Is(200);

    private async Task<IReadOnlyList<JsonObject>> Items(string path) => (await cluster.Get(path)).Is(200).Items;
    private static int Owners(JsonObject obj) => obj["metadata"]!["ownerReferences"]?.AsArray().Count ?? 0;

    [Fact, Behaviour("Garbage Collector, delete replication controller, propagation policy background")]
    public async Task Delete_replication_controller_propagation_policy_background()
    {
        var ns = await Namespace();
        var rc = await Controller(ns, "simpletest.rc");
        await Delete($"{ns}/replicationcontrollers/simpletest.rc", rc, "Background");
        await cluster.Until($"{ns}/pods", found => found.Items.Count == 0);
        Assert.Empty(await Items($"{ns}/replicationcontrollers"));
    }

    [Fact, Behaviour("Garbage Collector, delete replication controller, propagation policy orphan")]
    public async Task Delete_replication_controller_propagation_policy_orphan()
    {
        var ns = await Namespace();
        var rc = await Controller(ns, "simpletest.rc");
        await Delete($"{ns}/replicationcontrollers/simpletest.rc", rc, "Orphan");
        await cluster.Until($"{ns}/replicationcontrollers", found => found.Items.Count == 0);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        var pods = await Items($"{ns}/pods");
        Assert.Equal(Replicas, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("", 0), (pod.Text("metadata.deletionTimestamp"), Owners(pod))));
    }

    [Fact, Behaviour("Garbage Collector, delete deployment,  propagation policy background")]
    public async Task Delete_deployment_propagation_policy_background()
    {
        var ns = await Namespace();
        var deployment = await cluster.Create($"{Apps(ns)}/deployments", Samples.Deployment("simpletest.deployment", 2));
        await cluster.Until($"{Apps(ns)}/replicasets", found => found.Items.Count == 1);
        await Delete($"{Apps(ns)}/deployments/simpletest.deployment", deployment, "Background");
        await cluster.Until($"{ns}/pods", found => found.Items.Count == 0);
        await cluster.Until($"{Apps(ns)}/replicasets", found => found.Items.Count == 0);
        Assert.Empty(await Items($"{Apps(ns)}/deployments"));
    }

    [Fact, Behaviour("Garbage Collector, delete deployment, propagation policy orphan")]
    public async Task Delete_deployment_propagation_policy_orphan()
    {
        var ns = await Namespace();
        var deployment = await cluster.Create($"{Apps(ns)}/deployments", Samples.Deployment("simpletest.deployment", 2));
        await cluster.Until($"{Apps(ns)}/replicasets", found => found.Items.Count == 1);
        await cluster.Until($"{ns}/pods", found => found.Items.Count == 2);
        await Delete($"{Apps(ns)}/deployments/simpletest.deployment", deployment, "Orphan");
        await cluster.Until($"{Apps(ns)}/deployments", found => found.Items.Count == 0);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Owners(Assert.Single(await Items($"{Apps(ns)}/replicasets"))));
        Assert.Equal(2, (await Items($"{ns}/pods")).Count);
    }

    [Fact, Behaviour("Garbage Collector, delete replication controller, after owned pods")]
    public async Task Delete_replication_controller_after_owned_pods()
    {
        var ns = await Namespace();
        var rc = await Controller(ns, "simpletest.rc");
        await using var owner = await cluster.Watch($"{ns}/replicationcontrollers?resourceVersion={rc.Version}");
        await using var owned = await cluster.Watch($"{ns}/pods?resourceVersion={rc.Version}");
        await Delete($"{ns}/replicationcontrollers/simpletest.rc", rc, "Foreground");
        await owner.Until(e => e.Object.Text("metadata.finalizers") == """["foregroundDeletion"]""");
        var gone = await owner.Until(e => e.Type == "DELETED");
        Assert.Empty(await Items($"{ns}/pods"));
        for (var i = 0; i < Replicas; i++) Assert.True(long.Parse((await owned.Until(e => e.Type == "DELETED")).Version, CultureInfo.InvariantCulture) < long.Parse(gone.Version, CultureInfo.InvariantCulture));
    }

    [Fact, Behaviour("Garbage Collector, multiple owners")]
    public async Task Multiple_owners()
    {
        var ns = await Namespace();
        var deleted = await Controller(ns, "simpletest-rc-to-be-deleted");
        var stays = await Controller(ns, "simpletest-rc-to-stay", 0);
        foreach (var pod in (await Items($"{ns}/pods")).Take(Replicas / 2))
            (await cluster.Patch($"{ns}/pods/{pod.Text("metadata.name")}", $$$"""
                {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ReplicationController","name":"{{{stays.Name}}}","uid":"{{{stays.Uid}}}"}]}}
                """, Cluster.Strategic)).Is(200);

        await Delete($"{ns}/replicationcontrollers/{deleted.Name}", deleted, "Foreground");
        await cluster.Gone($"{ns}/replicationcontrollers/{deleted.Name}");
        var pods = await Items($"{ns}/pods");
        Assert.Equal(Replicas / 2, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("", 1), (pod.Text("metadata.deletionTimestamp"), Owners(pod))));
    }

    [Fact, Behaviour("Garbage Collector, dependency cycle")]
    public async Task Dependency_cycle()
    {
        var ns = await Namespace();
        var pods = new List<Answer>();
        for (var i = 1; i <= 3; i++) pods.Add(await cluster.Create($"{ns}/pods", Samples.Pod($"pod{i}")));
        for (var i = 0; i < 3; i++)
        {
            var owner = pods[(i + 2) % 3];
            (await cluster.Patch($"{ns}/pods/{pods[i].Name}", $$$"""
                {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"{{{owner.Name}}}","uid":"{{{owner.Uid}}}","controller":true,"blockOwnerDeletion":true}]}}
                """, Cluster.Strategic)).Is(200);
        }
        await Delete($"{ns}/pods/pod1", pods[0], "Foreground");
        await cluster.Until($"{ns}/pods", found => found.Items.Count == 0);
    }
}
