namespace Coracle.Sdk.Tests;

public sealed class SelectorTests
{
    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app!=web", false)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("tier notin (db)", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!tier,app=web", true)]
    [InlineData("size>3", true)]
    [InlineData("size<3", false)]
    [InlineData("", true)]
    public void A_selector_matches_as_the_server_does(string text, bool matches)
    {
        var labels = new Dictionary<string, string> { ["app"] = "web", ["size"] = "5" };
        Assert.Equal(matches, Selector.Parse(text).Matches(labels));
    }

    [Fact]
    public void A_selector_that_is_not_there_matches_nothing() => Assert.False(Selector.From(null).Matches(new Dictionary<string, string>()));
}
