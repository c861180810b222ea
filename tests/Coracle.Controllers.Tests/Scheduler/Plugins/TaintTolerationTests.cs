using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

public sealed class TaintTolerationTests
{
    private const string Untolerated = "node(s) had untolerated taint(s) (for good)";

    private static Taint Taint(string key, string value = "", string effect = "NoSchedule") => new() { Key = key, Value = value, Effect = effect };
    private static Toleration Toleration(string key = "", string op = "", string value = "", string effect = "") => new() { Key = key, Operator = op, Value = value, Effect = effect };

    public static TheoryData<string, Taint[], Toleration[], string> Filters => new()
    {
        { "no taint", [], [], "" },
        { "a taint", [Taint("k", "v")], [], Untolerated },
        { "the same key and value", [Taint("k", "v")], [Toleration("k", "Equal", "v")], "" },
        { "no operator is Equal", [Taint("k", "v")], [Toleration("k", "", "v")], "" },
        { "another value", [Taint("k", "v")], [Toleration("k", "Equal", "w")], Untolerated },
        { "any value", [Taint("k", "v")], [Toleration("k", "Exists")], "" },
        { "anything at all", [Taint("k", "v"), Taint("l", "", "NoExecute")], [Toleration("", "Exists")], "" },
        { "another effect", [Taint("k", "v")], [Toleration("k", "Exists", "", "NoExecute")], Untolerated },
        { "one of two", [Taint("k"), Taint("l")], [Toleration("k", "Exists")], Untolerated },
        { "each of two", [Taint("k"), Taint("l", "", "NoExecute")], [Toleration("k", "Exists"), Toleration("l", "Exists")], "" },
        { "a wish is no rule", [Taint("k", "", "PreferNoSchedule")], [], "" },
        { "more than", [Taint("sla", "950")], [Toleration("sla", "Gt", "900")], "" },
        { "not more than", [Taint("sla", "850")], [Toleration("sla", "Gt", "900")], Untolerated },
        { "less than", [Taint("sla", "850")], [Toleration("sla", "Lt", "900")], "" },
        { "no number", [Taint("sla", "high")], [Toleration("sla", "Gt", "900")], Untolerated },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Every_taint_that_keeps_pods_away_must_be_tolerated(string why, Taint[] taints, Toleration[] tolerations, string says)
    {
        var rig = PluginRig.Of(new TaintToleration(), (Objects.Node("n", taints: [.. taints]), []));
        Assert.True(says == rig.Filter(Objects.Pod("p", change: s => s.Tolerations = [.. tolerations]))["n"], why);
    }

    [Fact]
    public void Nodes_with_fewer_unwanted_wishes_are_better()
    {
        Taint Wish(string key) => Taint(key, "", "PreferNoSchedule");
        var rig = PluginRig.Of(new TaintToleration(), (Objects.Node("a"), []), (Objects.Node("b", taints: [Wish("x")]), []), (Objects.Node("c", taints: [Wish("x"), Wish("y")]), []));
        Assert.Equal([100, 50, 0], rig.Score(Objects.Pod("p"))!);
        Assert.Equal([100, 100, 0], rig.Score(Objects.Pod("p", change: s => s.Tolerations = [Toleration("x", "Exists", "", "PreferNoSchedule")]))!);
        Assert.Equal([100, 50, 0], rig.Score(Objects.Pod("p", change: s => s.Tolerations = [Toleration("x", "Exists", "", "NoSchedule")]))!);
        Assert.Equal([100, 100, 100], rig.Score(Objects.Pod("p", change: s => s.Tolerations = [Toleration("", "Exists")]))!);
    }
}
