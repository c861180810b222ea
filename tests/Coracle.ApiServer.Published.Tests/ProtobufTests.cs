using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>The protobuf forms say what the JSON says. kubectl reads the second edition in this form alone.</summary>
public sealed class ProtobufTests
{
    [Theory]
    [InlineData("application/com.github.proto-openapi.spec.v2@v1.0+protobuf")]
    [InlineData("application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    public async Task The_second_edition_in_protobuf_decodes_to_the_same_content(string accept)
    {
        var response = await Served.Get("/openapi/v2", ("Accept", accept));
        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", response.ContentType);
        Differences.AssertNone(new GnosticDecoder(GnosticFiles.V2).Document(Served.Body(response)), await Served.Json("/openapi/v2"));
    }

    [Theory]
    [InlineData("application/com.github.proto-openapi.spec.v3@v1.0+protobuf")]
    [InlineData("application/com.github.proto-openapi.spec.v3.v1.0+protobuf")]
    public async Task Each_document_of_the_third_edition_in_protobuf_decodes_to_the_same_content(string accept)
    {
        foreach (var (_, document) in (await Served.Json("/openapi/v3"))["paths"]!.AsObject())
        {
            var url = (string)document!["serverRelativeURL"]!;
            var response = await Served.Get(url, ("Accept", accept));
            Assert.Equal("application/com.github.proto-openapi.spec.v3.v1.0+protobuf", response.ContentType);
            Differences.AssertNone(new GnosticDecoder(GnosticFiles.V3).Document(Served.Body(response)), await Served.Json(url));
        }
    }
}
