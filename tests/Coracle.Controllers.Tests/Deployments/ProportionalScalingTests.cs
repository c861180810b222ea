using Coracle.Controllers.Deployments;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class ProportionalScalingTests
{
    private static string Plan(RolloutLimits limits, int max, params (string Name, int Size, int Age)[] sets) =>
        string.Join(" ", ProportionalScaling.Plan(limits, 0, sets.Select(s => Sets.Of(s.Name, s.Size, max: max, age: s.Age)))
            .OrderBy(r => r.Set.Metadata.Name, StringComparer.Ordinal).Select(r => $"{r.Set.Metadata.Name}={r.Size}"));

    [Fact]
    public void Growing_keeps_the_proportions() => Assert.Equal("new=4 old=6", Plan(new(10, 0, 0), 5, ("old", 3, 0), ("new", 2, 1)));

    [Fact]
    public void Shrinking_keeps_the_proportions() => Assert.Equal("new=2 old=3", Plan(new(5, 0, 0), 10, ("old", 6, 0), ("new", 4, 1)));

    [Fact]
    public void Surge_counts() => Assert.Equal("new=7 old=11", Plan(new(15, 3, 0), 13, ("old", 8, 0), ("new", 5, 1)));

    [Fact]
    public void What_rounding_leaves_over_goes_to_the_largest_and_among_those_to_the_newest_when_growing() =>
        Assert.Equal("a=4 b=5 c=3", Plan(new(12, 0, 0), 11, ("a", 4, 0), ("b", 4, 1), ("c", 3, 2)));

    [Fact]
    public void And_comes_from_the_oldest_of_the_largest_when_shrinking() =>
        Assert.Equal("a=3 b=4 c=3", Plan(new(10, 0, 0), 11, ("a", 4, 0), ("b", 4, 1), ("c", 3, 2)));

    [Fact]
    public void Down_to_nothing_means_every_set() => Assert.Equal("new=0 old=0", Plan(new(0, 3, 0), 13, ("old", 8, 0), ("new", 5, 1)));

    [Fact]
    public void Sets_without_pods_get_none() => Assert.Equal("new=4 old=6", Plan(new(10, 0, 0), 5, ("old", 3, 0), ("empty", 0, 1), ("new", 2, 2)));

    [Fact]
    public void Nothing_to_share_out_leaves_the_sizes() => Assert.Equal("new=2 old=3", Plan(new(4, 1, 0), 5, ("old", 3, 0), ("new", 2, 1)));

    [Fact]
    public void A_set_that_does_not_say_how_large_its_deployment_was_is_measured_by_its_pods()
    {
        var plan = ProportionalScaling.Plan(new(10, 0, 0), 5, [Sets.Of("old", 3), Sets.Of("new", 2, age: 1)]);
        Assert.Equal([6, 4], plan.Select(r => r.Size));
    }
}
