using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Endpoints;

/// <summary>What can be turned on and off.</summary>
public sealed class FeatureGateTests
{
    [Theory]
    [InlineData("Nonsense=true", "unrecognized feature gate: Nonsense")]
    [InlineData("WatchList", "missing bool value for WatchList")]
    [InlineData("WatchList=perhaps", "invalid value of WatchList=perhaps, err: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("AggregatedDiscoveryRemoveBetaType=false", "cannot set feature gate AggregatedDiscoveryRemoveBetaType to false, feature is locked to true")]
    public void What_cannot_be_set_is_refused_in_upstreams_words(string given, string problem)
    {
        Assert.Null(FeatureGates.Parse(given, out var error));
        Assert.Equal(problem, error);
    }

    [Fact]
    public async Task What_is_off_is_not_there()
    {
        await using var api = await Api.StartAsync(features: FeatureGates.Parse("WatchList=false,ComponentFlagz=f,StorageVersionHash=False", out _));
        Assert.Equal(404, (await api.Get("/flagz")).Code);
        Assert.Equal(200, (await api.Get("/statusz")).Code);
        Assert.DoesNotContain("storageVersionHash", (await api.Get("/api/v1")).Text, StringComparison.Ordinal);
        var refused = await api.Get($"{Api.ConfigMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        Assert.Equal(422, refused.Code);
        Assert.Contains("sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled", refused.Message, StringComparison.Ordinal);
        Assert.Contains("kubernetes_feature_enabled{name=\"ComponentFlagz\",stage=\"BETA\"} 0\n", (await api.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_a_stage_are_set_but_those_that_are_set_by_name()
    {
        var gates = FeatureGates.Parse("AllBeta=false,WatchList=true", out _)!;
        Assert.False(gates.IsEnabled(FeatureGates.ComponentFlagz));
        Assert.True(gates.IsEnabled(FeatureGates.WatchList));
    }
}
