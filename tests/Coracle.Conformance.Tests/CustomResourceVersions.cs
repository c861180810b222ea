using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/crd_conversion_webhook.go, crd_selectable_fields.go.</summary>
public sealed class CustomResourceVersions(Cluster cluster) : IClassFixture<Cluster>
{
    private static (string, string, string, string) Shape(JsonObject obj) => (obj.Text("apiVersion").Split('/')[1], obj.Text("hostPort"), obj.Text("host"), obj.Text("port"));
    private static readonly (string, string, string, string) First = ("v1", "localhost:8080", "", ""), Second = ("v2", "", "localhost", "8080");

    [Fact, Behaviour("Custom Resource Definition Conversion Webhook, conversion custom resource")]
    public async Task Convert_from_CR_v1_to_CR_v2()
    {
        var ns = await cluster.Namespace();
        var crd = await Conversions.Define(cluster, ns);
        await cluster.Create(crd.In(ns), crd.Instance("cr-instance-1", ""","hostPort":"localhost:8080" """));
        Assert.Equal(Second, Shape((await cluster.Get($"{(crd with { Version = "v2" }).In(ns)}/cr-instance-1")).Is(200).Json));
    }

    [Fact, Behaviour("Custom Resource Definition Conversion Webhook, convert mixed version list")]
    public async Task Convert_a_mixed_version_list()
    {
        var ns = await cluster.Namespace();
        var crd = await Conversions.Define(cluster, ns);
        await cluster.Create(crd.In(ns), crd.Instance("cr-instance-1", ""","hostPort":"localhost:8080" """));
        await cluster.Update(crd.Definition, found => found["spec"]!["versions"] = JsonNode.Parse(Conversions.Versions("v2")));
        await cluster.Create(crd.In(ns), crd.Instance("cr-instance-2", ""","hostPort":"localhost:8080" """));
        Assert.Equal("""["v1","v2"]""", (await cluster.Get(crd.Definition))["status.storedVersions"]);

        var v1 = (await cluster.Get(crd.In(ns))).Is(200);
        Assert.Equal(["cr-instance-1", "cr-instance-2"], v1.Names);
        Assert.All(v1.Items, item => Assert.Equal(First, Shape(item)));
        var v2 = (await cluster.Get((crd with { Version = "v2" }).In(ns))).Is(200);
        Assert.Equal(["cr-instance-1", "cr-instance-2"], v2.Names);
        Assert.All(v2.Items, item => Assert.Equal(Second, Shape(item)));
    }

    [Fact, Behaviour("custom-resource-definition-field-selectors-list-watch-register-informers")]
    public async Task Field_selectors_list_watch_and_register_informers()
    {
        var ns = await cluster.Namespace();
        var crd = await Conversions.Define(cluster, ns, selectable: true);
        var (v1, v2) = (crd.In(ns), (crd with { Version = "v2" }).In(ns));
        const string host = "?fieldSelector=host%3Dhost1", hostAndPort = "?fieldSelector=host%3Dhost1%2Cport%3D80", hostPort = "?fieldSelector=hostPort%3Dhost1%3A80";
        await using var byHost = await cluster.Watch(v2 + host);
        await using var byHostAndPort = await cluster.Watch(v2 + hostAndPort);
        await using var byHostPort = await cluster.Watch(v1 + hostPort);
        var resource = new ApiResource(crd.Group, "v2", crd.Plural, crd.Kind, true);
        var (seenByHost, seenByHostAndPort) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await cluster.RunAsync((host, informers) =>
        {
            var byOne = informers.Dynamic(resource, new CacheScope { Namespace = ns, FieldSelector = "host=host1" });
            var byTwo = informers.Dynamic(resource, new CacheScope { Namespace = ns, FieldSelector = "host=host1,port=80" });
            byOne.Subscribe(delta => seenByHost.Enqueue($"{delta.Type} {delta.Key.Name}"));
            byTwo.Subscribe(delta => seenByHostAndPort.Enqueue($"{delta.Type} {delta.Key.Name}"));
            host.Add(new ControllerBuilder("watching", informers).For(byOne).Reads(byTwo).Build((_, _) => ValueTask.FromResult(Result.Done)));
        });

        foreach (var (name, values) in new[] { ("one", "\"host\":\"host1\",\"port\":\"80\""), ("two", "\"host\":\"host1\",\"port\":\"8080\""), ("three", "\"host\":\"host2\"") })
            await cluster.Create(v2, (crd with { Version = "v2" }).Instance(name, "," + values));

        Assert.Equal(["one", "two"], (await cluster.Get(v2 + host)).Is(200).Names.Order());
        Assert.Equal(["one"], (await cluster.Get(v2 + hostAndPort)).Is(200).Names);
        Assert.Equal(["one"], (await cluster.Get(v1 + hostPort)).Is(200).Names);
        Assert.Equal(["two"], (await cluster.Get($"{v1}?fieldSelector=hostPort%3Dhost1%3A8080")).Is(200).Names);
        Assert.Equal(["ADDED one", "ADDED two"], await byHost.Next(2));
        Assert.Equal(["ADDED one"], await byHostAndPort.Next(1));
        Assert.Equal(["ADDED one"], await byHostPort.Next(1));
        await cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["Added one", "Added two"], seenByHost);
        Assert.Equal(["Added one"], seenByHostAndPort);

        (await cluster.Delete(v2 + hostAndPort, """{"gracePeriodSeconds":0}""")).Is(200);
        await cluster.Update($"{v2}/two", found => found["host"] = "host2");
        Assert.Empty((await cluster.Get(v2 + host)).Is(200).Names);
        Assert.Empty((await cluster.Get(v2 + hostAndPort)).Is(200).Names);
        Assert.Equal(["DELETED one", "DELETED two"], await byHost.Next(2));
        Assert.Equal(["DELETED one"], await byHostAndPort.Next(1));
        Assert.Equal(["DELETED one"], await byHostPort.Next(1));
        await cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["Added one", "Added two", "Deleted one", "Deleted two"], seenByHost);
        Assert.Equal(["Added one", "Deleted one"], seenByHostAndPort);
    }
}
