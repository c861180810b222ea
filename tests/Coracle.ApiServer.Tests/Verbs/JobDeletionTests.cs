using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

/// <summary>Jobs are the one kind whose pods stay unless the client says otherwise, and clients are told.</summary>
public sealed class JobDeletionTests
{
    private const string Jobs = "/apis/batch/v1/namespaces/default/jobs";
    private const string Told = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

    private static async Task<Api> Start()
    {
        var api = await Api.StartAsync();
        await api.Create(Jobs, """{"metadata":{"name":"one"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"b"}]}}}}""");
        return api;
    }

    [Fact]
    public async Task A_job_whose_deletion_does_not_say_leaves_its_pods_and_a_warning()
    {
        await using var api = await Start();
        var deleted = await api.Delete($"{Jobs}/one");
        Assert.Equal([Told], deleted.Warnings);
        Assert.Equal("""["orphan"]""", (await api.Get($"{Jobs}/one")).At("metadata.finalizers"));
    }

    [Theory]
    [InlineData("Background")]
    [InlineData("Orphan")]
    public async Task Who_says_is_not_warned(string policy)
    {
        await using var api = await Start();
        Assert.Empty((await api.Delete($"{Jobs}/one", $$"""{"propagationPolicy":"{{policy}}"}""")).Warnings);
        Assert.Equal(policy == "Background" ? 404 : 200, (await api.Get($"{Jobs}/one")).Code);
    }

    [Fact]
    public async Task A_collection_of_jobs_warns_once()
    {
        await using var api = await Start();
        Assert.Equal([Told], (await api.Delete(Jobs)).Warnings);
    }
}
