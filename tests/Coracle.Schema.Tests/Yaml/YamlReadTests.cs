using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.YamlText;

public sealed class YamlReadTests
{
    [Theory]
    // scalars of YAML 1.1
    [InlineData("", "null")]
    [InlineData("# only a comment\n", "null")]
    [InlineData("v: hi", """{"v":"hi"}""")]
    [InlineData("[y, Y, yes, on, true, TRUE, n, no, Off, false]", "[true,true,true,true,true,true,false,false,false,false]")]
    [InlineData("[yEs, tRUE, yess, \"yes\", 'on', !!str yes]", """["yEs","tRUE","yess","yes","on","yes"]""")]
    [InlineData("[~, null, Null, NULL, '', nULL]", """[null,null,null,null,"","nULL"]""")]
    [InlineData("[10, -10, +10, 0b101, 0xFF, 010, 0o17, 1_000, 08, 1__0]", "[10,-10,10,5,255,8,15,1000,8,10]")]
    [InlineData("[0x, 0b2, 1_, _1, 12e03, 1.5, -.5, 1., 1e999, 0.1]", """["0x","0b2",1,"_1",12000,1.5,-0.5,1,"1e999",0.1]""")]
    [InlineData("[9223372036854775807, 18446744073709551615, -9223372036854775808]", "[9223372036854775807,18446744073709551615,-9223372036854775808]")]
    [InlineData("[2001-01-01, 2001-01-01T00:00:00Z, 12:30:45, 1.2.3]", """["2001-01-01","2001-01-01T00:00:00Z","12:30:45","1.2.3"]""")]
    [InlineData("[!!float 5, !!int \"7\", !!str 5, !custom x, !!binary aGk=, ! 5]", """[5,7,"5","x","hi","5"]""")]
    // keys become strings
    [InlineData("{1: a, 1.5: b, true: c, yes: d, 0x10: e}", """{"1":"a","1.5":"b","true":"d","16":"e"}""")]
    [InlineData("{1e10: a, .inf: b}", """{"1e+10":"a",".inf":"b"}""")]
    // blocks and flows
    [InlineData("a:\n- b\n-   c\n- - d\n  - e\n- f: g\n  h: i\n", """{"a":["b","c",["d","e"],{"f":"g","h":"i"}]}""")]
    [InlineData("a:\n  - b\nc: d", """{"a":["b"],"c":"d"}""")]
    [InlineData("a:\nb:\n  c:\n", """{"a":null,"b":{"c":null}}""")]
    [InlineData("{a: [1, {b: 2}], c, \"d\": , ? e : f}", """{"a":[1,{"b":2}],"c":null,"d":null,"e":"f"}""")]
    [InlineData("[a: 1, b]", """[{"a":1},"b"]""")]
    [InlineData("? a\n: b\n? c\n", """{"a":"b","c":null}""")]
    [InlineData("a: http://x:80/y#z # comment", """{"a":"http://x:80/y#z"}""")]
    [InlineData("a: b\n  c\n\n  d", """{"a":"b c\nd"}""")]
    [InlineData("a: 'it''s\n  here'", """{"a":"it's here"}""")]
    [InlineData("a: \"\\x41\\u00e9\\U0001F600\\ud83d\\ude00\\n\\\n  x\"", """{"a":"Aé😀😀\nx"}""")]
    [InlineData("a: |\n  x\n   y\n\n  z\n\n", """{"a":"x\n y\n\nz\n"}""")]
    [InlineData("a: |-\n  x\n", """{"a":"x"}""")]
    [InlineData("a: |+\n  x\n\nb: c", """{"a":"x\n\n","b":"c"}""")]
    [InlineData("a: >\n  x\n  y\n\n  z\n   w\n", """{"a":"x y\nz\n w\n"}""")]
    [InlineData("a: |2\n   x\n", """{"a":" x\n"}""")]
    [InlineData("%YAML 1.1\n---\na: b\n...\n{", """{"a":"b"}""")]
    [InlineData("---\na: b\n---\nc: d", """{"a":"b"}""")]
    [InlineData("%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1", """{"a":"1"}""")]
    [InlineData("a: b\r\nc: d\r\n", """{"a":"b","c":"d"}""")]
    [InlineData("\ufeffa: b", """{"a":"b"}""")]
    [InlineData("{\"a\": \"b\\/c\", \"d\": [1.0, 2e3, true, null]}", """{"a":"b/c","d":[1,2000,true,null]}""")]
    // anchors and merges
    [InlineData("a: &x {b: 1}\nc: *x\nd: [*x]", """{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}""")]
    [InlineData("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", """{"a":{"b":1,"c":2},"d":{"b":1,"c":3}}""")]
    [InlineData("- &x {b: 1}\n- &y {b: 2, c: 3}\n- <<: [*x, *y]\n", """[{"b":1},{"b":2,"c":3},{"b":1,"c":3}]""")]
    [InlineData("a: 1\na: 2", """{"a":2}""")]
    [InlineData("\"<<\": 1", """{"<<":1}""")]
    public void Text_is_read_as_upstream_reads_it(string yaml, string json)
    {
        Assert.True(Yaml.TryRead(yaml, strict: false, out var node, out var error), error);
        TestSchema.AssertSame(JsonNode.Parse(json), node);
    }

    [Theory]
    [InlineData("v: !!float 'error'", "yaml: cannot decode !!str `error` as a !!float")]
    [InlineData("v: [A,", "yaml: line 1: did not find expected node content")]
    [InlineData("v:\n- [A,", "yaml: line 2: did not find expected node content")]
    [InlineData("a:\n- b: *,", "yaml: line 2: did not find expected alphabetic or numeric character")]
    [InlineData("a: *b\n", "yaml: unknown anchor 'b' referenced")]
    [InlineData("a: &a\n  b: *a\n", "yaml: anchor 'a' value contains itself")]
    [InlineData("a: &a\n  b:\n    <<: *a\n", "yaml: anchor 'a' value contains itself")]
    [InlineData("a: &x null\n<<:\n- *x\nb: &x {}\n", "yaml: map merge requires map or sequence of maps as the value")]
    [InlineData("value: -", "yaml: block sequence entries are not allowed in this context")]
    [InlineData("a: !!binary ==", "yaml: !!binary value contains invalid base64 data")]
    [InlineData("{[.]}", "yaml: invalid map key: []interface {}{\".\"}")]
    [InlineData("replicas: {{ .Values.replicas }}", "yaml: invalid map key: map[interface {}]interface {}{\".Values.replicas\":interface {}(nil)}")]
    [InlineData("%TAG !%79! tag:yaml.org,2002:\n---\nv: !%79!int '1'", "yaml: did not find expected whitespace")]
    [InlineData("a:\n  1:\nb\n  2:", "yaml: line 4: could not find expected ':'")]
    [InlineData("a: 1\n b: 2", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a: b: c", "yaml: mapping values are not allowed in this context")]
    [InlineData("x:\n\ty: 1", "yaml: line 2: found character that cannot start any token")]
    [InlineData("a: @x", "yaml: found character that cannot start any token")]
    [InlineData("a: 'x", "yaml: found unexpected end of stream")]
    [InlineData("a: 'x\n", "yaml: line 2: found unexpected end of stream")]
    [InlineData("a:\n - b\n c: d", "yaml: line 2: did not find expected '-' indicator")]
    [InlineData("kind: Pod\nmetadata:\n  name: x\n labels:\n   a: b", "yaml: line 3: did not find expected key")]
    [InlineData("key: [1,2\nk2: v", "yaml: line 1: did not find expected ',' or ']'")]
    [InlineData("a: {b: c\nd: e}", "yaml: line 1: did not find expected ',' or '}'")]
    [InlineData("a: |\n\tx", "yaml: line 2: found a tab character where an indentation space is expected")]
    [InlineData("a: \"\\q\"", "yaml: found unknown escape character")]
    [InlineData("%YAML 2.0\n---\na: b", "yaml: found incompatible YAML document")]
    [InlineData("%FOO\n---\na: b", "yaml: found unknown directive name")]
    [InlineData("!foo!bar a", "yaml: found undefined tag handle")]
    [InlineData("a\u0001", "yaml: control characters are not allowed")]
    [InlineData("a: .inf", "json: unsupported value: +Inf")]
    [InlineData("null: 1", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1")]
    public void What_is_no_yaml_is_refused_in_upstreams_words(string yaml, string message)
    {
        Assert.False(Yaml.TryRead(yaml, strict: false, out var node, out var error));
        Assert.Equal(message, error);
        Assert.Null(node);
    }

    [Fact]
    public void Strict_reading_refuses_keys_that_stand_twice()
    {
        Assert.False(Yaml.TryRead("a: 1\nb: 2\na: 3\nc:\n  1: x\n  1: y\n", strict: true, out _, out var error));
        Assert.Equal("yaml: unmarshal errors:\n  line 3: key \"a\" already set in map\n  line 6: key 1 already set in map", error);
    }

    [Fact]
    public void Aliases_cannot_make_much_of_little()
    {
        var bomb = new StringBuilder("a: &a [00,00,00,00,00,00,00,00,00]\n");
        for (var c = 'b'; c <= 'i'; c++) bomb.Append(c).Append(": &").Append(c).Append(" [").AppendJoin(',', Enumerable.Repeat("*" + (char)(c - 1), 9)).Append("]\n");
        Assert.False(Yaml.TryRead(bomb.ToString(), strict: false, out _, out var error));
        Assert.Equal("yaml: document contains excessive aliasing", error);

        var big = "a: &a " + new string('x', 1_000_000) + "\nb: [" + string.Join(',', Enumerable.Repeat("*a", 100)) + "]";
        Assert.False(Yaml.TryRead(big, strict: false, out _, out error));
        Assert.Equal("yaml: document contains excessive aliasing", error);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Depth_is_limited(string step)
    {
        var text = string.Concat(Enumerable.Repeat(step, 100_000));
        Assert.False(Yaml.TryRead(text, strict: false, out _, out var error));
        Assert.Equal("yaml: exceeded max depth of 500", error);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        Assert.False(Yaml.TryRead([(byte)'a', 0xff], strict: false, out _, out var error));
        Assert.Equal("yaml: invalid leading UTF-8 octet", error);
    }

    [Theory]
    [InlineData("a: 1\n---\nb: 2\n", "a: 1\n|b: 2\n")]
    [InlineData("---\na: 1\n---  \n# none\n---\nb: 2", "a: 1\n|# none\n|b: 2")]
    [InlineData("a: |\n  ---\n  x\n--- # not alone\nb", "a: |\n  ---\n  x\n--- # not alone\nb")]
    public void A_stream_divides_at_lines_of_dashes(string text, string documents) => Assert.Equal(documents, string.Join("|", Yaml.Split(text)));

    [Fact]
    public void No_text_breaks_the_reader() => Property.Holds(
        Gen.Choose(1, 14).SelectMany(n => Gen.Elements(
            "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n ", "[", "]", "{", "}", ", ", "'x'", "\"y\"", "#c", "&a ", "*a", "!t ", "!!str ", "|\n", ">2\n", "---\n", "...\n", "\t",
            "~", "'", "\"", "\\", "%", "<<: ", "1", "é", "😀").ArrayOf(n)).Select(string.Concat),
        text =>
        {
            var read = Yaml.TryRead(text, strict: false, out _, out var error);
            Assert.Equal(read, error is null);
        }, 5000);
}
