using Coracle.Controllers.Jobs;

namespace Coracle.Controllers.Tests.Jobs;

public sealed class IndexSetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("0,1", "0,1")]
    [InlineData("0,1,2", "0-2")]
    [InlineData("1,3-5,7", "1,3-5,7")]
    [InlineData("3-5,6", "3-6")]
    [InlineData("x,2,4-y,6", "2,6")]
    [InlineData("8-12", "8,9")]
    [InlineData("10,11", "")]
    public void Text_is_read_and_written_as_short_as_upstream_does(string text, string written) => Assert.Equal(written, IndexSet.Parse(text, 10).ToString());

    [Theory]
    [InlineData("", 3, "0-2")]
    [InlineData("0-2", 3, "3-5")]
    [InlineData("1,3", 3, "0,2,4")]
    [InlineData("0-8", 3, "9")]
    [InlineData("0-9", 3, "")]
    public void The_first_missing_indexes_are_the_lowest(string taken, int count, string missing) =>
        Assert.Equal(missing, IndexSet.Of(IndexSet.Parse(taken, 10).FirstMissing(count, 10)).ToString());

    [Fact]
    public void A_union_has_what_either_has()
    {
        var union = IndexSet.Parse("0-2,8", 10).Union(IndexSet.Parse("2-4,7", 10));
        Assert.Equal("0-4,7,8", union.ToString());
        Assert.Equal(7, union.Total);
        Assert.Equal(2, union.CommonWith(IndexSet.Of([4, 5, 8])));
        Assert.True(union.Contains(3));
        Assert.False(union.Contains(5));
    }
}
