using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Subresources;

/// <summary>Pods that are asked to leave, and the budgets of the pods like them.</summary>
public sealed class EvictionTests
{
    private const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    private const string Refused = "Cannot evict pod as it would violate the pod's disruption budget.";

    private static async Task<Api> Start(string pod = """{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}""", string labels = ""","labels":{"app":"web"}""")
    {
        var api = await Api.StartAsync();
        await api.CreatePod("web", labels);
        await Status(api, $"{Api.Pods}/web", pod);
        return api;
    }

    private static async Task Status(Api api, string target, string status)
    {
        var patched = await api.Patch($"{target}/status", $$"""{"status":{{status}}}""");
        Assert.True(patched.Code == 200, patched.Text);
    }

    private static async Task Budget(Api api, string status, string spec = "", string name = "budget")
    {
        await api.Create(Budgets, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"selector":{"matchLabels":{"app":"web"}}{{{spec}}}}}""");
        await Status(api, $"{Budgets}/{name}", status);
    }

    private static Task<Answer> Evict(Api api, string options = "") =>
        api.Post($"{Api.Pods}/web/eviction", $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"web"}{{(options.Length > 0 ? ",\"deleteOptions\":" + options : "")}}}""");

    [Fact]
    public async Task Without_a_budget_a_pod_goes()
    {
        await using var api = await Start();
        Assert.Equal(201, (await Evict(api)).Code);
        Assert.Equal(404, (await api.Get($"{Api.Pods}/web")).Code);
    }

    [Fact]
    public async Task A_budget_counts_down_and_remembers_the_pod()
    {
        await using var api = await Start();
        await Budget(api, """{"observedGeneration":1,"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":1,"expectedPods":2}""");
        Assert.Equal(201, (await Evict(api)).Code);
        var budget = await api.Get($"{Budgets}/budget");
        Assert.Equal(("0", "False", "InsufficientPods"), (budget.At("status.disruptionsAllowed"), budget.At("status.conditions.0.status"), budget.At("status.conditions.0.reason")));
        Assert.NotNull(budget.At("status.disruptedPods.web"));
    }

    [Fact]
    public async Task A_budget_that_is_used_up_refuses_and_says_what_is_missing()
    {
        await using var api = await Start();
        await Budget(api, """{"observedGeneration":1,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1}""");
        var answer = await Evict(api);
        Assert.Equal((429, "TooManyRequests", Refused), answer.Status);
        Assert.Equal(("DisruptionBudget", "The disruption budget budget needs 1 healthy pods and has 1 currently"), (answer.At("details.causes.0.reason"), answer.At("details.causes.0.message")));
        Assert.Null(answer.At("details.retryAfterSeconds"));
        Assert.Equal(200, (await api.Get($"{Api.Pods}/web")).Code);
    }

    [Fact]
    public async Task A_budget_that_nobody_has_looked_at_yet_asks_for_patience()
    {
        await using var api = await Start();
        await Budget(api, """{"disruptionsAllowed":1}""");
        var answer = await Evict(api);
        Assert.Equal((429, "TooManyRequests", Refused), answer.Status);
        Assert.Equal("The disruption budget budget is still being processed by the server.", answer.At("details.causes.0.message"));
        Assert.Equal(("10", "10"), (answer.At("details.retryAfterSeconds"), answer.Header("Retry-After")));
    }

    [Fact]
    public async Task A_budget_that_could_not_be_worked_out_says_why()
    {
        await using var api = await Start();
        await Budget(api, """{"observedGeneration":1,"conditions":[{"type":"DisruptionAllowed","status":"False","reason":"SyncFailed","message":"no scale","observedGeneration":1,"lastTransitionTime":"2030-01-01T00:00:00Z"}]}""");
        Assert.Equal("The disruption budget budget does not allow evicting pods currently because it failed sync: no scale", (await Evict(api)).At("details.causes.0.message"));
    }

    [Fact]
    public async Task Several_budgets_of_one_pod_are_too_many()
    {
        await using var api = await Start();
        await Budget(api, """{"observedGeneration":1,"disruptionsAllowed":1}""");
        await Budget(api, """{"observedGeneration":1,"disruptionsAllowed":1}""", name: "second");
        var answer = await Evict(api);
        Assert.Equal((500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."), (answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""", """{"observedGeneration":1,"currentHealthy":1,"desiredHealthy":1}""", "", 201)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""", """{"observedGeneration":1,"currentHealthy":0,"desiredHealthy":1}""", "", 429)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}""", """{"observedGeneration":1,"currentHealthy":0,"desiredHealthy":1}""", ""","unhealthyPodEvictionPolicy":"AlwaysAllow" """, 201)]
    [InlineData("""{"phase":"Pending"}""", """{"observedGeneration":1,"currentHealthy":0,"desiredHealthy":1}""", "", 201)]
    [InlineData("""{"phase":"Failed"}""", """{"observedGeneration":1,"currentHealthy":0,"desiredHealthy":1}""", "", 201)]
    public async Task A_pod_that_serves_nobody_goes_where_that_harms_nobody(string pod, string budget, string spec, int code)
    {
        await using var api = await Start(pod);
        await Budget(api, budget, spec);
        Assert.Equal(code, (await Evict(api)).Code);
        Assert.Null((await api.Get($"{Budgets}/budget")).At("status.disruptedPods"));
    }

    [Fact]
    public async Task A_trial_changes_nothing()
    {
        await using var api = await Start();
        await Budget(api, """{"observedGeneration":1,"disruptionsAllowed":1}""");
        Assert.Equal(201, (await Evict(api, """{"dryRun":["All"]}""")).Code);
        Assert.Equal("1", (await api.Get($"{Budgets}/budget")).At("status.disruptionsAllowed"));
        Assert.Null((await api.Get($"{Api.Pods}/web")).At("status.conditions.1"));
    }

    [Fact]
    public async Task A_pod_that_waits_for_something_says_why_it_goes()
    {
        await using var api = await Start(labels: ""","labels":{"app":"web"},"finalizers":["a.example/b"]""");
        Assert.Equal(201, (await Evict(api)).Code);
        var pod = await api.Get($"{Api.Pods}/web");
        Assert.Equal(("DisruptionTarget", "EvictionByEvictionAPI", "Eviction API: evicting"), (pod.At("status.conditions.1.type"), pod.At("status.conditions.1.reason"), pod.At("status.conditions.1.message")));
    }

    [Fact]
    public async Task The_path_names_the_pod_that_the_body_names()
    {
        await using var api = await Start();
        var answer = await api.Post($"{Api.Pods}/web/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"other"}}""");
        Assert.Equal((400, "BadRequest", "name in URL does not match name in Eviction object"), answer.Status);
    }
}
