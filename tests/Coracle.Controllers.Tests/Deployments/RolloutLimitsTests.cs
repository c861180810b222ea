using Coracle.Controllers.Deployments;
using Coracle.Kinds.Apps.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class RolloutLimitsTests
{
    [Theory]
    [InlineData("25%", "25%", 10, 3, 2)]
    [InlineData("25%", "25%", 1, 1, 0)]
    [InlineData("25%", "25%", 3, 1, 0)]
    [InlineData("25%", "25%", 4, 1, 1)]
    [InlineData("39%", "39%", 10, 4, 3)]
    [InlineData("100%", "0%", 5, 5, 0)]
    [InlineData("0%", "0%", 10, 0, 1)]
    [InlineData("0", "1%", 10, 0, 1)]
    [InlineData("2", "0", 10, 2, 0)]
    [InlineData("0", "20", 10, 0, 10)]
    [InlineData("1", "100%", 0, 1, 0)]
    public void Shares_are_rounded_in_favour_of_pods_and_leave_room_for_one_at_least(string surge, string unavailable, int replicas, int maxSurge, int maxUnavailable) =>
        Assert.Equal(new RolloutLimits(replicas, maxSurge, maxUnavailable), RolloutLimits.Of(Spec(replicas, Parse(surge), Parse(unavailable))));

    [Fact]
    public void A_recreated_deployment_has_no_room_in_either_direction()
    {
        var spec = Spec(5, "50%", "50%");
        spec.Strategy.Type = DeploymentStrategyType.Recreate;
        Assert.Equal(new RolloutLimits(5, 0, 0), RolloutLimits.Of(spec));
    }

    private static IntOrString Parse(string text) => text.EndsWith('%') ? new(text) : new(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static DeploymentSpec Spec(int replicas, IntOrString surge, IntOrString unavailable) => new()
    {
        Replicas = replicas, Strategy = new() { Type = DeploymentStrategyType.RollingUpdate, RollingUpdate = new() { MaxSurge = surge, MaxUnavailable = unavailable } },
    };
}
