using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class ControllerTests
{
    private readonly SimulationLoop loop = new(11);
    private readonly FakeServer server;
    private readonly Client client;
    private readonly InformerSet informers;
    private readonly MetricRegistry metrics = new();
    private readonly List<(double Second, Key Key)> calls = [];
    private readonly CancellationTokenSource stop = new();
    private Func<Key, CancellationToken, ValueTask<Result>> reconcile = (_, _) => new(Result.Done);

    public ControllerTests()
    {
        server = new(loop);
        client = new(server.NewTransport(), new() { Time = loop.Time, Random = new Random(1), Metrics = metrics });
        informers = new(client, new() { DetectMutations = true });
    }

    private Task Start(Func<ControllerBuilder, ControllerBuilder> configure, LeaderElector? election = null)
    {
        var began = loop.Time.GetUtcNow();
        var controller = configure(new ControllerBuilder("test", informers)).Build(async (key, cancel) =>
        {
            calls.Add(((loop.Time.GetUtcNow() - began).TotalSeconds, key));
            return await reconcile(key, cancel);
        });
        return loop.Start(() => new ControllerHost(informers) { Election = election }.Add(controller).RunAsync(stop.Token));
    }

    private static JsonObject Object(string name, string ns = "a", long generation = 1, JsonObject? owner = null, string label = "")
    {
        var meta = new JsonObject { ["namespace"] = ns, ["name"] = name, ["generation"] = generation, ["labels"] = new JsonObject { ["l"] = label } };
        if (owner is not null) meta["ownerReferences"] = new JsonArray(owner);
        return new() { ["metadata"] = meta };
    }

    private static JsonObject Owner(string kind, string name, bool controller = true) => new() { ["apiVersion"] = "v1", ["kind"] = kind, ["name"] = name, ["uid"] = "u", ["controller"] = controller };

    private IEnumerable<string> Names => calls.Select(c => c.Key.ToString());
    private string Metric(string line) => metrics.ToText().Split('\n').FirstOrDefault(l => l.StartsWith(line, StringComparison.Ordinal))?.Split(' ')[^1] ?? "";

    [Fact]
    public void Every_object_is_reconciled_once_at_the_start_and_again_when_it_changes()
    {
        server.Put("configmaps", Object("x"));
        server.Put("configmaps", Object("y"));
        Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/x", "a/y"], Names.Order());
        server.Put("configmaps", Object("x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Names.Count(n => n == "a/x"));
        server.Remove("configmaps", new("a", "y"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Names.Count(n => n == "a/y"));
    }

    [Fact]
    public void A_host_of_caches_alone_runs_until_it_is_told_to_stop()
    {
        server.Put("configmaps", Object("x"));
        var cached = informers.For<ConfigMap>();
        var running = loop.Start(() => new ControllerHost(informers).RunAsync(stop.Token));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        Assert.Single(cached.List());
        loop.Inside(stop.Cancel);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(running.IsCompletedSuccessfully);
    }

    [Fact]
    public void No_reconcile_runs_before_the_caches_it_reads_are_filled()
    {
        server.Put("configmaps", Object("x"));
        server.Put("secrets", Object("s"));
        server.Latency = TimeSpan.FromSeconds(5);
        reconcile = (_, _) =>
        {
            Assert.NotNull(informers.For<Secret>().Get(new("a", "s")));
            return new(Result.Done);
        };
        Start(b => b.For<ConfigMap>().Reads<Secret>());
        loop.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal("1", Metric("controller_runtime_reconcile_total{controller=\"test\",result=\"success\"}"));
    }

    [Fact]
    public void A_change_of_an_owned_object_calls_for_its_controller_and_no_other_owner()
    {
        Start(b => b.For<ConfigMap>().Owns<Secret>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("secrets", Object("s1", owner: Owner("ConfigMap", "mine")));
        server.Put("secrets", Object("s2", owner: Owner("ConfigMap", "not-controller", controller: false)));
        server.Put("secrets", Object("s3", owner: Owner("Service", "other-kind")));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/mine"], Names);
        server.Put("secrets", Object("s1", owner: Owner("ConfigMap", "new")));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/mine", "a/mine", "a/new"], Names.Order());
    }

    [Fact]
    public void A_mapped_change_calls_for_what_the_object_was_and_what_it_is()
    {
        Start(b => b.For<ConfigMap>().Watches<Secret>(s => [new("a", s.Metadata.Labels!["l"])]));
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("secrets", Object("s", label: "one"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("secrets", Object("s", label: "two"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/one", "a/one", "a/two"], Names.Order());
    }

    [Fact]
    public void A_change_of_the_status_alone_is_not_a_change_of_the_generation()
    {
        Start(b => b.For<ConfigMap>(Changed.Generation));
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("configmaps", Object("x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        server.Put("configmaps", Object("x", label: "changed"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(calls);
        server.Put("configmaps", Object("x", generation: 2));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public void A_reconcile_that_wants_to_be_called_later_is()
    {
        server.Put("configmaps", Object("x"));
        reconcile = (_, _) => new(Result.After(TimeSpan.FromSeconds(10)));
        Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(35));
        Assert.Equal([0, 10, 20, 30], calls.Select(c => c.Second));
        Assert.Equal("4", Metric("controller_runtime_reconcile_total{controller=\"test\",result=\"requeue_after\"}"));
    }

    [Fact]
    public void A_failure_is_tried_again_with_growing_waits_and_a_throw_is_a_failure()
    {
        server.Put("configmaps", Object("x"));
        reconcile = (_, _) => calls.Count % 2 == 0 ? throw new InvalidOperationException("a fault") : new(Result.Fail("not yet"));
        Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        var waits = calls.Zip(calls.Skip(1), (a, b) => Math.Round((b.Second - a.Second) * 1000)).ToList();
        Assert.Equal([5, 10, 20, 40, 80, 160, 320], waits);
        Assert.Equal("8", Metric("controller_runtime_reconcile_errors_total"));
        Assert.Equal("4", Metric("controller_runtime_reconcile_panics_total"));
    }

    [Fact]
    public void A_failure_for_good_is_counted_and_not_tried_again_until_something_changes()
    {
        server.Put("configmaps", Object("x"));
        reconcile = (_, _) => new(Result.FailForGood(new ReconcileException("nonsense")));
        Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromHours(1));
        Assert.Single(calls);
        Assert.Equal("1", Metric("controller_runtime_terminal_reconcile_errors_total"));
        server.Put("configmaps", Object("x"));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public void One_key_is_never_reconciled_twice_at_once_and_several_keys_are()
    {
        var (running, most) = (new HashSet<Key>(), 0);
        for (var i = 0; i < 6; i++) server.Put("configmaps", Object($"n{i}"));
        reconcile = async (key, cancel) =>
        {
            Assert.True(running.Add(key));
            most = Math.Max(most, running.Count);
            await Task.Delay(TimeSpan.FromSeconds(1), loop.Time, cancel);
            running.Remove(key);
            return Result.Done;
        };
        Start(b => b.For<ConfigMap>().Workers(4));
        for (var i = 0; i < 20; i++)
        {
            server.Put("configmaps", Object($"n{i % 6}"));
            loop.RunFor(TimeSpan.FromSeconds(0.3));
        }
        loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(4, most);
        Assert.Equal("0", Metric("controller_runtime_reconcile_panics_total"));
    }

    [Fact]
    public void A_reconcile_that_takes_too_long_is_cancelled_and_fails()
    {
        server.Put("configmaps", Object("x"));
        reconcile = async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, loop.Time, cancel);
            return Result.Done;
        };
        Start(b => b.For<ConfigMap>().ReconcileTimeout(TimeSpan.FromSeconds(3)));
        loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal("3", Metric("controller_runtime_reconcile_timeouts_total"));
    }

    [Fact]
    public void A_host_that_is_stopped_lets_reconciles_end_and_starts_no_more()
    {
        server.Put("configmaps", Object("x"));
        server.Put("configmaps", Object("y"));
        var ended = 0;
        reconcile = async (_, cancel) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10), loop.Time, cancel);
            ended++;
            return Result.Done;
        };
        var running = Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        loop.Inside(stop.Cancel);
        Assert.True(loop.RunUntil(() => running.IsCompleted, TimeSpan.FromSeconds(20)));
        Assert.True(running.IsCompletedSuccessfully);
        Assert.Equal((1, 1), (calls.Count, ended));
    }

    [Fact]
    public void A_reconcile_that_does_not_end_in_the_grace_period_is_cancelled()
    {
        server.Put("configmaps", Object("x"));
        reconcile = async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, loop.Time, cancel);
            return Result.Done;
        };
        var running = Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        loop.Inside(stop.Cancel);
        Assert.False(loop.RunUntil(() => running.IsCompleted, TimeSpan.FromSeconds(29)));
        Assert.True(loop.RunUntil(() => running.IsCompleted, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_host_reconciles_only_while_it_leads()
    {
        server.Put("configmaps", Object("x"));
        server.Put("leases", new() { ["metadata"] = new JsonObject { ["namespace"] = "k", ["name"] = "l" }, ["spec"] = new JsonObject { ["holderIdentity"] = "other", ["leaseDurationSeconds"] = 15 } });
        var running = Start(b => b.For<ConfigMap>(), new(client, new() { Namespace = "k", Name = "l", Identity = "me" }));
        loop.RunFor(TimeSpan.FromSeconds(10));
        Assert.Empty(calls);
        Assert.True(informers.For<ConfigMap>().HasSynced);
        loop.RunFor(TimeSpan.FromSeconds(20));
        Assert.Single(calls);
        server.Put("leases", new() { ["metadata"] = new JsonObject { ["namespace"] = "k", ["name"] = "l" }, ["spec"] = new JsonObject { ["holderIdentity"] = "other", ["leaseDurationSeconds"] = 15 } });
        Assert.True(loop.RunUntil(() => running.IsCompleted, TimeSpan.FromSeconds(15)));
        Assert.IsType<LeadershipLostException>(running.Exception!.InnerException);
    }

    [Fact]
    public void A_deletion_that_the_server_answers_without_a_version_is_seen_by_the_next_reconcile()
    {
        server.Put("configmaps", Object("x"));
        server.Put("secrets", Object("s"));
        server.Latency = TimeSpan.FromMilliseconds(300);
        reconcile = async (key, cancel) =>
        {
            if (calls.Count == 1) server.StallAll();
            if (informers.For<Secret>().Get(new("a", "s")) is { } secret) await client.DeleteAsync(secret, null, cancel);
            return calls.Count < 3 ? Result.After(TimeSpan.FromMilliseconds(1)) : Result.Done;
        };
        Start(b => b.For<ConfigMap>().Reads<Secret>());
        loop.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(3, calls.Count);
        Assert.Single(server.Calls, c => c.Method == "DELETE");
    }

    [Fact]
    public void A_write_that_no_cache_can_show_holds_nothing_back()
    {
        server.Put("configmaps", Object("x"));
        reconcile = async (_, cancel) =>
        {
            await client.CreateAsync(new Secret { Metadata = new() { Namespace = "b", GenerateName = "s-" } }, cancel);
            return calls.Count < 5 ? Result.After(TimeSpan.FromSeconds(1)) : Result.Done;
        };
        informers.For<Secret>(new() { Namespace = "a" });
        Start(b => b.For<ConfigMap>().Reads<Secret>(new() { Namespace = "a" }).Reads<Secret>(new() { LabelSelector = "no=match" }).Reads<Secret>(new() { FieldSelector = "type=x" }));
        loop.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(5, calls.Count);
    }

    [Fact]
    public void A_reconciler_that_changes_a_cached_object_is_found_out()
    {
        server.Put("configmaps", Object("x"));
        reconcile = (key, _) =>
        {
            informers.CheckForMutations();
            informers.For<ConfigMap>().Get(key)!.Data = new() { ["mine"] = "now" };
            return new(Result.Done);
        };
        Start(b => b.For<ConfigMap>());
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Contains("a/x", Assert.Throws<InvalidOperationException>(informers.CheckForMutations).Message);
    }

    [Fact]
    public void Metrics_carry_the_names_of_controller_runtime()
    {
        server.Put("configmaps", Object("x"));
        Start(b => b.For<ConfigMap>().Workers(3));
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("3", Metric("controller_runtime_max_concurrent_reconciles{controller=\"test\"}"));
        Assert.Equal("0", Metric("controller_runtime_active_workers{controller=\"test\"}"));
        Assert.Equal("1", Metric("controller_runtime_reconcile_time_seconds_count{controller=\"test\"}"));
        Assert.Equal("0", Metric("workqueue_depth{name=\"test\",controller=\"test\"}"));
    }
}
