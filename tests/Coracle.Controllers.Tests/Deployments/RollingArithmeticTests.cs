using Coracle.Controllers.Deployments;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class RollingArithmeticTests
{
    [Theory]
    // replicas, surge, new size, old size, old pods that exist: the new size
    [InlineData(10, 3, 0, 10, 10, 3)]
    [InlineData(10, 3, 3, 10, 10, 3)]
    [InlineData(10, 3, 3, 8, 8, 5)]
    [InlineData(10, 3, 3, 8, 10, 3)]
    [InlineData(10, 0, 0, 10, 10, 0)]
    [InlineData(10, 100, 0, 10, 10, 10)]
    [InlineData(10, 3, 10, 0, 0, 10)]
    [InlineData(10, 3, 12, 0, 0, 10)]
    [InlineData(0, 1, 3, 0, 0, 0)]
    public void The_new_set_gets_what_room_there_is(int replicas, int surge, int size, int oldSize, int oldPods, int expected)
    {
        var (newSet, old) = (Sets.Of("new", size), Sets.Of("old", oldSize, pods: oldPods));
        Assert.Equal(expected, RollingArithmetic.NewSize(new(replicas, surge, 0), size, [old, newSet]));
    }

    [Theory]
    // replicas, unavailable; new: size, available; old: size, available: the old size
    [InlineData(10, 2, 0, 0, 10, 10, 8)]
    [InlineData(10, 2, 2, 0, 8, 8, 8)]
    [InlineData(10, 2, 2, 2, 8, 8, 6)]
    [InlineData(10, 0, 3, 0, 10, 10, 10)]
    [InlineData(10, 0, 3, 1, 10, 10, 9)]
    [InlineData(10, 0, 10, 10, 3, 3, 0)]
    [InlineData(10, 2, 5, 0, 8, 7, 8)]
    [InlineData(10, 2, 1, 1, 8, 10, 7)]
    [InlineData(10, 10, 0, 0, 10, 10, 0)]
    public void Old_sets_shrink_as_far_as_enough_stays_available(int replicas, int unavailable, int newSize, int newAvailable, int oldSize, int oldAvailable, int expected)
    {
        var old = Sets.Of("old", oldSize, oldAvailable);
        var shrunk = RollingArithmetic.Shrink(new(replicas, 0, unavailable), Sets.Of("new", newSize, newAvailable), [old]);
        Assert.Equal(expected, shrunk.Count == 0 ? oldSize : Assert.Single(shrunk).Size);
    }

    [Fact]
    public void Pods_that_are_not_available_go_before_those_that_are_whatever_set_they_are_of()
    {
        var (healthy, broken) = (Sets.Of("healthy", 5, 5), Sets.Of("broken", 5, 1, age: 1));
        var shrunk = RollingArithmetic.Shrink(new(10, 0, 5), Sets.Of("new", 0), [healthy, broken]);
        Assert.Equal([("healthy", 4), ("broken", 1)], shrunk.Select(r => (r.Set.Metadata.Name, r.Size)));
    }

    [Fact]
    public void A_new_set_that_lost_pods_again_does_not_count_for_more_than_its_size() =>
        Assert.Empty(RollingArithmetic.Shrink(new(4, 0, 0), Sets.Of("new", 1, available: 3), [Sets.Of("old", 3)]));
}
