using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class DeleteTests : IAsyncLifetime
{
    private const string A = $"{Api.ConfigMaps}/a";
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task What_is_deleted_is_gone_and_the_answer_says_what_it_was()
    {
        var created = await _api.CreateConfigMap("a");
        var deleted = await _api.Delete(A);
        Assert.Equal((200, "Status", "Success"), (deleted.Code, deleted.At("kind"), deleted.At("status")));
        Assert.Equal(("a", "configmaps", created.Uid), (deleted.At("details.name"), deleted.At("details.kind"), deleted.At("details.uid")));
        Assert.Equal((404, "NotFound", "configmaps \"a\" not found"), (await _api.Delete(A)).Status);
    }

    [Fact]
    public async Task A_pod_that_is_deleted_is_shown_as_it_was()
    {
        await _api.CreatePod("p");
        var deleted = await _api.Delete($"{Api.Pods}/p");
        Assert.Equal((200, "Pod", "p"), (deleted.Code, deleted.At("kind"), deleted.Name));
        Assert.Equal(404, (await _api.Get($"{Api.Pods}/p")).Code);
    }

    [Fact]
    public async Task A_pod_on_a_node_has_its_grace_and_goes_when_its_node_says_so()
    {
        await Assigned("p");
        var deleted = await _api.Delete($"{Api.Pods}/p");
        Assert.Equal((200, "30", "2026-01-01T00:00:30Z"), (deleted.Code, deleted.At("metadata.deletionGracePeriodSeconds"), deleted.At("metadata.deletionTimestamp")));
        Assert.Equal(200, (await _api.Get($"{Api.Pods}/p")).Code);
        var version = (await _api.Get($"{Api.Pods}/p")).Version;
        Assert.Equal(version, (await _api.Delete($"{Api.Pods}/p")).Version);
        _api.Time.Advance(TimeSpan.FromSeconds(10));
        var sooner = await _api.Delete($"{Api.Pods}/p", """{"gracePeriodSeconds":15}""");
        Assert.Equal(("15", "2026-01-01T00:00:15Z"), (sooner.At("metadata.deletionGracePeriodSeconds"), sooner.At("metadata.deletionTimestamp")));
        Assert.Equal("15", (await _api.Delete($"{Api.Pods}/p", """{"gracePeriodSeconds":60}""")).At("metadata.deletionGracePeriodSeconds"));
        Assert.Equal("1", (await _api.Delete($"{Api.Pods}/p", """{"gracePeriodSeconds":-5}""")).At("metadata.deletionGracePeriodSeconds"));
        Assert.Equal("2026-01-01T00:00:10Z", (await _api.Get($"{Api.Pods}/p")).At("metadata.deletionTimestamp"));
        Assert.Equal(200, (await _api.Delete($"{Api.Pods}/p?gracePeriodSeconds=0")).Code);
        Assert.Equal(404, (await _api.Get($"{Api.Pods}/p")).Code);
    }

    [Fact]
    public async Task Preconditions_must_hold()
    {
        var created = await _api.CreateConfigMap("a");
        var refused = await _api.Delete(A, """{"preconditions":{"uid":"other"}}""");
        Assert.Equal((409, "Conflict", $"Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record ({created.Uid}). The object might have been deleted and then recreated"), refused.Status);
        refused = await _api.Delete(A, """{"preconditions":{"resourceVersion":"1"}}""");
        Assert.Equal((409, "Conflict", $"Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record ({created.Version}). The object might have been modified"), refused.Status);
        Assert.Equal(200, (await _api.Delete(A, $$$"""{"preconditions":{"uid":"{{{created.Uid}}}","resourceVersion":"{{{created.Version}}}"}}""")).Code);
    }

    [Fact]
    public async Task A_finalizer_keeps_the_object_until_it_is_taken_away_and_no_new_one_comes()
    {
        await _api.Create(Api.ConfigMaps, """{"metadata":{"name":"a","finalizers":["a/b","c/d"]}}""");
        var deleted = await _api.Delete(A);
        Assert.Equal(("2026-01-01T00:00:00Z", "0"), (deleted.At("metadata.deletionTimestamp"), deleted.At("metadata.deletionGracePeriodSeconds")));
        var refused = await _api.Patch(A, """{"metadata":{"finalizers":["a/b","e/f"]}}""");
        Assert.Equal((422, "Invalid", "ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"e/f\"}"), refused.Status);
        Assert.Equal(200, (await _api.Patch(A, """{"metadata":{"finalizers":["c/d"]},"data":{"k":"v"}}""")).Code);
        var watch = await _api.Watch($"{Api.ConfigMaps}?watch=1&resourceVersion={_api.Revision}");
        Assert.Equal(200, (await _api.Patch(A, """{"metadata":{"finalizers":null}}""")).Code);
        Assert.Equal(["DELETED a"], watch.Seen());
        Assert.Equal(404, (await _api.Get(A)).Code);
    }

    [Theory]
    [InlineData("""{"propagationPolicy":"Foreground"}""", "", "[\"foregroundDeletion\"]")]
    [InlineData("""{"propagationPolicy":"Orphan"}""", "", "[\"orphan\"]")]
    [InlineData("""{"orphanDependents":true}""", "", "[\"orphan\"]")]
    [InlineData(null, "?propagationPolicy=Foreground", "[\"foregroundDeletion\"]")]
    [InlineData(null, "?orphanDependents=true", "[\"orphan\"]")]
    [InlineData("""{"propagationPolicy":"Foreground"}""", "?propagationPolicy=Orphan", "[\"foregroundDeletion\"]")]
    public async Task What_becomes_of_dependents_is_written_down_for_the_collector(string? body, string query, string finalizers)
    {
        await _api.CreateConfigMap("a");
        var deleted = await _api.Delete(A + query, body);
        Assert.Equal((200, finalizers), (deleted.Code, deleted.At("metadata.finalizers")));
        Assert.Equal(200, (await _api.Get(A)).Code);
    }

    [Theory]
    [InlineData("""{"propagationPolicy":"Some"}""", "propagationPolicy: Unsupported value: \"Some\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"")]
    [InlineData("""{"propagationPolicy":"Orphan","orphanDependents":true}""", "propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be both set")]
    [InlineData("""{"dryRun":["Some"]}""", "dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"")]
    public async Task Options_that_make_no_sense_are_invalid(string body, string error)
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((422, "Invalid", $"DeleteOptions.meta.k8s.io \"\" is invalid: {error}"), (await _api.Delete(A, body)).Status);
        Assert.Equal(200, (await _api.Get(A)).Code);
    }

    [Theory]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("""{"gracePeriodSeconds":"x"}""", null)]
    [InlineData("""{"kind":"Pod","apiVersion":"v1"}""", null)]
    public async Task Options_that_cannot_be_read_are_a_bad_request(string body, string? _)
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((400, "BadRequest"), ((await _api.Delete(A, body)).Code, (await _api.Delete(A, body)).Reason));
        Assert.Equal(400, (await _api.Delete($"{A}?gracePeriodSeconds=x")).Code);
    }

    [Fact]
    public async Task A_dry_run_deletes_nothing()
    {
        await _api.CreateConfigMap("a");
        await _api.CreatePod("p");
        var before = _api.Revision;
        Assert.Equal(200, (await _api.Delete($"{A}?dryRun=All")).Code);
        Assert.Equal(200, (await _api.Delete(A, """{"dryRun":["All"]}""")).Code);
        Assert.Equal(200, (await _api.Delete($"{Api.Pods}/p", """{"dryRun":["All"],"propagationPolicy":"Foreground"}""")).Code);
        Assert.Equal(before, _api.Revision);
    }

    [Fact]
    public async Task The_old_way_of_taking_dependents_along_is_answered_202_while_the_object_waits()
    {
        await _api.Create(Api.ConfigMaps, """{"metadata":{"name":"a","finalizers":["a/b"]}}""");
        Assert.Equal(202, (await _api.Delete(A, """{"orphanDependents":false}""")).Code);
    }

    [Fact]
    public async Task A_deleted_collection_is_what_the_selectors_picked()
    {
        await _api.CreateConfigMap("a", "\"app\":\"x\"");
        await _api.CreateConfigMap("b", "\"app\":\"x\"");
        await _api.CreateConfigMap("c");
        var deleted = await _api.Delete($"{Api.ConfigMaps}?labelSelector=app%3Dx");
        Assert.Equal((200, "ConfigMapList"), (deleted.Code, deleted.At("kind")));
        Assert.Equal(["a", "b"], deleted.Names);
        Assert.Equal(["c"], (await _api.Get(Api.ConfigMaps)).Names);
        Assert.Equal(200, (await _api.Delete($"{Api.ConfigMaps}?fieldSelector=metadata.name%3Dc")).Code);
        Assert.Empty((await _api.Get(Api.ConfigMaps)).Names);
    }

    [Fact]
    public async Task A_deleted_collection_is_no_larger_than_its_limit_and_heeds_a_dry_run()
    {
        foreach (var name in (string[])["a", "b", "c"]) await _api.CreateConfigMap(name);
        Assert.Equal(["a", "b", "c"], (await _api.Delete($"{Api.ConfigMaps}?dryRun=All")).Names);
        Assert.Equal(3, (await _api.Get(Api.ConfigMaps)).Items.Count);
        Assert.Equal(["a", "b"], (await _api.Delete($"{Api.ConfigMaps}?limit=2")).Names);
        Assert.Equal(["c"], (await _api.Get(Api.ConfigMaps)).Names);
    }

    [Fact]
    public async Task All_namespaces_at_once_are_not_deleted_from()
    {
        Assert.Equal(405, (await _api.Delete("/api/v1/configmaps")).Code);
        Assert.Equal(405, (await _api.Delete("/api/v1/namespaces")).Code);
    }

    [Fact]
    public async Task The_namespaces_of_the_system_stay()
    {
        var refused = await _api.Delete("/api/v1/namespaces/default");
        Assert.Equal((403, "Forbidden", "namespaces \"default\" is forbidden: this namespace may not be deleted"), refused.Status);
    }

    private async Task Assigned(string name)
    {
        await _api.CreatePod(name);
        await _api.Create($"{Api.Pods}/{name}/binding", """{"target":{"kind":"Node","name":"n1"}}""");
    }
}
