using Coracle.Schema.Cel;

namespace Coracle.Schema.Tests.Cel;

public sealed class CelErrorTests
{
    private const string Expecting = "expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    [Theory]
    [InlineData("1 +", "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' " + Expecting)]
    [InlineData("", "ERROR: <input>:1:1: Syntax error: mismatched input '<EOF>' " + Expecting)]
    [InlineData("-", "ERROR: <input>:1:2: Syntax error: no viable alternative at input '-'")]
    [InlineData("A{:a}", "ERROR: <input>:1:3: Syntax error: extraneous input ':' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}")]
    [InlineData("(1 + 2", "ERROR: <input>:1:7: Syntax error: missing ')' at '<EOF>'")]
    [InlineData("'\\udead'", "ERROR: <input>:1:1: invalid unicode code point")]
    [InlineData("1 + $", "ERROR: <input>:1:5: Syntax error: token recognition error at: '$'")]
    [InlineData("a = b", "ERROR: <input>:1:3: Syntax error: token recognition error at: '= '")]
    [InlineData("1 + 2\n3 +", "ERROR: <input>:2:1: Syntax error: mismatched input '3' expecting <EOF>")]
    [InlineData("TestAllTypes(){}", "ERROR: <input>:1:15: Syntax error: mismatched input '{' expecting <EOF>")]
    [InlineData("{", "ERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}")]
    [InlineData("{\"a\": 1}.\"a\"", "ERROR: <input>:1:10: Syntax error: no viable alternative at input '.\"a\"'")]
    [InlineData("\"\\xFh\"", "ERROR: <input>:1:1: Syntax error: token recognition error at: '\"\\xFh'")]
    [InlineData("0xFFFFFFFFFFFFFFFFF", "ERROR: <input>:1:1: invalid int literal")]
    [InlineData("1.99e90000009", "ERROR: <input>:1:1: invalid double literal")]
    [InlineData("for", "ERROR: <input>:1:1: reserved identifier: for")]
    [InlineData("has(m)", "ERROR: <input>:1:5: invalid argument to has() macro")]
    [InlineData("1.all(2, 3)", "ERROR: <input>:1:7: argument must be a simple name")]
    [InlineData("[].filter(a.b, false)", "ERROR: <input>:1:12: argument is not an identifier")]
    [InlineData("a.`b`", "ERROR: <input>:1:3: unsupported syntax: '`'")]
    public void What_cannot_be_read_is_told_as_cel_go_tells_it(string expression, string firstLine) => CelCases.Wrong(expression, firstLine);

    [Theory]
    [InlineData("x", "ERROR: <input>:1:1: undeclared reference to 'x' (in container '')")]
    [InlineData("f(1)", "ERROR: <input>:1:2: undeclared reference to 'f' (in container '')")]
    [InlineData("1 + 'a'", "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'")]
    [InlineData("'a'.startsWith(1)", "ERROR: <input>:1:15: found no matching overload for 'startsWith' applied to 'string.(int)'")]
    [InlineData("true && 1", "ERROR: <input>:1:9: expected type 'bool' but found 'int'")]
    [InlineData("[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'")]
    [InlineData("{'a': 1, 'b': 'c'}", "ERROR: <input>:1:15: expected type 'int' but found 'string'")]
    [InlineData("1.all(x, true)", "ERROR: <input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [InlineData("'a'.b", "ERROR: <input>:1:4: type 'string' does not support field selection")]
    [InlineData("duration('x')", "ERROR: <input>:1:10: invalid duration argument")]
    [InlineData("timestamp('x')", "ERROR: <input>:1:11: invalid timestamp argument")]
    [InlineData("'a'.matches('(')", "ERROR: <input>:1:13: invalid matches argument")]
    [InlineData("[dyn(1), 'a']", "ERROR: <input>:1:10: expected type 'dyn' but found 'string'")]
    [InlineData("'%d'.format([1.5])", "ERROR: <input>:1:14: error during formatting: decimal clause can only be used on integers, was given double")]
    [InlineData("'%s'.format([1, 2])", "ERROR: <input>:1:12: too many arguments supplied to string.format (expected 1, got 2)")]
    [InlineData("'%s %s'.format([1])", "ERROR: <input>:1:15: index 1 out of range")]
    [InlineData("'%q'.format([1])", "ERROR: <input>:1:12: could not parse formatting clause: unrecognized formatting clause \"q\"")]
    [InlineData("'a'.find('(') == ''", "program instantiation failed: error parsing regexp: missing closing ): `(`")]
    [InlineData("int('x') == 1", "program instantiation failed: type conversion error from 'string' to 'int'")]
    [InlineData("null == 1", "ERROR: <input>:1:6: found no matching overload for '_==_' applied to '(null, int)'")]
    public void What_does_not_fit_is_told_as_cel_go_tells_it(string expression, string firstLine) => CelCases.Wrong(expression, firstLine);

    [Fact]
    public void The_line_is_shown_with_a_caret_below_the_place()
    {
        var compiled = CelProgram.Compile("1 +\n  é + x", CelEnvironment.Kubernetes);
        Assert.Equal(
            """
            ERROR: <input>:2:3: Syntax error: token recognition error at: 'é'
             |   é + x
             | ..＾
            ERROR: <input>:2:5: Syntax error: extraneous input '+' EXPECTING
             |   é + x
             | ..．.^
            """.Replace("EXPECTING", Expecting), compiled.IssueText);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Assert.Equal("ERROR: <input>:-1:0: expression recursion limit exceeded: 250", CelProgram.Compile(new string('(', 300) + "1" + new string(')', 300), CelEnvironment.Kubernetes).IssueText);
        Assert.Equal("ERROR: <input>:-1:0: expression recursion limit exceeded: 250", CelProgram.Compile("1" + string.Concat(Enumerable.Repeat(" + 1", 300)), CelEnvironment.Kubernetes).IssueText);
        Assert.NotNull(CelProgram.Compile("true" + string.Concat(Enumerable.Repeat(" && true", 5000)), CelEnvironment.Kubernetes).Program);
    }

    [Theory]
    [InlineData("(", "missing closing ): `(`")]
    [InlineData(")", "unexpected ): `)`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("*a", "missing argument to repetition operator: `*`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("a{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("((a{100}){10}){2}", "invalid repeat count: `{2}`")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax: `(?=`")]
    [InlineData("(?!a)", "invalid or unsupported Perl syntax: `(?!`")]
    [InlineData("(?<=a)", "invalid named capture: `(?<=a)`")]
    [InlineData("\\1", "invalid escape sequence: `\\1`")]
    [InlineData("[z-a]", "invalid character class range: `z-a`")]
    [InlineData("(?P<n>a)(?P<n>b)", "duplicate capture group name: `n`")]
    [InlineData("a\\", "trailing backslash at end of expression: ``")]
    public void Patterns_that_are_none_are_told_in_Gos_words(string pattern, string error)
    {
        Assert.False(GoRegex.TryCompile(pattern, out _, out var told));
        Assert.Equal("error parsing regexp: " + error, told);
    }

    [Fact]
    public void Macros_that_double_their_target_do_not_grow_without_bound() => Assert.Equal(
        "ERROR: <input>:-1:0: expression is too large after its macros are expanded",
        CelProgram.Compile("optional.of(1)" + string.Concat(Enumerable.Repeat(".optMap(x, x)", 100)), CelEnvironment.Kubernetes).IssueText);

    [Fact]
    public void Results_that_a_short_expression_makes_huge_are_errors()
    {
        var text = new CelActivation().Set("text", CelValue.String(new string('a', 100_000)));
        CelCases.Fails("text.replace('a', text)", "replace: the result would be too large", CelEnvironment.Kubernetes.WithVariable("text", CelType.String), text);
    }

    [Theory]
    [InlineData("== v")]
    [InlineData(".map(x, '%s'.format([x])).size() > 0")]
    public void Lists_that_hold_one_list_many_times_end_the_evaluation(string use)
    {
        // Ten times ten times ten...: made by cheap steps, but far too large to look at all of.
        var text = "v " + use;
        for (var i = 0; i < 9; i++) text = $"cel.bind(v, [v, v, v, v, v, v, v, v, v, v], {text})";
        var result = CelCases.Run($"cel.bind(v, dyn([1]), {text})", CelEnvironment.Kubernetes.WithSpecificationDefaults());
        Assert.True(result.LimitExceeded, result.Value.Kind.ToString());
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused() => Assert.StartsWith(
        "ERROR: <input>:-1:0: expression code point size exceeds limit: size: 100001, limit 100000",
        CelProgram.Compile(new string(' ', 100_000) + "1", CelEnvironment.Kubernetes).IssueText);
}
