using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema.Cel;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Cel;

public sealed class CelFuzzTests
{
    private static readonly string[] Pieces =
    [
        "1", "2u", "3.5", "'a'", "\"b\"", "b'c'", "null", "true", "false", "x", "self", "self.list", "self.map", ".", ".?", "[", "]", "[?", "{", "}", "(", ")", ",", ":", "?", "+", "-", "*", "/", "%",
        "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "in", " ", "\n", "has(", "self.list.all(x, ", "self.list.map(x, ", "self.list.filter(x, ", "self.map.transformMap(k, v, ", ".size()",
        ".matches('", "')", "duration('1h')", "timestamp(0)", "optional.of(", ".orValue(", ".optMap(y, ", "'%s %d'.format(", ".split('", "lists.range(", ".sort()", ".sortBy(e, ", "quantity('1')", "ip('::1')",
        "type(", "int(", "string(", "dyn(", "é", "😀", "`", "@", "\\", "\"", "'", "'''", "r'", "//", "0x", "1e", "9223372036854775807", "for", "a.b{c: ", "__x__",
    ];

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithVariable("self", CelType.Dyn);

    private static CelActivation Activation() =>
        new CelActivation().Set("self", CelJson.Dynamic(JsonNode.Parse("""{"list":[1,2.5,"a",null,[1],{"b":2}],"map":{"a":1,"b":[1]},"s":"text"}""")));

    private static void Survives(string text)
    {
        var compiled = CelProgram.Compile(text, Environment);
        if (compiled.Program is not { } program)
        {
            Assert.NotEqual("", compiled.IssueText);
            return;
        }
        program.EstimateCost();
        var result = program.Evaluate(Activation(), 10_000);
        Assert.NotNull(result.Value.ToString());
    }

    [Fact]
    public void Any_row_of_tokens_is_answered() =>
        Property.Holds(Gen.Choose(1, 14).SelectMany(n => Gen.Elements(Pieces).ArrayOf(n)), pieces => Survives(string.Concat(pieces)), 5000);

    [Fact]
    public void Any_text_is_answered() =>
        Property.Holds(Gen.Choose(0, 40).SelectMany(n => Gen.Choose(0, 0x2ff).Select(c => (char)c).ArrayOf(n)), text => Survives(new string(text)), 3000);

    [Fact]
    public void Half_a_surrogate_is_answered() => Survives("'\ud800' + '\udc00x' == \"\ud83d\" ? [1].map(x, '\udfff'.size()) : \ud800");

    /// <summary>Expressions that are right, so that what is generated gets as far as being run.</summary>
    private static Gen<string> Expression(int depth)
    {
        var leaf = Gen.Elements("1", "0", "-7", "2u", "1.5", "'a'", "''", "true", "null", "self.list", "self.map", "self.s", "self.gone", "[1, 2]", "{'a': 1}", "9223372036854775807");
        if (depth == 0) return leaf;
        var inner = Expression(depth - 1);
        var infix = from left in inner from op in Gen.Elements("+", "-", "*", "/", "%", "==", "<", "&&", "||", "in") from right in inner select $"(dyn({left}) {op} dyn({right}))";
        var call = from of in inner
                   from name in Gen.Elements("size(dyn({0}))", "string(dyn({0}))", "int(dyn({0}))", "dyn({0}).map(x, x)", "dyn({0}).all(x, x == 1)", "dyn({0}).exists(k, v, v == k)", "[dyn({0})].sort()",
                       "dyn({0})[0]", "dyn({0})['a']", "dyn({0}).?a.orValue(3)", "has(dyn({0}).a)", "dyn({0}).flatten(3)", "type(dyn({0}))", "'%s'.format([dyn({0})])", "-dyn({0})", "!dyn({0})", "dyn({0}).isSorted()")
                   select name.Replace("{0}", of);
        var choice = from condition in inner from one in inner from other in inner select $"(dyn({condition}) ? dyn({one}) : dyn({other}))";
        return Gen.OneOf(leaf, infix, call, choice);
    }

    [Fact]
    public void Any_expression_gives_a_value_or_an_error_within_its_budget() => Property.Holds(Expression(3), text =>
    {
        var compiled = CelProgram.Compile(text, Environment);
        if (compiled.Program is null)
        {
            Assert.StartsWith("program instantiation failed: ", compiled.IssueText);
            return;
        }
        var result = compiled.Program.Evaluate(Activation(), 100_000);
        Assert.True(result.Cost <= 100_000 || result.LimitExceeded, text);
        // The same again: programs keep nothing of a run.
        Assert.Equal(result.Value.ToString(), compiled.Program.Evaluate(Activation(), 100_000).Value.ToString());
    }, 3000);

    [Fact]
    public void Patterns_of_any_form_are_answered() => Property.Holds(
        Gen.Choose(1, 12).SelectMany(n => Gen.Elements("a", "b", ".", "*", "+", "?", "(", ")", "[", "]", "^", "$", "|", "\\", "d", "W", "{", "}", "2", ",", "-", "(?i)", "(?:", "(?P<n>", "[[:alpha:]]", "\\pL", "\\x41", "\\Q", "\\E", "\\b", "é").ArrayOf(n)),
        pieces =>
        {
            var pattern = string.Concat(pieces);
            if (GoRegex.TryCompile(pattern, out var regex, out var error)) regex!.FindAll("ab2 Wé-{}\n^$", 3).ToList();
            else Assert.StartsWith("error parsing regexp: ", error);
        }, 4000);
}
