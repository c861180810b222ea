using System.Net;
using Coracle.Node.Dns;
using Coracle.Node.Network.Tests.Support;

namespace Coracle.Node.Network.Tests.Dns;

public sealed class ForwarderTests
{
    private static readonly DnsQuestion Www = new(DnsName.Parse("www.example.com"), DnsType.A);
    private static readonly DnsMessage Query = new() { RecursionDesired = true, Questions = [Www] };

    private readonly ManualTime _time = new();

    private Forwarder Forward(params FakeUpstream[] upstreams) => Forward(new ForwarderOptions(), upstreams);

    private Forwarder Forward(ForwarderOptions options, params FakeUpstream[] upstreams)
    {
        var random = new Random(1);
        return new Forwarder(options with { Upstreams = [.. upstreams.Select(u => u.Address)] }, _time, () => (ushort)random.Next(65536));
    }

    private static DnsMessage Address(DnsMessage query, string address, uint ttl = 60) => query.Respond(DnsCode.NoError) with
    {
        Answers = [DnsRecord.Address(query.Questions[0].Name, ttl, IPAddress.Parse(address))],
    };

    /// <summary>Lets every query to one of these servers time out, and no other.</summary>
    private async Task<T> PassTimeUntilAsync<T>(Task<T> task, params FakeUpstream[] deadEnds)
    {
        var passed = _deadQueries;
        while (!task.IsCompleted)
        {
            for (var now = deadEnds.Sum(u => u.Queries); passed < now; passed++)
            {
                _time.Advance(new ForwarderOptions().AttemptTimeout);
            }

            await Task.Yield();
        }

        _deadQueries = passed;
        return await task;
    }

    private int _deadQueries;

    [Fact]
    public async Task The_first_server_is_asked_first()
    {
        using var first = FakeUpstream.Knowing("192.0.2.1");
        using var second = FakeUpstream.Knowing("192.0.2.2");
        using var forwarder = Forward(first, second);

        var response = await forwarder.LookUpAsync(Www, Query);

        Assert.Equal("192.0.2.1", Assert.Single(response.Answers).IPAddress!.ToString());
        Assert.Equal(0, second.Queries);
    }

    [Fact]
    public async Task A_silent_server_is_passed_over_after_its_timeout()
    {
        using var silent = new FakeUpstream((_, _) => null);
        using var second = FakeUpstream.Knowing("192.0.2.2");
        using var forwarder = Forward(silent, second);

        var response = await PassTimeUntilAsync(forwarder.LookUpAsync(Www, Query), silent);

        Assert.Equal("192.0.2.2", Assert.Single(response.Answers).IPAddress!.ToString());
        Assert.Equal(1, forwarder.Health[0].ConsecutiveFailures);
    }

    [Fact]
    public async Task A_server_that_failed_repeatedly_is_asked_last()
    {
        using var silent = new FakeUpstream((_, _) => null);
        using var second = FakeUpstream.Knowing("192.0.2.2", ttl: 0);
        using var forwarder = Forward(new ForwarderOptions { FailuresUntilLast = 2 }, silent, second);
        await PassTimeUntilAsync(forwarder.LookUpAsync(Www, Query), silent);
        await PassTimeUntilAsync(forwarder.LookUpAsync(Www, Query), silent);

        await forwarder.LookUpAsync(Www, Query);

        Assert.Equal(2, silent.Queries);
        Assert.Equal(3, second.Queries);
    }

    [Theory]
    [InlineData(DnsCode.ServFail)]
    [InlineData(DnsCode.Refused)]
    public async Task A_server_that_cannot_answer_is_passed_over(DnsCode code)
    {
        using var failing = new FakeUpstream((query, _) => query.Respond(code));
        using var second = FakeUpstream.Knowing("192.0.2.2");
        using var forwarder = Forward(failing, second);

        Assert.Equal("192.0.2.2", Assert.Single((await forwarder.LookUpAsync(Www, Query)).Answers).IPAddress!.ToString());
    }

    [Fact]
    public async Task If_nobody_answers_the_look_up_fails_and_the_failure_is_kept_for_a_moment()
    {
        using var silent = new FakeUpstream((_, _) => null);
        using var forwarder = Forward(silent);

        Assert.Equal(DnsCode.ServFail, (await PassTimeUntilAsync(forwarder.LookUpAsync(Www, Query), silent)).Code);
        var asked = silent.Queries;
        Assert.Equal(2, asked);
        Assert.Equal(DnsCode.ServFail, (await forwarder.LookUpAsync(Www, Query)).Code);
        Assert.Equal(asked, silent.Queries);
    }

    [Fact]
    public async Task Without_servers_a_look_up_is_refused()
    {
        using var forwarder = Forward();

        Assert.Equal(DnsCode.Refused, (await forwarder.LookUpAsync(Www, Query)).Code);
    }

    [Fact]
    public async Task A_truncated_answer_is_fetched_again_over_TCP()
    {
        using var upstream = new FakeUpstream((query, overTcp) =>
            overTcp ? Address(query, "192.0.2.3") : query.Respond(DnsCode.NoError) with { Truncated = true });
        using var forwarder = Forward(upstream);

        var response = await forwarder.LookUpAsync(Www, Query);

        Assert.Equal("192.0.2.3", Assert.Single(response.Answers).IPAddress!.ToString());
        Assert.Equal(2, upstream.Queries);
    }

    [Fact]
    public async Task A_server_too_old_for_EDNS_is_asked_without()
    {
        using var old = new FakeUpstream((query, _) => query.Edns is null ? Address(query, "192.0.2.4") : query.Respond(DnsCode.FormErr));
        using var forwarder = Forward(old);

        Assert.Equal("192.0.2.4", Assert.Single((await forwarder.LookUpAsync(Www, Query)).Answers).IPAddress!.ToString());
    }

    [Fact]
    public async Task An_answer_with_another_id_or_question_is_not_believed()
    {
        using var forging = new FakeUpstream((query, _) => Address(query, "198.51.100.66") with { Id = (ushort)(query.Id + 1) });
        using var straying = new FakeUpstream((query, _) => Address(query with { Questions = [new DnsQuestion(DnsName.Parse("other"), DnsType.A)] }, "198.51.100.66"));
        using var honest = FakeUpstream.Knowing("192.0.2.5");
        using var forwarder = Forward(forging, straying, honest);

        Assert.Equal("192.0.2.5", Assert.Single((await PassTimeUntilAsync(forwarder.LookUpAsync(Www, Query), forging, straying)).Answers).IPAddress!.ToString());
    }

    [Fact]
    public async Task An_answer_is_kept_as_long_as_it_says_and_counts_down()
    {
        using var upstream = FakeUpstream.Knowing("192.0.2.1", ttl: 60);
        using var forwarder = Forward(upstream);
        await forwarder.LookUpAsync(Www, Query);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1u, Assert.Single((await forwarder.LookUpAsync(Www, Query)).Answers).Ttl);
        Assert.Equal(1, upstream.Queries);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(60u, Assert.Single((await forwarder.LookUpAsync(Www, Query)).Answers).Ttl);
        Assert.Equal(2, upstream.Queries);
    }

    [Fact]
    public async Task A_denial_is_kept_as_long_as_its_zone_says()
    {
        var minimum = new byte[20];
        minimum[19] = 7;
        using var upstream = new FakeUpstream((query, _) => query.Respond(DnsCode.NXDomain) with
        {
            Authority = [new DnsRecord(DnsName.Parse("example.com"), DnsType.SOA, DnsClass.IN, 3600, RData.Of(DnsName.Root, DnsName.Root, minimum))],
        });
        using var forwarder = Forward(upstream);
        Assert.Equal(DnsCode.NXDomain, (await forwarder.LookUpAsync(Www, Query)).Code);

        _time.Advance(TimeSpan.FromSeconds(6));
        await forwarder.LookUpAsync(Www, Query);
        Assert.Equal(1, upstream.Queries);

        _time.Advance(TimeSpan.FromSeconds(1));
        await forwarder.LookUpAsync(Www, Query);
        Assert.Equal(2, upstream.Queries);
    }

    [Fact]
    public async Task The_cache_keeps_to_its_bound_and_drops_what_was_unused_for_longest()
    {
        using var upstream = FakeUpstream.Knowing("192.0.2.1");
        using var forwarder = Forward(new ForwarderOptions { CacheEntriesMax = 2 }, upstream);
        Task<DnsMessage> Ask(string name) => forwarder.LookUpAsync(new DnsQuestion(DnsName.Parse(name), DnsType.A), Query);

        await Ask("a");
        await Ask("b");
        await Ask("a");
        await Ask("c");
        Assert.Equal(3, upstream.Queries);
        await Ask("a");
        Assert.Equal(3, upstream.Queries);
        await Ask("b");
        Assert.Equal(4, upstream.Queries);
    }

    [Fact]
    public async Task Equal_questions_at_the_same_time_are_asked_once()
    {
        var release = new TaskCompletionSource();
        using var slow = new FakeUpstream((query, _) =>
        {
            release.Task.Wait();
            return Address(query, "192.0.2.1");
        });
        using var forwarder = Forward(slow);

        var lookups = Enumerable.Range(0, 20).Select(_ => forwarder.LookUpAsync(Www, Query)).ToList();
        release.SetResult();
        await Task.WhenAll(lookups);

        Assert.Equal(1, slow.Queries);
    }

    [Fact]
    public async Task Beyond_the_bound_of_look_ups_under_way_a_further_one_fails_at_once()
    {
        using var silent = new FakeUpstream((_, _) => null);
        using var forwarder = Forward(new ForwarderOptions { ConcurrentMax = 1 }, silent);
        var first = forwarder.LookUpAsync(Www, Query);

        var second = await forwarder.LookUpAsync(new DnsQuestion(DnsName.Parse("other"), DnsType.A), Query);

        Assert.Equal(DnsCode.ServFail, second.Code);
        await PassTimeUntilAsync(first, silent);
    }

    [Theory]
    [InlineData("nameserver 192.0.2.1\nnameserver 2001:db8::1\n", "192.0.2.1 2001:db8::1", "")]
    [InlineData("# comment\n; comment\nnameserver\nnameserver nonsense\nnameserver\t192.0.2.1 \r\n", "192.0.2.1", "")]
    [InlineData("domain one\nsearch two three\noptions ndots:5 edns0\n", "", "two three")]
    [InlineData("", "", "")]
    public void Resolv_conf_is_read_as_the_system_does(string text, string servers, string search)
    {
        var conf = ResolvConf.Parse(text);

        Assert.Equal(servers, string.Join(' ', conf.NameServers));
        Assert.Equal(search, string.Join(' ', conf.Search));
    }

    [Fact]
    public void Ones_own_addresses_are_no_upstream() =>
        Assert.Equal(
            [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53)],
            ResolvConf.Parse("nameserver 10.96.0.10\nnameserver 192.0.2.1").Upstreams(IPAddress.Parse("10.96.0.10")));
}
