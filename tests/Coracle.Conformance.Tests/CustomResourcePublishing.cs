using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/crd_publish_openapi.go. What kubectl sends and reads there is sent and read here: objects to be validated strictly, and the documents that it explains from.</summary>
public sealed class CustomResourcePublishing(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Foo = """
        {"description":"Foo CRD for Testing","type":"object","properties":{"spec":{"type":"object","description":"Specification of Foo","properties":{
        "bars":{"description":"List of Bars and their specs.","type":"array","items":{"type":"object","required":["name"],"properties":{
        "name":{"description":"Name of Bar.","type":"string"},"age":{"description":"Age of Bar.","type":"string"},"feeling":{"description":"Whether Bar is feeling great.","type":"string","enum":["Great","Down"]},
        "bazs":{"description":"List of Bazs.","type":"array","items":{"type":"string"}}}}}}},
        "status":{"description":"Status of Foo","type":"object","properties":{"bars":{"description":"List of Bars and their statuses.","type":"array","items":{"type":"object","properties":{
        "name":{"description":"Name of Bar.","type":"string"},"available":{"description":"Whether the Bar is installed.","type":"boolean"},
        "quxType":{"description":"Indicates to external qux type.","pattern":"in-tree|out-of-tree","type":"string"}}}}}}}}
        """;

    private const string Waldo = """
        {"description":"Waldo CRD for Testing","type":"object","properties":{"spec":{"description":"Specification of Waldo","type":"object","properties":{"dummy":{"description":"Dummy property.","type":"object"}}},
        "status":{"description":"Status of Waldo","type":"object","properties":{"bars":{"description":"List of Bars and their statuses.","type":"array","items":{"type":"object"}}}}}}
        """;

    private const string PreserveRoot = """
        {"description":"preserve-unknown-properties at root for Testing","x-kubernetes-preserve-unknown-fields":true,"type":"object","properties":{
        "spec":{"description":"Specification of Waldo","type":"object","properties":{"dummy":{"description":"Dummy property.","type":"object"}}}}}
        """;

    private const string PreserveNested = """
        {"description":"preserve-unknown-properties in nested field for Testing","type":"object","properties":{"spec":{"description":"Specification of Waldo","type":"object","x-kubernetes-preserve-unknown-fields":true,
        "properties":{"dummy":{"description":"Dummy property.","type":"object"}}}}}
        """;

    private static string Definition(Crd crd, string version) => $"{string.Join('.', crd.Group.Split('.').Reverse())}.{version}.{crd.Kind}";

    private async Task<JsonObject?> Published(Crd crd, string version) => (JsonObject?)(await cluster.Get("/openapi/v2")).Is(200).Json["definitions"]![Definition(crd, version)];

    /// <summary>Waits until a version is published with this schema, apart from what every object has; null: with any.</summary>
    private async Task IsPublished(Crd crd, string version, string? schema)
    {
        for (var i = 0; ; i++)
        {
            var found = await Published(crd, version);
            if (found is not null && (schema is null || IsSame(found, schema))) return;
            Assert.True(i < 120, $"{Definition(crd, version)} is published as {found?.ToJsonString() ?? "nothing"}");
            await cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    private async Task IsGone(Crd crd, string version)
    {
        for (var i = 0; await Published(crd, version) is not null; i++)
        {
            Assert.True(i < 120, $"{Definition(crd, version)} is still published");
            await cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    private static bool IsSame(JsonObject found, string schema)
    {
        var own = (JsonObject)found.DeepClone();
        own.Remove("x-kubernetes-group-version-kind");
        if (own["properties"] is JsonObject properties)
        {
            foreach (var common in (string[])["apiVersion", "kind", "metadata"]) properties.Remove(common);
            if (properties.Count == 0) own.Remove("properties");
        }
        return JsonNode.DeepEquals(own, JsonNode.Parse(schema));
    }

    private async Task<Crd> Define(string kind, string schema, string? expected, params string[] versions)
    {
        var crd = await Crd.Define(cluster, kind, versions: $"[{string.Join(',', versions.Select((v, i) => Crd.VersionOf(v, schema, storage: i == 0)))}]");
        foreach (var version in versions) await IsPublished(crd, version, expected);
        return crd with { Version = versions[0] };
    }

    private async Task Cleanup(Crd crd, params string[] versions)
    {
        (await cluster.Delete(crd.Definition)).Is(200);
        await cluster.Gone(crd.Definition);
        foreach (var version in versions) await IsGone(crd, version);
    }

    /// <summary>As kubectl creates and applies it: strictly.</summary>
    private async Task IsAccepted(Crd crd, string more)
    {
        var instances = crd.In(await cluster.Namespace());
        (await cluster.Post($"{instances}?fieldManager=kubectl-create&fieldValidation=Strict", crd.Instance("test-cr", more))).Is(201);
        (await cluster.Delete($"{instances}/test-cr")).Is(200);
        var applied = (JsonObject)JsonNode.Parse(crd.Instance("test-cr", more))!;
        applied["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = crd.Instance("test-cr", more) };
        (await cluster.Post($"{instances}?fieldManager=kubectl-client-side-apply&fieldValidation=Strict", applied.ToJsonString())).Is(201);
        (await cluster.Delete($"{instances}/test-cr")).Is(200);
    }

    /// <summary>What kubectl explains from: the schema of the group version's own document.</summary>
    private async Task<JsonObject> Explained(Crd crd) => (JsonObject)(await cluster.Get($"/openapi/v3/apis/{crd.Group}/{crd.Version}")).Is(200).Json["components"]!["schemas"]![Definition(crd, crd.Version)]!;

    [Fact, Behaviour("Custom Resource OpenAPI Publish, with validation schema")]
    public async Task With_validation_schema()
    {
        var crd = await Define("Foo", Foo, Foo, "v1");
        await IsAccepted(crd, ""","spec":{"bars":[{"name":"test-bar"}]}""");
        var instances = $"{crd.In(await cluster.Namespace())}?fieldValidation=Strict";
        Assert.Contains("Unsupported value: \"NonExistentValue\"", (await cluster.Post(instances, crd.Instance("bad", ""","spec":{"bars":[{"name":"test-bar","feeling":"NonExistentValue"}]}"""))).Is(422).Message, StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.foo\"", (await cluster.Post(instances, crd.Instance("bad", ""","spec":{"foo":true}"""))).Is(400).Message, StringComparison.Ordinal);
        Assert.Contains("spec.bars[0].name: Required value", (await cluster.Post(instances, crd.Instance("bad", ""","spec":{"bars":[{"age":"10"}]}"""))).Is(422).Message, StringComparison.Ordinal);

        var explained = await Explained(crd);
        Assert.Equal("Foo CRD for Testing", explained.Text("description"));
        Assert.NotEmpty(explained.Text("properties.apiVersion.description"));
        Assert.Equal(("Specification of Foo", "object"), (explained.Text("properties.spec.description"), explained.Text("properties.spec.type")));
        Assert.Equal("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", explained.Text("properties.metadata.allOf.0.$ref"));
        Assert.Equal("List of Bars and their specs.", explained.Text("properties.spec.properties.bars.description"));
        Assert.Equal(("Name of Bar.", "List of Bazs."),
            (explained.Text("properties.spec.properties.bars.items.properties.name.description"), explained.Text("properties.spec.properties.bars.items.properties.bazs.description")));
        await Cleanup(crd, "v1");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, with x-kubernetes-preserve-unknown-fields in object")]
    public async Task Without_validation_schema()
    {
        var crd = await Define("Empty", Crd.AllowAll, """{"type":"object"}""", "v1");
        await IsAccepted(crd, ""","a":{"b":[{"c":"d"}]}""");
        Assert.Equal("", (await Explained(crd)).Text("description"));
        await Cleanup(crd, "v1");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, with x-kubernetes-preserve-unknown-fields at root")]
    public async Task Preserving_unknown_fields_at_the_schema_root()
    {
        var crd = await Define("UnknownAtRoot", PreserveRoot, null, "v1");
        await IsAccepted(crd, ""","a":{"b":[{"c":"d"}]}""");
        Assert.Equal(crd.Kind, (await Explained(crd)).Text("x-kubernetes-group-version-kind.0.kind"));
        await Cleanup(crd, "v1");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, with x-kubernetes-preserve-unknown-fields in embedded object")]
    public async Task Preserving_unknown_fields_in_an_embedded_object()
    {
        var crd = await Define("UnknownInNested", PreserveNested, null, "v1");
        await IsAccepted(crd, ""","spec":{"a":null,"b":[{"c":"d"}]}""");
        Assert.Equal("preserve-unknown-properties in nested field for Testing", (await Explained(crd)).Text("description"));
        await Cleanup(crd, "v1");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, varying groups")]
    public async Task Varying_groups()
    {
        var foo = await Define("Foo", Foo, Foo, "v1");
        var waldo = await Define("Waldo", Waldo, Waldo, "v1beta1");
        Assert.NotEqual(foo.Group, waldo.Group);
        await IsPublished(foo, "v1", Foo);
        await Cleanup(foo, "v1");
        await Cleanup(waldo, "v1beta1");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, varying versions")]
    public async Task Varying_versions()
    {
        var several = await Define("MultiVer", Foo, Foo, "v2", "v3");
        await Cleanup(several, "v2", "v3");
        await InOneGroup("v4", "v5");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, varying kinds")]
    public Task Varying_kinds() => InOneGroup("v6", "v6");

    private async Task InOneGroup(string version, string other)
    {
        var foo = await Define("Foo", Foo, Foo, version);
        var waldo = await Crd.Define(cluster, "Waldo", versions: $"[{Crd.VersionOf(other, Waldo)}]", group: foo.Group);
        await IsPublished(waldo, other, Waldo);
        await IsPublished(foo, version, Foo);
        await Cleanup(foo, version);
        await Cleanup(waldo, other);
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, version rename")]
    public async Task Version_rename()
    {
        var crd = await Define("MultiVer", Foo, Foo, "v2", "v3");
        (await cluster.Patch(crd.Definition, """
            [{"op":"test","path":"/spec/versions/1/name","value":"v3"},{"op":"replace","path":"/spec/versions/1/name","value":"v4"}]
            """, Cluster.JsonPatch)).Is(200);
        await IsPublished(crd, "v4", Foo);
        await IsGone(crd, "v3");
        await IsPublished(crd, "v2", Foo);
        await Cleanup(crd, "v2", "v4");
    }

    [Fact, Behaviour("Custom Resource OpenAPI Publish, stop serving version")]
    public async Task Stop_serving_a_version()
    {
        var crd = await Define("MultiToSingleVer", Foo, Foo, "v5", "v6alpha1");
        await cluster.Update(crd.Definition, found => found["spec"]!["versions"]![1]!["served"] = false);
        await IsGone(crd, "v6alpha1");
        await IsPublished(crd, "v5", Foo);
        await Cleanup(crd, "v5");
    }
}
