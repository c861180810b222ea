using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Webhooks as clients and webhooks see them.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Configurations = "/apis/admissionregistration.k8s.io/v1/";
    private const string AllRules = """[{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*/*"]}]""";

    private readonly FakeWebhooks _hooks = new();
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync(webhooks: _hooks);

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_api.Errors);
        await _api.DisposeAsync();
    }

    private Task<Answer> Register(string sort, string name, params (string Host, string More)[] webhooks)
    {
        var all = webhooks.Select(w => $$"""{"name":"{{w.Host}}","clientConfig":{"url":"https://{{w.Host}}/ask"},"sideEffects":"None","admissionReviewVersions":["v1"]{{Rules(w.More)}}}""");
        return _api.Create($"{Configurations}{sort}webhookconfigurations", $$"""{"metadata":{"name":"{{name}}"},"webhooks":[{{string.Join(',', all)}}]}""");
    }

    private static string Rules(string more) => more.Contains("\"rules\"", StringComparison.Ordinal) ? "," + more : $",\"rules\":{AllRules}" + (more.Length > 0 ? "," + more : "");

    private static string Rule(string operations, string resources, string scope = "*") =>
        $$"""{"operations":[{{Quoted(operations)}}],"apiGroups":["*"],"apiVersions":["*"],"resources":[{{Quoted(resources)}}],"scope":"{{scope}}"}""";

    private static string Quoted(string words) => string.Join(',', words.Split(' ').Select(w => $"\"{w}\""));

    [Fact]
    public async Task A_validating_webhook_is_told_everything_of_a_creation()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", ""));
        await _api.CreateConfigMap("one");
        var (_, call, request) = Assert.Single(_hooks.Calls);
        Assert.Equal("https://a.b.c/ask?timeout=10s", call.Url.ToString());
        Assert.Matches("^[0-9a-f-]{36}$", (string)request["uid"]!);
        Assert.Equal("""{"group":"","version":"v1","kind":"ConfigMap"}""", request["kind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", request["resource"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","kind":"ConfigMap"}""", request["requestKind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", request["requestResource"]!.ToJsonString());
        Assert.Equal(("one", "default", "CREATE"), ((string)request["name"]!, (string)request["namespace"]!, (string)request["operation"]!));
        Assert.Equal("""{"username":"admin","groups":["system:masters","system:authenticated"]}""", request["userInfo"]!.ToJsonString());
        Assert.Equal("1", (string)request["object"]!["data"]!["key"]!);
        Assert.False(((JsonObject)request["object"]!["metadata"]!).ContainsKey("resourceVersion"));
        Assert.Null(request["oldObject"]);
        Assert.False((bool)request["dryRun"]!);
        Assert.Equal("""{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}""", request["options"]!.ToJsonString());
        Assert.False(request.ContainsKey("subResource"));
    }

    [Fact]
    public async Task Calls_are_counted_under_upstreams_names()
    {
        _hooks.On("fine.b.c", _ => FakeWebhooks.Allow());
        _hooks.On("no.b.c", request => (string?)request["name"] == "bad" ? """{"allowed":false,"status":{"code":409,"message":"no"}}""" : FakeWebhooks.Allow());
        _hooks.Fails("gone.b.c", "dial tcp: no such host");
        await Register("validating", "v", ("fine.b.c", ""), ("no.b.c", ""), ("gone.b.c", "\"failurePolicy\":\"Ignore\""));
        await _api.CreateConfigMap("one");
        await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"bad"}}""");
        var lines = (await _api.Get("/metrics")).Text.Split('\n');
        foreach (var line in (string[])
        [
            "apiserver_admission_webhook_request_total{code=\"200\",name=\"fine.b.c\",operation=\"CREATE\",rejected=\"false\",type=\"validating\"} 2",
            "apiserver_admission_webhook_request_total{code=\"409\",name=\"no.b.c\",operation=\"CREATE\",rejected=\"true\",type=\"validating\"} 1",
            "apiserver_admission_webhook_rejection_count{error_type=\"no_error\",name=\"no.b.c\",operation=\"CREATE\",rejection_code=\"409\",type=\"validating\"} 1",
            "apiserver_admission_webhook_fail_open_count{name=\"gone.b.c\",type=\"validating\"} 2",
            "apiserver_admission_webhook_admission_duration_seconds_count{name=\"fine.b.c\",operation=\"CREATE\",rejected=\"false\",type=\"validating\"} 2",
        ])
            Assert.Contains(line, lines);
    }

    [Fact]
    public async Task A_webhook_sees_every_object_of_a_collection_that_goes_without_a_name()
    {
        await _api.CreateConfigMap("one");
        await _api.CreateConfigMap("two");
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", ""));
        await _api.Delete(Api.ConfigMaps);
        Assert.Equal(["one", "two"], _hooks.Calls.Select(c => (string?)c.Request["oldObject"]!["metadata"]!["name"]).Order());
        Assert.All(_hooks.Calls, c => Assert.Null(c.Request["name"]));
    }

    [Fact]
    public async Task Updates_and_deletions_come_with_the_object_as_it_was()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        var created = await _api.CreateConfigMap("one");
        await Register("validating", "v", ("a.b.c", ""));
        await _api.Patch($"{Api.ConfigMaps}/one?fieldManager=me", """{"data":{"key":"2"}}""");
        await _api.Delete($"{Api.ConfigMaps}/one", """{"gracePeriodSeconds":0,"propagationPolicy":"Background"}""");
        var update = _hooks.Calls[0].Request;
        Assert.Equal("UPDATE", (string)update["operation"]!);
        Assert.Equal(("2", "1"), ((string)update["object"]!["data"]!["key"]!, (string)update["oldObject"]!["data"]!["key"]!));
        Assert.Equal(created.Version, (string)update["object"]!["metadata"]!["resourceVersion"]!);
        Assert.Equal(created.Version, (string)update["oldObject"]!["metadata"]!["resourceVersion"]!);
        Assert.Equal("""{"kind":"UpdateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"me"}""", update["options"]!.ToJsonString());
        var deletion = _hooks.Calls[1].Request;
        Assert.Equal("DELETE", (string)deletion["operation"]!);
        Assert.Null(deletion["object"]);
        Assert.Equal("2", (string)deletion["oldObject"]!["data"]!["key"]!);
        Assert.Equal("""{"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1","gracePeriodSeconds":0,"propagationPolicy":"Background"}""", deletion["options"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"allowed":false,"status":{"message":"no way"}}""", 400, "", "admission webhook \"a.b.c\" denied the request: no way")]
    [InlineData("""{"allowed":false,"status":{"code":403,"reason":"Forbidden"}}""", 403, "Forbidden", "admission webhook \"a.b.c\" denied the request: Forbidden")]
    [InlineData("""{"allowed":false}""", 400, "", "admission webhook \"a.b.c\" denied the request without explanation")]
    [InlineData("""{"allowed":false,"status":{"code":200,"message":"x"}}""", 400, "", "admission webhook \"a.b.c\" denied the request: x")]
    public async Task What_a_webhook_refuses_is_refused_in_its_words(string response, int code, string reason, string message)
    {
        _hooks.On("a.b.c", _ => response);
        foreach (var sort in (string[])["validating", "mutating"])
        {
            await Register(sort, "w", ("a.b.c", ""));
            Assert.Equal((code, reason, message), (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")).Status);
            await _api.Delete($"{Configurations}{sort}webhookconfigurations/w");
        }
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_asked_fails_the_request_or_is_passed_by()
    {
        _hooks.Fails("a.b.c", "dial tcp 10.0.0.1:443: connect: connection refused");
        await Register("validating", "v", ("a.b.c", ""));
        Assert.Equal((500, "InternalError",
                "Internal error occurred: failed calling webhook \"a.b.c\": failed to call webhook: Post \"https://a.b.c/ask?timeout=10s\": dial tcp 10.0.0.1:443: connect: connection refused"),
            (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")).Status);
        await _api.Patch($"{Configurations}validatingwebhookconfigurations/v", """{"webhooks":[{"name":"a.b.c","failurePolicy":"Ignore"}]}""", Api.Strategic);
        await _api.CreateConfigMap("a");
    }

    [Theory]
    [InlineData(404, "", "failed to call webhook: the server could not find the requested resource")]
    [InlineData(500, "oops", "failed to call webhook: an error on the server (\"oops\") has prevented the request from succeeding")]
    [InlineData(200, "{}", "received invalid webhook response: webhook response was absent")]
    [InlineData(200, """{"response":{"uid":"x"}}""", "received invalid webhook response: expected response.uid=")]
    public async Task An_answer_that_is_none_counts_as_a_failure(int code, string body, string why)
    {
        _hooks.Raw("a.b.c", code, body);
        await Register("mutating", "m", ("a.b.c", ""));
        var refused = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""");
        Assert.Equal(500, refused.Code);
        Assert.StartsWith($"Internal error occurred: failed calling webhook \"a.b.c\": {why}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validating", """{"allowed":true,"patch":"W10="}""", "validating webhook may not return response.patch")]
    [InlineData("validating", """{"allowed":true,"patchType":"JSONPatch"}""", "validating webhook may not return response.patchType")]
    [InlineData("mutating", """{"allowed":true,"patch":"W10="}""", "webhook returned response.patch but not response.patchType")]
    [InlineData("mutating", """{"allowed":true,"patchType":"JSONPatch"}""", "webhook returned response.patchType but not response.patch")]
    public async Task Patches_are_for_mutating_webhooks_and_come_whole(string sort, string response, string why)
    {
        _hooks.On("a.b.c", _ => response);
        await Register(sort, "w", ("a.b.c", ""));
        Assert.Equal($"Internal error occurred: failed calling webhook \"a.b.c\": received invalid webhook response: {why}",
            (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")).Message);
    }

    [Fact]
    public async Task A_webhook_has_only_so_much_time()
    {
        _hooks.Hangs("a.b.c");
        await Register("validating", "v", ("a.b.c", "\"timeoutSeconds\":3"));
        var asked = _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""");
        _api.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(asked.IsCompleted);
        _api.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("Internal error occurred: failed calling webhook \"a.b.c\": failed to call webhook: Post \"https://a.b.c/ask?timeout=3s\": context deadline exceeded", (await asked).Message);
    }

    [Fact]
    public async Task Validating_webhooks_are_asked_at_the_same_time()
    {
        var go = new TaskCompletionSource();
        _hooks.Waits("a.b.c", go.Task, FakeWebhooks.Allow());
        _hooks.Waits("d.e.f", go.Task, """{"allowed":false}""");
        await Register("validating", "v", ("a.b.c", ""), ("d.e.f", ""));
        var asked = _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""");
        Assert.Equal(["a.b.c", "d.e.f"], _hooks.Hosts);
        go.SetResult();
        Assert.Equal("admission webhook \"d.e.f\" denied the request without explanation", (await asked).Message);
    }

    [Fact]
    public async Task Patches_change_the_object_one_after_the_other_and_defaults_follow()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Patch("""[{"op":"add","path":"/metadata/labels","value":{"x":"1"}},{"op":"add","path":"/spec/containers/-","value":{"name":"side","image":"side:1"}}]"""));
        _hooks.On("d.e.f", r => FakeWebhooks.Patch($$"""[{"op":"add","path":"/metadata/labels/y","value":"{{(string)r["object"]!["metadata"]!["labels"]!["x"]!}}2"}]"""));
        await Register("mutating", "m", ("a.b.c", "\"rules\":[" + Rule("CREATE", "pods") + "]"), ("d.e.f", "\"rules\":[" + Rule("CREATE", "pods") + "]"));
        var pod = await _api.CreatePod("a");
        Assert.Equal("""{"x":"1","y":"12"}""", pod.At("metadata.labels"));
        Assert.Equal("side", pod.At("spec.containers.1.name"));
        Assert.Equal("IfNotPresent", pod.At("spec.containers.1.imagePullPolicy"));
        Assert.Equal("/var/run/secrets/kubernetes.io/serviceaccount", pod.At("spec.containers.1.volumeMounts.0.mountPath"));
    }

    [Fact]
    public async Task What_a_patch_makes_is_validated()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Patch("""[{"op":"replace","path":"/metadata/name","value":"Bad_"}]"""));
        await Register("mutating", "m", ("a.b.c", ""));
        Assert.Equal((422, "Invalid"), (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")) is var refused ? (refused.Code, refused.Reason) : default);
    }

    [Fact]
    public async Task A_patch_that_does_not_apply_is_the_servers_error_and_one_of_a_deletion_too()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Patch("""[{"op":"remove","path":"/nothing"}]"""));
        await _api.CreateConfigMap("there");
        await Register("mutating", "m", ("a.b.c", ""));
        Assert.Equal((500, "InternalError"), (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")) is var refused ? (refused.Code, refused.Reason) : default);
        Assert.Equal("Internal error occurred: admission webhook \"a.b.c\" attempted to modify the object, which is not supported for this operation", (await _api.Delete($"{Api.ConfigMaps}/there")).Message);
    }

    [Fact]
    public async Task Webhooks_that_want_to_are_asked_again_when_a_later_one_changed_the_object()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        _hooks.On("b.b.c", _ => FakeWebhooks.Allow());
        _hooks.On("c.b.c", r => r["object"]!["data"]!["added"] is null ? FakeWebhooks.Patch("""[{"op":"add","path":"/data/added","value":"1"}]""") : FakeWebhooks.Allow());
        await Register("mutating", "m", ("a.b.c", "\"reinvocationPolicy\":\"IfNeeded\""), ("b.b.c", ""), ("c.b.c", "\"reinvocationPolicy\":\"IfNeeded\""));
        await _api.CreateConfigMap("one");
        Assert.Equal(["a.b.c", "b.b.c", "c.b.c", "a.b.c"], _hooks.Hosts);
    }

    [Fact]
    public async Task Configurations_are_asked_in_the_order_of_their_names()
    {
        foreach (var host in (string[])["a.b.c", "b.b.c", "c.b.c"]) _hooks.On(host, _ => FakeWebhooks.Allow());
        await Register("mutating", "z", ("a.b.c", ""));
        await Register("mutating", "a", ("c.b.c", ""), ("b.b.c", ""));
        await _api.CreateConfigMap("one");
        Assert.Equal(["c.b.c", "b.b.c", "a.b.c"], _hooks.Hosts);
    }

    [Theory]
    [InlineData("CREATE", "configmaps", "*", true)]
    [InlineData("UPDATE", "configmaps", "*", false)]
    [InlineData("*", "pods", "*", false)]
    [InlineData("*", "*", "*", true)]
    [InlineData("*", "*/*", "*", true)]
    [InlineData("*", "configmaps/*", "*", true)]
    [InlineData("*", "configmaps/status", "*", false)]
    [InlineData("*", "*/scale", "*", false)]
    [InlineData("*", "*", "Namespaced", true)]
    [InlineData("*", "*", "Cluster", false)]
    public async Task Rules_say_about_what_a_webhook_is_asked(string operations, string resources, string scope, bool asked)
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", $"\"rules\":[{Rule(operations, resources, scope)}]"));
        await _api.CreateConfigMap("one");
        Assert.Equal(asked, _hooks.Calls.Count > 0);
    }

    [Theory]
    [InlineData("\"namespaceSelector\":{\"matchLabels\":{\"team\":\"a\"}}", "team-a")]
    [InlineData("\"namespaceSelector\":{\"matchExpressions\":[{\"key\":\"team\",\"operator\":\"DoesNotExist\"}]}", "team-b")]
    public async Task A_namespaces_labels_decide(string selector, string asked)
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", $"{selector},\"rules\":[{Rule("CREATE", "configmaps namespaces")}]"));
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"team-a","labels":{"team":"a"}}}""");
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"team-b"}}""");
        foreach (var ns in (string[])["team-a", "team-b"]) await _api.Create($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"x"}}""");
        Assert.Equal([asked, asked], _hooks.Calls.Select(c => (string)c.Request["namespace"]!));
    }

    [Fact]
    public async Task An_objects_labels_decide_before_and_after_a_change()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", "\"objectSelector\":{\"matchLabels\":{\"watch\":\"me\"}}"));
        await _api.CreateConfigMap("one");
        await _api.Patch($"{Api.ConfigMaps}/one", """{"metadata":{"labels":{"watch":"me"}}}""");
        await _api.Patch($"{Api.ConfigMaps}/one", """{"metadata":{"labels":null}}""");
        await _api.Patch($"{Api.ConfigMaps}/one", """{"data":{"key":"3"}}""");
        Assert.Equal(2, _hooks.Calls.Count);
    }

    [Fact]
    public async Task Another_name_of_the_same_objects_matches_unless_the_policy_is_exact()
    {
        const string rule = "\"rules\":[{\"operations\":[\"*\"],\"apiGroups\":[\"events.k8s.io\"],\"apiVersions\":[\"v1\"],\"resources\":[\"events\"]}]";
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        _hooks.On("d.e.f", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", rule), ("d.e.f", rule + ",\"matchPolicy\":\"Exact\""));
        await _api.Create("/api/v1/namespaces/default/events",
            """{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p","namespace":"default"},"message":"hello","reason":"R","type":"Normal"}""");
        var (host, _, request) = Assert.Single(_hooks.Calls);
        Assert.Equal("a.b.c", host);
        Assert.Equal("""{"group":"events.k8s.io","version":"v1","kind":"Event"}""", request["kind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","kind":"Event"}""", request["requestKind"]!.ToJsonString());
        Assert.Equal("hello", (string)request["object"]!["note"]!);
        Assert.Equal("events.k8s.io/v1", (string)request["object"]!["apiVersion"]!);
    }

    [Fact]
    public async Task A_dry_run_is_told_and_does_not_reach_webhooks_with_side_effects()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await Register("validating", "v", ("a.b.c", ""));
        Assert.Equal(201, (await _api.Post($"{Api.ConfigMaps}?dryRun=All", """{"metadata":{"name":"a"}}""")).Code);
        Assert.True((bool)_hooks.Calls[0].Request["dryRun"]!);
        Assert.Equal("""{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","dryRun":["All"]}""", _hooks.Calls[0].Request["options"]!.ToJsonString());
    }

    [Fact]
    public async Task Configurations_and_policies_of_admission_are_never_sent()
    {
        await Register("validating", "v", ("a.b.c", ""));
        await Register("mutating", "m", ("a.b.c", ""));
        Assert.Equal(200, (await _api.Delete($"{Configurations}validatingwebhookconfigurations/v")).Code);
        Assert.Equal(200, (await _api.Delete($"{Configurations}mutatingwebhookconfigurations/m")).Code);
        Assert.Empty(_hooks.Calls);
    }

    [Fact]
    public async Task Warnings_reach_the_client_once_and_within_limits()
    {
        var longText = new string('x', 3000);
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow($$""","warnings":["one","two","one"]"""));
        _hooks.On("d.e.f", _ => FakeWebhooks.Allow($$""","warnings":["{{longText}}1","{{longText}}2"]"""));
        await Register("validating", "v", ("a.b.c", "\"rules\":[" + Rule("CREATE", "configmaps") + "]"), ("d.e.f", "\"rules\":[" + Rule("CREATE", "secrets") + "]"));
        Assert.Equal(["one", "two"], (await _api.CreateConfigMap("a")).Warnings);
        var cut = (await _api.Create("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"}}""")).Warnings;
        Assert.Equal([256, 256], cut.Select(w => w.Length));
    }

    [Fact]
    public async Task A_scale_is_asked_about_as_a_scale_and_can_be_changed()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Patch("""[{"op":"replace","path":"/spec/replicas","value":5}]"""));
        await _api.Create("/apis/apps/v1/namespaces/default/deployments",
            """{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        await Register("mutating", "m", ("a.b.c", "\"rules\":[" + Rule("UPDATE", "deployments/scale") + "]"));
        var scaled = await _api.Patch("/apis/apps/v1/namespaces/default/deployments/d/scale", """{"spec":{"replicas":2}}""");
        var request = Assert.Single(_hooks.Calls).Request;
        Assert.Equal("""{"group":"autoscaling","version":"v1","kind":"Scale"}""", request["kind"]!.ToJsonString());
        Assert.Equal("scale", (string)request["subResource"]!);
        Assert.Equal(("2", "1"), (request["object"]!["spec"]!["replicas"]!.ToJsonString(), request["oldObject"]!["spec"]!["replicas"]!.ToJsonString()));
        Assert.Equal("5", scaled.At("spec.replicas"));
    }

    [Fact]
    public async Task Bindings_evictions_and_connections_are_asked_about_as_what_they_are()
    {
        _hooks.On("a.b.c", r => (string)r["operation"]! == "CONNECT" ? """{"allowed":false,"status":{"code":403,"message":"no shells"}}""" : FakeWebhooks.Allow());
        await _api.CreatePod("p");
        await Register("validating", "v", ("a.b.c", "\"rules\":[" + Rule("*", "pods/*") + "]"));
        await _api.Create($"{Api.Pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");
        Assert.Equal((403, "admission webhook \"a.b.c\" denied the request: no shells"),
            (await _api.Post($"{Api.Pods}/p/exec?command=sh&command=-c&stdin=true&container=main", "")) is var refused ? (refused.Code, refused.Message) : default);
        await _api.Create($"{Api.Pods}/p/eviction", """{"metadata":{"name":"p"}}""");
        Assert.Equal(["CREATE binding Binding", "CONNECT exec PodExecOptions", "CREATE eviction Eviction"],
            _hooks.Calls.Where(c => (string)c.Request["subResource"]! != "").Select(c => $"{c.Request["operation"]} {c.Request["subResource"]} {c.Request["kind"]!["kind"]}"));
        Assert.Equal("""{"kind":"PodExecOptions","apiVersion":"v1","stdin":true,"container":"main","command":["sh","-c"]}""", _hooks.Calls[1].Request["object"]!.ToJsonString());
        Assert.Null(_hooks.Calls[1].Request["options"]);
    }

    [Fact]
    public async Task A_service_is_called_at_one_of_its_ready_endpoints_under_its_name()
    {
        _hooks.On("hook.default.svc", _ => FakeWebhooks.Allow());
        await _api.Create("/api/v1/namespaces/default/services", """{"metadata":{"name":"hook"},"spec":{"selector":{"a":"b"},"ports":[{"port":443,"targetPort":8443}]}}""");
        await _api.Create($"{Configurations}validatingwebhookconfigurations",
            $$"""{"metadata":{"name":"v"},"webhooks":[{"name":"a.b.c","clientConfig":{"service":{"namespace":"default","name":"hook","path":"/x"},"caBundle":"YQ=="},"sideEffects":"None","admissionReviewVersions":["v1"],"rules":[{{Rule("*", "configmaps")}}]}]}""");
        Assert.Equal("Internal error occurred: failed calling webhook \"a.b.c\": failed to call webhook: Post \"https://hook.default.svc:443/x?timeout=10s\": no endpoints available for service \"hook\"",
            (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")).Message);
        await _api.Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            """{"metadata":{"name":"hook-1","labels":{"kubernetes.io/service-name":"hook"}},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.9"],"conditions":{"ready":false}},{"addresses":["10.0.0.8"]}],"ports":[{"name":"","port":8443}]}""");
        await _api.CreateConfigMap("a");
        var call = _hooks.Calls.Single().Call;
        Assert.Equal("10.0.0.8:8443", call.Endpoint!.ToString());
        Assert.Equal("https://hook.default.svc/x?timeout=10s", call.Url.ToString());
        Assert.Equal("a"u8.ToArray(), call.CaBundle.ToArray());
    }
}
