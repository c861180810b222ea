using System.Collections.Concurrent;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class WatchTests : IAsyncLifetime
{
    private const string Watch = $"{Api.ConfigMaps}?watch=1";
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("&resourceVersion=0")]
    public async Task A_watch_from_nowhere_begins_with_what_is_there(string from)
    {
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        var watch = await _api.Watch(Watch + from);
        Assert.Equal(["ADDED a", "ADDED b"], watch.Seen());
        await _api.Patch($"{Api.ConfigMaps}/a", """{"data":{"key":"2"}}""");
        await _api.Delete($"{Api.ConfigMaps}/b");
        Assert.Equal(["MODIFIED a", "DELETED b"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_from_a_version_shows_all_after_it_and_nothing_before()
    {
        await _api.CreateConfigMap("a");
        var from = _api.Revision;
        await _api.CreateConfigMap("b");
        await _api.Delete($"{Api.ConfigMaps}/a");
        var watch = await _api.Watch($"{Watch}&resourceVersion={from}");
        Assert.Equal(["ADDED b", "DELETED a"], watch.Seen());
        await _api.CreateConfigMap("c");
        Assert.Equal(["ADDED c"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_from_the_version_of_a_list_misses_and_repeats_nothing()
    {
        await _api.CreateConfigMap("a");
        var list = await _api.Get(Api.ConfigMaps);
        var watch = await _api.Watch($"{Watch}&resourceVersion={list.Version}");
        Assert.Empty(watch.Seen());
        await _api.CreateConfigMap("b");
        Assert.Equal(["ADDED b"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_from_a_version_of_the_future_is_silent_until_then()
    {
        var watch = await _api.Watch($"{Watch}&resourceVersion={_api.Revision + 1}");
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        Assert.Equal(["ADDED b"], watch.Seen());
    }

    [Fact]
    public async Task A_deleted_object_is_shown_as_it_last_was_at_the_revision_of_its_deletion()
    {
        var created = await _api.CreateConfigMap("a");
        var watch = await _api.Watch($"{Watch}&resourceVersion={_api.Revision}");
        await _api.Delete($"{Api.ConfigMaps}/a");
        var deleted = Assert.Single(watch.Take());
        Assert.Equal(("DELETED", $"{_api.Revision}", "1"), (deleted.Type, deleted.Version, (string?)deleted.Object["data"]!["key"]));
        Assert.NotEqual(created.Version, deleted.Version);
    }

    [Fact]
    public async Task What_comes_into_a_selection_is_ADDED_and_what_leaves_it_DELETED()
    {
        var watch = await _api.Watch($"{Watch}&labelSelector=app%3Dx");
        await _api.CreateConfigMap("a");
        Assert.Empty(watch.Seen());
        await _api.Patch($"{Api.ConfigMaps}/a", """{"metadata":{"labels":{"app":"x"}}}""");
        Assert.Equal(["ADDED a"], watch.Seen());
        await _api.Patch($"{Api.ConfigMaps}/a", """{"data":{"key":"2"}}""");
        Assert.Equal(["MODIFIED a"], watch.Seen());
        await _api.Patch($"{Api.ConfigMaps}/a", """{"metadata":{"labels":{"app":"y"}},"data":{"key":"3"}}""");
        var left = Assert.Single(watch.Take());
        Assert.Equal(("DELETED", $"{_api.Revision}"), (left.Type, left.Version));
        // As upstream: the object as it last matched.
        Assert.Equal(("x", "2"), ((string?)left.Object["metadata"]!["labels"]!["app"], (string?)left.Object["data"]!["key"]));
        await _api.Delete($"{Api.ConfigMaps}/a");
        Assert.Empty(watch.Seen());
    }

    [Theory]
    [InlineData($"{Api.ConfigMaps}?watch=1&fieldSelector=metadata.name=a")]
    [InlineData("/api/v1/watch/namespaces/default/configmaps/a")]
    [InlineData("/api/v1/watch/namespaces/default/configmaps?fieldSelector=metadata.name=a")]
    public async Task One_object_can_be_watched(string target)
    {
        var watch = await _api.Watch(target);
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        Assert.Equal(["ADDED a"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_of_a_namespace_does_not_see_others_and_one_of_all_does()
    {
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"alpha"}}""");
        var (one, all) = (await _api.Watch(Watch), await _api.Watch("/api/v1/configmaps?watch=true"));
        await _api.Create("/api/v1/namespaces/alpha/configmaps", """{"metadata":{"name":"z"}}""");
        Assert.Empty(one.Seen());
        Assert.Equal(["ADDED z"], all.Seen());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        var watch = await _api.Watch($"{Watch}&timeoutSeconds=10");
        watch.Take();
        _api.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(watch.HasEnded);
        _api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task A_watch_without_a_time_ends_between_half_an_hour_and_an_hour()
    {
        var watch = await _api.Watch(Watch);
        watch.Take();
        _api.Time.Advance(TimeSpan.FromMinutes(29.9));
        Assert.False(watch.HasEnded);
        _api.Time.Advance(TimeSpan.FromMinutes(30.1));
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task Bookmarks_come_once_a_minute_to_those_who_want_them_and_name_a_version_to_go_on_from()
    {
        var (with, without) = (await _api.Watch($"{Watch}&allowWatchBookmarks=true&resourceVersion={_api.Revision}"), await _api.Watch($"{Watch}&resourceVersion={_api.Revision}"));
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"other"}}""");
        Assert.Empty(with.Take());
        _api.Time.Advance(TimeSpan.FromSeconds(60));
        var bookmark = Assert.Single(with.Take());
        Assert.Equal(("BOOKMARK", $"{_api.Revision}", "ConfigMap"), (bookmark.Type, bookmark.Version, (string?)bookmark.Object["kind"]));
        Assert.Empty(without.Take());
        Assert.Empty(with.Take());
        _api.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Single(with.Take());
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_bookmark_that_says_so()
    {
        await _api.CreateConfigMap("a");
        var watch = await _api.Watch($"{Watch}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        var events = watch.Take();
        Assert.Equal(["ADDED", "BOOKMARK"], events.Select(e => e.Type));
        Assert.Equal($"{_api.Revision}", events[1].Version);
        Assert.Equal("true", (string?)events[1].Object["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        await _api.CreateConfigMap("b");
        Assert.Equal(["ADDED b"], watch.Seen());
    }

    [Fact]
    public async Task A_streamed_list_of_the_future_is_told_504_by_an_event()
    {
        var watch = await _api.Watch($"{Watch}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion={_api.Revision + 5}");
        var error = Assert.Single(watch.Take());
        Assert.Equal(("ERROR", 504, "Timeout"), (error.Type, (int)error.Object["code"]!, (string?)error.Object["reason"]));
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task A_watch_without_initial_events_from_anywhere_begins_now()
    {
        await _api.CreateConfigMap("a");
        var watch = await _api.Watch($"{Watch}&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0");
        Assert.Empty(watch.Take());
        await _api.CreateConfigMap("b");
        Assert.Equal(["ADDED b"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_resumed_at_a_compacted_revision_is_told_410_by_an_event()
    {
        await _api.CreateConfigMap("a");
        var from = _api.Revision;
        await _api.CreateConfigMap("b");
        await _api.CreateConfigMap("c");
        _api.Server.Cache.Resource("configmaps").Compact(_api.Revision);
        var watch = await _api.Watch($"{Watch}&resourceVersion={from}");
        var error = Assert.Single(watch.Take());
        Assert.Equal(("ERROR", 410, "Expired"), (error.Type, (int)error.Object["code"]!, (string?)error.Object["reason"]));
        Assert.Equal($"too old resource version: {from} ({_api.Revision})", (string?)error.Object["message"]);
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task A_watch_that_falls_behind_what_is_remembered_is_told_410_and_never_skips()
    {
        var watch = await _api.Watch($"{Watch}&resourceVersion={_api.Revision}");
        await _api.CreateConfigMap("a");
        Assert.Equal(["ADDED a"], watch.Seen());
        await _api.CreateConfigMap("b");
        await _api.CreateConfigMap("c");
        _api.Server.Cache.Resource("configmaps").Compact(_api.Revision);
        var error = Assert.Single(watch.Take());
        Assert.Equal(("ERROR", 410), (error.Type, (int)error.Object["code"]!));
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task A_watch_for_one_value_of_a_field_sees_what_comes_to_it_stays_and_goes_and_nothing_else()
    {
        var earlier = await _api.Watch($"{Api.Pods}?watch=1&fieldSelector=status.phase=Running&resourceVersion={_api.Revision}");
        await _api.CreatePod("a");
        await _api.CreatePod("b");
        await Phase("a", "Running");
        var later = await _api.Watch($"{Api.Pods}?watch=1&fieldSelector=status.phase=Running&resourceVersion={_api.Revision}");
        await Phase("b", "Running");
        await Phase("a", "Running", "still");
        await Phase("a", "Succeeded");
        await Phase("a", "Succeeded", "over");
        Assert.Equal(["ADDED a", "ADDED b", "MODIFIED a", "DELETED a"], earlier.Seen());
        Assert.Equal(["ADDED b", "MODIFIED a", "DELETED a"], later.Seen());
    }

    private Task Phase(string pod, string phase, string message = "") =>
        _api.Patch($"{Api.Pods}/{pod}/status", $$"""{"status":{"phase":"{{phase}}","message":"{{message}}"} }""");

    [Fact]
    public async Task A_watch_for_one_value_waits_while_others_change_and_is_woken_by_its_own()
    {
        var watch = await _api.Watch($"{Api.ConfigMaps}?watch=1&fieldSelector=metadata.name=mine&resourceVersion={_api.Revision}");
        Assert.Empty(watch.Seen());
        var ready = watch.Ready().AsTask();
        await _api.CreateConfigMap("other");
        Assert.False(ready.IsCompleted);
        await _api.CreateConfigMap("mine");
        Assert.True(await ready);
        Assert.Equal(["ADDED mine"], watch.Seen());
    }

    [Fact]
    public async Task A_watch_for_one_value_that_is_not_read_is_told_410_before_it_holds_more_than_the_history()
    {
        var watch = await _api.Watch($"{Api.ConfigMaps}?watch=1&fieldSelector=metadata.name=mine&resourceVersion={_api.Revision}");
        Assert.Empty(watch.Seen());
        await _api.CreateConfigMap("mine");
        for (var i = 0; i < ResourceCache.HistoryMax; i++) await _api.Patch($"{Api.ConfigMaps}/mine", $$"""{"data":{"at":"{{i}}"} }""");
        var error = Assert.Single(watch.Take());
        Assert.Equal(("ERROR", 410), (error.Type, (int)error.Object["code"]!));
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task A_watch_of_tables_has_columns_in_its_first_event_alone()
    {
        var watch = await _api.Watch($"{Api.Pods}?watch=1", Api.Table);
        await _api.CreatePod("a");
        await _api.CreatePod("b");
        var events = watch.Take();
        Assert.All(events, e => Assert.Equal(("ADDED", "Table"), (e.Type, (string?)e.Object["kind"])));
        Assert.Equal("Name", (string?)events[0].Object["columnDefinitions"]![0]!["name"]);
        Assert.Null(events[1].Object["columnDefinitions"]);
        Assert.Equal(["a", "b"], events.Select(e => (string)e.Object["rows"]![0]!["cells"]![0]!));
    }

    [Fact]
    public async Task A_watch_of_metadata_shows_no_more()
    {
        var watch = await _api.Watch(Watch, "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
        await _api.CreateConfigMap("a");
        var added = Assert.Single(watch.Take());
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", "a"), ((string?)added.Object["kind"], (string?)added.Object["apiVersion"], added.Name));
        Assert.False(added.Object.ContainsKey("data"));
    }

    [Fact]
    public async Task Watches_under_concurrent_writes_miss_nothing_repeat_nothing_and_keep_the_order()
    {
        const int writers = 4, writes = 50;
        var watches = new ConcurrentBag<List<Event>>();
        using var done = new CancellationTokenSource();
        var from = _api.Revision;
        var watching = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var watch = await _api.Watch($"{Watch}&resourceVersion={from}");
            var seen = new List<Event>();
            while (seen.Count < writers * writes * 2)
            {
                seen.AddRange(watch.Take());
                await Task.Yield();
                if (done.IsCancellationRequested)
                {
                    seen.AddRange(watch.Take());
                    break;
                }
            }
            watches.Add(seen);
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < writes; i++)
            {
                await _api.CreateConfigMap($"w{writer}-{i}");
                await _api.Delete($"{Api.ConfigMaps}/w{writer}-{i}");
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(watching);
        Assert.All(watches, seen =>
        {
            Assert.Equal(writers * writes * 2, seen.Count);
            var revisions = seen.Select(e => long.Parse(e.Version, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(revisions.Order().Distinct(), revisions);
            Assert.All(seen.GroupBy(e => e.Name), of => Assert.Equal(["ADDED", "DELETED"], of.Select(e => e.Type)));
        });
    }
}
