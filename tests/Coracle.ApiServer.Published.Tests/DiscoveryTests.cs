using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>Both forms of discovery against upstream's, restricted to what is served here.</summary>
public sealed class DiscoveryTests
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static JsonObject Theirs(string path) =>
        JsonNode.Parse(Reference.Bytes($"discovery/{path[1..].Replace("/", "__", StringComparison.Ordinal)}.json"))!.AsObject();

    private static void RemoveWhere(JsonNode list, Func<JsonNode, bool> gone)
    {
        foreach (var item in list.AsArray().Where(item => gone(item!)).ToList()) list.AsArray().Remove(item);
    }

    [Fact]
    public async Task The_core_group_has_upstreams_versions()
    {
        var (ours, theirs) = (await Served.Json("/api"), Theirs("/api"));
        foreach (var document in new[] { ours, theirs }) document["serverAddressByClientCIDRs"]![0]!.AsObject().Remove("serverAddress");
        Differences.AssertNone(ours, theirs);
    }

    [Fact]
    public async Task Groups_and_their_versions_come_in_upstreams_order()
    {
        var offer = await Offer.Read();
        var theirs = Theirs("/apis");
        RemoveWhere(theirs["groups"]!, group => !offer.Groups.Contains((string)group["name"]!));
        foreach (var group in theirs["groups"]!.AsArray()) OnlyServed(group!.AsObject(), offer);
        Differences.AssertNone(await Served.Json("/apis"), theirs);
        foreach (var group in offer.Groups)
        {
            var document = Theirs($"/apis/{group}");
            OnlyServed(document, offer);
            Differences.AssertNone(await Served.Json($"/apis/{group}"), document);
        }
    }

    private static void OnlyServed(JsonObject group, Offer offer) => RemoveWhere(group["versions"]!, version => !offer.Versions.Contains((string)version["groupVersion"]!));

    [Fact]
    public async Task The_resources_of_each_version_are_described_as_upstream_does()
    {
        var offer = await Offer.Read();
        var (ours, theirs) = (new JsonObject(), new JsonObject());
        foreach (var version in offer.Versions)
        {
            var document = Theirs(Offer.Root(version));
            RemoveWhere(document["resources"]!, resource => !offer.HasResource(version, (string)resource["name"]!));
            (ours[version], theirs[version]) = (await Served.Json(Offer.Root(version)), document);
        }
        Differences.AssertNone(ours, theirs);
    }

    [Fact]
    public async Task Aggregated_discovery_tells_the_same_in_one_document()
    {
        var offer = await Offer.Read();
        var theirs = Theirs("/aggregated_v2");
        RemoveWhere(theirs["items"]!, group => !offer.Groups.Contains((string)group["metadata"]!["name"]!));
        foreach (var group in theirs["items"]!.AsArray()) OnlyServedResources(group!, offer);
        Differences.AssertNone(await Served.Json("/apis", Aggregated), theirs);
    }

    [Fact]
    public async Task Aggregated_discovery_of_the_core_group_tells_the_same_as_the_plain_one()
    {
        var version = (await Served.Json("/api", Aggregated))["items"]!.AsArray().Single()!["versions"]!.AsArray().Single()!;
        var names = version["resources"]!.AsArray().SelectMany(r => r!["subresources"]?.AsArray().Select(s => $"{r["resource"]}/{s!["subresource"]}").Prepend((string)r["resource"]!) ?? [(string)r["resource"]!]);
        var plain = (await Served.Json("/api/v1"))["resources"]!.AsArray().Select(r => (string)r!["name"]!);
        Assert.Equal(plain.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    private static void OnlyServedResources(JsonNode group, Offer offer)
    {
        var name = (string)group["metadata"]!["name"]!;
        RemoveWhere(group["versions"]!, version => !offer.Versions.Contains($"{name}/{version["version"]}"));
        foreach (var version in group["versions"]!.AsArray())
        {
            var apiVersion = $"{name}/{version!["version"]}";
            RemoveWhere(version["resources"]!, resource => !offer.HasResource(apiVersion, (string)resource["resource"]!));
            foreach (var resource in version["resources"]!.AsArray())
            {
                if (resource!["subresources"] is not { } subs) continue;
                RemoveWhere(subs, sub => !offer.HasResource(apiVersion, $"{resource["resource"]}/{sub["subresource"]}"));
                if (subs.AsArray().Count == 0) resource.AsObject().Remove("subresources");
            }
        }
    }
}
