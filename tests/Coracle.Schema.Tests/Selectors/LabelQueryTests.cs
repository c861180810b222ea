using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Selectors;

public sealed class LabelQueryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("x=a,y=b,z=c", "x=a,y=b,z=c")]
    [InlineData("x=,z= ", "x=,z=")]
    [InlineData("z=c, x==a", "x==a,z=c")]
    [InlineData("!x", "!x")]
    [InlineData("x>1,z<5", "x>1,z<5")]
    [InlineData("x in (b,a)", "x in (a,b)")]
    [InlineData("x in (a)", "x in (a)")]
    [InlineData("x in ()", "x in ()")]
    [InlineData("x in (a,,a,,a,,)", "x in (,a)")]
    [InlineData("x notin (, a)", "x notin (,a)")]
    [InlineData("x notin (abc,,def),bar,z in (),w", "bar,w,x notin (,abc,def),z in ()")]
    [InlineData("x  notin	\t	(abc,def)", "x notin (abc,def)")]
    [InlineData("a in (x,y,notin, z,in)", "a in (in,notin,x,y,z)")]
    [InlineData("notin=in", "notin=in")]
    [InlineData("0.1.2.domain/99 notin (10.10.100.1, tick.tack.clock)", "0.1.2.domain/99 notin (10.10.100.1,tick.tack.clock)")]
    [InlineData("\rx", "x")]
    public void A_query_prints_canonically(string text, string canonical)
    {
        Assert.Equal(canonical, LabelQuery.Parse(text).ToString());
        Assert.Equal(canonical, LabelQuery.Parse(canonical).ToString());
    }

    [Theory]
    [InlineData("x,,y", "found ',', expected: identifier after ','")]
    [InlineData(",x,y", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("x==a==b", "found '==', expected: ',' or 'end of string'")]
    [InlineData("!x=a", "found '=', expected: ',' or 'end of string'")]
    [InlineData("x nott in (y)", "unable to parse requirement: found 'nott', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a in (xyz)b notin ()", "found 'b', expected: ',' or 'end of string'")]
    [InlineData("a in xyz", "unable to parse requirement: found 'xyz' expected: '('")]
    [InlineData("a in (x y)", "unable to parse requirement: found 'y', expected: ',' or ')'")]
    [InlineData("a in (!", "unable to parse requirement: found '!', expected: ',', ')' or identifier")]
    [InlineData("a in (b,!", "unable to parse requirement: found '!', expected: ',', or identifier")]
    [InlineData("a in (b", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("a=(", "unable to parse requirement: found '(', expected: identifier")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("x<a", "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("a$b=c", "unable to parse requirement: <nil>: Invalid value: \"a$b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("a=b$c", "unable to parse requirement: values[0][a]: Invalid value: \"b$c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    public void What_is_no_query_is_refused_in_upstreams_words(string text, string message)
    {
        Assert.False(LabelQuery.TryParse(text, out _, out var error));
        Assert.Equal(message, error);
    }

    [Theory]
    [InlineData("", "x=y", true)]
    [InlineData("x=y", "x=y", true)]
    [InlineData("x=y", "x=z", false)]
    [InlineData("x=y", "", false)]
    [InlineData("x!=y,z!=w", "x=z,z=a", true)]
    [InlineData("x!=y,z!=w", "x=z,z=w", false)]
    [InlineData("x!=y", "", true)]
    [InlineData("x notin (y)", "", true)]
    [InlineData("notin=in", "notin=in", true)]
    [InlineData("x", "x=", true)]
    [InlineData("x=", "x=", true)]
    [InlineData("x", "y=z", false)]
    [InlineData("!x", "y=z", true)]
    [InlineData("!x", "x=z", false)]
    [InlineData("x>1", "x=2", true)]
    [InlineData("x>1", "x=1", false)]
    [InlineData("x<1", "x=0", true)]
    [InlineData("x>1", "x=many", false)]
    [InlineData("x>1", "", false)]
    [InlineData("foo=bar,baz=blah", "foo=bar,baz=blah,more=1", true)]
    [InlineData("foo in (bar,baz)", "foo=baz", true)]
    [InlineData("foo notin (bar,baz)", "foo=baz", false)]
    public void A_query_selects_as_upstreams_does(string text, string labels, bool matches)
    {
        var set = Set(labels);
        var query = LabelQuery.Parse(text);
        Assert.Equal(matches, query.Matches(set));
        Assert.Equal(matches, query.Matches(JsonSerializer.SerializeToUtf8Bytes(set)));
    }

    [Fact]
    public void Absent_labels_are_no_labels()
    {
        foreach (var absent in new[] { "", "null", "{}", " {} " })
        {
            Assert.True(LabelQuery.Parse("!x,y!=a").Matches(Encoding.UTF8.GetBytes(absent)));
            Assert.False(LabelQuery.Parse("x").Matches(Encoding.UTF8.GetBytes(absent)));
        }
        Assert.True(LabelQuery.Parse("!x").Matches((IReadOnlyDictionary<string, string>?)null));
    }

    [Fact]
    public void Escaped_and_nested_json_is_read_right()
    {
        Assert.True(LabelQuery.Parse("a/b=c").Matches("""{"other":{"a/b":"x"},"a\/b":"\u0063"}"""u8));
        Assert.False(LabelQuery.Parse("a/b=c").Matches("""{"other":{"a/b":"c"}}"""u8));
    }

    [Fact]
    public void Nothing_matches_nothing_and_everything_all()
    {
        Assert.False(LabelQuery.Nothing.Matches("{}"u8));
        Assert.False(LabelQuery.Nothing.IsEverything);
        Assert.True(LabelQuery.Everything.Matches("{}"u8));
        Assert.True(LabelQuery.Parse("").IsEverything);
        Assert.True(LabelQuery.From(null, null, out _)!.IsEverything);
        Assert.True(LabelQuery.Nothing.Add(LabelQuery.Parse("a=b").Requirements).IsNothing);
    }

    [Fact]
    public void An_objects_selector_joins_labels_and_expressions()
    {
        var query = LabelQuery.From(Set("b=2,a=1"), [new("tier", "NotIn", ["x", "w"]), new("c", "Exists", null), new("d", "DoesNotExist", [])], out var error);
        Assert.Null(error);
        Assert.Equal("a=1,b=2,c,!d,tier notin (w,x)", query!.ToString());
    }

    [Theory]
    [InlineData("In", "", "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty")]
    [InlineData("Exists", "v", "values: Invalid value: [\"v\"]: values set must be empty for exists and does not exist")]
    [InlineData("Gt", "1", "\"Gt\" is not a valid label selector operator")]
    public void An_objects_invalid_selector_is_refused(string @operator, string values, string message)
    {
        Assert.Null(LabelQuery.From(null, [new("a", @operator, values.Length == 0 ? [] : [values])], out var error));
        Assert.Equal(message, error);
    }

    [Fact]
    public void Several_faults_are_listed()
    {
        LabelQuery.From(null, [new("a b", "Exists", ["v"])], out var error);
        Assert.StartsWith("[key: Invalid value: \"a b\": name part must consist", error, StringComparison.Ordinal);
        Assert.EndsWith(", values: Invalid value: [\"v\"]: values set must be empty for exists and does not exist]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=1", "a", "1")]
    [InlineData("a in (1)", "a", "1")]
    [InlineData("a in (1,2)", "a", null)]
    [InlineData("a!=1", "a", null)]
    [InlineData("b=1", "a", null)]
    public void An_exact_match_is_recognised(string text, string label, string? value) => Assert.Equal(value, LabelQuery.Parse(text).ExactMatch(label));

    [Fact]
    public void Matching_json_allocates_nothing()
    {
        var query = LabelQuery.Parse("app=web,tier in (front,back),!canary,rank>3");
        var labels = """{"app":"web","rank":"7","tier":"back","x":"y"}"""u8;
        Assert.True(query.Matches(labels));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) query.Matches(labels);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Matching_a_dictionary_and_json_agree() => Property.Holds(
        from query in Gen.Elements("a=1", "a!=1", "a in (1,2)", "a notin (1,2)", "a", "!a", "a>1", "a<2", "a=1,b", "b notin (),!c").Two()
        from labels in Gen.Choose(0, 4).SelectMany(n => Gen.Elements("a=1", "a=2", "a=", "b=", "b=1", "c=3", "a=x").ListOf(n))
        select (query, labels),
        c =>
        {
            var set = Set(string.Join(',', c.labels));
            var query = LabelQuery.Parse(c.query.Item1 + "," + c.query.Item2);
            Assert.Equal(query.Matches(set), query.Matches(JsonSerializer.SerializeToUtf8Bytes(set)));
            Assert.Equal(LabelQuery.Parse(c.query.Item1).Matches(set) && LabelQuery.Parse(c.query.Item2).Matches(set), query.Matches(set));
        });

    [Fact]
    public void No_text_breaks_the_parser() => Property.Holds(
        Gen.Choose(0, 12).SelectMany(n => Gen.Elements("a", "in", "notin", "(", ")", ",", "=", "==", "!=", "!", ">", "<", " ", "é", "\0").ListOf(n)).Select(string.Concat),
        text =>
        {
            if (LabelQuery.TryParse(text, out var query, out var error)) Assert.Equal(query.ToString(), LabelQuery.Parse(query.ToString()).ToString());
            else Assert.NotNull(error);
        }, 5000);

    private static Dictionary<string, string> Set(string labels) =>
        labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')).DistinctBy(l => l[0]).ToDictionary(l => l[0], l => l[1]);
}
