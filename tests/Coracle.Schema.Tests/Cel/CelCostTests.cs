using System.Globalization;
using Coracle.Schema.Cel;

namespace Coracle.Schema.Tests.Cel;

public sealed class CelCostTests
{
    // What the literals of lists and maps would cost is not counted when an expression runs: they are made once.
    [Theory]
    [InlineData("1 + 2", 1, 1, 1)]
    [InlineData("[1, 2].all(i, v, v > 0)", 17, 21, 11)]
    [InlineData("[1, 2].transformList(i, v, v < 5, v + 1)", 27, 53, 33)]
    [InlineData("{'a': 1, 'b': 2}.transformMapEntry(k, v, {k: v + 1})", 131, 131, 71)]
    [InlineData("sets.contains([1, 2, 3, 4], [2, 3])", 29, 29, 9)]
    [InlineData("!sets.equivalent([1], [1, 2])", 26, 26, 6)]
    [InlineData("'01234567890123456789012345678901234567890123456789'.lowerAscii()", 5, 5, 5)]
    [InlineData("'abc'.matches('^a.*c$')", 2, 2, 2)]
    [InlineData("quantity('12Mi') == quantity('13Mi')", 3, 3, 3)]
    [InlineData("ip.isCanonical('2001:db8:3333:4444:5555:6666:7777:8888')", 8, 8, 8)]
    [InlineData("cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24')", 7, 11, 7)]
    [InlineData("semver('1.2.3').compareTo(semver('1.2.4'))", 3, 3, 3)]
    [InlineData("format.dns1123Label().validate('my-name')", 33, 33, 9)]
    [InlineData("3 in [1, 2, 3]", 13, 13, 0)]
    [InlineData("has({'a': 1}.a)", 30, 30, 1)]
    [InlineData("true ? 1 : 2", 0, 0, 0)]
    public void Costs_are_upstreams(string expression, int min, int max, int run)
    {
        var program = CelCases.Program(expression);
        Assert.Equal(new CostRange((ulong)min, (ulong)max), program.EstimateCost());
        Assert.Equal(run, program.Evaluate(new CelActivation()).Cost);
    }

    private static CelSchema List(CelSchema items, long? max) => new() { Type = "array", Items = items, MaxItems = max };
    private static CelSchema Text(long? max) => new() { Type = "string", MaxLength = max };

    private static CostRange Estimate(CelSchema property, string expression)
    {
        var self = CelDeclaration.From(new CelSchema { Type = "object", Properties = new Dictionary<string, CelSchema> { ["p"] = property } }, "self")!;
        return CelCases.Program(expression, CelEnvironment.Kubernetes.WithVariable("self", self)).EstimateCost(self);
    }

    [Fact]
    public void What_a_schema_bounds_bounds_the_estimate()
    {
        Assert.Equal(new CostRange(2, 2 + 4), Estimate(Text(10), "self.p.startsWith('0123456789012345678901234567890123456789')") with { Min = 2 });
        Assert.Equal(3u + 10 * (3u + 2), Estimate(List(new() { Type = "integer" }, 10), "self.p.all(x, x > 0)").Max);
        Assert.Equal(3u + 1_572_863ul * 5, Estimate(List(new() { Type = "integer" }, null), "self.p.all(x, x > 0)").Max);
        Assert.Equal(2 + (ulong)Math.Ceiling((1 + 4 * 10) * 0.1) * 1, Estimate(Text(10), "self.p.matches('a')").Max);
        Assert.Equal(2 + (ulong)Math.Ceiling((CelDeclaration.MaxRequestBytes - 1) * 0.1), Estimate(Text(null), "self.p.matches('a')").Max);
    }

    [Fact]
    public void Nested_lists_without_bounds_are_beyond_every_limit() =>
        Assert.True(Estimate(List(List(Text(null), null), null), "self.p.all(x, x.all(y, y.contains('x')))").Max > CelLimits.StaticEstimate);

    [Theory]
    [InlineData("self.p", 2)]
    [InlineData("self.p[0]", 3)]
    [InlineData("has(self.p)", 1)]
    [InlineData("self.p.all(x, x > 0)", 18)]
    [InlineData("self.p.exists(x, x == 2)", 18)]
    [InlineData("self.p.map(x, x + 1).size() == 3", 47)]
    [InlineData("true ? self.p : self.p", 1)]
    [InlineData("self.p[self.p[0]]", 5)]
    public void Running_costs_what_is_read_and_done(string expression, int cost)
    {
        var schema = new CelSchema { Type = "object", Properties = new Dictionary<string, CelSchema> { ["p"] = List(new() { Type = "integer" }, 10) } };
        var (environment, activation) = CelCases.Self(schema, """{"p":[1,2,3]}""");
        Assert.Equal(cost, CelCases.Run(expression, environment, activation).Cost);
    }

    [Fact]
    public void Ranges_that_would_be_huge_cost_instead_of_being_made()
    {
        var result = CelCases.Run("lists.range(2000000000).size() > 0");
        Assert.True(result.LimitExceeded);
    }

    [Fact]
    public void Ranges_of_costs_do_not_wrap_around()
    {
        Assert.Equal(ulong.MaxValue, (CostRange.Unknown + CostRange.Fixed(1)).Max);
        Assert.Equal(ulong.MaxValue, (CostRange.Unknown * CostRange.Fixed(3)).Max);
        Assert.Equal("1", (CostRange.Fixed(3) * 0.1).Max.ToString(CultureInfo.InvariantCulture));
    }
}
