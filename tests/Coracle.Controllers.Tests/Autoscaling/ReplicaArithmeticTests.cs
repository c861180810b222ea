using Coracle.Controllers.Autoscaling;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Autoscaling;

/// <summary>How many pods there should be, in upstream's cases (replica_calculator_test.go).</summary>
public sealed class ReplicaArithmeticTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Tolerances Usual = new(Tolerances.Usual, Tolerances.Usual);

    private static Pod NewPod(int i, string request, string ready = "True", string phase = "Running", double startedMinutes = 60, double changedMinutes = 50) => new()
    {
        Metadata = new() { Namespace = "default", Name = $"p{i}" },
        Spec = new() { Containers = [new() { Name = "main", Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse(request) } } }] },
        Status = new()
        {
            Phase = phase, StartTime = Now.AddMinutes(-startedMinutes),
            Conditions = [new() { Type = "Ready", Status = ready, LastTransitionTime = Now.AddMinutes(-changedMinutes) }],
        },
    };

    private static Dictionary<string, PodSample> Samples(IReadOnlyList<int> levels) =>
        levels.Select((level, i) => (Name: $"p{i}", Value: level)).ToDictionary(s => s.Name, s => new PodSample(s.Value, Now, TimeSpan.FromMinutes(1)));

    private static Wanted Utilization(int current, int target, int[] levels, IReadOnlyList<Pod> pods, Tolerances? tolerances = null)
    {
        var samples = Samples(levels);
        var groups = PodGroups.Of(pods, samples, "cpu", Now);
        return ReplicaArithmetic.ForUtilization(current, target, samples, ReplicaArithmetic.Requests(pods, "cpu", ""), groups, tolerances ?? Usual);
    }

    private static List<Pod> Pods(int count, string request = "1", Func<int, Pod>? make = null) => [.. Enumerable.Range(0, count).Select(i => make?.Invoke(i) ?? NewPod(i, request))];

    [Theory]
    // Up, down, and neither: within a tenth.
    [InlineData(3, 30, new[] { 300, 500, 700 }, 5, 50)]
    [InlineData(5, 50, new[] { 100, 300, 500, 250, 250 }, 3, 28)]
    [InlineData(3, 100, new[] { 1010, 1030, 1020 }, 3, 102)]
    [InlineData(3, 90, new[] { 900, 950, 930 }, 3, 92)]
    [InlineData(1, 10, new[] { 1000 }, 10, 100)]
    public void Usage_against_what_pods_request_decides(int current, int target, int[] levels, int replicas, int percent)
    {
        var wanted = Utilization(current, target, levels, Pods(current));
        Assert.Equal((replicas, percent), (wanted.Replicas, wanted.Percent!.Value));
    }

    [Fact]
    public void Pods_that_are_not_ready_count_as_idle_when_there_would_be_more()
    {
        var pods = Pods(3, make: i => NewPod(i, "1", i == 0 ? "True" : i == 1 ? "True" : "False", startedMinutes: 2, changedMinutes: 2));
        Assert.Equal(4, Utilization(3, 30, [300, 500, 700], Pods(3, make: i => NewPod(i, "1", i == 0 ? "False" : "True", startedMinutes: 2, changedMinutes: 2))).Replicas);
        Assert.Equal(3, Utilization(3, 30, [400, 500, 700], pods).Replicas);
    }

    [Fact]
    public void A_pod_that_begins_does_not_count_while_its_sample_may_be_of_its_beginning()
    {
        var hot = Pods(4, make: i => NewPod(i, "1", startedMinutes: i == 3 ? 2 : 60, changedMinutes: i == 3 ? 0.5 : 50));
        Assert.Equal(["p3"], PodGroups.Of(hot, Samples([1, 1, 1, 1]), "cpu", Now).Unready);
        Assert.Empty(PodGroups.Of(hot, Samples([1, 1, 1, 1]), "memory", Now).Unready);
    }

    [Theory]
    [InlineData(2, 50, new[] { 1000 }, 2)] // one of two says 100 %: the other might do nothing, which makes 50 %
    [InlineData(2, 100, new[] { 500 }, 2)] // one says 50 %: the other might need all that it requested
    [InlineData(4, 100, new[] { 100, 100 }, 3)]
    [InlineData(2, 100, new[] { 4000 }, 4)]
    public void Pods_without_a_sample_are_taken_for_what_changes_least(int current, int target, int[] levels, int replicas) =>
        Assert.Equal(replicas, Utilization(current, target, levels, Pods(current)).Replicas);

    [Fact]
    public void Pods_that_end_or_have_failed_do_not_count()
    {
        var pods = Pods(4, make: i => NewPod(i, "1", phase: i == 3 ? "Failed" : "Running"));
        pods[2].Metadata.DeletionTimestamp = Now;
        Assert.Equal(2, Utilization(2, 50, [500, 500, 900, 900], pods).Replicas);
    }

    [Fact]
    public void A_tolerance_of_ones_own_goes_before_the_usual_one_in_its_direction()
    {
        Assert.Equal(4, Utilization(3, 100, [1010, 1030, 1020], Pods(3), new(0.01, 0.1)).Replicas);
        Assert.Equal(3, Utilization(3, 100, [700, 700, 700], Pods(3), new(0.01, 0.4)).Replicas);
    }

    [Fact]
    public void What_cannot_be_worked_out_says_why()
    {
        var unready = Pods(2, make: i => NewPod(i, "1", "False", startedMinutes: 1));
        Assert.Equal("did not receive metrics for targeted pods (pods might be unready)", Assert.Throws<MetricException>(() => Utilization(2, 50, [1, 1], unready)).Message);
        var none = NewPod(0, "1");
        none.Spec.Containers![0].Resources.Requests = null;
        Assert.Equal("missing request for cpu in container main of Pod p0", Assert.Throws<MetricException>(() => ReplicaArithmetic.Requests([none], "cpu", "")).Message);
    }

    [Theory]
    [InlineData(3, 15_000, new[] { 20_000, 10_000, 30_000 }, 4, 20_000)]
    [InlineData(5, 20_000, new[] { 12_000, 12_000, 12_000, 12_000, 12_000 }, 3, 12_000)]
    [InlineData(3, 20_000, new[] { 20_000, 21_000, 21_000 }, 3, 20_666)]
    public void An_average_of_a_pods_metric_decides(int current, long target, int[] levels, int replicas, long average)
    {
        var samples = Samples(levels);
        var wanted = ReplicaArithmetic.ForAverage(current, target, samples, PodGroups.Of(Pods(current), samples, "", Now), Usual);
        Assert.Equal((replicas, average), (wanted.Replicas, wanted.Value));
    }

    [Theory]
    [InlineData(3, 15_000, 20_000, 4)]
    [InlineData(5, 20_000, 12_000, 3)]
    [InlineData(3, 20_000, 20_666, 3)]
    [InlineData(0, 2_000, 5_000, 3)]
    [InlineData(0, 2_000, 0, 0)]
    public void A_value_of_something_else_decides_by_the_pods_that_are_ready(int current, long target, long value, int replicas) =>
        Assert.Equal(replicas, ReplicaArithmetic.ForValue(current, target, value, Pods(current), Usual).Replicas);

    [Theory]
    [InlineData(3, 2_150, 8_600, 4, 2_867)]
    [InlineData(5, 2_867, 8_600, 3, 1_720)]
    [InlineData(3, 2_867, 8_600, 3, 2_867)]
    public void A_value_that_all_pods_share_decides(int running, long target, long value, int replicas, long average)
    {
        var wanted = ReplicaArithmetic.ForShare(running, target, value, Usual);
        Assert.Equal((replicas, average), (wanted.Replicas, wanted.Value));
    }
}
