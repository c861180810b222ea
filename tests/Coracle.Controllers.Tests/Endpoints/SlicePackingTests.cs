using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;

namespace Coracle.Controllers.Tests;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

public sealed class SlicePackingTests
{
    private static readonly Service Web = Parts.Service("web");
    private static readonly Node AnyNode = Parts.Node("n1");

    private static Pod Pod(int i, bool ready = true) => Parts.Running($"web-{i:D4}", $"10.1.{i / 250}.{i % 250 + 1}", ready);
    private static IEnumerable<Pod> Pods(int from, int count) => Enumerable.Range(from, count).Select(i => Pod(i));
    private static SliceChanges Plan(IReadOnlyList<EndpointSlice> existing, IEnumerable<Pod> pods, Service? service = null) =>
        SlicePacking.Plan(service ?? Web, "IPv4", existing, PortGroup.Of(service ?? Web, pods, static _ => AnyNode, "IPv4"));

    /// <summary>The slices after the changes, as the server would have them.</summary>
    private static List<EndpointSlice> Apply(IReadOnlyList<EndpointSlice> existing, SliceChanges changes)
    {
        var gone = changes.Update.Concat(changes.Delete).Select(s => s.Metadata.Name).ToHashSet();
        foreach (var slice in changes.Create) slice.Metadata.Name = "s" + slice.GetHashCode();
        return [.. existing.Where(s => !gone.Contains(s.Metadata.Name)), .. changes.Update, .. changes.Create];
    }

    private static List<EndpointSlice> Packed(IEnumerable<Pod> pods) => Apply([], Plan([], pods));
    private static int[] Sizes(IEnumerable<EndpointSlice> slices) => [.. slices.Select(s => s.Endpoints!.Count).OrderDescending()];

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(100, new[] { 100 })]
    [InlineData(101, new[] { 100, 1 })]
    [InlineData(250, new[] { 100, 100, 50 })]
    public void A_slice_holds_a_hundred_endpoints_at_most(int pods, int[] sizes) => Assert.Equal(sizes, Sizes(Packed(Pods(0, pods))));

    [Fact]
    public void Nothing_is_written_while_nothing_changes() => Assert.True(Plan(Packed(Pods(0, 250)), Pods(0, 250)).IsEmpty);

    [Fact]
    public void A_service_without_endpoints_keeps_one_empty_slice()
    {
        var first = Plan([], []);
        Assert.Empty(Assert.Single(first.Create).Endpoints!);
        Assert.True(Plan(Apply([], first), []).IsEmpty);
    }

    [Fact]
    public void The_empty_slice_is_reused_for_the_first_endpoints_and_the_last_one_for_none()
    {
        var empty = Packed([]);
        var filled = Plan(empty, Pods(0, 3));
        Assert.Equal(empty[0].Metadata.Name, Assert.Single(filled.Update).Metadata.Name);
        Assert.Empty(filled.Create);
        var emptied = Plan(Apply(empty, filled), []);
        Assert.Equal(empty[0].Metadata.Name, Assert.Single(emptied.Update).Metadata.Name);
        Assert.Empty(emptied.Delete);
    }

    [Fact]
    public void One_pod_less_is_one_slice_written()
    {
        var changes = Plan(Packed(Pods(0, 250)), Pods(0, 250).Where(p => p.Metadata.Name != "web-0042"));
        Assert.Equal(99, Assert.Single(changes.Update).Endpoints!.Count);
        Assert.Empty(changes.Create);
        Assert.Empty(changes.Delete);
    }

    [Fact]
    public void A_pod_that_changes_its_state_stays_in_its_slice()
    {
        var slices = Packed(Pods(0, 250));
        var changes = Plan(slices, Pods(0, 250).Select(p => p.Metadata.Name == "web-0142" ? Pod(142, ready: false) : p));
        var updated = Assert.Single(changes.Update);
        var before = slices.Find(s => s.Metadata.Name == updated.Metadata.Name)!;
        Assert.Equal(before.Endpoints!.Select(e => e.TargetRef!.Name), updated.Endpoints!.Select(e => e.TargetRef!.Name));
        Assert.False(updated.Endpoints!.Find(e => e.TargetRef!.Name == "web-0142")!.Conditions.Ready);
    }

    [Fact]
    public void A_pod_for_another_is_one_slice_written_not_two()
    {
        var changes = Plan(Packed(Pods(0, 250)), Pods(0, 249).Append(Pod(900)));
        Assert.Single(changes.Update);
        Assert.Empty(changes.Create);
    }

    [Fact]
    public void A_new_pod_goes_into_the_fullest_slice_with_room()
    {
        var slices = Packed(Pods(0, 160));
        slices = Apply(slices, Plan(slices, Pods(0, 160).Where(p => string.CompareOrdinal(p.Metadata.Name, "web-0010") >= 0))); // 90 and 60
        var changes = Plan(slices, Pods(10, 150).Append(Pod(900)));
        Assert.Equal(91, Assert.Single(changes.Update).Endpoints!.Count);
    }

    [Fact]
    public void Pods_whose_named_port_differs_are_in_slices_of_their_own()
    {
        var service = Parts.Service("web", Parts.Port("http", 80, "http"));
        Pod WithPort(int i, int number)
        {
            var pod = Pod(i);
            pod.Spec.Containers![0].Ports = [new() { Name = "http", ContainerPortValue = number, Protocol = "TCP" }];
            return pod;
        }
        var changes = Plan([], [WithPort(1, 8080), WithPort(2, 8080), WithPort(3, 9090)], service);
        Assert.Equal([(8080, 2), (9090, 1)], changes.Create.Select(s => (s.Ports![0].Port!.Value, s.Endpoints!.Count)).Order());
    }

    [Fact]
    public void Slices_of_an_earlier_service_of_the_same_name_are_not_reused()
    {
        var old = Packed(Pods(0, 3));
        foreach (var slice in old) slice.Metadata.OwnerReferences![0].Uid = "earlier";
        var changes = Plan(old, Pods(0, 3));
        Assert.Single(changes.Create);
        Assert.Single(changes.Delete);
        Assert.Empty(changes.Update);
    }

    [Fact]
    public void Slices_carry_the_labels_of_their_service()
    {
        var slices = Packed(Pods(0, 150));
        var labelled = Web.DeepCopy();
        labelled.Metadata.Labels = new() { ["team"] = "a" };
        var changes = Plan(slices, Pods(0, 150), labelled);
        Assert.Equal(2, changes.Update.Count);
        Assert.All(changes.Update, slice => Assert.Equal("a", slice.Metadata.Labels!["team"]));
        Assert.All(changes.Update, slice => Assert.Equal("", slice.Metadata.Labels!["service.kubernetes.io/headless"]));
    }

    [Fact]
    public void However_pods_come_and_go_each_is_in_one_slice_and_no_slice_is_too_large()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            List<EndpointSlice> slices = [];
            var alive = new SortedSet<int>();
            for (var step = 0; step < 15; step++)
            {
                for (var i = random.Next(150); i > 0; i--) alive.Add(random.Next(600));
                alive.RemoveWhere(_ => random.Next(4) == 0);
                var changes = Plan(slices, alive.Select(i => Pod(i, ready: random.Next(5) > 0)));
                slices = Apply(slices, changes);
                Assert.All(slices, s => Assert.InRange(s.Endpoints!.Count, alive.Count == 0 ? 0 : 1, 100));
                Assert.Equal(alive.Select(i => $"web-{i:D4}"), slices.SelectMany(s => s.Endpoints!).Select(e => e.TargetRef!.Name).Order());
                Assert.Equal(slices.Count, slices.DistinctBy(s => s.Metadata.Name).Count());
            }
        }
    }
}
