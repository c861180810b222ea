using Coracle.Controllers.Autoscaling;
using Coracle.Kinds.Autoscaling.V2;

namespace Coracle.Controllers.Tests.Autoscaling;

/// <summary>How fast and how far (horizontal_test.go: TestConvertDesiredReplicasWithRules, TestScalingWithRules, TestNormalizeDesiredReplicasWithBehavior).</summary>
public sealed class ScalingLimitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static HorizontalPodAutoscaler Autoscaler(int min, int max, HPAScalingRules? up = null, HPAScalingRules? down = null) => new()
    {
        Spec = new() { MinReplicas = min, MaxReplicas = max, Behavior = up is null && down is null ? null : new() { ScaleUp = up ?? Rules(0, ("Percent", 1000, 60)), ScaleDown = down ?? Rules(300, ("Percent", 100, 60)) } },
    };

    private static HPAScalingRules Rules(int window, params (string Type, int Value, int Period)[] policies) => new()
    {
        StabilizationWindowSeconds = window, SelectPolicy = "Max", Policies = [.. policies.Select(p => new HPAScalingPolicy { Type = p.Type, Value = p.Value, PeriodSeconds = p.Period })],
    };

    private static HPAScalingRules Select(HPAScalingRules rules, string policy)
    {
        rules.SelectPolicy = policy;
        return rules;
    }

    [Theory]
    [InlineData(2, 10, 1, 15, 4, "ScaleUpLimit")]
    [InlineData(10, 30, 1, 40, 20, "ScaleUpLimit")]
    [InlineData(10, 18, 1, 15, 15, "TooManyReplicas")]
    [InlineData(10, 2, 5, 15, 5, "TooFewReplicas")]
    [InlineData(10, 8, 5, 15, 8, "DesiredWithinRange")]
    public void Without_a_behaviour_of_its_own_the_number_doubles_at_most(int current, int desired, int min, int max, int allowed, string reason)
    {
        var bound = ScalingLimits.Bound(Autoscaler(min, max), new(), current, desired, Now);
        Assert.Equal((allowed, reason), (bound.Replicas, bound.Reason));
    }

    [Theory]
    [InlineData("Pods", 4, 10, 30, 14)]
    [InlineData("Percent", 50, 10, 30, 15)]
    [InlineData("Percent", 10, 1, 30, 2)] // always rounded up, or it would never begin
    public void Pods_come_no_faster_than_the_policy_allows(string type, int value, int current, int desired, int allowed)
    {
        var bound = ScalingLimits.Bound(Autoscaler(1, 100, up: Rules(0, (type, value, 60))), new(), current, desired, Now);
        Assert.Equal((allowed, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"), (bound.Replicas, bound.Reason, bound.Message));
    }

    [Theory]
    [InlineData("Pods", 4, 10, 1, 6)]
    [InlineData("Percent", 50, 10, 1, 5)]
    [InlineData("Percent", 10, 5, 1, 4)]
    public void Pods_go_no_faster_than_the_policy_allows(string type, int value, int current, int desired, int allowed)
    {
        var bound = ScalingLimits.Bound(Autoscaler(1, 100, down: Rules(0, (type, value, 60))), new(), current, desired, Now);
        Assert.Equal((allowed, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"), (bound.Replicas, bound.Reason, bound.Message));
    }

    [Fact]
    public void Of_several_policies_the_one_that_is_selected_holds()
    {
        var up = Rules(0, ("Pods", 2, 60), ("Percent", 100, 60));
        Assert.Equal(20, ScalingLimits.Bound(Autoscaler(1, 100, up: up), new(), 10, 50, Now).Replicas);
        Assert.Equal(12, ScalingLimits.Bound(Autoscaler(1, 100, up: Select(up, "Min")), new(), 10, 50, Now).Replicas);
        Assert.Equal(10, ScalingLimits.Bound(Autoscaler(1, 100, up: Select(up, "Disabled")), new(), 10, 50, Now).Replicas);
        var down = Rules(0, ("Pods", 2, 60), ("Percent", 50, 60));
        Assert.Equal(5, ScalingLimits.Bound(Autoscaler(1, 100, down: down), new(), 10, 1, Now).Replicas);
        Assert.Equal(8, ScalingLimits.Bound(Autoscaler(1, 100, down: Select(down, "Min")), new(), 10, 1, Now).Replicas);
    }

    [Fact]
    public void What_was_done_within_the_period_counts_and_what_was_done_before_does_not()
    {
        var autoscaler = Autoscaler(1, 100, up: Rules(0, ("Pods", 4, 60)));
        var history = new ScalingHistory();
        history.Scaled(autoscaler.Spec.Behavior, 10, 13, Now.AddSeconds(-30));
        Assert.Equal(14, ScalingLimits.Bound(autoscaler, history, 13, 30, Now).Replicas);
        Assert.Equal(17, ScalingLimits.Bound(autoscaler, history, 13, 30, Now.AddSeconds(31)).Replicas);
    }

    [Fact]
    public void Fewer_pods_wait_until_no_recommendation_of_the_last_five_minutes_asked_for_more()
    {
        var history = new ScalingHistory();
        history.Recommend(5, Now);
        var held = ScalingLimits.Stabilize(null, history, 5, 2, Now.AddMinutes(4));
        Assert.Equal((5, "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation"), (held.Replicas, held.Reason, held.Message));
        var free = ScalingLimits.Stabilize(null, history, 5, 2, Now.AddMinutes(6));
        Assert.Equal((2, "ReadyForNewScale"), (free.Replicas, free.Reason));
    }

    [Fact]
    public void More_pods_wait_where_the_behaviour_says_so()
    {
        var autoscaler = Autoscaler(1, 100, up: Rules(120, ("Percent", 1000, 60)));
        var history = new ScalingHistory();
        history.Recommend(3, Now);
        var held = ScalingLimits.Stabilize(autoscaler.Spec.Behavior, history, 3, 9, Now.AddMinutes(1));
        Assert.Equal((3, "ScaleUpStabilized"), (held.Replicas, held.Reason));
        Assert.Equal(9, ScalingLimits.Stabilize(autoscaler.Spec.Behavior, history, 3, 9, Now.AddMinutes(3)).Replicas);
    }
}
