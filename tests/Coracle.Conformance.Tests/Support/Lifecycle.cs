namespace Coracle.Conformance.Tests;

/// <summary>What upstream's tests of a resource's lifecycle ask, one step after the other: each single verb, then a second object that goes with the collection.</summary>
/// <param name="Collection">The path of the collection.</param>
/// <param name="Content">All of an object but its metadata, as JSON without the braces.</param>
/// <param name="List">Where it is listed: of all namespaces, for kinds that are in one.</param>
internal sealed record Lifecycle(string Collection, string Content, string? List = null)
{
    public async Task Run(Cluster cluster, string label)
    {
        var (first, second) = ($"{Collection}/{label}-1", $"{Collection}/{label}-2");
        var created = await Create(cluster, label, 1);
        Assert.Equal(created.Uid, (await cluster.Get(first)).Is(200).Uid);
        var patched = (await cluster.Patch(first, """{"metadata":{"labels":{"patched":"true"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("true", patched["metadata.labels.patched"]);
        Assert.Equal([$"{label}-1"], (await Listed(cluster, "patched%3Dtrue,lifecycle%3D" + label)).Names);
        (await cluster.Delete(first)).Is(200);
        await cluster.Gone(first);

        await Create(cluster, label, 2);
        Assert.Equal("true", (await cluster.Update(second, found => found["metadata"]!["labels"]!["updated"] = "true"))["metadata.labels.updated"]);
        Assert.Single((await Listed(cluster, "updated%3Dtrue,lifecycle%3D" + label)).Items);
        (await cluster.Delete($"{Collection}?labelSelector=lifecycle%3D{label}")).Is(200);
        await cluster.Gone(second);
        Assert.Empty((await Listed(cluster, "lifecycle%3D" + label)).Items);
    }

    private Task<Answer> Create(Cluster cluster, string label, int number) =>
        cluster.Create(Collection, $$$"""{"metadata":{"name":"{{{label}}}-{{{number}}}","labels":{"lifecycle":"{{{label}}}"} },{{{Content}}}}""");

    private async Task<Answer> Listed(Cluster cluster, string selector) => (await cluster.Get($"{List ?? Collection}?labelSelector={selector}")).Is(200);
}
