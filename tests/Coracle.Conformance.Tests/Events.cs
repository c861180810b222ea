using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/instrumentation/core_events.go, events.go.</summary>
public sealed class Events(Cluster cluster) : IClassFixture<Cluster>
{
    private static string Core(string name, string ns, string label) => $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"{{{label}}}":"true"} },"message":"This is {{{name}}}","reason":"Test","type":"Normal","involvedObject":{"namespace":"{{{ns}}}"} }
        """;

    [Fact, Behaviour("Event, manage lifecycle of an Event")]
    public async Task Manage_the_lifecycle_of_an_event()
    {
        var ns = await cluster.Namespace();
        var one = $"/api/v1/namespaces/{ns}/events/event-test";
        await cluster.Create($"/api/v1/namespaces/{ns}/events", Core("event-test", ns, "testevent-constant"));
        Assert.Equal(["event-test"], (await cluster.Get("/api/v1/events?labelSelector=testevent-constant%3Dtrue")).Is(200).Names);
        (await cluster.Patch(one, """{"message":"This is a test event - patched"}""", Cluster.Strategic)).Is(200);
        Assert.Equal("This is a test event - patched", (await cluster.Get(one)).Is(200)["message"]);
        await cluster.Update(one, found => found["series"] = new JsonObject { ["count"] = 100, ["lastObservedTime"] = "2026-01-01T00:00:00.000000Z" });
        Assert.Equal("100", (await cluster.Get(one)).Is(200)["series.count"]);
        (await cluster.Delete(one)).Is(200);
        Assert.Empty((await cluster.Get("/api/v1/events?labelSelector=testevent-constant%3Dtrue")).Is(200).Items);
    }

    [Fact, Behaviour("Event, delete a collection")]
    public async Task Delete_a_collection()
    {
        var ns = await cluster.Namespace();
        var events = $"/api/v1/namespaces/{ns}/events";
        for (var i = 1; i <= 3; i++) await cluster.Create(events, Core($"test-event-{i}", ns, "testevent-set"));
        Assert.Equal(3, (await cluster.Get($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200).Items.Count);
        (await cluster.Delete($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200);
        Assert.Empty((await cluster.Get($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200).Items);
    }

    private static string New(string name, string ns) => $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"testevent-set":"true"} },"eventTime":"2026-01-01T00:00:00.000000Z","note":"This is {{{name}}}","action":"Do","reason":"Test","type":"Normal",
        "reportingController":"test-controller","reportingInstance":"test-node","regarding":{"namespace":"{{{ns}}}"} }
        """;

    [Fact, Behaviour("New Event resource lifecycle, testing a single event")]
    public async Task Lifecycle_of_a_single_event()
    {
        const string group = "/apis/events.k8s.io/v1";
        var ns = await cluster.Namespace();
        var (events, one) = ($"{group}/namespaces/{ns}/events", $"{group}/namespaces/{ns}/events/event-test");
        var created = await cluster.Create(events, New("event-test", ns));
        Assert.Contains(created.Uid, (await cluster.Get($"{group}/events")).Is(200).Items.Select(e => e.Text("metadata.uid")));
        Assert.Equal(["event-test"], (await cluster.Get(events)).Is(200).Names);
        // Both groups name what an event is reported by.
        Assert.Equal(["event-test"], (await cluster.Get($"{events}?fieldSelector=reportingController%3Dtest-controller")).Is(200).Names);
        Assert.Equal(["event-test"], (await cluster.Get($"/api/v1/namespaces/{ns}/events?fieldSelector=source%3Dtest-controller")).Is(200).Names);
        Assert.Equal(created.Uid, (await cluster.Get(one)).Is(200).Uid);
        (await cluster.Patch(one, """{"series":{"count":2,"lastObservedTime":"2026-01-01T00:00:05.000000Z"}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("2", (await cluster.Get(one)).Is(200)["series.count"]);
        await cluster.Update(one, found => found["series"] = new JsonObject { ["count"] = 100, ["lastObservedTime"] = "2026-01-01T00:00:06.000000Z" });
        Assert.Equal("100", (await cluster.Get(one)).Is(200)["series.count"]);
        (await cluster.Delete(one)).Is(200);
        Assert.Empty((await cluster.Get(events)).Is(200).Items);
    }

    [Fact, Behaviour("New Event resource lifecycle, testing a list of events")]
    public async Task Lifecycle_of_a_list_of_events()
    {
        var ns = await cluster.Namespace();
        var events = $"/apis/events.k8s.io/v1/namespaces/{ns}/events";
        for (var i = 1; i <= 3; i++) await cluster.Create(events, New($"test-event-{i}", ns));
        Assert.Equal(3, (await cluster.Get($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200).Items.Count);
        (await cluster.Delete($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200);
        Assert.Empty((await cluster.Get($"{events}?labelSelector=testevent-set%3Dtrue")).Is(200).Items);
    }
}
