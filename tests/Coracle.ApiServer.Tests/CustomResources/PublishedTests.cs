using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>Definitions in what the server publishes of itself.</summary>
public sealed class PublishedTests
{
    private const string Properties = """
        "size":{"type":"integer","description":"How big.","minimum":1},"either":{"x-kubernetes-int-or-string":true},"maybe":{"type":"string","nullable":true},
        "list":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string","default":"b"}}}},"open":{"type":"object","x-kubernetes-preserve-unknown-fields":true}
        """;

    [Fact]
    public async Task The_third_edition_has_a_document_of_each_version_with_the_schema_of_the_definition()
    {
        await using var crds = await Crds.StartAsync();
        var before = await crds.Api.Get("/openapi/v3");
        await crds.Define(Crds.Widget(Properties, version: ",\"subresources\":{\"status\":{},\"scale\":{\"specReplicasPath\":\".spec.size\",\"statusReplicasPath\":\".status.size\"}}"));
        var after = await crds.Api.Get("/openapi/v3");
        Assert.NotEqual(before.Header("ETag"), after.Header("ETag"));
        var url = (string)after.Json["paths"]!["apis/example.com/v1"]!["serverRelativeURL"]!;
        // The documents of what has not changed are the same as before.
        Assert.Equal((string?)before.Json["paths"]!["api/v1"]!["serverRelativeURL"], (string?)after.Json["paths"]!["api/v1"]!["serverRelativeURL"]);
        var document = await crds.Api.Get(url);
        Assert.Equal(["/apis/example.com/v1/namespaces/{namespace}/widgets", "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}", "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/scale",
            "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/status", "/apis/example.com/v1/widgets"], document.Json["paths"]!.AsObject().Select(p => p.Key));
        var widget = document.Json["components"]!["schemas"]!["com.example.v1.Widget"]!;
        Assert.Equal("""[{"group":"example.com","kind":"Widget","version":"v1"}]""", widget["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Equal("How big.", (string?)widget["properties"]!["spec"]!["properties"]!["size"]!["description"]);
        Assert.Equal("true", widget["properties"]!["spec"]!["properties"]!["maybe"]!["nullable"]!.ToJsonString());
        Assert.Equal("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", (string?)widget["properties"]!["metadata"]!["allOf"]![0]!["$ref"]);
        Assert.NotNull(document.Json["components"]!["schemas"]!["com.example.v1.WidgetList"]);
        Assert.Equal(200, (await crds.Api.Get(url, "application/com.github.proto-openapi.spec.v3.v1.0+protobuf")).Code);
    }

    [Fact]
    public async Task The_second_edition_leaves_out_what_it_has_no_words_for()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget(Properties));
        var document = await crds.Api.Get("/openapi/v2");
        var spec = document.Json["definitions"]!["com.example.v1.Widget"]!["properties"]!["spec"]!["properties"]!;
        Assert.Equal("{}", spec["maybe"]!.ToJsonString());
        Assert.Equal("""{"x-kubernetes-preserve-unknown-fields":true}""", spec["open"]!.ToJsonString());
        Assert.Equal(200, (await crds.Api.Get("/openapi/v2", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")).Code);
        await crds.Api.Delete($"{Crds.Definitions}/widgets.example.com");
        await crds.Gone($"{Crds.Definitions}/widgets.example.com");
        Assert.Null((await crds.Api.Get("/openapi/v2")).Json["definitions"]!["com.example.v1.Widget"]);
    }
}
