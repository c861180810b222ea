using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class EventRecorderTests
{
    private readonly SimulationLoop loop = new(1);
    private readonly FakeServer server;
    private readonly EventRecorder recorder;
    private readonly ConfigMap about = new() { Metadata = new() { Namespace = "a", Name = "x", Uid = "u1" } };

    public EventRecorderTests()
    {
        server = new(loop);
        recorder = new(new(server.NewTransport(), new() { Time = loop.Time, Random = new Random(1) }), "tester");
    }

    private List<JsonObject> Events => [.. server.All("events")];
    private static int Count(JsonObject e) => e["count"]!.GetValue<int>();

    private void Record(string message, string reason = "Tested") => loop.Inside(() => recorder.Normal(about, reason, message));

    [Fact]
    public void An_event_says_what_happened_to_which_object_when_and_who_tells_it()
    {
        Record("all is well");
        loop.RunFor(TimeSpan.FromSeconds(1));
        var e = Assert.Single(Events);
        Assert.Equal(("a", "x", "u1", "ConfigMap"), (e["involvedObject"]!["namespace"]!.ToString(), e["involvedObject"]!["name"]!.ToString(), e["involvedObject"]!["uid"]!.ToString(), e["involvedObject"]!["kind"]!.ToString()));
        Assert.Equal(("Normal", "Tested", "all is well", "tester", 1), (e["type"]!.ToString(), e["reason"]!.ToString(), e["message"]!.ToString(), e["source"]!["component"]!.ToString(), Count(e)));
        Assert.Equal($"x.{(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks * 100:x}", e["metadata"]!["name"]!.ToString());
    }

    [Fact]
    public void The_same_event_again_counts_up()
    {
        for (var i = 0; i < 5; i++)
        {
            Record("again");
            loop.RunFor(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(5, Count(Assert.Single(Events)));
    }

    [Fact]
    public void Ten_events_that_differ_in_their_message_alone_are_combined()
    {
        for (var i = 0; i < 15; i++)
        {
            Record($"message {i}");
            loop.RunFor(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(10, Events.Count);
        var combined = Assert.Single(Events, e => e["message"]!.ToString().StartsWith("(combined from similar events): ", StringComparison.Ordinal));
        Assert.Equal(("(combined from similar events): message 14", 6), (combined["message"]!.ToString(), Count(combined)));
    }

    [Fact]
    public void A_flood_about_one_object_is_cut_at_25_and_trickles_after()
    {
        for (var i = 0; i < 60; i++) Record("x", $"Reason{i}");
        loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(25, Events.Count);
        loop.RunFor(TimeSpan.FromMinutes(5));
        Record("x", "Later1");
        Record("x", "Later2");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(26, Events.Count);
    }

    [Fact]
    public void An_event_that_is_gone_from_the_server_is_made_anew()
    {
        Record("again");
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Remove("events", new("a", Events[0]["metadata"]!["name"]!.ToString()));
        Record("again");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Count(Assert.Single(Events)));
    }

    [Fact]
    public void Recording_survives_a_server_that_is_away_and_bounds_what_waits()
    {
        server.Down = true;
        for (var i = 0; i < 3000; i++) Record($"m{i}");
        loop.RunFor(TimeSpan.FromSeconds(15));
        Assert.Empty(Events);
        server.Down = false;
        loop.RunFor(TimeSpan.FromSeconds(30));
        Assert.NotEmpty(Events);
    }
}
