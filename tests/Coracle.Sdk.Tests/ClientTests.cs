using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class ClientTests
{
    private readonly SimulationLoop loop = new(1);
    private readonly FakeServer server;
    private readonly Client client;

    public ClientTests()
    {
        server = new(loop);
        client = new(server.NewTransport(), new() { Time = loop.Time, Random = new Random(1), UserAgent = "agent" });
    }

    private T Run<T>(Func<ValueTask<T>> run) => loop.Run(() => run().AsTask());
    private static ConfigMap Map(string name) => new() { Metadata = new() { Namespace = "a", Name = name }, Data = new() { ["k"] = "v" } };

    [Fact]
    public void What_is_not_there_is_null_when_tried_and_throws_when_demanded()
    {
        Assert.Null(Run(() => client.TryGetAsync<ConfigMap>(new("a", "x"))));
        Assert.True(Assert.Throws<ApiException>(() => Run(() => client.GetAsync<ConfigMap>(new("a", "x")))).IsNotFound);
    }

    [Fact]
    public void A_second_creation_is_told_as_a_value()
    {
        Run(() => client.CreateAsync(Map("x")));
        var again = Run(() => client.TryCreateAsync(Map("x")));
        Assert.True(again.IsAlreadyExists && !again.Ok && !again.IsConflict);
    }

    [Fact]
    public void An_update_of_what_changed_in_between_is_a_conflict()
    {
        var first = Run(() => client.CreateAsync(Map("x")));
        var changed = first.DeepCopy();
        changed.Data!["k"] = "w";
        Run(() => client.UpdateAsync(changed));
        Assert.True(Run(() => client.TryUpdateAsync(changed)).IsConflict);
        Assert.True(Assert.Throws<ApiException>(() => Run(() => client.UpdateAsync(changed))).IsConflict);
    }

    [Fact]
    public void Deleting_an_object_leaves_another_of_its_name()
    {
        var old = Run(() => client.CreateAsync(Map("x")));
        Assert.True(Run(() => client.DeleteAsync(old)));
        Assert.False(Run(() => client.DeleteAsync(old)));
        Run(() => client.CreateAsync(Map("x")));
        Assert.False(Run(() => client.DeleteAsync(old)));
        Assert.NotNull(Run(() => client.TryGetAsync<ConfigMap>(new("a", "x"))));
        Assert.True(Run(() => client.DeleteAsync<ConfigMap>(new Key("a", "x"))));
    }

    [Fact]
    public void How_to_delete_is_said_as_upstream_says_it()
    {
        Run(() => client.CreateAsync(Map("x")));
        Run(() => client.DeleteAsync<ConfigMap>(new Key("a", "x"), Deletion.Foreground with { GracePeriod = TimeSpan.FromSeconds(5), ResourceVersion = "7" }));
        Assert.Equal("""{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":5,"preconditions":{"resourceVersion":"7"},"propagationPolicy":"Foreground"}""",
            Encoding.UTF8.GetString(server.Calls[^1].Body.Span));
    }

    [Fact]
    public void A_list_of_many_pages_is_whole_also_when_they_expire_on_the_way()
    {
        for (var i = 0; i < 25; i++) Run(() => client.CreateAsync(Map($"n{i:00}")));
        Assert.Equal(25, Run(() => client.For<ConfigMap>().ListAllAsync("a", pageSize: 10)).Items.Count);
        server.Latency = TimeSpan.FromSeconds(1);
        var list = loop.Run(async () =>
        {
            var listing = client.For<ConfigMap>().ListAllAsync("a", pageSize: 10).AsTask();
            await Task.Delay(TimeSpan.FromSeconds(1.2), loop.Time);
            server.Compact();
            return await listing;
        });
        Assert.Equal(25, list.Items.Count);
        Assert.Equal("", list.Continue);
    }

    [Fact]
    public void Selectors_versions_and_limits_go_with_the_list()
    {
        Run(() => client.ListAsync<ConfigMap>("a", new() { LabelSelector = "a=b,c in (d)", FieldSelector = "metadata.name=x", Limit = 5, ResourceVersion = "0", ResourceVersionMatch = "NotOlderThan" }));
        Assert.Equal("labelSelector=a%3Db%2Cc%20in%20%28d%29&fieldSelector=metadata.name%3Dx&limit=5&resourceVersion=0&resourceVersionMatch=NotOlderThan", server.Calls[^1].Query);
    }

    [Fact]
    public void Each_form_of_a_patch_has_its_media_type_and_apply_its_manager()
    {
        Run(() => client.CreateAsync(Map("x")));
        Run(() => client.PatchAsync<ConfigMap>(new("a", "x"), Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["k"] = null, ["m"] = "n" } })));
        Assert.Equal("m", Assert.Single(Run(() => client.GetAsync<ConfigMap>(new("a", "x"))).Data!).Key);
        Assert.Equal("application/json-patch+json", Patch.Json(new JsonArray()).ContentType);
        Assert.Equal("application/strategic-merge-patch+json", Patch.Strategic(new JsonObject()).ContentType);
        Run(() => client.ApplyAsync(Map("x")));
        Assert.Equal(("application/apply-patch+yaml", "fieldManager=agent&force=true"), (server.Calls[^1].ContentType!, server.Calls[^1].Query));
    }

    [Fact]
    public void A_status_is_written_by_its_own_path()
    {
        server.Put("services", new() { ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = "s" } });
        var service = Run(() => client.GetAsync<Service>(new("a", "s")));
        Run(() => client.UpdateStatusAsync(service));
        Assert.Equal("/api/v1/namespaces/a/services/s/status", server.Calls[^1].Path);
    }

    [Fact]
    public void A_client_under_another_name_says_so()
    {
        Run(() => client.As("other", new("bob", ["g"])).TryGetAsync<ConfigMap>(new("a", "x")));
        Assert.Equal(("other", "bob"), (server.Calls[^1].UserAgent, server.Calls[^1].User!.Name));
    }

    [Fact]
    public void Sub_resources_of_another_type_are_read_typed()
    {
        server.Put("deployments", new() { ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = "d" }, ["spec"] = new JsonObject { ["replicas"] = 3 } });
        var scale = Run(() => client.For<Kinds.Apps.V1.Deployment>().TryGetSubresourceAsync<Scale>(new("a", "d"), "scale"));
        Assert.Equal(3, scale.OrThrow().Spec.Replicas);
        Assert.EndsWith("/deployments/d/scale", server.Calls[^1].Path);
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"x","resourceVersion":"5"}}}""")]
    [InlineData("""{"object":{"kind":"ConfigMap","metadata":{"name":"x","resourceVersion":"5"}},"type":"ADDED"}""")]
    public void A_frame_is_read_whatever_the_order_of_its_members(string frame)
    {
        var e = Read(frame);
        Assert.Equal((WatchEventType.Added, "x", "5"), (e.Type, e.Object!.Metadata.Name, e.ResourceVersion));
    }

    [Fact]
    public void An_error_frame_carries_its_status()
    {
        var e = Read("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"m"}}""");
        Assert.True(e.Status!.IsGone);
    }

    [Fact]
    public void A_failure_that_is_no_status_is_told_as_text()
    {
        var status = ApiStatus.Parse(502, "<html>bad gateway</html>"u8);
        Assert.Equal((502, "<html>bad gateway</html>"), (status.Code, status.Message));
        Assert.False(status.IsNotFound);
    }

    [Fact]
    public void A_failures_details_are_read()
    {
        var status = ApiStatus.Parse(403, """{"kind":"Status","code":403,"reason":"Forbidden","message":"m","details":{"name":"n","kind":"pods","causes":[{"reason":"NamespaceTerminating","message":"c","field":"f"}],"retryAfterSeconds":3}}"""u8);
        Assert.True(status.IsForbidden && status.IsNamespaceTerminating);
        Assert.Equal(("n", 3), (status.Name, status.RetryAfterSeconds));
    }

    [Fact]
    public void A_path_without_the_name_or_namespace_that_it_needs_is_refused_before_it_is_sent()
    {
        Assert.Throws<ArgumentException>(() => Run(() => client.GetAsync<ConfigMap>(new("x"))));
        Assert.Throws<ArgumentException>(() => Run(() => client.DeleteAsync<ConfigMap>(new Key("a", ""))));
        Assert.Empty(server.Calls);
    }

    private WatchEvent<ConfigMap> Read(string frame) => Run(async () =>
    {
        await using var watch = await new Client(new OneFrame(frame)).WatchAsync<ConfigMap>();
        return (await watch.NextAsync())!;
    });

    private sealed class OneFrame(string frame) : Transport
    {
        public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
        public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => new(new ApiReply { Status = 200, Frames = new Frames(frame) });
        public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
        public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => throw new NotSupportedException();

        private sealed class Frames(string frame) : FrameStream
        {
            public override ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel) => new(Encoding.UTF8.GetBytes(frame));
            public override ValueTask DisposeAsync() => default;
        }
    }
}
