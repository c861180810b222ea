using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

public sealed class NodeAffinityTests
{
    private const string Mismatch = "node(s) didn't match Pod's node affinity/selector (for good)";

    private static NodeSelectorRequirement Is(string key, string op, params string[] values) => new() { Key = key, Operator = op, Values = values.Length == 0 ? null : [.. values] };
    private static NodeSelectorTerm Term(params NodeSelectorRequirement[] expressions) => new() { MatchExpressions = [.. expressions] };
    private static NodeSelectorTerm Named(params string[] names) => new() { MatchFields = [Is("metadata.name", "In", names)] };

    private static PluginRig Rig() => PluginRig.Of(new NodeAffinityMatch(),
        (Objects.Node("n1", labels: [("disk", "ssd"), ("cores", "8")]), []), (Objects.Node("n2", labels: [("disk", "hdd"), ("zone", "z1")]), []));

    public static TheoryData<string, NodeSelectorTerm[], string> Filters => new()
    {
        { "In", [Term(Is("disk", "In", "ssd", "nvme"))], "n1" },
        { "NotIn, and a label that is not there", [Term(Is("zone", "NotIn", "z1"))], "n1" },
        { "Exists", [Term(Is("zone", "Exists"))], "n2" },
        { "DoesNotExist", [Term(Is("zone", "DoesNotExist"))], "n1" },
        { "Gt", [Term(Is("cores", "Gt", "4"))], "n1" },
        { "Lt, and no number", [Term(Is("disk", "Lt", "4"))], "" },
        { "all of a term", [Term(Is("disk", "In", "ssd"), Is("zone", "Exists"))], "" },
        { "any of the terms", [Term(Is("cores", "Exists")), Term(Is("zone", "Exists"))], "n1 n2" },
        { "an empty term matches nothing", [new()], "" },
        { "a name", [Named("n2")], "n2" },
        { "a name and a label", [new() { MatchFields = [Is("metadata.name", "In", "n2")], MatchExpressions = [Is("disk", "In", "ssd")] }], "" },
        { "names, or a label", [Named("n2"), Term(Is("disk", "In", "ssd"))], "n1 n2" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Required_affinity_must_match(string why, NodeSelectorTerm[] terms, string fits)
    {
        var pod = Objects.Pod("p", change: s => s.Affinity = new() { NodeAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [.. terms] } } });
        var said = Rig().Filter(pod);
        Assert.True(fits == string.Join(' ', said.Where(s => s.Value.Length == 0).Select(s => s.Key).Order()), why);
        Assert.All(said.Values, says => Assert.True(says is "" or Mismatch or "not looked at"));
    }

    [Fact]
    public void The_selector_must_match_besides()
    {
        var pod = Objects.Pod("p", change: s =>
        {
            s.NodeSelector = new() { ["disk"] = "ssd" };
            s.Affinity = new() { NodeAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [Term(Is("zone", "Exists"))] } } };
        });
        Assert.All(Rig().Filter(pod).Values, says => Assert.Equal(Mismatch, says));
        pod.Spec.Affinity = null;
        Assert.Equal("", Rig().Filter(Objects.Pod("q", change: s => s.NodeSelector = new() { ["disk"] = "ssd" }))["n1"]);
    }

    [Fact]
    public void What_is_preferred_is_summed_by_weight()
    {
        var pod = Objects.Pod("p", change: s => s.Affinity = new()
        {
            NodeAffinity = new()
            {
                PreferredDuringSchedulingIgnoredDuringExecution =
                [
                    new() { Weight = 30, Preference = Term(Is("disk", "In", "ssd")) }, new() { Weight = 10, Preference = Term(Is("cores", "Exists")) }, new() { Weight = 20, Preference = Term(Is("zone", "Exists")) },
                ],
            },
        });
        Assert.Equal([100, 50], Rig().Score(pod)!);
        Assert.Null(Rig().Score(Objects.Pod("q")));
    }
}
