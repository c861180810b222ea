using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/statefulset.go, those that change the template.</summary>
public sealed class StatefulRollouts(Cluster cluster) : IClassFixture<Cluster>
{
    private const string RevisionLabel = "controller-revision-hash";

    private async Task<(string Ns, string Set)> Create(string strategy)
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Core(ns, "services"), """{"metadata":{"name":"test"},"spec":{"clusterIP":"None","selector":{"app":"ss2"},"ports":[{"port":80,"name":"http"}]}}""");
        await cluster.Create(WorkloadsIn(ns, "statefulsets"), Workload("StatefulSet", "ss2", $""" "serviceName":"test","replicas":3,"updateStrategy":{strategy},""", Template("ss2", Container(more: Probe))));
        return (ns, $"{WorkloadsIn(ns, "statefulsets")}/ss2");
    }

    private static string Partitioned(int at) => $$$"""{"type":"RollingUpdate","rollingUpdate":{"partition":{{{at}}}}}""";

    private Task Partition(string set, int at) => cluster.Update(set, found => found["spec"]!["updateStrategy"] = JsonNode.Parse(Partitioned(at)));
    private Task SetImage(string set, string image) => cluster.Update(set, found => found["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image);

    private async Task<(string Current, string Update)> Revisions(string set)
    {
        var found = await cluster.Until(set, found => found["status.observedGeneration"] == found["metadata.generation"]);
        return (found["status.currentRevision"], found["status.updateRevision"]);
    }

    private static string Is(JsonObject pod) => $"{pod.Name()} {pod.Image()} {pod["metadata"]!["labels"]![RevisionLabel]}";

    /// <summary>Pods below the partition are of the old image and revision, the others of the new ones, and all are ready.</summary>
    private async Task AreSplit(string ns, int at, string current, string update)
    {
        string[] wanted = [.. Enumerable.Range(0, 3).Select(i => i < at ? $"ss2-{i} {Old} {current}" : $"ss2-{i} {New} {update}")];
        await cluster.UntilPods(ns, "ss2", pods => pods.All(p => p.Runs() && p.IsReady()) && pods.Select(Is).Order().SequenceEqual(wanted));
    }

    // So that what is under way can be seen: upstream does so with one pod.
    private async Task BreaksDown(string ns)
    {
        cluster.Programs.Break(ns);
        await cluster.UntilPods(ns, "ss2", pods => pods.All(p => !p.IsReady()));
    }

    [Fact, Behaviour("StatefulSet, Rolling Update with Partition")]
    public async Task Canary_updates_and_phased_rolling_updates()
    {
        var (ns, set) = await Create(Partitioned(3));
        await cluster.UntilComplete(set, 3);
        var (first, same) = await Revisions(set);
        Assert.Equal(first, same);

        await SetImage(set, New);
        var (current, update) = await Revisions(set);
        Assert.Equal(first, current);
        Assert.NotEqual(current, update);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await AreSplit(ns, 3, current, update);

        await Partition(set, 2);
        await AreSplit(ns, 2, current, update);
        foreach (var pod in (string[])["ss2-0", "ss2-2"]) (await cluster.Delete($"{Core(ns, "pods")}/{pod}", """{"gracePeriodSeconds":0}""")).Is(200);
        await AreSplit(ns, 2, current, update);

        foreach (var at in (int[])[1, 0])
        {
            await Partition(set, at);
            await AreSplit(ns, at, current, update);
        }
        await cluster.Until(set, found => found["status.currentRevision"] == update && found["status.updateRevision"] == update);
    }

    [Fact, Behaviour("StatefulSet, Rolling Update")]
    public async Task Rolling_updates_and_roll_backs()
    {
        var (ns, set) = await Create("""{"type":"RollingUpdate"}""");
        await cluster.UntilComplete(set, 3);
        var (first, same) = await Revisions(set);
        Assert.Equal(first, same);

        await BreaksDown(ns);
        await SetImage(set, New);
        var (current, second) = await Revisions(set);
        Assert.Equal(first, current);
        Assert.NotEqual(first, second);
        cluster.Programs.Restore(ns);
        await cluster.Until(set, found => found["status.currentRevision"] == second && Number(found, "readyReplicas") == 3);
        await AreSplit(ns, 0, first, second);

        await BreaksDown(ns);
        await SetImage(set, Old);
        Assert.Equal((second, first), await Revisions(set)); // that revision again, not a third
        cluster.Programs.Restore(ns);
        await cluster.Until(set, found => found["status.currentRevision"] == first && Number(found, "readyReplicas") == 3);
        await AreSplit(ns, 3, first, second);
        Assert.Equal(2, (await cluster.Get(WorkloadsIn(ns, "controllerrevisions"))).Is(200).Items.Count);
    }
}
