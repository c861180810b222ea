using System.Net;
using System.Text;
using Coracle.ApiServer.Tests.Support;
using Coracle.Serving;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Coracle.ApiServer.Tests.Http;

/// <summary>Clients that are slow, or gone. Each test ends when the server has done what it must; the patience of the server is shortened for them.</summary>
public sealed class SlowClientTests
{
    private const string Authorized = "Host: x\r\nAuthorization: Bearer root\r\n";

    private static readonly HttpLimits Impatient = new()
    {
        HeadersMax = TimeSpan.FromSeconds(1), BodyRateMin = new MinDataRate(1000, TimeSpan.FromSeconds(1.5)), StallMax = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task Headers_that_trickle_are_not_waited_for_for_ever()
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        using var raw = await http.Connect();
        await raw.Say("GET /version HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        var heard = raw.HearAll();
        Assert.Matches("^(HTTP/1\\.1 408 |$)", await heard);
    }

    [Fact]
    public async Task A_body_that_trickles_is_answered_408()
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        using var raw = await http.Connect();
        await raw.Say($"POST {Api.ConfigMaps} HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        var heard = await raw.HearAll();
        Assert.StartsWith("HTTP/1.1 408 ", heard, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Status\"", heard, StringComparison.Ordinal);
        Assert.Empty(http.Api.Errors);
    }

    [Fact]
    public async Task A_body_that_ends_early_is_noticed()
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        var raw = await http.Connect();
        await raw.Say($"POST {Api.ConfigMaps} HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        raw.Vanish();
        using var client = http.Client(HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/version", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(http.Api.Errors);
    }

    [Fact]
    public async Task A_watch_whose_client_vanishes_is_released()
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        var raw = await Watching(http);
        Assert.Equal(1, http.Api.Server.Metrics.OpenWatches);
        raw.Vanish();
        await Until(() => http.Api.Server.Metrics.OpenWatches == 0);
        Assert.Empty(http.Api.Errors);
    }

    [Fact]
    public async Task A_watch_whose_client_takes_nothing_is_given_up()
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        await http.Api.CreateConfigMap("a");
        using var raw = await Watching(http);
        var big = new string('x', 200_000);
        for (var i = 0; http.Api.Server.Metrics.OpenWatches > 0 && i < 1000; i++)
        {
            await http.Api.Put($"{Api.ConfigMaps}/a", $$$"""{"metadata":{"name":"a"},"data":{"i":"{{{i}}}","k":"{{{big}}}"}}""");
            await Task.Delay(i < 100 ? 0 : 50, TestContext.Current.CancellationToken);
        }
        Assert.Equal(0, http.Api.Server.Metrics.OpenWatches);
        Assert.Empty(http.Api.Errors);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_watch_that_its_client_ends_is_released_and_one_in_use_is_not(string version)
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        using var client = http.Client(Version.Parse(version));
        var ended = new CancellationTokenSource();
        var first = await client.GetAsync($"{Api.ConfigMaps}?watch=1", HttpCompletionOption.ResponseHeadersRead, ended.Token);
        Assert.Equal(("application/json", Version.Parse(version)), (first.Content.Headers.ContentType!.MediaType, first.Version));
        var second = await client.GetAsync($"{Api.ConfigMaps}?watch=1", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(2, http.Api.Server.Metrics.OpenWatches);
        first.Dispose();
        await Until(() => http.Api.Server.Metrics.OpenWatches == 1);
        await http.Api.CreateConfigMap("a");
        using var reader = new StreamReader(await second.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.StartsWith("""{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a",""", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_watch_ends_its_answer_in_order_when_its_time_is_over(string version)
    {
        await using var http = await HttpApi.StartAsync(Impatient);
        using var client = http.Client(Version.Parse(version));
        await http.Api.CreateConfigMap("a");
        var all = await client.GetStringAsync($"{Api.ConfigMaps}?watch=1&timeoutSeconds=1", TestContext.Current.CancellationToken);
        Assert.Single(all.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await Until(() => http.Api.Server.Metrics.OpenWatches == 0);
    }

    private static async Task<RawConnection> Watching(HttpApi http)
    {
        var raw = await http.Connect();
        await raw.Say($"GET {Api.ConfigMaps}?watch=1 HTTP/1.1\r\n{Authorized}\r\n");
        await raw.HearUntil("\r\n\r\n");
        return raw;
    }

    // Fails by the test's own timeout, never by how long something took.
    private static async Task Until(Func<bool> holds)
    {
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (!holds() && DateTime.UtcNow < patience) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }
}
