namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/chunking.go.</summary>
public sealed class Chunking(Cluster cluster) : IClassFixture<Cluster>
{
    private const int Total = 400;

    private static string Template(int i) => $"template-{i:0000}";

    private async Task<string> Templates()
    {
        var path = $"/api/v1/namespaces/{await cluster.Namespace()}/podtemplates";
        for (var i = 0; i < Total; i++)
            await cluster.Create(path, $$$"""{"metadata":{"name":"{{{Template(i)}}}"},"template":{"spec":{"containers":[{"name":"test","image":"test2"}]} } }""");
        return path;
    }

    private Task<Answer> Page(string path, int limit, string token) => cluster.Get($"{path}?limit={limit}&continue={Uri.EscapeDataString(token)}");

    [Fact, Behaviour("API Chunking, server should return chunks of results for list calls")]
    public async Task Chunks_of_results_for_list_calls()
    {
        var path = await Templates();
        foreach (var limit in (int[])[1, 7, Total / 10, Total / 3, Total - 1, Total])
        {
            var (found, token, version) = (0, "", "");
            do
            {
                var page = (await Page(path, limit, token)).Is(200);
                Assert.True(page.Items.Count <= limit);
                if (version.Length == 0) version = page.Version;
                Assert.Equal(version, page.Version);
                foreach (var name in page.Names) Assert.Equal(Template(found++), name);
                token = page["metadata.continue"];
                Assert.Equal(token.Length == 0 ? "" : $"{Total - found}", page["metadata.remainingItemCount"]);
            }
            while (token.Length > 0);
            Assert.Equal(Total, found);
        }
        Assert.Equal(Total, (await cluster.Get(path)).Is(200).Items.Count);
    }

    [Fact, Behaviour("API Chunking, server should support continue listing from the last key even if the original version has been compacted away")]
    public async Task Continue_listing_from_the_last_key_though_the_original_version_has_been_compacted_away()
    {
        const int tenth = Total / 10;
        var path = await Templates();
        var first = (await cluster.Get($"{path}?limit={tenth}")).Is(200);
        var token = first["metadata.continue"];
        Assert.Equal(Enumerable.Range(0, tenth).Select(Template), first.Names);
        Assert.NotEmpty(token);

        // Nothing else is written in this cluster: without a change there would be nothing to forget.
        await cluster.Create(path, """{"metadata":{"name":"template-9999"},"template":{"spec":{"containers":[{"name":"test","image":"test2"}]}}}""");
        (await cluster.Delete($"{path}/template-9999")).Is(200);
        var expired = await cluster.Until($"{path}?limit={tenth}&continue={Uri.EscapeDataString(token)}", page => page.Code == 410, TimeSpan.FromMinutes(20));
        Assert.Equal("Expired", expired.Reason);
        var inconsistent = expired["metadata.continue"];
        Assert.NotEmpty(inconsistent);

        var second = (await Page(path, tenth, inconsistent)).Is(200);
        Assert.NotEqual(first.Version, second.Version);
        Assert.Equal(Enumerable.Range(tenth, tenth).Select(Template), second.Names);
        Assert.Equal($"{Total - tenth - tenth}", second["metadata.remainingItemCount"]);

        // From there on all is of one moment again.
        var (found, next) = (2 * tenth, second["metadata.continue"]);
        while (next.Length > 0)
        {
            var page = (await Page(path, tenth, next)).Is(200);
            Assert.Equal(second.Version, page.Version);
            foreach (var name in page.Names) Assert.Equal(Template(found++), name);
            next = page["metadata.continue"];
        }
        Assert.Equal(Total, found);
    }
}
