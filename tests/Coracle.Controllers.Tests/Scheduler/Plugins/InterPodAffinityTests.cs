using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling.Plugins;

using Node = Coracle.Kinds.Core.V1.Node;

public sealed class InterPodAffinityTests
{
    private const string NotNear = "node(s) didn't match pod affinity rules (for good)";
    private const string TooNear = "node(s) didn't match pod anti-affinity rules";
    private const string Unwelcome = "node(s) didn't satisfy existing pods anti-affinity rules";

    private static Node Node(string name, string? zone) => zone is null ? Objects.Node(name) : Objects.Node(name, labels: ("zone", zone));

    private static Pod Pod(string app, Affinity? affinity = null, string ns = "default")
    {
        var pod = Objects.Pod(app);
        (pod.Metadata.Namespace, pod.Metadata.Labels, pod.Spec.Affinity) = (ns, new() { ["app"] = app }, affinity);
        return pod;
    }

    private static PodAffinityTerm Term(string app, Action<PodAffinityTerm>? change = null)
    {
        var term = new PodAffinityTerm { TopologyKey = "zone", LabelSelector = new() { MatchLabels = new() { ["app"] = app } } };
        change?.Invoke(term);
        return term;
    }

    private static Affinity Near(params PodAffinityTerm[] terms) => new() { PodAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [.. terms] } };
    private static Affinity Away(params PodAffinityTerm[] terms) => new() { PodAntiAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [.. terms] } };

    private static string Says(PluginRig rig, Pod pod) => string.Join(' ', rig.Filter(pod).OrderBy(s => s.Key).Select(s =>
        s.Key + (s.Value switch { "" => "+", NotNear => "?", TooNear => "-", Unwelcome => "!", var other => other })));

    private static PluginRig Rig(params Pod[] onA) => PluginRig.Of(new InterPodAffinity(), (Node("a", "z1"), onA), (Node("b", "z1"), []), (Node("c", "z2"), []), (Node("d", null), []));

    public static TheoryData<string, Pod[], Pod, string> Filters => new()
    {
        { "nothing asked", [Pod("db")], Pod("web"), "a+ b+ c+ d+" },
        { "near to what is there, in its zone", [Pod("db")], Pod("web", Near(Term("db"))), "a+ b+ c? d?" },
        { "near to what is nowhere", [Pod("web")], Pod("web", Near(Term("db"))), "a? b? c? d?" },
        { "the first of a group that wants to be together", [], Pod("web", Near(Term("web"))), "a+ b+ c+ d?" },
        { "near to both", [Pod("db"), Pod("cache")], Pod("web", Near(Term("db"), Term("cache"))), "a? b? c? d?" }, // each must match all terms
        { "near to pods of another namespace", [Pod("db", ns: "other")], Pod("web", Near(Term("db"))), "a? b? c? d?" },
        { "near to pods of a namespace by its name", [Pod("db", ns: "other")], Pod("web", Near(Term("db", t => t.Namespaces = ["other"]))), "a+ b+ c? d?" },
        { "near to pods of a namespace by its labels", [Pod("db", ns: "other")], Pod("web", Near(Term("db", t => t.NamespaceSelector = new() { MatchLabels = new() { ["team"] = "x" } }))), "a+ b+ c? d?" },
        { "near to pods of any namespace", [Pod("db", ns: "other")], Pod("web", Near(Term("db", t => t.NamespaceSelector = new()))), "a+ b+ c? d?" },
        { "away from what is there", [Pod("db")], Pod("web", Away(Term("db"))), "a- b- c+ d+" },
        { "away from either", [Pod("db")], Pod("web", Away(Term("cache"), Term("db"))), "a- b- c+ d+" },
        { "away, on the node alone", [Pod("db")], Pod("web", Away(Term("db", t => t.TopologyKey = "kubernetes.io/hostname"))), "a- b+ c+ d+" },
        { "what is there wants to be alone", [Pod("db", Away(Term("web")))], Pod("web"), "a! b! c+ d+" },
        { "what is there wants others to be away", [Pod("db", Away(Term("cache")))], Pod("web"), "a+ b+ c+ d+" },
        { "near comes before away", [Pod("db")], Pod("web", new() { PodAffinity = Near(Term("db")).PodAffinity, PodAntiAffinity = Away(Term("db")).PodAntiAffinity }), "a- b- c? d?" },
        { "the same label of its own", [Pod("web")], Pod("web", Near(Term("web", t => t.MatchLabelKeys = ["app"]))), "a+ b+ c? d?" },
        { "another label of its own", [Pod("web")], Pod("web", Away(new PodAffinityTerm { TopologyKey = "zone", LabelSelector = new(), MismatchLabelKeys = ["app"] })), "a+ b+ c+ d+" },
    };

    [Fact]
    public void What_is_kept_from_one_pod_to_the_next_is_what_counting_anew_gives()
    {
        var random = new Random(1);
        var (pods, done) = (0, new List<Action<PluginRig>>());
        var kept = new PluginRig(new InterPodAffinity());
        string Any(params string[] of) => of[random.Next(of.Length)];
        Pod Some(int kind) => Pod(kind % 2 == 0 ? "web" : "db", kind switch
        {
            0 or 1 => null,
            2 => Near(Term("db")),
            3 => Away(Term("web")),
            4 => new() { PodAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 3, PodAffinityTerm = Term("web") }] } },
            _ => new() { PodAntiAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 5, PodAffinityTerm = Term("db") }] } },
        });
        for (var step = 0; step < 150; step++)
        {
            var (node, zone, kind, gone) = (Any("a", "b", "c", "d"), Any("z1", "z2", ""), random.Next(6), random.Next(pods + 1));
            Action<PluginRig> next = random.Next(8) switch
            {
                0 => rig => rig.Add(Node(node, zone.Length == 0 ? null : zone)),
                1 => rig => rig.RemoveNode(node),
                2 or 3 => rig => rig.RemovePod(gone),
                _ => rig => rig.Add(Node(node, zone.Length == 0 ? null : zone), Some(kind)),
            };
            next(kept);
            done.Add(next);
            pods = kept.Pods;
            for (var asked = 0; asked < 6; asked++)
            {
                var anew = new PluginRig(new InterPodAffinity());
                foreach (var earlier in done) earlier(anew);
                Assert.Equal(Says(anew, Some(asked)), Says(kept, Some(asked)));
                Assert.Equal(anew.Score(Some(asked)), kept.Score(Some(asked)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Terms_on_other_pods_hold_by_topology(string why, Pod[] there, Pod pod, string says)
    {
        var rig = Rig(there);
        rig.Label("other", ("team", "x"));
        var said = Says(rig, pod);
        Assert.True(says == said, $"{why}: {said}");
    }

    [Fact]
    public void Wishes_of_both_sides_rank_nodes()
    {
        var wish = new Affinity { PodAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 50, PodAffinityTerm = Term("db") }] } };
        Assert.Equal([100, 100, 0, 0], Rig(Pod("db")).Score(Pod("web", wish))!);
        var shun = new Affinity { PodAntiAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 50, PodAffinityTerm = Term("db") }] } };
        Assert.Equal([0, 0, 100, 100], Rig(Pod("db")).Score(Pod("web", shun))!);
        var liked = new Affinity { PodAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 5, PodAffinityTerm = Term("web") }] } };
        Assert.Equal([100, 100, 0, 0], Rig(Pod("db", liked)).Score(Pod("web"))!);
        Assert.Null(Rig(Pod("db")).Score(Pod("web")));
    }
}
