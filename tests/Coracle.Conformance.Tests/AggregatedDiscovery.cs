using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/aggregated_discovery.go.</summary>
public sealed class AggregatedDiscovery(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <summary>"group/version/resource" of all that a document names.</summary>
    private async Task<HashSet<string>> Raw(string root)
    {
        var answer = (await cluster.Get(root, Aggregated)).Is(200);
        Assert.StartsWith("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", answer.ContentType, StringComparison.Ordinal);
        return
        [
            .. from g in answer.Items
               from v in g["versions"]!.AsArray()
               from r in v!["resources"]?.AsArray() ?? []
               select $"{g.Text("metadata.name")}/{v.Text("version")}/{r!.Text("resource")}",
        ];
    }

    /// <summary>What upstream's client makes of it: both documents in one, with the preferred versions.</summary>
    private async Task<HashSet<string>> ThroughAClient() => [.. await Raw("/apis"), .. await Raw("/api")];

    private async Task Appears(Func<Task<HashSet<string>>> documents, Crd crd)
    {
        for (var second = 0; !(await documents()).Contains($"{crd.Group}/v1/{crd.Plural}"); second++)
        {
            Assert.True(second < 30, $"{crd.Name} is not discovered");
            await cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact, Behaviour("Aggregated Discovery Endpoint Accept Headers")]
    public async Task Aggregated_discovery_endpoint_Accept_headers()
    {
        Assert.Subset(await Raw("/apis"), BuiltIn.Resources.ToHashSet());
        Assert.Contains("/v1/namespaces", await Raw("/api"));
    }

    [Fact, Behaviour("Aggregated Discovery Endpoint Accept Headers CRDs")]
    public async Task Aggregated_discovery_endpoint_Accept_headers_CRDs()
    {
        var crd = await Crd.Define(cluster, "testcrd");
        await Appears(() => Raw("/apis"), crd);
    }

    [Fact, Behaviour("Aggregated Discovery Interface")]
    public async Task Aggregated_discovery_interface()
    {
        var found = await ThroughAClient();
        Assert.Subset(found, BuiltIn.Resources.Append("/v1/namespaces").ToHashSet());

        // The documents of the groups and those of each group version say the same.
        var one = await Discovery.ReadAsync(cluster.Client);
        Assert.Empty(one.Failed);
        Assert.Equal(found.Order(), one.All.Select(r => $"{r.Resource.Group}/{r.Resource.Version}/{r.Resource.Plural}").Order());
    }

    [Fact, Behaviour("Aggregated Discovery Interface CRDs")]
    public async Task Aggregated_discovery_interface_CRDs()
    {
        var crd = await Crd.Define(cluster, "testcrd");
        await Appears(ThroughAClient, crd);
    }
}
