using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Flow;

public sealed class DeadlineTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _body = new();
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_write_whose_body_does_not_come_is_answered_504_after_34_seconds()
    {
        var answer = Create("");
        _api.Time.Advance(TimeSpan.FromSeconds(33.9));
        Assert.False(answer.IsCompleted);
        _api.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((504, "Timeout", "Timeout: request did not complete within requested timeout - context deadline exceeded"), (await answer).Status);
    }

    [Theory]
    [InlineData("5s", 5)]
    [InlineData("1m", 34)]
    [InlineData("0s", 34)]
    [InlineData("1.5s", 1.5)]
    [InlineData("1500ms", 1.5)]
    public async Task A_client_may_ask_for_less_time_but_not_for_more(string timeout, double seconds)
    {
        var answer = Create($"?timeout={timeout}");
        _api.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.False(answer.IsCompleted);
        _api.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal((504, "Timeout"), ((await answer).Code, (await answer).Reason));
    }

    [Theory]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData("5", "time: missing unit in duration \"5\"")]
    [InlineData("5y", "time: unknown unit \"y\" in duration \"5y\"")]
    public async Task A_time_that_is_none_is_a_bad_request(string timeout, string error)
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?timeout={timeout}");
        Assert.Equal((400, "BadRequest", $"invalid timeout specified in the request URL - {error}"), refused.Status);
    }

    [Fact]
    public async Task Another_request_than_a_write_has_a_minute()
    {
        var answer = _api.Send("DELETE", Api.ConfigMaps, "{}", new How { BodyArrives = _body.Task });
        _api.Time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(answer.IsCompleted);
        _api.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((504, "Timeout", "Timeout: request did not complete within the allotted timeout"), (await answer).Status);
    }

    [Fact]
    public async Task A_request_that_is_in_time_is_answered_as_ever()
    {
        var answer = Create("");
        _api.Time.Advance(TimeSpan.FromSeconds(20));
        _body.SetResult();
        Assert.Equal(201, (await answer).Code);
        _api.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(_api.Errors);
    }

    [Fact]
    public async Task A_request_that_comes_too_late_does_nothing_any_more()
    {
        var answer = Create("?timeout=1s");
        _api.Time.Advance(TimeSpan.FromSeconds(1));
        await answer;
        _body.SetResult();
        Assert.Equal(404, (await _api.Get($"{Api.ConfigMaps}/a")).Code);
        Assert.Empty(_api.Errors);
    }

    [Fact]
    public async Task Watches_are_outside_of_all_this()
    {
        var watch = await _api.Watch($"{Api.ConfigMaps}?watch=1&timeout=1s");
        watch.Take();
        _api.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.False(watch.HasEnded);
    }

    private Task<Answer> Create(string query) => _api.Send("POST", Api.ConfigMaps + query, """{"metadata":{"name":"a"}}""", new How { BodyArrives = _body.Task });
}
