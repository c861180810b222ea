using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/watch.go.</summary>
public sealed class Watchers(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<string> ConfigMaps() => $"/api/v1/namespaces/{await cluster.Namespace()}/configmaps";

    private Task<Watching> Watch(string maps, string labels, string version = "") =>
        cluster.Watch($"{maps}?labelSelector={Uri.EscapeDataString($"watch-this-configmap in ({labels})")}{(version.Length > 0 ? "&resourceVersion=" + version : "")}");

    private Task<Answer> Create(string maps, string name, string label) => cluster.Create(maps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"watch-this-configmap":"{{{label}}}"} } }""");
    private Task<Answer> Mutate(string map, string value) => cluster.Update(map, found => found["data"] = new JsonObject { ["mutation"] = value });
    private Task<Answer> Relabel(string map, string label) => cluster.Update(map, found => found["metadata"]!["labels"]!["watch-this-configmap"] = label);

    /// <summary>Next comes this event, of this object as it was written.</summary>
    private static async Task Sees(Watching watch, string type, Answer written)
    {
        var seen = await watch.Next();
        Assert.Equal((type, written.Text), (seen.Type, seen.Object.ToJsonString()));
    }

    private static async Task SeesDeletion(Watching watch, string name) => Assert.Equal($"DELETED {name}", (await watch.Next()).ToString());

    [Fact, Behaviour("watch-configmaps-with-multiple-watchers")]
    public async Task Watch_configmaps_with_multiple_watchers()
    {
        var maps = await ConfigMaps();
        await using var a = await Watch(maps, "A");
        await using var b = await Watch(maps, "B");
        await using var both = await Watch(maps, "A,B");

        var changes = new List<(string, Answer)> { ("ADDED", await Create(maps, "a", "A")), ("MODIFIED", await Mutate($"{maps}/a", "1")), ("MODIFIED", await Mutate($"{maps}/a", "2")) };
        foreach (var (type, written) in changes)
        {
            await Sees(a, type, written);
            await Sees(both, type, written);
        }
        (await cluster.Delete($"{maps}/a")).Is(200);
        await SeesDeletion(a, "a");
        await SeesDeletion(both, "a");

        // That b's first event is its own, and a's next one comes after it, says that neither saw the other's.
        var created = await Create(maps, "b", "B");
        await Sees(b, "ADDED", created);
        await Sees(both, "ADDED", created);
        (await cluster.Delete($"{maps}/b")).Is(200);
        await SeesDeletion(b, "b");
        await SeesDeletion(both, "b");
        await Sees(a, "ADDED", await Create(maps, "last", "A"));
    }

    [Fact, Behaviour("watch-configmaps-from-resource-version")]
    public async Task Watch_configmaps_from_a_resource_version()
    {
        var maps = await ConfigMaps();
        await Create(maps, "one", "A");
        var first = await Mutate($"{maps}/one", "1");
        var second = await Mutate($"{maps}/one", "2");
        (await cluster.Delete($"{maps}/one")).Is(200);
        await using var watch = await Watch(maps, "A", first.Version);
        await Sees(watch, "MODIFIED", second);
        await SeesDeletion(watch, "one");
    }

    [Fact, Behaviour("watch-configmaps-closed-and-restarted")]
    public async Task Watch_configmaps_closed_and_restarted()
    {
        var maps = await ConfigMaps();
        string last;
        await using (var broken = await Watch(maps, "A"))
        {
            var created = await Create(maps, "one", "A");
            await Mutate($"{maps}/one", "1");
            await Sees(broken, "ADDED", created);
            var modified = await broken.Next();
            Assert.Equal("MODIFIED", modified.Type);
            last = modified.Version;
        }
        var second = await Mutate($"{maps}/one", "2");
        await using var restarted = await Watch(maps, "A", last);
        (await cluster.Delete($"{maps}/one")).Is(200);
        await Sees(restarted, "MODIFIED", second);
        await SeesDeletion(restarted, "one");
    }

    [Fact, Behaviour("watch-configmaps-label-changed")]
    public async Task Watch_configmaps_label_changed()
    {
        var maps = await ConfigMaps();
        await using var watch = await Watch(maps, "to-be-changed");
        var created = await Create(maps, "one", "to-be-changed");
        var first = await Mutate($"{maps}/one", "1");
        await Relabel($"{maps}/one", "wrong-value");
        await Sees(watch, "ADDED", created);
        await Sees(watch, "MODIFIED", first);
        await SeesDeletion(watch, "one");

        await Mutate($"{maps}/one", "2"); // of which nothing is told: the next event is that it fits again
        var restored = await Relabel($"{maps}/one", "to-be-changed");
        var third = await Mutate($"{maps}/one", "3");
        (await cluster.Delete($"{maps}/one")).Is(200);
        await Sees(watch, "ADDED", restored);
        await Sees(watch, "MODIFIED", third);
        await SeesDeletion(watch, "one");
    }

    [Fact, Behaviour("watch-consistency")]
    public async Task Concurrent_watches_see_events_in_the_same_order()
    {
        const int batches = 10, batch = 10;
        var maps = await ConfigMaps();
        var writer = new Writer(cluster, maps);
        await using var first = await cluster.Watch(maps);
        var others = new List<Watching>();
        for (var i = 0; i < batches * batch; i++)
        {
            // Some changes are ahead of every watch when it begins, others come later.
            if (i % batch == 0) await writer.Write(batch);
            var seen = await first.Next();
            foreach (var other in others)
            {
                var told = await other.Next();
                Assert.Equal((seen.Type, seen.Version), (told.Type, told.Version));
            }
            others.Add(await cluster.Watch($"{maps}?resourceVersion={seen.Version}"));
        }
        foreach (var other in others) await other.DisposeAsync();
    }

    /// <summary>Creates, changes and deletes at random.</summary>
    private sealed class Writer(Cluster cluster, string maps)
    {
        private readonly Random _random = new(1);
        private readonly List<string> _existing = [];
        private int _next;

        public async Task Write(int count)
        {
            for (var end = _next + count; _next < end; _next++)
            {
                var choice = _existing.Count == 0 ? 0 : _random.Next(3);
                var name = choice == 0 ? $"cm-{_next}" : _existing[_random.Next(_existing.Count)];
                if (choice == 0) _existing.Add(name);
                if (choice == 2) _existing.Remove(name);
                var written = choice switch
                {
                    0 => await cluster.Post(maps, Samples.ConfigMap(name)),
                    1 => await cluster.Patch($"{maps}/{name}", $$$"""{"data":{"mutation":"{{{_next}}}"} }"""),
                    _ => await cluster.Delete($"{maps}/{name}"),
                };
                Assert.True(written.Code is 200 or 201, written.Text);
            }
        }
    }
}
