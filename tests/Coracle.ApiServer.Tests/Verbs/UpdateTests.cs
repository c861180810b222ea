using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class UpdateTests : IAsyncLifetime
{
    private const string A = $"{Api.ConfigMaps}/a";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private const string Web = """{"metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"main","image":"x"}]}}}}""";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_update_replaces_the_object_and_keeps_what_the_server_gave()
    {
        var created = await _api.CreateConfigMap("a", "\"app\":\"x\"");
        _api.Time.Advance(TimeSpan.FromSeconds(5));
        var updated = await _api.Put(A, $$$"""{"metadata":{"name":"a","resourceVersion":"{{{created.Version}}}","creationTimestamp":"2001-01-01T00:00:00Z"},"data":{"other":"2"}}""");
        Assert.Equal((200, created.Uid, $"{_api.Revision}"), (updated.Code, updated.Uid, updated.Version));
        Assert.Equal(created.At("metadata.creationTimestamp"), updated.At("metadata.creationTimestamp"));
        Assert.Equal((null, "{\"other\":\"2\"}"), (updated.At("metadata.labels"), updated.At("data")));
    }

    [Fact]
    public async Task An_update_of_an_old_version_is_a_conflict()
    {
        var created = await _api.CreateConfigMap("a");
        await _api.Patch(A, """{"data":{"key":"2"}}""");
        var refused = await _api.Put(A, created.Text);
        Assert.Equal((409, "Conflict", "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"), refused.Status);
        Assert.Equal(("a", "configmaps"), (refused.At("details.name"), refused.At("details.kind")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"resourceVersion\":\"0\"")]
    public async Task An_update_without_a_version_wins_where_the_kind_allows(string version)
    {
        await _api.CreateConfigMap("a");
        await _api.Patch(A, """{"data":{"key":"2"}}""");
        Assert.Equal("3", (await _api.Put(A, $$$"""{"metadata":{"name":"a"{{{version}}}},"data":{"key":"3"}}""")).At("data.key"));
    }

    [Fact]
    public async Task A_service_is_not_updated_without_a_version()
    {
        const string services = "/api/v1/namespaces/default/services";
        await _api.Create(services, """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""");
        Assert.Equal(200, (await _api.Put($"{services}/s", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":81}]}}""")).Code);
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """{"metadata":{"name":"r"}}""");
        const string slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        await _api.Create(slices, """{"metadata":{"name":"e"},"addressType":"IPv4","endpoints":[],"ports":[]}""");
        var jobs = "/apis/batch/v1/namespaces/default/jobs";
        await _api.Create(jobs, """{"metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}""");
        await _api.Create(Leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""");
        var refused = await _api.Put($"{Leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"b"}}""");
        Assert.Equal((422, "Invalid", "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update"), refused.Status);
        Assert.Equal("metadata.resourceVersion", refused.At("details.causes.0.field"));
    }

    [Fact]
    public async Task What_is_not_there_is_created_only_where_the_kind_allows()
    {
        Assert.Equal((404, "NotFound", "configmaps \"a\" not found"), (await _api.Put(A, """{"metadata":{"name":"a"}}""")).Status);
        var lease = await _api.Put($"{Leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""");
        Assert.Equal((201, "l"), (lease.Code, lease.Name));
    }

    [Fact]
    public async Task Who_may_not_create_does_not_create_by_an_update_or_an_apply()
    {
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """{"metadata":{"name":"r"},"rules":[{"apiGroups":["","coordination.k8s.io"],"resources":["leases","configmaps"],"verbs":["update","patch"]}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", """{"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"ann"}]}""");
        var ann = new How { User = new() { Name = "ann" } };
        var refused = await _api.Send("PUT", $"{Leases}/l", """{"metadata":{"name":"l"}}""", ann);
        Assert.Equal((403, "Forbidden", "leases.coordination.k8s.io \"l\" is forbidden: User \"ann\" cannot create resource \"leases\" in API group \"coordination.k8s.io\" in the namespace \"default\""), refused.Status);
        refused = await _api.Send("PATCH", $"{A}?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap"}""", ann with { ContentType = Api.Apply });
        Assert.Equal((403, "configmaps \"a\" is forbidden: User \"ann\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"default\""), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Another_name_or_namespace_than_that_of_the_path_is_refused()
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)"), (await _api.Put(A, """{"metadata":{"name":"b"}}""")).Status);
        Assert.Equal((400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"), (await _api.Put(A, """{"metadata":{"name":"a","namespace":"b"}}""")).Status);
        Assert.Equal((400, "BadRequest", "the name of the object (a based on URL) was undeterminable: name must be provided"), (await _api.Put(A, "{}")).Status);
    }

    [Fact]
    public async Task Another_UID_than_that_of_the_object_is_a_conflict()
    {
        const string body = """{"metadata":{"name":"a","uid":"other"}}""";
        const string message = "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ";
        Assert.Equal((409, "Conflict", message), (await _api.Put(A, body)).Status);
        var created = await _api.CreateConfigMap("a");
        Assert.Equal((409, "Conflict", message + created.Uid), (await _api.Put(A, body)).Status);
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_refused()
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Put(A, """{"metadata":{"name":"a","resourceVersion":"x"}}""");
        Assert.Equal((422, "Invalid", "configmaps \"a\" is invalid: metadata.resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax"), refused.Status);
    }

    [Fact]
    public async Task An_update_does_not_begin_a_deletion()
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Put(A, """{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z"}}""");
        Assert.Equal((422, "metadata.deletionTimestamp"), (refused.Code, refused.At("details.causes.0.field")));
        Assert.Equal("Invalid value: \"2026-01-01T00:00:00Z\": field is immutable", refused.At("details.causes.0.message"));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_writes_nothing()
    {
        var created = await _api.CreateConfigMap("a");
        var watch = await _api.Watch($"{Api.ConfigMaps}?watch=1&resourceVersion={_api.Revision}");
        _api.Time.Advance(TimeSpan.FromMinutes(1));
        var same = await _api.Put(A, created.Text);
        Assert.Equal((200, created.Text), (same.Code, same.Text));
        Assert.Equal(created.Text, (await _api.Patch(A, "{}")).Text);
        Assert.Equal(created.Text, (await _api.Patch(A, """{"data":{"key":"1"}}""", Api.Strategic)).Text);
        Assert.Empty(watch.Take());
    }

    [Fact]
    public async Task A_dry_run_shows_the_outcome_and_leaves_the_object()
    {
        var created = await _api.CreateConfigMap("a");
        var shown = await _api.Put($"{A}?dryRun=All", """{"metadata":{"name":"a"},"data":{"key":"2"}}""");
        Assert.Equal((200, "2", created.Version), (shown.Code, shown.At("data.key"), shown.Version));
        Assert.Equal(created.Text, (await _api.Get(A)).Text);
        Assert.Equal("UpdateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"x\"]: supported values: \"All\"", (await _api.Put($"{A}?dryRun=x", "{}")).Message);
    }

    [Fact]
    public async Task Each_half_of_an_object_is_written_through_its_own_path()
    {
        await _api.Create(Deployments, Web);
        var spec = await _api.Patch($"{Deployments}/web", """{"spec":{"replicas":2},"status":{"replicas":9}}""");
        Assert.Equal(("2", null, "2"), (spec.At("spec.replicas"), spec.At("status.replicas"), spec.At("metadata.generation")));
        var status = await _api.Patch($"{Deployments}/web/status", """{"metadata":{"labels":{"x":"y"},"finalizers":["a/b"]},"spec":{"replicas":5},"status":{"replicas":3,"observedGeneration":2}}""");
        Assert.Equal(("2", "3", "2"), (status.At("spec.replicas"), status.At("status.replicas"), status.At("metadata.generation")));
        Assert.Null(status.At("metadata.finalizers"));
        var put = await _api.Put($"{Deployments}/web/status", status.Text.Replace("\"replicas\":3", "\"replicas\":4", StringComparison.Ordinal));
        Assert.Equal("4", put.At("status.replicas"));
        Assert.Equal("4", (await _api.Get($"{Deployments}/web/status")).At("status.replicas"));
    }

    [Fact]
    public async Task The_generation_counts_changes_of_what_is_wanted_alone()
    {
        await _api.Create(Deployments, Web);
        Assert.Equal("1", (await _api.Patch($"{Deployments}/web", """{"metadata":{"labels":{"a":"b"}}}""")).At("metadata.generation"));
        Assert.Equal("1", (await _api.Patch($"{Deployments}/web", """{"metadata":{"generation":7}}""")).At("metadata.generation"));
        Assert.Equal("2", (await _api.Patch($"{Deployments}/web", """{"spec":{"paused":true}}""")).At("metadata.generation"));
    }

    [Fact]
    public async Task A_kind_without_a_status_has_no_such_path()
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((404, "NotFound", "the server could not find the requested resource"), (await _api.Get($"{A}/status")).Status);
    }

    [Fact]
    public async Task What_scales_is_scaled_without_being_known()
    {
        await _api.Create(Deployments, Web);
        await _api.Patch($"{Deployments}/web/status", """{"status":{"replicas":1}}""");
        var scale = await _api.Get($"{Deployments}/web/scale");
        Assert.Equal(("Scale", "autoscaling/v1", "1", "1", "a=b"), (scale.At("kind"), scale.At("apiVersion"), scale.At("spec.replicas"), scale.At("status.replicas"), scale.At("status.selector")));
        var scaled = await _api.Patch($"{Deployments}/web/scale", """{"spec":{"replicas":3}}""");
        Assert.Equal("3", scaled.At("spec.replicas"));
        Assert.Equal("3", (await _api.Get($"{Deployments}/web")).At("spec.replicas"));
        var stale = await _api.Put($"{Deployments}/web/scale", scale.Text);
        Assert.Equal((409, "Conflict"), (stale.Code, stale.Reason));
        var again = await _api.Put($"{Deployments}/web/scale", """{"metadata":{"name":"web"},"spec":{"replicas":0}}""");
        Assert.Equal((200, "{}"), (again.Code, again.At("spec")));
        var negative = await _api.Patch($"{Deployments}/web/scale", """{"spec":{"replicas":-1}}""");
        Assert.Equal((422, "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"), (negative.Code, negative.Message));
        Assert.Equal("deployments.apps \"none\" not found", (await _api.Get($"{Deployments}/none/scale")).Message);
        Assert.Equal("the name of the object (other) does not match the name on the URL (web)", (await _api.Put($"{Deployments}/web/scale", """{"metadata":{"name":"other"},"spec":{"replicas":0}}""")).Message);
    }

    [Fact]
    public async Task Concurrent_updates_of_one_version_succeed_once()
    {
        var created = await _api.CreateConfigMap("a");
        var codes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            (await _api.Put(A, $$$"""{"metadata":{"name":"a","resourceVersion":"{{{created.Version}}}"},"data":{"key":"w{{{i}}}"}}""")).Code)));
        Assert.Single(codes, 200);
        Assert.Equal(15, codes.Count(code => code == 409));
    }
}
