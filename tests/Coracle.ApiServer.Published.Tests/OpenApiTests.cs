using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>The published schema against upstream's, restricted to what is served here.</summary>
public sealed class OpenApiTests
{
    private const string Suffix = "_openapi.json";

    private static JsonObject Theirs(string relative) => JsonNode.Parse(Reference.Bytes(relative))!.AsObject();

    private static string FileOf(string name) => $"openapi/v3/{name.Replace("/", "__", StringComparison.Ordinal)}{Suffix}";

    [Fact]
    public async Task The_second_edition_says_of_every_served_path_and_type_what_upstream_says()
    {
        var theirs = Restricted.V2(Theirs("openapi/swagger.json"), await Offer.Read());
        Differences.AssertNone(Words.Without(await Served.Json("/openapi/v2")), theirs);
    }

    [Fact]
    public async Task The_third_edition_has_upstreams_documents_of_everything_that_is_served()
    {
        var offer = await Offer.Read();
        var expected = Directory.GetFiles(Reference.Path("openapi/v3")).Select(f => Path.GetFileName(f)[..^Suffix.Length].Replace("__", "/", StringComparison.Ordinal))
            .Where(name => name is not "logs" && (!name.StartsWith("api", StringComparison.Ordinal) || offer.HasPath($"/{name}/")))
            .Order(StringComparer.Ordinal);
        var root = await Served.Json("/openapi/v3");
        Assert.Equal(expected, root["paths"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        foreach (var (name, document) in root["paths"]!.AsObject())
            Assert.Matches($"^/openapi/v3/{System.Text.RegularExpressions.Regex.Escape(name)}\\?hash=[0-9A-F]{{128}}$", (string?)document!["serverRelativeURL"]);
    }

    [Fact]
    public async Task Each_document_of_the_third_edition_says_what_upstreams_says()
    {
        var offer = await Offer.Read();
        var (ours, theirs) = (new JsonObject(), new JsonObject());
        foreach (var (name, document) in (await Served.Json("/openapi/v3"))["paths"]!.AsObject())
        {
            ours[name] = Words.Without(await Served.Json((string)document!["serverRelativeURL"]!));
            theirs[name] = Restricted.V3(Theirs(FileOf(name)), offer);
        }
        Assert.True(ours.Count > 20, $"only {ours.Count} documents");
        Differences.AssertNone(ours, theirs);
    }

    [Fact]
    public async Task Everything_is_described_in_words_that_are_not_upstreams()
    {
        var theirs = Words.In(Theirs("openapi/swagger.json")).Select(d => d.Text).ToHashSet();
        foreach (var (name, _) in (await Served.Json("/openapi/v3"))["paths"]!.AsObject())
            theirs.UnionWith(Words.In(Theirs(FileOf(name))).Select(d => d.Text));
        var ours = Words.In(await Served.Json("/openapi/v2")).ToList();
        Assert.True(ours.Count > 1000, $"only {ours.Count} descriptions");
        Assert.Empty(ours.Where(d => d.Text.Length == 0).Select(d => d.Path));
        // A few words may well be the same.
        Assert.Empty(ours.Where(d => d.Text.Count(c => c == ' ') > 4 && theirs.Contains(d.Text)).Select(d => d.Path));
    }
}
