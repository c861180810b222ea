using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>Definitions as large and varied as those of operators that people run: thousands of lines, several versions, rules, everything nested in everything.</summary>
public sealed class LargeDefinitionTests
{
    [Theory]
    [InlineData("certificates", "keys.example.com")]
    [InlineData("monitors", "watching.example.com")]
    [InlineData("routes", "gates.example.com")]
    [InlineData("workflows", "flows.example.com")]
    [InlineData("compositions", "cloud.example.com")]
    public async Task A_definition_of_thousands_of_lines_is_established_and_comes_back_as_it_was_sent(string plural, string group)
    {
        await using var crds = await Crds.StartAsync();
        var text = Definitions.Large(plural, group, versions: 3, breadth: 8, depth: 2);
        Assert.True(text.Count(c => c == ',') > 2000, "not large at all");
        var created = await crds.Define(text);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text)!["spec"]!["versions"], created.Json["spec"]!["versions"]));
        var objects = $"/apis/{group}/v2/namespaces/default/{plural}";
        var good = await crds.Api.Create(objects, Definitions.Object(group, "v2", """{"mode":"fast","name0":"abc","when0":"2024-01-02T03:04:05Z","items0":[{"key":"a","port":"http"}]}"""));
        Assert.Equal("5", good.At("spec.count0"));
        var bad = await crds.Api.Post(objects, Definitions.Object(group, "v2", """{"mode":"slow","name0":"ABC","count0":-1}""").Replace("\"one\"", "\"two\"", StringComparison.Ordinal));
        Assert.Equal(422, bad.Code);
        Assert.Equal(200, (await crds.Api.Get("/openapi/v3/apis/" + group + "/v2")).Code);
        Assert.Equal("v3", (await crds.Api.Get($"/apis/{group}")).At("preferredVersion.version"));
    }

    /// <summary>A measurement, by hand: how much memory five hundred definitions take, and how long the largest takes to be served.</summary>
    [Fact(Explicit = true)]
    public async Task Five_hundred_definitions()
    {
        var folder = Directory.CreateTempSubdirectory("crds").FullName;
        await using var crds = await Crds.StartAsync(Store.SqliteStore.Open(new Store.SqliteStoreOptions { Directory = folder }));
        await crds.Define(Definitions.Large("warm", "warm.example.com", 1, 3, 1));
        var before = Settled();
        var bytes = 0L;
        for (var i = 0; i < 500; i++)
        {
            var text = Definitions.Large($"things{i}", $"g{i % 40}.example.com", versions: 2, breadth: 4, depth: 0);
            bytes += Encoding.UTF8.GetByteCount(text);
            await crds.Api.Create(Crds.Definitions, text);
        }
        for (var i = 0; i < 500; i++) await crds.Established($"things{i}.g{i % 40}.example.com");
        var with = Settled();
        crds.Api.Server.Cache.Compact(crds.Api.Revision);
        await crds.Api.Store.CompactAsync(crds.Api.Revision, TestContext.Current.CancellationToken);
        var compacted = Settled();
        var watch = Stopwatch.StartNew();
        var large = Definitions.Large("huge", "huge.example.com", 4, 10, 2);
        await crds.Define(large);
        var established = watch.Elapsed;
        await crds.Api.Create("/apis/huge.example.com/v2/namespaces/default/huge", Definitions.Object("huge.example.com", "v2", """{"mode":"fast"}"""));
        TestContext.Current.TestOutputHelper?.WriteLine($"500 definitions of {bytes / 500} bytes: {(with - before) / 1_000_000.0:F1} MB, {(compacted - before) / 1_000_000.0:F1} MB after compaction; "
            + $"one of {large.Length} bytes: established after {established.TotalMilliseconds:F0} ms, first object after {watch.Elapsed.TotalMilliseconds:F0} ms");
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

/// <summary>Makes definitions of any size.</summary>
internal static class Definitions
{
    public static string Large(string plural, string group, int versions, int breadth, int depth) => $$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{plural}}.{{group}}","annotations":{"made.by/tool":"v1"} },"spec":{"group":"{{group}}",
        "scope":"Namespaced","names":{"plural":"{{plural}}","singular":"{{plural}}x","kind":"K{{plural}}","listKind":"K{{plural}}List","shortNames":["{{plural}}s"],"categories":["all"] },
        "versions":[{{Versions(versions, breadth, depth)}}]} }
        """;

    private static string Versions(int versions, int breadth, int depth) =>
        string.Join(',', Enumerable.Range(1, versions).Select(v => Version(v == 1 ? "v1beta1" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{v}"), v == versions, breadth, depth)));

    public static string Object(string group, string version, string spec) => $$"""
        {"apiVersion":"{{group}}/{{version}}","kind":"K{{Kind(group)}}","metadata":{"name":"one"},"spec":{{spec}} }
        """;

    private static string Kind(string group) => group.Split('.')[0] switch { "huge" => "huge", "keys" => "certificates", "watching" => "monitors", "gates" => "routes", "flows" => "workflows", _ => "compositions" };

    private static string Version(string name, bool storage, int breadth, int depth) => $$$"""
        {"name":"{{{name}}}","served":true,"storage":{{{(storage ? "true" : "false")}}},"schema":{"openAPIV3Schema":{"type":"object","description":"One of these in {{{name}}}.","required":["spec"],
        "properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},"metadata":{"type":"object"},
        "spec":{"type":"object","required":["mode"],"x-kubernetes-validations":[{"rule":"!has(self.name0) || self.mode != 'off'","message":"what is off has no name"}],"properties":{
        "mode":{"type":"string","enum":["fast","off"]}, {{{Fields(breadth, depth)}}} } },
        "status":{"type":"object","properties":{"conditions":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["type"],"items":{"type":"object","required":["type","status"],
        "properties":{"type":{"type":"string","maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"lastTransitionTime":{"type":"string","format":"date-time"} } } } } } } } },
        "subresources":{"status":{} },"additionalPrinterColumns":[{"name":"Mode","type":"string","jsonPath":".spec.mode"},
        {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]}
        """;

    private static string Fields(int breadth, int depth)
    {
        var text = new StringBuilder();
        for (var i = 0; i < breadth; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $$$"""
                "name{{{i}}}":{"type":"string","description":"A name, which is a word or two that say what this is about, number {{{i}}}.","minLength":1,"maxLength":63,"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"},
                "count{{{i}}}":{"type":"integer","format":"int32","minimum":0,"maximum":100,"default":5},
                "when{{{i}}}":{"type":"string","format":"date-time"},
                "port{{{i}}}":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]},
                "amount{{{i}}}":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}],"pattern":"^([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"},
                "labels{{{i}}}":{"type":"object","additionalProperties":{"type":"string"}},
                "raw{{{i}}}":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
                "either{{{i}}}":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"boolean"}},"oneOf":[{"required":["a"]},{"required":["b"]}]},
                "items{{{i}}}":{"type":"array","maxItems":16,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["key"],"items":{"type":"object","required":["key"],"properties":{
                "key":{"type":"string","maxLength":63},"port":{"x-kubernetes-int-or-string":true},"tags":{"type":"array","maxItems":8,"x-kubernetes-list-type":"set","items":{"type":"string","maxLength":20} } },
                "x-kubernetes-validations":[{"rule":"self.key.size() > 0","message":"a key is not empty"}]} }
                """);
            if (depth > 0 && i % 4 == 0) text.Append(System.Globalization.CultureInfo.InvariantCulture, $$"""
                ,"more{{i}}":{"type":"object","description":"More of the same.","properties":{ {{Fields(breadth, depth - 1)}} } }
                """);
        }
        return text.ToString();
    }
}
