using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Sdk.Tests.Webhooks;

public sealed class AdmissionTests
{
    private sealed class Defaulter(Action<ConfigMap> change) : IDefaulter<ConfigMap>
    {
        public ValueTask DefaultAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel)
        {
            change(obj);
            return default;
        }
    }

    private sealed class Validator(Func<ConfigMap?, ConfigMap?, AdmissionRequest, Verdict> judge) : IValidator<ConfigMap>
    {
        public ValueTask<Verdict> ValidateCreateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(judge(null, obj, request));
        public ValueTask<Verdict> ValidateUpdateAsync(ConfigMap old, ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(judge(old, obj, request));
        public ValueTask<Verdict> ValidateDeleteAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(judge(obj, null, request));
    }

    private const string Map = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""";

    private static string Review(string operation, string obj = "null", string old = "null", string version = "v1") =>
        $$$"""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/{{{version}}}","request":{"uid":"q1","kind":{"group":"","version":"v1","kind":"ConfigMap"},"resource":{"group":"","version":"v1","resource":"configmaps"},"name":"m","namespace":"default","operation":"{{{operation}}}","userInfo":{"username":"ann","groups":["g"]},"object":{{{obj}}},"oldObject":{{{old}}},"dryRun":true,"options":{"kind":"CreateOptions"} } }""";

    private static async Task<string> Ask(WebhookSet webhooks, string body, string contentType = "application/json", string? path = null)
    {
        var reply = await webhooks.AnswerAsync(path ?? webhooks.Declarations[0].Path, contentType, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
        Assert.Equal(200, reply.Status);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }

    private static WebhookSet Defaulting(Action<ConfigMap> change) => new WebhookSet().Default(new Defaulter(change));
    private static WebhookSet Judging(Func<ConfigMap?, ConfigMap?, AdmissionRequest, Verdict> judge) => new WebhookSet().Validate(new Validator(judge));

    private static JsonArray PatchOf(string answer) => (JsonArray)JsonNode.Parse(Convert.FromBase64String((string)JsonNode.Parse(answer)!["response"]!["patch"]!))!;

    [Fact]
    public async Task What_a_defaulter_changes_is_a_patch_of_what_was_sent()
    {
        var answer = await Ask(Defaulting(m => m.Data!["b"] = "2"), Review("CREATE", Map));
        Assert.StartsWith("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"q1","allowed":true,"status":{"metadata":{},"code":200},"patch":""", answer, StringComparison.Ordinal);
        Assert.Equal("JSONPatch", (string?)JsonNode.Parse(answer)!["response"]!["patchType"]);
        Assert.Equal("""[{"op":"add","path":"/data/b","value":"2"}]""", PatchOf(answer).ToJsonString());
    }

    [Fact]
    public async Task A_defaulter_that_changes_nothing_sends_no_patch()
    {
        Assert.Equal("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"q1","allowed":true,"status":{"metadata":{},"code":200}}}""", await Ask(Defaulting(_ => { }), Review("CREATE", Map)));
        Assert.DoesNotContain("patch", await Ask(Defaulting(m => m.Data!.Clear()), Review("DELETE", old: Map)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_the_type_does_not_know_are_left_alone()
    {
        const string sent = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","creationTimestamp":null,"future":{"x":1}},"data":null,"more":[{"y":2}]}""";
        var patch = PatchOf(await Ask(Defaulting(m => m.Data = new() { ["b"] = "2" }), Review("CREATE", sent)));
        Assert.Equal("""[{"op":"replace","path":"/data","value":{"b":"2"}}]""", patch.ToJsonString());
        Assert.NotNull(JsonPatch.Apply(JsonNode.Parse(sent)!, patch).Document);
    }

    [Fact]
    public async Task A_review_of_the_older_version_is_answered_in_it() =>
        Assert.StartsWith("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1",""", await Ask(Defaulting(_ => { }), Review("CREATE", Map, version: "v1beta1")), StringComparison.Ordinal);

    [Fact]
    public async Task A_validator_is_given_what_was_and_what_will_be_and_who_asks()
    {
        var seen = new List<string>();
        var webhooks = Judging((old, obj, request) =>
        {
            seen.Add($"{request.Operation} {request.Key} {request.User.Username} {request.DryRun} {old?.Data!["a"]} {obj?.Data!["a"]}");
            return Verdict.Allow;
        });
        var changed = Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);
        foreach (var review in (string[])[Review("CREATE", Map), Review("UPDATE", changed, Map), Review("DELETE", old: Map), Review("CONNECT")]) Assert.Contains("\"allowed\":true", await Ask(webhooks, review), StringComparison.Ordinal);
        Assert.Equal(["CREATE default/m ann True  1", "UPDATE default/m ann True 1 2", "DELETE default/m ann True 1 "], seen);
    }

    [Fact]
    public async Task A_refusal_says_why_warns_and_annotates()
    {
        var answer = await Ask(Judging((_, _, _) => Verdict.Deny("not on Fridays").Warn("w1", "w2").Annotate("b", "2").Annotate("a", "1")), Review("CREATE", Map));
        Assert.Equal(
            """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"q1","allowed":false,"status":{"metadata":{},"status":"Failure","message":"not on Fridays","reason":"Forbidden","code":403},"auditAnnotations":{"a":"1","b":"2"},"warnings":["w1","w2"]}}""",
            answer);
    }

    [Fact]
    public async Task Errors_of_fields_are_an_invalid_object_with_a_cause_for_each()
    {
        var answer = JsonNode.Parse(await Ask(Judging((_, obj, _) =>
        {
            var errors = new FieldErrors();
            errors.Invalid(FieldPath.Of("data").Key("a"), obj!.Data!["a"], "must be even");
            errors.Required(FieldPath.Of("data").Key("b"));
            return Verdict.Of(obj, errors);
        }), Review("CREATE", Map)))!["response"]!["status"]!;
        Assert.Equal((422, "Invalid", """ConfigMap "m" is invalid: [data[a]: Invalid value: "1": must be even, data[b]: Required value]"""), ((int)answer["code"]!, (string?)answer["reason"], (string?)answer["message"]));
        Assert.Equal("""[{"reason":"FieldValueInvalid","message":"Invalid value: \u00221\u0022: must be even","field":"data[a]"},{"reason":"FieldValueRequired","message":"Required value","field":"data[b]"}]""", answer["details"]!["causes"]!.ToJsonString());
        Assert.Equal(("m", "ConfigMap"), ((string?)answer["details"]!["name"], (string?)answer["details"]!["kind"]));
    }

    // The words are controller-runtime's (pkg/webhook/admission/http.go and its tests).
    [Theory]
    [InlineData("", "application/json", """{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"request body is empty","code":400}}}""")]
    [InlineData("{}", "application/foo", """{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"contentType=application/foo, expected application/json","code":400}}}""")]
    [InlineData("{", "application/json", """{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"couldn't get version/kind; json parse error: unexpected end of JSON input","code":400}}}""")]
    [InlineData("""{"request":{}}""", "application/json", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"unknown operation \"\"","code":400}}}""")]
    [InlineData("""{"request":{"uid":"q","operation":"CREATE"}}""", "application/json", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"q","allowed":false,"status":{"metadata":{},"message":"there is no content to decode","code":400}}}""")]
    public async Task What_is_no_review_is_answered_in_upstreams_words(string body, string contentType, string answer) =>
        Assert.Equal(answer, await Ask(Judging((_, _, _) => Verdict.Allow), body, contentType));

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var reply = await Judging((_, _, _) => Verdict.Allow).AnswerAsync("/validate--v1-configmap", "application/json", new byte[WebhookSet.BodyBytesMax + 1], default);
        Assert.Equal("""{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"request entity is too large; limit is 7340032 bytes","code":413}}}""", Encoding.UTF8.GetString(reply.Body.Span));
    }

    [Fact]
    public async Task A_handler_that_throws_is_answered_for_and_counted()
    {
        var (options, logged) = (new ClientOptions(), new List<LogEntry>());
        var webhooks = new WebhookSet(options with { Log = logged.Add }).Validate(new Validator((_, _, _) => throw new InvalidOperationException("oh no")));
        Assert.Equal("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"q1","allowed":false,"status":{"metadata":{},"message":"panic: oh no [recovered]","code":500}}}""", await Ask(webhooks, Review("CREATE", Map)));
        Assert.Equal(LogSeverity.Error, Assert.Single(logged).Severity);
        var metrics = options.Metrics.ToText();
        Assert.Contains("controller_runtime_webhook_panics_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("controller_runtime_webhook_requests_total{webhook=\"/validate--v1-configmap\",code=\"200\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("controller_runtime_webhook_requests_in_flight{webhook=\"/validate--v1-configmap\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_a_handler_throws_is_the_refusal()
    {
        var webhooks = Judging((_, _, _) => throw new ApiException(new() { Code = 409, Reason = "Conflict", Message = "again later" }));
        Assert.Contains("""{"metadata":{},"status":"Failure","message":"again later","reason":"Conflict","code":409}""", await Ask(webhooks, Review("CREATE", Map)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_of_another_kind_is_refused() =>
        Assert.Contains("unable to decode apps/v1, Kind=Deployment into v1, Kind=ConfigMap", await Ask(Judging((_, _, _) => Verdict.Allow), Review("CREATE", """{"apiVersion":"apps/v1","kind":"Deployment"}""")), StringComparison.Ordinal);

    [Fact]
    public async Task A_mutator_may_refuse()
    {
        var webhooks = new WebhookSet().Mutate(new Refusing());
        Assert.Contains("\"message\":\"no\"", await Ask(webhooks, Review("CREATE", Map)), StringComparison.Ordinal);
    }

    private sealed class Refusing : IMutator<ConfigMap>
    {
        public ValueTask<Mutation<ConfigMap>> MutateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Deny("no"));
    }

    [Fact]
    public async Task A_path_where_nothing_is_is_not_found()
    {
        var webhooks = Judging((_, _, _) => Verdict.Allow);
        foreach (var path in (string[])["/", "/convert", "/validate-v1-configmap"]) Assert.Equal(404, (await webhooks.AnswerAsync(path, "application/json", default, default)).Status);
        Assert.Throws<ArgumentException>(() => webhooks.Validate(new Validator((_, _, _) => Verdict.Allow)));
    }
}
