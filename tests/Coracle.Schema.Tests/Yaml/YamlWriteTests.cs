using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.YamlText;

public sealed class YamlWriteTests
{
    [Theory]
    [InlineData("null", "null\n")]
    [InlineData("{}", "{}\n")]
    [InlineData("[]", "[]\n")]
    [InlineData("\"x\"", "x\n")]
    [InlineData("""{"v":true,"w":-10,"x":0.1,"y":null,"z":1.0}""", "v: true\nw: -10\nx: 0.1\n\"y\": null\nz: 1\n")]
    [InlineData("""{"v":1e3,"w":1e6,"x":123456789.5,"y1":18446744073709551615,"z":1e-7}""", "v: 1000\nw: 1e+06\nx: 1.234567895e+08\ny1: 18446744073709551615\nz: 1e-07\n")]
    // lists stand at their key's indentation
    [InlineData("""{"v":["A",1,{"B":[2,3],"C":{}}],"w":[[1,[2]],[]]}""", "v:\n- A\n- 1\n- B:\n  - 2\n  - 3\n  C: {}\nw:\n- - 1\n  - - 2\n- []\n")]
    [InlineData("""[{"a":{"b":"c"}},"d"]""", "- a:\n    b: c\n- d\n")]
    // keys in natural order
    [InlineData("""{"b":1,"a10":2,"a2":3,"B":4,"_":5,"a":6,"1":7}""", "_: 5\n\"1\": 7\nB: 4\na: 6\na2: 3\na10: 2\nb: 1\n")]
    // quotes only where the text would be read as something else
    [InlineData("""["true","yes","y","10","0x1","1e3",".5","~","null","","1:30","2015-02-24","2015-02-24T18:19:39Z"]""",
        "- \"true\"\n- \"yes\"\n- \"y\"\n- \"10\"\n- \"0x1\"\n- \"1e3\"\n- \".5\"\n- \"~\"\n- \"null\"\n- \"\"\n- \"1:30\"\n- \"2015-02-24\"\n- \"2015-02-24T18:19:39Z\"\n")]
    [InlineData("""["-","- a","-a","a: b","a:b","a #b","a#b","#a","*a","'a","@a","%a","a,b","[a","?","? a","?a",":a",": a","--- a","it's"," a","a "]""",
        "- '-'\n- '- a'\n- -a\n- 'a: b'\n- a:b\n- 'a #b'\n- a#b\n- '#a'\n- '*a'\n- '''a'\n- '@a'\n- '%a'\n- a,b\n- '[a'\n- '?'\n- '? a'\n- ?a\n- :a\n- ': a'\n- '--- a'\n- it's\n- ' a'\n- 'a '\n")]
    [InlineData("""["tab\there","\u0001","é日","😀","\u00a0\u0085","a\\b","a\"b","\r"]""", "- \"tab\\there\"\n- \"\\x01\"\n- é日\n- \"\\U0001F600\"\n- \"\u00a0\\N\"\n- a\\b\n- a\"b\n- \"\\r\"\n")]
    // several lines
    [InlineData("""{"a":"x\ny","b":"x\n","c":"x\n\n","d":"\nx","e":" x\ny","f":"x \ny","g":"x\n ","h":"\n"}""",
        "a: |-\n  x\n  y\nb: |\n  x\nc: |+\n  x\n\nd: |2-\n\n  x\ne: |2-\n   x\n  y\nf: \"x \\ny\"\ng: \"x\\n \"\nh: |2+\n\n")]
    [InlineData("""[{"a":"x\ny"},"z\n"]""", "- a: |-\n    x\n    y\n- |\n  z\n")]
    [InlineData("""{"a\nb":1}""", "? |-\n  a\n  b\n: 1\n")]
    public void Json_is_written_as_upstream_writes_it(string json, string yaml) =>
        Assert.Equal(yaml, Yaml.Write(JsonNode.Parse(json)));

    [Fact]
    public void Long_text_is_folded_after_eighty_columns()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 40));
        Assert.Equal(
            """
            a: word word word word word word word word word word word word word word word word
              word word word word word word word word word word word word word word word word
              word word word word word word word word

            """.ReplaceLineEndings("\n"),
            Yaml.Write(new JsonObject { ["a"] = words }));
        var quoted = Yaml.Write(new JsonObject { ["a"] = "x: " + words });
        Assert.StartsWith("a: 'x: word word word word word word word word word word word word word word word\n  word", quoted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_key_stands_behind_a_question_mark()
    {
        var key = new string('k', 129);
        Assert.Equal($"? {key}\n: - 1\n", Yaml.Write(new JsonObject { [key] = new JsonArray(1) }));
        Assert.Equal($"? {key}\n: a: 1\n  b: 2\n", Yaml.Write(new JsonObject { [key] = new JsonObject { ["a"] = 1, ["b"] = 2 } }));
        Assert.Equal($"{key[1..]}: 1\n", Yaml.Write(new JsonObject { [key[1..]] = 1 }));
    }

    [Fact]
    public void What_is_written_reads_back_the_same() => Property.Holds(Values(3), value =>
    {
        var yaml = Yaml.Write(value);
        Assert.True(Yaml.TryRead(yaml, strict: true, out var read, out var error), $"{error}\n{yaml}");
        TestSchema.AssertSame(value, read);
    }, 3000);

    private static Gen<string> Texts => Gen.OneOf(
        Gen.Choose(0, 8).SelectMany(n => Gen.Elements("a", "b c", " ", "\n", "\t", ": ", "#", "- ", "'", "\"", "\\", "é", "😀", "\u2028", "\r", "1", "yes", "~", "word word word word word word word word word ", "%", "\u0000").ArrayOf(n))
            .Select(string.Concat),
        Gen.Elements("true", "1", "0x1f", "1e3", "2020-01-01", "null", "", "-", "<<", "=", "1:2", "---", "...", "2001-01-01 10:00:00", new string('x', 200), "+.inf"));

    private static Gen<JsonNode?> Values(int depth)
    {
        var scalars = Gen.OneOf(
            Texts.Select(t => (JsonNode?)JsonValue.Create(t)),
            Gen.Elements("null", "true", "1", "-7", "0.5", "1e-7", "123456789012").Select(json => JsonNode.Parse(json)));
        if (depth == 0) return scalars;
        return Gen.OneOf(
            scalars,
            Gen.Choose(0, 3).SelectMany(n => Values(depth - 1).ArrayOf(n)).Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])),
            from n in Gen.Choose(0, 3)
            from keys in Texts.ArrayOf(n)
            from values in Values(depth - 1).ArrayOf(n)
            select (JsonNode?)Object(keys, values));
    }

    private static JsonObject Object(string[] keys, JsonNode?[] values)
    {
        var obj = new JsonObject();
        for (var i = 0; i < keys.Length; i++) obj[keys[i]] = values[i]?.DeepClone();
        return obj;
    }
}
