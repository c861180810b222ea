using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class ListTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_list_is_in_order_of_names_and_of_the_revision_that_it_shows()
    {
        foreach (var name in (string[])["b", "c", "a"]) await _api.CreateConfigMap(name);
        var list = await _api.Get(Api.ConfigMaps);
        Assert.Equal(("ConfigMapList", "v1", $"{_api.Revision}"), (list.At("kind"), list.At("apiVersion"), list.Version));
        Assert.Equal(["a", "b", "c"], list.Names);
        Assert.All(list.Items, item => Assert.False(item.ContainsKey("kind")));
    }

    [Fact]
    public async Task A_list_of_nothing_has_items_all_the_same()
    {
        var list = await _api.Get(Api.ConfigMaps);
        Assert.Equal((200, "[]"), (list.Code, list.At("items")));
    }

    [Fact]
    public async Task A_list_over_all_namespaces_is_in_order_of_namespaces_and_names()
    {
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"alpha"}}""");
        await _api.CreateConfigMap("a");
        await _api.Create("/api/v1/namespaces/alpha/configmaps", """{"metadata":{"name":"z"}}""");
        Assert.Equal(["z", "a"], (await _api.Get("/api/v1/configmaps")).Names);
        Assert.Equal(["a"], (await _api.Get("/api/v1/configmaps?fieldSelector=metadata.namespace=default")).Names);
    }

    [Theory]
    [InlineData("app=x", "a b")]
    [InlineData("app!=x", "c d")]
    [InlineData("app%20in%20(x,y)", "a b c")]
    [InlineData("app%20notin%20(x)", "c d")]
    [InlineData("app", "a b c")]
    [InlineData("!app", "d")]
    [InlineData("app=x,tier=1", "a")]
    [InlineData("tier%3E1", "b")]
    [InlineData("app%3D%3Dy", "c")]
    public async Task Label_selectors_pick_what_they_say(string selector, string names)
    {
        await _api.CreateConfigMap("a", "\"app\":\"x\",\"tier\":\"1\"");
        await _api.CreateConfigMap("b", "\"app\":\"x\",\"tier\":\"2\"");
        await _api.CreateConfigMap("c", "\"app\":\"y\"");
        await _api.CreateConfigMap("d");
        Assert.Equal(names, string.Join(' ', (await _api.Get($"{Api.ConfigMaps}?labelSelector={selector}")).Names));
    }

    [Theory]
    [InlineData("metadata.name=a", "a")]
    [InlineData("metadata.name!=a", "b c")]
    [InlineData("metadata.name!=a,metadata.name!=b", "c")]
    [InlineData("metadata.namespace=other", "")]
    public async Task Field_selectors_pick_what_they_say(string selector, string names)
    {
        foreach (var name in (string[])["a", "b", "c"]) await _api.CreateConfigMap(name);
        Assert.Equal(names, string.Join(' ', (await _api.Get($"{Api.ConfigMaps}?fieldSelector={selector}")).Names));
    }

    [Fact]
    public async Task Pods_are_picked_by_what_pods_are_picked_by()
    {
        await _api.CreatePod("a");
        await _api.Create(Api.Pods, """{"metadata":{"name":"b"},"spec":{"nodeName":"n1","schedulerName":"other","restartPolicy":"Never","containers":[{"name":"main","image":"x"}]}}""");
        await _api.Patch($"{Api.Pods}/b/status", """{"status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}""");
        foreach (var selector in (string[])["spec.nodeName=n1", "spec.nodeName!=", "spec.schedulerName=other", "spec.restartPolicy=Never", "status.phase=Running", "status.phase!=Pending", "status.podIP=10.0.0.1", "spec.host=n1", "spec.hostNetwork=false,spec.serviceAccountName=default,metadata.name=b"])
            Assert.Equal((selector, "b"), (selector, string.Join(' ', (await _api.Get($"{Api.Pods}?fieldSelector={selector}")).Names)));
        Assert.Equal(["a"], (await _api.Get($"{Api.Pods}?fieldSelector=spec.nodeName=")).Names);
        // As upstream: a field that may be named and is always empty.
        Assert.Empty((await _api.Get($"{Api.Pods}?fieldSelector=status.podIPs=10.0.0.1")).Names);
    }

    [Theory]
    [InlineData("labelSelector=a%20in", "unable to parse requirement: found '' expected: '('")]
    [InlineData("labelSelector=a%20b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("fieldSelector=a", "invalid selector: 'a'; can't understand 'a'")]
    [InlineData("fieldSelector=data.x=1", "\"data.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("limit=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("timeoutSeconds=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("limit=99999999999999999999", "strconv.ParseInt: parsing \"99999999999999999999\": value out of range")]
    public async Task A_query_that_cannot_be_read_is_a_bad_request(string query, string message) =>
        Assert.Equal((400, "BadRequest", message), (await _api.Get($"{Api.ConfigMaps}?{query}")).Status);

    [Fact]
    public async Task A_field_by_which_pods_are_not_picked_is_named() =>
        Assert.Equal((400, "BadRequest", "field label not supported: spec.foo"), (await _api.Get($"{Api.Pods}?fieldSelector=spec.foo=1")).Status);

    [Theory]
    [InlineData("resourceVersionMatch=Exact", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=0", "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersionMatch=Some&resourceVersion=1", "resourceVersionMatch: Unsupported value: \"Some\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=1&continue=x", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided")]
    [InlineData("sendInitialEvents=true", "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]
    [InlineData("watch=1&sendInitialEvents=true", "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    [InlineData("watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided")]
    public async Task Options_that_do_not_go_together_are_invalid(string query, string error)
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?{query}");
        Assert.Equal((422, "Invalid", $"ListOptions.meta.k8s.io \"\" is invalid: {error}"), refused.Status);
        Assert.Equal("ListOptions", refused.At("details.kind"));
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_invalid()
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?resourceVersion=x");
        Assert.Equal((400, "BadRequest"), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task A_list_in_pages_is_of_one_revision_whatever_happens_meanwhile()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) await _api.CreateConfigMap(name);
        var first = await _api.Get($"{Api.ConfigMaps}?limit=2");
        Assert.Equal("3", first.At("metadata.remainingItemCount"));
        await _api.Delete($"{Api.ConfigMaps}/c");
        await _api.CreateConfigMap("bb");
        await _api.Patch($"{Api.ConfigMaps}/d", """{"data":{"key":"2"}}""");
        var second = await _api.Get($"{Api.ConfigMaps}?limit=2&continue={first.At("metadata.continue")}");
        var third = await _api.Get($"{Api.ConfigMaps}?limit=2&continue={second.At("metadata.continue")}");
        Assert.Equal(["a", "b", "c", "d", "e"], [.. first.Names, .. second.Names, .. third.Names]);
        Assert.Equal("1", (string?)second.Items[1]["data"]!["key"]);
        Assert.Equal([first.Version, first.Version], [second.Version, third.Version]);
        Assert.Equal("1", second.At("metadata.remainingItemCount"));
        Assert.Equal((null, null), (third.At("metadata.continue"), third.At("metadata.remainingItemCount")));
    }

    [Fact]
    public async Task Pages_of_a_selection_do_not_say_how_much_is_left()
    {
        foreach (var name in (string[])["a", "b", "c"]) await _api.CreateConfigMap(name, "\"app\":\"x\"");
        var first = await _api.Get($"{Api.ConfigMaps}?limit=2&labelSelector=app%3Dx");
        Assert.Null(first.At("metadata.remainingItemCount"));
        var second = await _api.Get($"{Api.ConfigMaps}?limit=2&labelSelector=app%3Dx&continue={first.At("metadata.continue")}");
        Assert.Equal(["c"], second.Names);
        Assert.Null(second.At("metadata.continue"));
    }

    [Fact]
    public async Task A_token_whose_revision_is_forgotten_is_answered_410_with_one_that_goes_on_in_the_newest_state()
    {
        foreach (var name in (string[])["a", "b", "d"]) await _api.CreateConfigMap(name);
        var first = await _api.Get($"{Api.ConfigMaps}?limit=2");
        await _api.CreateConfigMap("c");
        await _api.CreateConfigMap("e");
        _api.Server.Cache.Resource("configmaps").Compact(_api.Revision);
        var expired = await _api.Get($"{Api.ConfigMaps}?limit=2&continue={first.At("metadata.continue")}");
        Assert.Equal((410, "Expired"), (expired.Code, expired.Reason));
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", expired.Message);
        var rest = await _api.Get($"{Api.ConfigMaps}?limit=2&continue={expired.At("metadata.continue")}");
        Assert.Equal(["c", "d"], rest.Names);
        Assert.Equal($"{_api.Revision}", rest.Version);
        Assert.Equal(["e"], (await _api.Get($"{Api.ConfigMaps}?limit=2&continue={rest.At("metadata.continue")}")).Names);
    }

    [Theory]
    [InlineData("???", "invalid continue token: continue key is not valid: illegal base64 data at input byte 0")]
    [InlineData("e30", "invalid continue token: continue key is not valid: server does not recognize this encoded version ")]
    [InlineData("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0", "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)")]
    [InlineData("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIifQ", "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)")]
    public async Task A_token_that_is_none_is_a_bad_request(string token, string message) =>
        Assert.Equal((400, "BadRequest", message), (await _api.Get($"{Api.ConfigMaps}?limit=1&continue={Uri.EscapeDataString(token)}")).Status);

    [Fact]
    public async Task A_token_does_not_lead_out_of_the_namespace_that_is_asked_for()
    {
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"zoo"}}""");
        await _api.Create("/api/v1/namespaces/zoo/configmaps", """{"metadata":{"name":"z"}}""");
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        var first = await _api.Get("/api/v1/configmaps?limit=2");
        Assert.Empty((await _api.Get($"{Api.ConfigMaps}?limit=2&continue={first.At("metadata.continue")}")).Names);
    }

    [Fact]
    public async Task A_version_beside_a_token_is_refused()
    {
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        var first = await _api.Get($"{Api.ConfigMaps}?limit=1");
        var refused = await _api.Get($"{Api.ConfigMaps}?limit=1&resourceVersion=1&continue={first.At("metadata.continue")}");
        Assert.Equal((400, "BadRequest", "specifying resource version is not allowed when using continue"), refused.Status);
        Assert.Equal(200, (await _api.Get($"{Api.ConfigMaps}?limit=1&resourceVersion=0&continue={first.At("metadata.continue")}")).Code);
    }

    [Fact]
    public async Task An_exact_version_shows_the_past_and_NotOlderThan_the_present()
    {
        await _api.CreateConfigMap("a");
        var then = _api.Revision;
        await _api.CreateConfigMap("b");
        var past = await _api.Get($"{Api.ConfigMaps}?resourceVersion={then}&resourceVersionMatch=Exact");
        Assert.Equal(("a", $"{then}"), (string.Join(' ', past.Names), past.Version));
        var present = await _api.Get($"{Api.ConfigMaps}?resourceVersion={then}&resourceVersionMatch=NotOlderThan");
        Assert.Equal(("a b", $"{_api.Revision}"), (string.Join(' ', present.Names), present.Version));
        Assert.Equal(["a", "b"], (await _api.Get($"{Api.ConfigMaps}?resourceVersion=0&resourceVersionMatch=NotOlderThan")).Names);
    }

    [Fact]
    public async Task A_page_at_a_version_is_of_that_version()
    {
        await _api.CreateConfigMap("a");
        await _api.CreateConfigMap("b");
        var then = _api.Revision;
        await _api.CreateConfigMap("c");
        var page = await _api.Get($"{Api.ConfigMaps}?resourceVersion={then}&limit=1");
        Assert.Equal($"{then}", page.Version);
        Assert.Equal(["b"], (await _api.Get($"{Api.ConfigMaps}?continue={page.At("metadata.continue")}")).Names);
    }

    [Fact]
    public async Task An_exact_version_that_is_forgotten_is_answered_410()
    {
        await _api.CreateConfigMap("a");
        var then = _api.Revision;
        await _api.CreateConfigMap("b");
        await _api.CreateConfigMap("c");
        _api.Server.Cache.Resource("configmaps").Compact(_api.Revision);
        var expired = await _api.Get($"{Api.ConfigMaps}?resourceVersion={then}&resourceVersionMatch=Exact");
        Assert.Equal((410, "Expired", "The resourceVersion for the provided list is too old."), expired.Status);
    }

    [Fact]
    public async Task A_version_of_the_future_is_waited_for()
    {
        var asked = _api.Get($"{Api.ConfigMaps}?resourceVersion={_api.Revision + 1}");
        await _api.CreateConfigMap("a");
        _api.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["a"], (await asked).Names);
    }

    [Fact]
    public async Task A_version_of_the_future_that_does_not_come_is_answered_504_after_three_seconds()
    {
        var asked = _api.Get($"{Api.ConfigMaps}?resourceVersion={_api.Revision + 10}");
        while (!asked.IsCompleted)
        {
            _api.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        var late = await asked;
        Assert.Equal((504, "Timeout", $"Timeout: Too large resource version: {_api.Revision + 10}, current: {_api.Revision}"), late.Status);
        Assert.Equal(("ResourceVersionTooLarge", "1"), (late.At("details.causes.0.reason"), late.At("details.retryAfterSeconds")));
        Assert.InRange(_api.Time.GetUtcNow(), new DateTimeOffset(2026, 1, 1, 0, 0, 3, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 0, 0, 10, TimeSpan.Zero));
    }

    [Fact]
    public async Task Get_of_an_object_is_by_its_name_and_says_which_is_missing()
    {
        await _api.CreateConfigMap("a");
        var found = await _api.Get($"{Api.ConfigMaps}/a");
        Assert.Equal(("ConfigMap", "v1"), (found.At("kind"), found.At("apiVersion")));
        var missing = await _api.Get($"{Api.ConfigMaps}/b");
        Assert.Equal((404, "NotFound", "configmaps \"b\" not found"), missing.Status);
        Assert.Equal(("b", "configmaps"), (missing.At("details.name"), missing.At("details.kind")));
        Assert.Equal("deployments.apps \"b\" not found", (await _api.Get("/apis/apps/v1/namespaces/default/deployments/b")).Message);
    }
}
