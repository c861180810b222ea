using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Access;

/// <summary>The audit log: what is written of which requests.</summary>
public sealed class AuditTests
{
    private sealed class Lines : AuditSink
    {
        private readonly List<JsonObject> _all = [];

        public override void Write(ReadOnlyMemory<byte> line)
        {
            lock (_all) _all.Add((JsonObject)JsonNode.Parse(line.Span)!);
        }

        public List<JsonObject> Of(string resource)
        {
            lock (_all) return [.. _all.Where(e => (string?)e["objectRef"]?["resource"] == resource)];
        }
    }

    private static async Task<(Api Api, Lines Log)> Start(string rules, string more = "")
    {
        var log = new Lines();
        var policy = AuditPolicy.Parse($"apiVersion: audit.k8s.io/v1\nkind: Policy\n{more}rules:\n{rules}", out var error);
        Assert.True(policy is not null, error);
        return (await Api.StartAsync(audit: new AuditOptions(policy, log)), log);
    }

    [Fact]
    public async Task An_event_tells_who_did_what_and_what_came_of_it()
    {
        var (api, log) = await Start("- level: Metadata\n");
        await using var _ = api;
        var created = await api.CreateConfigMap("a");
        var events = log.Of("configmaps");
        Assert.Equal(["RequestReceived", "ResponseComplete"], events.Select(e => (string)e["stage"]!));
        var done = events[1];
        Assert.Equal(("Event", "audit.k8s.io/v1", "Metadata"), ((string)done["kind"]!, (string)done["apiVersion"]!, (string)done["level"]!));
        Assert.Equal((string)events[0]["auditID"]!, (string)done["auditID"]!);
        Assert.Equal((string)done["auditID"]!, created.Header("Audit-Id"));
        Assert.Equal(("create", Api.ConfigMaps, "test/1.0"), ((string)done["verb"]!, (string)done["requestURI"]!, (string)done["userAgent"]!));
        Assert.Equal("""{"username":"admin","groups":["system:masters","system:authenticated"]}""", done["user"]!.ToJsonString());
        Assert.Equal("""{"resource":"configmaps","namespace":"default","apiVersion":"v1"}""", done["objectRef"]!.ToJsonString());
        Assert.Equal("""{"metadata":{},"code":201}""", done["responseStatus"]!.ToJsonString());
        Assert.Equal("allow", (string)done["annotations"]!["authorization.k8s.io/decision"]!);
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string)done["stageTimestamp"]!);
        Assert.Null(done["requestObject"]);
    }

    [Fact]
    public async Task Levels_decide_whether_objects_are_written_down()
    {
        var (api, log) = await Start("- level: RequestResponse\n  resources: [{group: '', resources: [configmaps]}]\n- level: Request\n  resources: [{group: '', resources: [secrets]}]\n- level: None\n", "omitStages: [RequestReceived]\nomitManagedFields: true\n");
        await using var _ = api;
        await api.CreateConfigMap("a");
        await api.Create("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"}}""");
        await api.CreatePod("p");
        var whole = Assert.Single(log.Of("configmaps"));
        Assert.Equal(("1", "1"), ((string)whole["requestObject"]!["data"]!["key"]!, (string)whole["responseObject"]!["data"]!["key"]!));
        Assert.Null(whole["responseObject"]!["metadata"]!["managedFields"]);
        var half = Assert.Single(log.Of("secrets"));
        Assert.Equal("s", (string)half["requestObject"]!["metadata"]!["name"]!);
        Assert.Null(half["responseObject"]);
        Assert.Empty(log.Of("pods"));
    }

    [Theory]
    [InlineData("users: [admin]", true)]
    [InlineData("users: [ann]", false)]
    [InlineData("userGroups: ['system:masters']", true)]
    [InlineData("verbs: [get, list]", false)]
    [InlineData("namespaces: [default]", true)]
    [InlineData("namespaces: [other]", false)]
    [InlineData("resources: [{group: '', resources: ['*']}]", true)]
    [InlineData("resources: [{group: apps}]", false)]
    [InlineData("resources: [{group: '', resources: ['configmaps/*']}]", true)]
    [InlineData("resources: [{group: '', resources: ['configmaps'], resourceNames: [b]}]", false)]
    [InlineData("nonResourceURLs: ['/healthz*']", false)]
    public async Task The_first_rule_that_fits_decides(string rule, bool written)
    {
        var (api, log) = await Start($"- level: Metadata\n  {rule}\n- level: None\n");
        await using var _ = api;
        await api.CreateConfigMap("a");
        Assert.Equal(written, log.Of("configmaps").Count > 0);
    }

    [Fact]
    public async Task A_refusal_and_what_admission_has_to_say_are_written_down()
    {
        var (api, log) = await Start("- level: Metadata\n  omitStages: [RequestReceived]\n");
        await using var _ = api;
        await api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"a"}}""", new How { User = new() { Name = "ann" } });
        var refused = Assert.Single(log.Of("configmaps"));
        Assert.Equal(("forbid", "403", "Forbidden"), ((string)refused["annotations"]!["authorization.k8s.io/decision"]!, refused["responseStatus"]!["code"]!.ToJsonString(), (string)refused["responseStatus"]!["reason"]!));
        await api.Create("/api/v1/namespaces", """{"metadata":{"name":"b","labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}""");
        await api.Create("/api/v1/namespaces/b/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await api.Create("/api/v1/namespaces/b/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal("baseline:latest", (string)Assert.Single(log.Of("pods"))["annotations"]!["pod-security.kubernetes.io/enforce-policy"]!);
    }

    [Fact]
    public async Task Who_cannot_be_found_out_is_written_down_with_what_was_tried()
    {
        var (api, log) = await Start("- level: Metadata\n");
        await using var _ = api;
        var request = new Bare("Bearer nonsense") { Method = "GET", Path = Api.ConfigMaps };
        var answer = await api.Server.HandleAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(401, answer.Status);
        var only = Assert.Single(log.Of("configmaps"));
        Assert.Equal("ResponseStarted", (string)only["stage"]!);
        Assert.Equal("""{"metadata":{},"message":"Authentication failed, attempted: bearer","code":401}""", only["responseStatus"]!.ToJsonString());
        Assert.Equal((string)only["auditID"]!, answer.Headers.Single(h => h.Key == "Audit-Id").Value);
    }

    [Fact]
    public async Task A_watch_is_written_down_when_it_begins_and_when_it_has_ended()
    {
        var (api, log) = await Start("- level: Metadata\n  omitStages: [RequestReceived]\n");
        await using var _ = api;
        var request = new Bare("") { Method = "GET", Path = Api.ConfigMaps, Query = "watch=true", Identity = Api.Admin };
        var answer = await api.Server.HandleAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(["ResponseStarted"], log.Of("configmaps").Select(e => (string)e["stage"]!));
        Assert.IsType<WatchBody>(answer.Body).Stream.Dispose();
        Assert.Equal(["ResponseStarted", "ResponseComplete"], log.Of("configmaps").Select(e => (string)e["stage"]!));
    }

    [Fact]
    public async Task Rules_are_held_against_who_asks_not_against_whose_name_he_takes()
    {
        var (api, log) = await Start("- level: Metadata\n  users: [admin]\n- level: None\n");
        await using var _ = api;
        var request = new Bare("", ("Impersonate-User", "ann")) { Method = "GET", Path = Api.ConfigMaps, Identity = Api.Admin };
        Assert.Equal(403, (await api.Server.HandleAsync(request, TestContext.Current.CancellationToken)).Status);
        Assert.All(log.Of("configmaps"), e => Assert.Equal(("admin", "ann"), ((string)e["user"]!["username"]!, (string)e["impersonatedUser"]!["username"]!)));
        Assert.Equal(2, log.Of("configmaps").Count);
    }

    private sealed class Bare(string authorization, params (string Name, string Value)[] more) : ApiRequest
    {
        public override IEnumerable<KeyValuePair<string, string>> Headers =>
            [.. authorization.Length > 0 ? [new KeyValuePair<string, string>("Authorization", authorization)] : Array.Empty<KeyValuePair<string, string>>(), .. more.Select(h => KeyValuePair.Create(h.Name, h.Value))];

        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new((Result<ReadOnlyMemory<byte>>)ReadOnlyMemory<byte>.Empty);
    }

    [Theory]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: []\n", "a policy without rules")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v2\n", "not a Policy of audit.k8s.io/v1")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: All}]\n", "rules: level is one of None, Metadata, Request, RequestResponse: {\"level\":\"All\"}")]
    public void A_policy_that_is_none_is_not_read(string text, string why)
    {
        Assert.Null(AuditPolicy.Parse(text, out var error));
        Assert.Equal(why, error);
    }
}
