using Coracle.ApiServer.Access;
using Coracle.Kinds.FlowControl.V1;

namespace Coracle.ApiServer.Tests.Flow;

/// <summary>Seats and queues of one level, by a clock that the test moves, and how seats are shared out among levels.</summary>
public sealed class PriorityLevelTests
{
    private readonly FlowCounters _counters = new("s", "l");
    private double _now;

    private PriorityLevel Level(int limit, int queues = 16, int hand = 4, int length = 100)
    {
        var level = new PriorityLevel("l", () => _now);
        level.Configure(exempt: false, queues, hand, length);
        level.SetLimit(limit);
        return level;
    }

    private static ulong Flow(string user) => ShuffleShards.Hash("s", user);

    /// <summary>Ends the request that began first, until the other one has its seat: how many that took.</summary>
    private int EndsUntil(PriorityLevel level, FlowTicket wanted, List<FlowTicket> flood, double seconds)
    {
        for (var ends = 0; ; ends++)
        {
            if (wanted.Waiter!.Told.IsCompleted) return ends;
            var next = flood.FindIndex(t => t.Waiter is null || t.Waiter.Told.IsCompleted);
            _now += seconds;
            level.Leave(flood[next] with { StartSeconds = _now - seconds });
            flood.RemoveAt(next);
        }
    }

    [Theory]
    [InlineData("bob"), InlineData("cid"), InlineData("dan"), InlineData("eve")]
    public void A_flow_of_one_request_passes_a_flow_of_hundreds(string other)
    {
        var level = Level(limit: 4);
        var flood = Enumerable.Range(0, 300).Select(_ => level.Enter(_counters, Flow("ann"), 1)).ToList();
        Assert.Equal(4, flood.Count(t => t.Waiter is null));
        var modest = level.Enter(_counters, Flow(other), 1);
        Assert.InRange(EndsUntil(level, modest, flood, 0.010), 1, 8);
    }

    [Fact]
    public void Flows_that_both_want_more_than_there_is_get_as_much_as_each_other()
    {
        var level = Level(limit: 2, queues: 64, hand: 1);
        var tickets = new List<(string User, FlowTicket Ticket)>();
        for (var i = 0; i < 100; i++) tickets.Add(("ann", level.Enter(_counters, Flow("ann"), 1)));
        for (var i = 0; i < 50; i++) tickets.Add(("bob", level.Enter(_counters, Flow("bob"), 1)));
        var served = new Dictionary<string, int> { ["ann"] = 0, ["bob"] = 0 };
        for (var i = 0; i < 60; i++)
        {
            var next = tickets.FindIndex(t => t.Ticket.Waiter is null || t.Ticket.Waiter.Told.IsCompleted);
            _now += 0.005;
            level.Leave(tickets[next].Ticket with { StartSeconds = _now - 0.005 });
            served[tickets[next].User]++;
            tickets.RemoveAt(next);
        }
        Assert.InRange(served["bob"], 27, 33);
    }

    [Fact]
    public void A_full_queue_sends_away_and_a_level_without_queues_does_so_at_once()
    {
        var level = Level(limit: 1, queues: 4, hand: 1, length: 2);
        var entered = Enumerable.Range(0, 4).Select(_ => level.Enter(_counters, Flow("ann"), 1)).ToList();
        Assert.Equal([null, null, null, FlowRejection.QueueFull], entered.Select(t => t.Rejection));
        var plain = Level(limit: 1, queues: 0, hand: 0);
        Assert.Null(plain.Enter(_counters, 0, 1).Rejection);
        Assert.Equal(FlowRejection.ConcurrencyLimit, plain.Enter(_counters, 0, 1).Rejection);
    }

    [Fact]
    public void A_request_larger_than_the_limit_is_served_alone()
    {
        var level = Level(limit: 3);
        var small = level.Enter(_counters, Flow("ann"), 1);
        var large = level.Enter(_counters, Flow("bob"), 10);
        Assert.NotNull(large.Waiter);
        level.Leave(small);
        Assert.True(large.Waiter.Told.IsCompleted);
        Assert.NotNull(level.Enter(_counters, Flow("ann"), 1).Waiter);
    }

    [Fact]
    public async Task Who_gave_up_gets_no_seat_and_takes_none()
    {
        var level = Level(limit: 1);
        var first = level.Enter(_counters, Flow("ann"), 1);
        var second = level.Enter(_counters, Flow("ann"), 1);
        var third = level.Enter(_counters, Flow("ann"), 1);
        Assert.True(level.GiveUp(second.Waiter!, FlowRejection.TimeOut));
        level.Leave(first);
        Assert.Equal(FlowRejection.TimeOut, await second.Waiter!.Told);
        Assert.True(third.Waiter!.Told.IsCompleted);
        Assert.False(level.GiveUp(third.Waiter, FlowRejection.TimeOut));
        Assert.Equal(0, level.RequestsWaiting);
    }

    [Fact]
    public void A_free_seat_costs_no_memory()
    {
        var level = Level(limit: 10);
        var flow = Flow("ann");
        for (var i = 0; i < 100; i++) level.Leave(level.Enter(_counters, flow, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) level.Leave(level.Enter(_counters, flow, 1));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_hand_has_different_cards_and_is_the_same_each_time()
    {
        var (one, two) = (new int[6], new int[6]);
        for (var i = 0; i < 1000; i++)
        {
            ShuffleShards.Deal(Flow($"user{i}"), 64, one);
            ShuffleShards.Deal(Flow($"user{i}"), 64, two);
            Assert.Equal(one, two);
            Assert.Equal(6, one.Distinct().Count());
            Assert.All(one, card => Assert.InRange(card, 0, 63));
        }
    }

    // total; target, lower, upper of each; what each gets.
    [Theory]
    [InlineData(10, "5 0 10|5 0 10", "5|5")]
    [InlineData(30, "10 0 30|5 0 30", "20|10")]
    [InlineData(30, "10 5 12|5 0 30", "12|18")]
    [InlineData(10, "20 8 20|20 0 20", "8|2")]
    [InlineData(12, "1 1 4|1 1 4|1 1 100", "4|4|4")]
    [InlineData(20, "1 1 4|1 1 4|1 1 100", "4|4|12")]
    [InlineData(5, "3 3 9|3 3 9", null)]
    public void Seats_are_shared_in_proportion_and_within_bounds(double total, string claims, string? expected)
    {
        var shared = SeatShares.Of(total, [.. claims.Split('|').Select(c => c.Split(' ').Select(double.Parse).ToArray()).Select(c => new SeatClaim(c[0], c[1], c[2]))]);
        Assert.Equal(expected, shared is null ? null : string.Join('|', shared.Select(s => Math.Round(s, 3))));
    }

    [Fact]
    public void Demand_is_remembered_for_a_while()
    {
        var demand = new SeatDemand(0);
        demand.Set(0, 10);
        demand.Set(5, 0);
        demand.Reset(10);
        Assert.Equal((10, 10.0), (demand.HighWatermark, demand.Smoothed));
        demand.Reset(20);
        Assert.Equal((0, 9.77), (demand.HighWatermark, Math.Round(demand.Smoothed, 3)));
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/n/pods", "ann", "", "catch-all")]
    [InlineData("GET", "/healthz", "ann", "", "probes")]
    [InlineData("DELETE", "/api/v1/namespaces/n/pods/p", "root", "system:masters", "exempt")]
    [InlineData("PUT", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/l", "system:kube-scheduler", "system:authenticated", "system-leader-election")]
    [InlineData("PATCH", "/api/v1/nodes/n/status", "system:node:n", "system:nodes system:authenticated", "system-node-high")]
    [InlineData("GET", "/api/v1/pods", "system:node:n", "system:nodes system:authenticated", "system-nodes")]
    [InlineData("GET", "/api/v1/pods", "system:serviceaccount:kube-system:job-controller", "system:serviceaccounts system:authenticated", "kube-system-service-accounts")]
    [InlineData("GET", "/api/v1/pods", "system:serviceaccount:kube-system-2:a", "system:serviceaccounts system:authenticated", "service-accounts")]
    [InlineData("GET", "/api/v1/pods", "ann", "system:authenticated", "global-default")]
    [InlineData("GET", "/version", "ann", "system:unauthenticated", "global-default")]
    public void Requests_belong_to_the_schema_that_upstream_puts_them_in(string method, string path, string user, string groups, string schema)
    {
        var info = RequestInfo.Parse(method, path, "");
        var who = new User { Name = user, Groups = ["system:authenticated", .. groups.Split(' ')] };
        var found = FlowDefaults.MandatorySchemas.Concat(FlowDefaults.SuggestedSchemas).OrderBy(s => s.Spec.MatchingPrecedence).First(s => new FlowRules(s).Matches(info, who));
        Assert.Equal(schema == "catch-all" ? "global-default" : schema, found.Metadata.Name);
    }
}
