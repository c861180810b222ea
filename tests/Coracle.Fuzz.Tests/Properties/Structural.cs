using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Any structural schema as a definition has it.</summary>
internal static class Structural
{
    private static readonly string[] Names = ["a", "b", "c", "name", "key", "value", "spec"];

    public static Gen<string> Schema(int depth)
    {
        var scalars = Gen.OneOf(
            Gen.Elements("""{"type":"string"}""", """{"type":"string","default":"d"}""", """{"type":"string","nullable":true,"default":"n"}""", """{"type":"string","enum":["a","b"]}""", """{"type":"string","minLength":1,"maxLength":3,"pattern":"^a"}"""),
            Gen.Elements("date-time", "byte", "ipv4", "uuid", "duration", "date", "cidr", "unheard").Select(f => $"{{\"type\":\"string\",\"format\":\"{f}\"}}"),
            Gen.Elements("""{"type":"integer","format":"int32","minimum":0,"default":1}""", """{"type":"integer"}""", """{"type":"number","multipleOf":0.5}""", """{"type":"boolean","default":true}""", """{"x-kubernetes-int-or-string":true}""", """{"x-kubernetes-preserve-unknown-fields":true}"""));
        if (depth == 0) return scalars;
        var objects = Properties(depth).SelectMany(p => Gen.Elements("", "\"x-kubernetes-preserve-unknown-fields\":true,", "\"nullable\":true,", "\"required\":[\"a\"],", "\"x-kubernetes-map-type\":\"atomic\",", "\"default\":{},", "\"minProperties\":1,")
            .Select(more => $"{{\"type\":\"object\",{more}\"properties\":{p}}}"));
        var maps = Schema(depth - 1).SelectMany(v => Gen.Elements("", "\"maxProperties\":2,").Select(more => $"{{\"type\":\"object\",{more}\"additionalProperties\":{v}}}"));
        var lists = Schema(depth - 1).SelectMany(v => Gen.Elements("", "\"x-kubernetes-list-type\":\"atomic\",", "\"maxItems\":2,", "\"default\":[],", "\"nullable\":true,").Select(more => $"{{\"type\":\"array\",{more}\"items\":{v}}}"));
        var keyed = Properties(depth).Select(p => """{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["key"],"items":{"type":"object","required":["key"],"properties":{"key":{"type":"string"},MORE}}}"""
            .Replace("MORE", p.Length > 2 ? p[1..^1].Replace("\"key\":", "\"other\":", StringComparison.Ordinal) : "\"x\":{\"type\":\"string\"}", StringComparison.Ordinal));
        var sets = Gen.Constant("""{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}""");
        var embedded = Gen.Constant("""{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}""");
        var choices = Properties(depth).Select(p => """{"type":"object","properties":MORE,"oneOf":[{"required":["a"]},{"required":["b"]}],"anyOf":[{"properties":{"a":{"minLength":1}}}],"not":{"required":["c"]}}""".Replace("MORE", p, StringComparison.Ordinal));
        return Gen.OneOf(scalars, objects, maps, lists, keyed, sets, embedded, choices);
    }

    private static Gen<string> Properties(int depth) =>
        from names in Gen.SubListOf(Names)
        from values in Schema(depth - 1).ArrayOf(names.Count)
        select $"{{{string.Join(',', names.Zip(values, (n, v) => $"\"{n}\":{v}"))}}}";
}
