using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/controller_revision.go.</summary>
public sealed class ControllerRevisions(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact, Behaviour("ControllerRevision, resource lifecycle")]
    public async Task Manage_the_lifecycle_of_a_ControllerRevision()
    {
        var ns = await cluster.Namespace();
        var (all, labelled) = (WorkloadsIn(ns, "controllerrevisions"), "?labelSelector=app%3De2e-daemon-set");
        await cluster.Create(WorkloadsIn(ns, "daemonsets"), Workload("DaemonSet", "e2e-daemon-set"));
        await cluster.UntilRunning(ns, "e2e-daemon-set", 2);
        var set = (await cluster.Get($"{WorkloadsIn(ns, "daemonsets")}/e2e-daemon-set")).Is(200);
        var initial = Assert.Single((await cluster.Get("/apis/apps/v1/controllerrevisions" + labelled)).Is(200).Items);
        Assert.True(initial.IsControlledBy(set));
        (await cluster.Patch($"{all}/{initial.Name()}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [initial.Name()] = "patched" } } }.ToJsonString(), Cluster.Strategic)).Is(200);

        var copy = (JsonObject)initial.DeepClone();
        copy["metadata"] = new JsonObject { ["name"] = "e2e-daemon-set-other", ["labels"] = new JsonObject { ["app"] = "e2e-daemon-set", ["controller-revision-hash"] = "other" }, ["ownerReferences"] = initial["metadata"]!["ownerReferences"]!.DeepClone() };
        copy["revision"] = 2;
        await cluster.Create(all, copy.ToJsonString());
        await Are(2);
        (await cluster.Delete($"{all}/{initial.Name()}")).Is(200);
        var current = (await Are(1))[0].Name();
        await cluster.Update($"{all}/{current}", found => found["metadata"]!["labels"]![current] = "updated");

        (await cluster.Patch($"{WorkloadsIn(ns, "daemonsets")}/e2e-daemon-set", """{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":1}}}}""", Cluster.Strategic)).Is(200);
        await Are(2);
        (await cluster.Delete($"{all}?labelSelector={current}%3Dupdated")).Is(200);
        Assert.Equal("3", (await Are(1))[0].Text("revision"));

        async Task<IReadOnlyList<JsonObject>> Are(int count) => (await cluster.Until(all + labelled, found => found.Items.Count == count)).Items;
    }
}
