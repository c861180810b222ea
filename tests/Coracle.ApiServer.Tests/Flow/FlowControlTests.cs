using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Flow;

public sealed class FlowControlTests : IAsyncLifetime
{
    private const string Flows = "/apis/flowcontrol.apiserver.k8s.io/v1";
    private const string Busy = "Too many requests, please try again later.";
    private static readonly How Ann = new() { Token = "ann" };
    private static readonly How Bob = new() { Token = "root", Headers = [("Impersonate-User", "bob")] };
    private readonly TaskCompletionSource _body = new();
    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await Api.StartAsync();
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """{"metadata":{"name":"all"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"all"},"subjects":[{"kind":"User","name":"ann"},{"kind":"User","name":"bob"}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"all"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    // 100 of the 600 seats, and queues of five.
    private async Task Narrow(string response = """{"type":"Queue","queuing":{"queues":16,"handSize":4,"queueLengthLimit":5}}""")
    {
        await _api.Create($"{Flows}/prioritylevelconfigurations", $$$"""{"metadata":{"name":"narrow"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":1,"borrowingLimitPercent":0,"limitResponse":{{{response}}} } } }""");
        await _api.Create($"{Flows}/flowschemas", """{"metadata":{"name":"narrow"},"spec":{"matchingPrecedence":500,"priorityLevelConfiguration":{"name":"narrow"},"distinguisherMethod":{"type":"ByUser"},"rules":[{"subjects":[{"kind":"Group","group":{"name":"system:authenticated"}}],"resourceRules":[{"verbs":["create"],"apiGroups":[""],"resources":["configmaps"],"namespaces":["default"]}]}]}}""");
    }

    [Fact]
    public async Task Without_any_configuration_all_share_all_seats_and_those_beyond_are_sent_away()
    {
        var writing = Enumerable.Range(0, 600).Select(i => Create($"a{i}", Ann)).ToList();
        var refused = await _api.Send("GET", Api.ConfigMaps, null, Ann);
        Assert.Equal((429, "TooManyRequests", Busy), refused.Status);
        Assert.Equal(("1", "1"), (refused.Header("Retry-After"), refused.At("details.retryAfterSeconds")));
        _body.SetResult();
        Assert.All(await Task.WhenAll(writing), answer => Assert.Equal(201, answer.Code));
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
    }

    [Fact]
    public async Task A_client_that_floods_does_not_keep_another_from_being_served()
    {
        await Narrow();
        var seated = Enumerable.Range(0, 100).Select(i => Create($"a{i}", Ann)).ToList();
        var waiting = Enumerable.Range(0, 20).Select(i => _api.Send("POST", Api.ConfigMaps, ConfigMap($"b{i}"), Ann)).ToList();
        Assert.Equal((429, "TooManyRequests", Busy), (await _api.Send("POST", Api.ConfigMaps, ConfigMap("c"), Ann)).Status);
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
        var other = _api.Send("POST", Api.ConfigMaps, ConfigMap("bobs"), Bob);
        Assert.False(other.IsCompleted);
        _body.SetResult();
        Assert.Equal(201, (await other).Code);
        Assert.All(await Task.WhenAll([.. seated, .. waiting]), answer => Assert.Equal(201, answer.Code));
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_seat_is_sent_away()
    {
        await Narrow();
        var seated = Enumerable.Range(0, 100).Select(i => Create($"a{i}", Ann)).ToList();
        var waiting = _api.Send("POST", Api.ConfigMaps, ConfigMap("b"), Ann);
        _api.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(waiting.IsCompleted);
        _api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((429, "TooManyRequests", Busy), (await waiting).Status);
        _body.SetResult();
        Assert.All(await Task.WhenAll(seated), answer => Assert.Equal(201, answer.Code));
    }

    [Fact]
    public async Task Administrators_watches_and_the_control_planes_own_parts_always_get_in()
    {
        var writing = Enumerable.Range(0, 600).Select(i => Create($"a{i}", Ann)).ToList();
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, ConfigMap("b"), new How { Token = "root" })).Code);
        Assert.Equal(201, (await _api.CreateConfigMap("c")).Code);
        _body.SetResult();
        await Task.WhenAll(writing);
        var watches = new List<Watching>();
        for (var i = 0; i < 700; i++) watches.Add(await _api.Watch($"{Api.ConfigMaps}?watch=1&resourceVersion={_api.Revision}", null, Ann));
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
    }

    [Fact]
    public async Task What_is_given_up_gives_its_seat_back()
    {
        var writing = Enumerable.Range(0, 600).Select(i => Create($"a{i}", Ann)).ToList();
        _api.Time.Advance(TimeSpan.FromSeconds(34));
        Assert.All(await Task.WhenAll(writing), answer => Assert.Equal(504, answer.Code));
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, ConfigMap("b"), Ann)).Code);
    }

    [Fact]
    public async Task An_answer_names_the_schema_and_the_level_that_it_was_served_by()
    {
        await Narrow("""{"type":"Reject"}""");
        var schema = (await _api.Get($"{Flows}/flowschemas/narrow")).Uid;
        var level = (await _api.Get($"{Flows}/prioritylevelconfigurations/narrow")).Uid;
        var answer = await _api.Send("POST", Api.ConfigMaps, ConfigMap("a"), Ann);
        Assert.Equal((schema, level), (answer.Header("X-Kubernetes-PF-FlowSchema-UID"), answer.Header("X-Kubernetes-PF-PriorityLevel-UID")));
        var metrics = (await _api.Get("/metrics")).Text;
        Assert.Contains("""apiserver_flowcontrol_dispatched_requests_total{flow_schema="narrow",priority_level="narrow"} 1""", metrics);
        Assert.Contains("""apiserver_flowcontrol_nominal_limit_seats{priority_level="narrow"} 100""", metrics);
        Assert.Contains("""apiserver_flowcontrol_current_limit_seats{priority_level="catch-all"} 500""", metrics);
    }

    private static string ConfigMap(string name) => $$$"""{"metadata":{"name":"{{{name}}}"}}""";

    private Task<Answer> Create(string name, How how) => _api.Send("POST", Api.ConfigMaps, ConfigMap(name), how with { BodyArrives = _body.Task });
}
