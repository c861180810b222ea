using System.Numerics;
using Coracle.Schema;
using Coracle.Schema.Cel;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Selectors, quantities and expressions against what can be worked out by hand.</summary>
public sealed class LanguageProperties
{
    private static readonly string[] Keys = ["a", "b", "x/y"];
    private static readonly string[] Values = ["", "1", "2", "10", "v"];

    private static readonly Gen<Dictionary<string, string>> Labels = Gen.SubListOf(Keys).SelectMany(keys => Gen.Elements(Values).ArrayOf(keys.Count).Select(values => keys.Zip(values).ToDictionary(l => l.First, l => l.Second)));

    /// <summary>A requirement, and what it means.</summary>
    private static readonly Gen<(string Text, Func<Dictionary<string, string>, bool> Holds)> Requirements =
        from key in Gen.Elements(Keys)
        from value in Gen.Elements(Values)
        from other in Gen.Elements(Values)
        from number in Gen.Elements("1", "5")
        from requirement in Gen.Elements<(string, Func<Dictionary<string, string>, bool>)>(
            ($"{key}={value}", l => l.TryGetValue(key, out var v) && v == value), ($"{key}=={value}", l => l.TryGetValue(key, out var v) && v == value), ($"{key} != {value}", l => !l.TryGetValue(key, out var v) || v != value),
            ($"{key} in ({value},{other})", l => l.TryGetValue(key, out var v) && (v == value || v == other)), ($"{key} notin ({value}, {other})", l => !l.TryGetValue(key, out var v) || v != value && v != other),
            (key, l => l.ContainsKey(key)), ($"!{key}", l => !l.ContainsKey(key)),
            ($"{key}>{number}", l => l.TryGetValue(key, out var v) && BigInteger.TryParse(v, out var n) && n > BigInteger.Parse(number)), ($"{key} < {number}", l => l.TryGetValue(key, out var v) && BigInteger.TryParse(v, out var n) && n < BigInteger.Parse(number)))
        select requirement;

    [Fact]
    public void A_selector_matches_what_all_its_requirements_match() => Property.Holds(Gen.Choose(0, 4).SelectMany(n => Requirements.ArrayOf(n)).SelectMany(r => Labels.Select(l => (r, l))), pair =>
    {
        var query = LabelQuery.Parse(string.Join(',', pair.r.Select(r => r.Text)));
        Assert.Equal(pair.r.All(r => r.Holds(pair.l)), query.Matches(pair.l));
        Assert.Equal(query.ToString(), LabelQuery.Parse(query.ToString()).ToString());
        Assert.Equal(query.Matches(pair.l), LabelQuery.Parse(query.ToString()).Matches(pair.l));
    }, 1000);

    [Fact]
    public void A_field_selector_matches_what_all_its_requirements_match() => Property.Holds(
        Gen.Choose(0, 4).SelectMany(n => (from field in Gen.Elements("metadata.name", "status.phase") from negated in Gen.Elements(true, false) from value in Gen.Elements("", "a", "b,c", "d=e", "f\\") select new FieldRequirement(field, negated, value)).ArrayOf(n)),
        requirements =>
        {
            var query = FieldQuery.Parse(string.Join(',', requirements));
            var fields = new Dictionary<string, string> { ["metadata.name"] = "a", ["status.phase"] = "b,c" };
            Assert.Equal(requirements.All(r => fields[r.Field] == r.Value != r.Negated), query.Matches(fields, static (all, field) => all[field]));
            Assert.Equal(query.ToString(), FieldQuery.Parse(query.ToString()).ToString());
        }, 1000);

    // None that makes a number so great that upstream cuts it off.
    private static readonly (string Suffix, BigInteger Nano)[] Suffixes =
    [
        ("n", 1), ("u", 1000), ("m", 1_000_000), ("", 1_000_000_000), ("k", BigInteger.Pow(10, 12)), ("M", BigInteger.Pow(10, 15)), ("Ki", 1024 * BigInteger.Pow(10, 9)), ("Mi", 1024 * 1024 * BigInteger.Pow(10, 9)),
        ("e3", BigInteger.Pow(10, 12)), ("E-3", BigInteger.Pow(10, 6)),
    ];

    private static readonly Gen<(Quantity Quantity, BigInteger Nano)> Quantities =
        from number in Gen.OneOf(Gen.Choose(-2000, 2000).Select(n => (long)n), Gen.Elements(0, 1, 999_999_999_999, -999_999_999_999))
        from suffix in Gen.Elements(Suffixes)
        select (Quantity.Parse(number.ToString(System.Globalization.CultureInfo.InvariantCulture) + suffix.Suffix), number * suffix.Nano);

    [Fact]
    public void Quantities_are_the_numbers_that_they_say() => Property.Holds(Gen.Two(Quantities), pair =>
    {
        var ((a, x), (b, y)) = pair;
        Assert.Equal(Math.Sign(x.CompareTo(y)), Math.Sign(a.CompareTo(b)));
        Assert.Equal(x.Sign, a.Sign);
        Assert.Equal(0, Quantity.Parse(a.ToString()).CompareTo(a));
        Assert.Equal(y.Sign, Math.Sign((a + b).CompareTo(a)));
        Assert.Equal(0, (a + b - b).CompareTo(a));
        if (x == y) Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }, 2000);

    /// <summary>Expressions whose types are known, so that all of them run.</summary>
    private static Gen<string> Int(int depth) => depth == 0 ? Gen.Elements("0", "1", "-3", "7") : Gen.OneOf(
        Gen.Elements("1", "2"),
        from a in Int(depth - 1) from b in Int(depth - 1) from op in Gen.Elements("+", "-", "*") select $"({a} {op} {b})",
        List(depth - 1).Select(l => $"size({l})"), List(depth - 1).Select(l => $"({l} + [1])[0]"), Text(depth - 1).Select(t => $"size({t})"),
        from c in Bool(depth - 1) from a in Int(depth - 1) from b in Int(depth - 1) select $"({c} ? {a} : {b})", List(depth - 1).Select(l => $"{l}.sum()"));

    private static Gen<string> List(int depth) => depth == 0 ? Gen.Elements("[1, 2, 3]", "[0]", "[5, 5]") : Gen.OneOf(
        Int(depth - 1).Select(i => $"[{i}, {i}]"),
        from l in List(depth - 1) from i in Int(depth - 1) select $"{l}.map(e, e + {i})", List(depth - 1).Select(l => $"{l}.filter(e, e > 1)"), List(depth - 1).Select(l => $"{l}.sort()"), from a in List(depth - 1) from b in List(depth - 1) select $"({a} + {b})");

    private static Gen<string> Text(int depth) => depth == 0 ? Gen.Elements("'a'", "'some text'", "''") : Gen.OneOf(
        from a in Text(depth - 1) from b in Text(depth - 1) select $"({a} + {b})", Text(depth - 1).Select(t => $"{t}.upperAscii()"), Int(depth - 1).Select(i => $"string({i})"), Text(depth - 1).Select(t => $"{t}.replace('a', 'bb')"), Text(depth - 1).Select(t => $"{t}.split('e').join('-')"));

    private static Gen<string> Bool(int depth) => depth == 0 ? Gen.Elements("true", "false") : Gen.OneOf(
        from a in Int(depth - 1) from b in Int(depth - 1) from op in Gen.Elements("<", "==", ">=", "!=") select $"({a} {op} {b})", from a in Bool(depth - 1) from b in Bool(depth - 1) from op in Gen.Elements("&&", "||") select $"({a} {op} {b})",
        List(depth - 1).Select(l => $"{l}.all(e, e < 9)"), List(depth - 1).Select(l => $"{l}.exists_one(e, e == 1)"), from t in Text(depth - 1) from u in Text(depth - 1) select $"{t}.contains({u})", Text(depth - 1).Select(t => $"{t}.matches('^a+')"), from i in Int(depth - 1) from l in List(depth - 1) select $"({i} in {l})");

    [Fact]
    public void An_expression_costs_no_more_than_was_estimated() => Property.Holds(Gen.OneOf(Int(3), Bool(3), Text(3), List(3)), text =>
    {
        var compiled = CelProgram.Compile(text, CelEnvironment.Kubernetes);
        Assert.True(compiled.Program is not null, compiled.IssueText);
        var result = compiled.Program!.Evaluate(new CelActivation());
        Assert.False(result.LimitExceeded);
        Assert.True((ulong)result.Cost <= (ulong)compiled.Program.EstimateCost().Max, $"{text} cost {result.Cost}, estimated were {compiled.Program.EstimateCost()}");
    }, 1000);
}
