using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Flow;

public sealed class InFlightTests : IAsyncLifetime
{
    private static readonly How Ann = new() { Token = "ann" };
    private readonly TaskCompletionSource _body = new();
    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await Api.StartAsync();
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """{"metadata":{"name":"ann"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"all"},"subjects":[{"kind":"User","name":"ann"}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"all"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task More_than_200_writes_at_once_are_sent_away_for_a_second_and_reads_go_on()
    {
        var writing = Enumerable.Range(0, 200).Select(i => Create($"a{i}")).ToList();
        var refused = await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"one-more"}}""", Ann);
        Assert.Equal((429, "TooManyRequests", "Too many requests, please try again later."), refused.Status);
        Assert.Equal(("1", "1"), (refused.Header("Retry-After"), refused.At("details.retryAfterSeconds")));
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
        _body.SetResult();
        Assert.All(await Task.WhenAll(writing), answer => Assert.Equal(201, answer.Code));
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"one-more"}}""", Ann)).Code);
    }

    [Fact]
    public async Task More_than_400_reads_at_once_are_sent_away_and_writes_go_on()
    {
        var future = $"{Api.ConfigMaps}?resourceVersion={_api.Revision + 1}";
        var reading = Enumerable.Range(0, 400).Select(_ => _api.Send("GET", future, null, Ann)).ToList();
        Assert.Equal(429, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
        Assert.Equal(429, (await _api.Send("GET", "/version", null, Ann)).Code);
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"a"}}""", Ann)).Code);
        _api.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.All(await Task.WhenAll(reading), answer => Assert.Equal(200, answer.Code));
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, Ann)).Code);
    }

    [Fact]
    public async Task Administrators_watches_and_the_control_planes_own_parts_always_get_in()
    {
        var writing = Enumerable.Range(0, 200).Select(i => Create($"a{i}")).ToList();
        var reading = Enumerable.Range(0, 400).Select(_ => _api.Send("GET", $"{Api.ConfigMaps}?resourceVersion={_api.Revision + 1000}", null, Ann)).ToList();
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"b"}}""", new How { Token = "root" })).Code);
        Assert.Equal(200, (await _api.Send("GET", Api.ConfigMaps, null, new How { Token = "root" })).Code);
        Assert.Equal(201, (await _api.CreateConfigMap("c")).Code);
        (await _api.Watch($"{Api.ConfigMaps}?watch=1", null, Ann)).Take();
        _body.SetResult();
        await Task.WhenAll(writing);
        _api.Time.Advance(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task What_is_given_up_gives_its_place_back()
    {
        var writing = Enumerable.Range(0, 200).Select(i => Create($"a{i}")).ToList();
        _api.Time.Advance(TimeSpan.FromSeconds(34));
        Assert.All(await Task.WhenAll(writing), answer => Assert.Equal(504, answer.Code));
        Assert.Equal(201, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"b"}}""", Ann)).Code);
    }

    private Task<Answer> Create(string name) => _api.Send("POST", Api.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"}}""", Ann with { BodyArrives = _body.Task });
}
