using System.IO.Compression;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>What clients are told so that they need not fetch the schema again.</summary>
public sealed class CachingTests
{
    private static async Task<string> Url(string name) => (string)(await Served.Json("/openapi/v3"))["paths"]![name]!["serverRelativeURL"]!;

    [Fact]
    public async Task A_document_asked_for_with_its_hash_may_be_kept_for_a_year()
    {
        var url = await Url("apis/apps/v1");
        var response = await Served.Get(url);
        Assert.Equal(200, response.Status);
        Assert.Equal($"\"{url.Split('=')[1]}\"", response.Header("ETag"));
        Assert.Equal("public, immutable", response.Header("Cache-Control"));
        var expires = DateTimeOffset.Parse(response.Header("Expires")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(expires - DateTimeOffset.UtcNow, TimeSpan.FromDays(364), TimeSpan.FromDays(367));
        Assert.StartsWith("Accept", response.Header("Vary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_asked_for_without_a_hash_is_to_be_asked_for_again()
    {
        var response = await Served.Get("/openapi/v3/apis/apps/v1");
        Assert.Equal(200, response.Status);
        Assert.Null(response.Header("Cache-Control"));
        Assert.Null(response.Header("Expires"));
    }

    [Fact]
    public async Task A_stale_hash_is_sent_on_to_the_document_as_it_is()
    {
        var response = await Served.Get("/openapi/v3/apis/apps/v1?hash=014FBFF9A07C");
        Assert.Equal(301, response.Status);
        Assert.Equal(await Url("apis/apps/v1"), response.Header("Location"));
    }

    [Theory]
    [InlineData("/openapi/v2")]
    [InlineData("/openapi/v3")]
    [InlineData("/openapi/v3/api/v1")]
    public async Task What_a_client_has_already_is_not_sent_again(string path)
    {
        var tag = (await Served.Get(path)).Header("ETag")!;
        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var response = await Served.Get(path, ("If-None-Match", known));
            Assert.Equal(304, response.Status);
            Assert.Equal(tag, response.Header("ETag"));
            Assert.Empty(Served.Body(response));
        }
        Assert.Equal(200, (await Served.Get(path, ("If-None-Match", "\"other\""))).Status);
    }

    [Theory]
    [InlineData("/openapi/v2", "application/json")]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")]
    [InlineData("/openapi/v3", "application/json")]
    [InlineData("/openapi/v3/api/v1", "application/json")]
    public async Task Clients_that_take_gzip_get_the_same_in_gzip(string path, string accept)
    {
        var response = await Served.Get(path, ("Accept", accept), ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", response.Header("Content-Encoding"));
        using var gzip = new GZipStream(new MemoryStream(Served.Body(response)), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(await Served.Bytes(path, accept), unpacked.ToArray());
    }

    [Theory]
    [InlineData("text/html", null)]
    [InlineData("application/yaml, */*;q=0.1", "application/json")]
    [InlineData("application/json;q=0.5, application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    [InlineData("", "application/json")]
    public async Task The_form_is_the_one_that_the_client_prefers(string accept, string? type)
    {
        var response = await Served.Get("/openapi/v2", ("Accept", accept));
        Assert.Equal(type is null ? 406 : 200, response.Status);
        if (type is not null) Assert.Equal(type, response.ContentType);
    }

    [Fact]
    public async Task A_document_that_is_not_there_is_not_found() => Assert.Equal(404, (await Served.Get("/openapi/v3/apis/example.com/v1")).Status);
}
