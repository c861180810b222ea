using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Pods and the accounts that they run as.</summary>
public sealed class ServiceAccountTests
{
    private const string NewPods = "/api/v1/namespaces/new/pods";
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"main","image":"main:1"}]}}""";

    [Fact]
    public async Task A_pod_waits_a_moment_for_the_default_account_of_a_new_namespace()
    {
        await using var api = await Api.StartAsync();
        await api.Create("/api/v1/namespaces", """{"metadata":{"name":"new"}}""");
        var pod = api.Post(NewPods, Pod);
        Assert.False(pod.IsCompleted);
        await api.Create("/api/v1/namespaces/new/serviceaccounts", """{"metadata":{"name":"default"}}""");
        Assert.Equal(201, (await Finish(api, pod)).Code);
    }

    [Fact]
    public async Task A_pod_is_refused_when_the_default_account_does_not_come()
    {
        await using var api = await Api.StartAsync();
        await api.Create("/api/v1/namespaces", """{"metadata":{"name":"new"}}""");
        var from = api.Time.GetUtcNow();
        var answer = await Finish(api, api.Post(NewPods, Pod));
        Assert.Equal(403, answer.Code);
        Assert.Contains("pods \\\"p\\\" is forbidden: error looking up service account new/default: serviceaccount \\\"default\\\" not found", answer.Text, StringComparison.Ordinal);
        Assert.InRange(api.Time.GetUtcNow() - from, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_pod_does_not_wait_for_an_account_that_nobody_makes_of_itself()
    {
        await using var api = await Api.StartAsync();
        var answer = await api.Post(Api.Pods, Pod.Replace("\"spec\":{", "\"spec\":{\"serviceAccountName\":\"robot\",", StringComparison.Ordinal));
        Assert.Equal(403, answer.Code);
    }

    private static async Task<Answer> Finish(Api api, Task<Answer> request)
    {
        while (!request.IsCompleted)
        {
            if (api.Time.UntilNextTimer is { } next && next < TimeSpan.FromSeconds(1)) api.Time.Advance(next);
            await Task.Yield();
        }
        return await request;
    }
}
