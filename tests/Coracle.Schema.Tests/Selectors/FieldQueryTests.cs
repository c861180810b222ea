using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Selectors;

public sealed class FieldQueryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("z=c,x=a,y=b", "x=a,y=b,z=c")]
    [InlineData("x!=a,y==b", "x!=a,y=b")]
    [InlineData(",a=a,", "a=a")]
    [InlineData(@"x=a||y\=b", @"x=a||y\=b")]
    [InlineData(@"k=\\,k2=v2", @"k2=v2,k=\\")]
    [InlineData(@"k=\\\,,k2=v2", @"k2=v2,k=\\\,")]
    [InlineData("함=수,목=록", "목=록,함=수")]
    public void A_query_prints_canonically(string text, string canonical) => Assert.Equal(canonical, FieldQuery.Parse(text).ToString());

    [Theory]
    [InlineData("x", "invalid selector: 'x'; can't understand 'x'")]
    [InlineData("x=a,b", "invalid selector: 'x=a,b'; can't understand 'b'")]
    [InlineData("x==a==b", "invalid field selector: unescaped character in value: 61")]
    [InlineData(@"x=\a", @"invalid field selector: invalid escape sequence: \a")]
    [InlineData(@"x=\", @"invalid field selector: invalid escape sequence: \")]
    public void What_is_no_query_is_refused_in_upstreams_words(string text, string message)
    {
        Assert.False(FieldQuery.TryParse(text, out _, out var error));
        Assert.Equal(message, error);
    }

    [Theory]
    [InlineData("x=y,z!=w", "x=y;z=a", true)]
    [InlineData("x=y,z!=w", "x=y;z=w", false)]
    [InlineData("x!=y", "", true)]
    [InlineData("x=", "", true)]
    [InlineData(@"complex=\=value\\\,\\", @"complex==value\,\", true)]
    public void A_query_selects_as_upstreams_does(string text, string fields, bool matches)
    {
        var set = fields.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        Assert.Equal(matches, FieldQuery.Parse(text).Matches(set, static (s, field) => s.GetValueOrDefault(field)));
    }

    [Fact]
    public void An_exact_match_is_recognised()
    {
        var query = FieldQuery.Parse("metadata.name=x,status.phase!=Running");
        Assert.Equal("x", query.ExactMatch("metadata.name"));
        Assert.Null(query.ExactMatch("status.phase"));
        Assert.Equal("status.phase!=Running", query.Without("metadata.name").ToString());
    }

    [Fact]
    public void Any_value_survives_escaping() => Property.Holds(
        Gen.Choose(0, 8).SelectMany(n => Gen.Elements('a', '\\', ',', '=', '!', 'é').ArrayOf(n)).Select(c => new string(c)),
        value => Assert.Equal(value, FieldQuery.Parse("f=" + FieldQuery.Escape(value)).ExactMatch("f")));
}
