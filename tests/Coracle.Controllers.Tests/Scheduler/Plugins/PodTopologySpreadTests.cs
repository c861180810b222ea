using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

using Node = Coracle.Kinds.Core.V1.Node;

public sealed class PodTopologySpreadTests
{
    private const string Uneven = "node(s) didn't match pod topology spread constraints";
    private const string Unlabelled = "node(s) didn't match pod topology spread constraints (missing required label) (for good)";

    private static Node Node(string name, string? zone) => zone is null ? Objects.Node(name) : Objects.Node(name, labels: ("zone", zone));

    private static Pod App(string app = "web", string ns = "default", string version = "1")
    {
        var pod = Objects.Pod("p");
        (pod.Metadata.Namespace, pod.Metadata.Labels) = (ns, new() { ["app"] = app, ["version"] = version });
        return pod;
    }

    private static Pod[] Apps(int count) => [.. Enumerable.Range(0, count).Select(_ => App())];

    private static Pod Spread(Action<TopologySpreadConstraint>? change = null, string key = "zone", string app = "web", string when = "DoNotSchedule")
    {
        var constraint = new TopologySpreadConstraint { MaxSkew = 1, TopologyKey = key, WhenUnsatisfiable = when, LabelSelector = new() { MatchLabels = new() { ["app"] = "web" } } };
        change?.Invoke(constraint);
        var pod = App(app);
        pod.Spec.TopologySpreadConstraints = [constraint];
        return pod;
    }

    private static string Fits(Pod pod, params (Node, Pod[])[] nodes) => string.Join(' ', PluginRig.Of(new PodTopologySpread(), nodes).Filter(pod).OrderBy(s => s.Key).Select(s =>
        s.Key + (s.Value switch { "" => "+", Uneven => "-", Unlabelled => "?", var other => other })));

    [Theory]
    [InlineData(0, 0, 0, "a+ b+ c+")]
    [InlineData(1, 0, 1, "a- b+ c-")]
    [InlineData(2, 1, 1, "a- b+ c+")]
    [InlineData(3, 3, 2, "a- b- c+")]
    public void No_zone_gets_ahead_of_the_emptiest_by_more_than_the_skew(int a, int b, int c, string fits) =>
        Assert.Equal(fits, Fits(Spread(), (Node("a", "z1"), Apps(a)), (Node("b", "z2"), Apps(b)), (Node("c", "z3"), Apps(c))));

    [Fact]
    public void A_larger_skew_allows_more() =>
        Assert.Equal("a+ b+", Fits(Spread(c => c.MaxSkew = 2), (Node("a", "z1"), Apps(1)), (Node("b", "z2"), [])));

    [Fact]
    public void Nodes_of_one_zone_count_together() =>
        Assert.Equal("a- b- c+", Fits(Spread(), (Node("a", "z1"), Apps(1)), (Node("b", "z1"), []), (Node("c", "z2"), [])));

    [Fact]
    public void A_node_without_the_label_is_out_of_the_question() =>
        Assert.Equal("a+ b?", Fits(Spread(), (Node("a", "z1"), Apps(3)), (Node("b", null), [])));

    [Fact]
    public void Only_matching_pods_of_the_namespace_that_are_not_leaving_count()
    {
        var leaving = App();
        leaving.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;
        Assert.Equal("a+ b+", Fits(Spread(), (Node("a", "z1"), [App("db"), App(ns: "elsewhere"), leaving]), (Node("b", "z2"), [])));
    }

    [Fact]
    public void A_pod_that_does_not_count_itself_makes_no_skew() =>
        Assert.Equal("a+ b+", Fits(Spread(app: "db"), (Node("a", "z1"), Apps(1)), (Node("b", "z2"), [])));

    [Fact]
    public void Fewer_zones_than_asked_for_count_as_an_empty_one() =>
        Assert.Equal("a- b-", Fits(Spread(c => c.MinDomains = 3), (Node("a", "z1"), Apps(1)), (Node("b", "z2"), Apps(1))));

    [Fact]
    public void Nodes_that_the_pod_cannot_go_to_do_not_count_unless_it_says_so()
    {
        Pod Only(string? policy)
        {
            var pod = Spread(c => c.NodeAffinityPolicy = policy);
            pod.Spec.NodeSelector = new() { ["zone"] = "z1" };
            return pod;
        }
        Assert.Equal("a+ b+", Fits(Only(null), (Node("a", "z1"), Apps(1)), (Node("b", "z2"), [])));
        Assert.Equal("a- b+", Fits(Only("Ignore"), (Node("a", "z1"), Apps(1)), (Node("b", "z2"), [])));
    }

    [Fact]
    public void Tainted_nodes_count_unless_it_says_not_to()
    {
        var tainted = Objects.Node("b", taints: [new() { Key = "k", Effect = "NoSchedule" }], labels: ("zone", "z2"));
        Assert.Equal("a- b+", Fits(Spread(), (Node("a", "z1"), Apps(1)), (tainted, [])));
        Assert.Equal("a+ b+", Fits(Spread(c => c.NodeTaintsPolicy = "Honor"), (Node("a", "z1"), Apps(1)), (tainted, [])));
    }

    [Fact]
    public void Label_keys_tell_versions_apart() =>
        Assert.Equal("a+ b+", Fits(Spread(c => c.MatchLabelKeys = ["version"]), (Node("a", "z1"), [App(version: "2")]), (Node("b", "z2"), [])));

    [Fact]
    public void What_is_only_wished_for_ranks_nodes()
    {
        var rig = PluginRig.Of(new PodTopologySpread(), (Node("a", "z1"), Apps(4)), (Node("b", "z2"), Apps(2)), (Node("c", "z3"), []), (Node("d", null), []));
        Assert.Equal([0, 50, 100, 0], rig.Score(Spread(when: "ScheduleAnyway"))!);
        Assert.Null(rig.Score(App()));
    }
}
