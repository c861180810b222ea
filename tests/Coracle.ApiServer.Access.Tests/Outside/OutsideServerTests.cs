using System.Text;
using System.Text.Json.Nodes;
using Coracle.Store;
using Coracle.Store.Encryption;

namespace Coracle.ApiServer.Access.Tests;

/// <summary>A whole server some of whose rights somebody outside decides about.</summary>
public sealed class OutsideServerTests : IAsyncDisposable
{
    private const string Url = "https://authz.example.com/authorize";
    private const string Secrets = "/api/v1/namespaces/n/secrets";

    private readonly FakeClock _clock = new();
    private readonly World _world = new();
    private readonly Authorization _authorization;
    private readonly AccessMetrics _metrics;
    private Server _server = null!;
    private Func<JsonObject, JsonObject> _decide = _ => new JsonObject { ["allowed"] = true };
    private TaskCompletionSource? _hold;

    public OutsideServerTests()
    {
        AccessFollower follower = null!;
        _metrics = new AccessMetrics(_clock);
        _authorization = new Authorization(() => follower.Rbac, () => follower.Nodes);
        _world.Serve(Url, async call =>
        {
            if (_hold is { } hold) await hold.Task;
            var review = (JsonObject)JsonNode.Parse(call.Body.Span)!;
            return new WebhookAnswer(201, Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "SubjectAccessReview", ["status"] = _decide((JsonObject)review["spec"]!) }.ToJsonString()));
        });
        Start(new MemoryStore());
        follower = new AccessFollower(_server.Cache);
    }

    private void Start(IStore store) => _server = new Server(new ServerOptions
    {
        Store = store, Kinds = Kinds.GeneratedKinds.All, Clock = _clock, Random = new Random(1),
        Authorize = _authorization.AuthorizeAsync, Admission = [new ValidatingPolicies(), new MutatingPolicies()],
        Reviews = new Dictionary<Schema.GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>(AccessReviews.All),
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Use(string webhook = "", string others = "{type: RBAC, name: rbac}")
    {
        var text = $"{{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [{{type: Webhook, name: outside, webhook: {{timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: NoOpinion, connectionInfo: {{type: KubeConfigFile, kubeConfigFile: /f}}{webhook}}}}}, {others}]}}";
        _authorization.Use(AuthorizationSettings.Parse(text, _ => (new OutsideConnection(new Uri(Url)), ""), out var error) ?? throw new ArgumentException(error), _world, _clock, _metrics);
    }

    private static readonly User Ann = new() { Name = "ann", Groups = ["dev"], Extra = new Dictionary<string, IReadOnlyList<string>> { ["k"] = ["v"] } };

    private Task<(int Code, string Body)> Send(string method, string target, string body = "", User? user = null) => Ask(method, target, body, user ?? Ann);

    private async Task<(int Code, string Body)> Ask(string method, string target, string body, User user)
    {
        var parts = target.Split('?', 2);
        var response = await _server.HandleAsync(new Request(body) { Method = method, Path = parts[0], Query = parts.ElementAtOrDefault(1) ?? "", Identity = user }, TestContext.Current.CancellationToken);
        var bytes = response.Body switch { BytesBody whole => whole.Utf8.ToArray(), PiecesBody { Pieces: var pieces } => [.. pieces.SelectMany(p => p.ToArray())], _ => [] };
        return (response.Status, Encoding.UTF8.GetString(bytes));
    }

    private sealed class Request(string body) : ApiRequest
    {
        public override string? Header(string name) => name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? "application/json" : null;
        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(body));
    }

    private Task Create(string path, string body) => Ask("POST", path, body, User.ApiServer);

    [Fact]
    public async Task Somebody_outside_is_asked_with_all_that_is_known_of_a_request()
    {
        Use();
        JsonObject? asked = null;
        _decide = spec =>
        {
            asked = spec;
            return new JsonObject { ["allowed"] = true };
        };
        Assert.Equal(200, (await Send("GET", "/api/v1/namespaces/n/pods?fieldSelector=spec.nodeName%3Da&labelSelector=app+in+(x,y),!z")).Code);
        Assert.Equal("""{"resourceAttributes":{"namespace":"n","verb":"list","version":"v1","resource":"pods","fieldSelector":{"requirements":[{"key":"spec.nodeName","operator":"In","values":["a"]}]},"labelSelector":{"requirements":[{"key":"app","operator":"In","values":["x","y"]},{"key":"z","operator":"DoesNotExist"}]}},"user":"ann","groups":["dev"],"extra":{"k":["v"]}}""",
            asked!.ToJsonString());
    }

    [Fact]
    public async Task Who_has_no_opinion_lets_others_decide_and_who_denies_does_not()
    {
        Use(others: "{type: AlwaysAllow, name: all}");
        _decide = _ => new JsonObject { ["allowed"] = false };
        Assert.Equal(200, (await Send("GET", Secrets)).Code);
        _decide = _ => new JsonObject { ["allowed"] = false, ["denied"] = true, ["reason"] = "never" };
        _clock.Advance(TimeSpan.FromMinutes(1));
        var (code, body) = await Send("GET", Secrets);
        Assert.Equal(403, code);
        Assert.Contains("""secrets is forbidden: User \"ann\" cannot list resource \"secrets\" in API group \"\" in the namespace \"n\": never""", body, StringComparison.Ordinal);
        var counted = _metrics.Render(_authorization.Chain);
        Assert.Contains("apiserver_authorization_decisions_total{decision=\"denied\",name=\"outside\",type=\"Webhook\"} 1\n", counted, StringComparison.Ordinal);
        Assert.Contains("apiserver_authorization_decisions_total{decision=\"allowed\",name=\"all\",type=\"AlwaysAllow\"} 1\n", counted, StringComparison.Ordinal);
        Assert.Contains("apiserver_authorization_webhook_evaluations_total{name=\"outside\",result=\"success\"} 2\n", counted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_remembered_for_a_while_unless_that_is_turned_off()
    {
        Use();
        await Send("GET", Secrets);
        await Send("GET", Secrets);
        Assert.Single(_world.Calls);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await Send("GET", Secrets);
        Assert.Equal(2, _world.Calls.Count);
        Use(", cacheAuthorizedRequests: false");
        await Send("GET", Secrets);
        await Send("GET", Secrets);
        Assert.Equal(4, _world.Calls.Count);
    }

    [Fact]
    public async Task A_failure_fails_the_request_or_lets_others_decide_as_configured()
    {
        _world.Serve(Url, () => "", 400);
        Use();
        var (code, body) = await Send("GET", Secrets);
        Assert.Equal((500, "Internal Server Error: \"/api/v1/namespaces/n/secrets\": the server rejected our request for an unknown reason\n"), (code, body));
        Use(others: "{type: AlwaysAllow, name: all}");
        Assert.Equal(200, (await Send("GET", Secrets)).Code);
        Assert.Contains("apiserver_authorization_webhook_evaluations_fail_open_total{name=\"outside\",result=\"error\"} 2\n", _metrics.Render(_authorization.Chain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_decide_whether_it_is_asked_at_all()
    {
        Use(", matchConditionSubjectAccessReviewVersion: v1, matchConditions: [{expression: \"has(request.resourceAttributes) && request.resourceAttributes.resource == 'secrets'\"}, {expression: \"!('ops' in request.groups)\"}]", "{type: AlwaysDeny, name: none}");
        Assert.Equal(200, (await Send("GET", Secrets)).Code);
        Assert.Equal(403, (await Send("GET", "/api/v1/namespaces/n/pods")).Code);
        Assert.Equal(403, (await Send("GET", "/healthz")).Code);
        Assert.Equal(403, (await Send("GET", Secrets, user: Ann with { Groups = ["ops"] })).Code);
        Assert.Single(_world.Calls);
    }

    [Fact]
    public async Task A_review_tells_what_went_wrong()
    {
        Use(", matchConditionSubjectAccessReviewVersion: v1, matchConditions: [{expression: \"request.extra['none'][0] == 'x'\"}]", "{type: AlwaysDeny, name: none}");
        var (code, body) = await Ask("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", """{"spec":{"user":"bob","resourceAttributes":{"verb":"get","resource":"pods","labelSelector":{"requirements":[{"key":"a","operator":"In","values":["b"]}]}}}}""", User.ApiServer);
        Assert.Equal(201, code);
        Assert.Contains("\"evaluationError\":\"cel evaluation error: expression 'request.extra['none'][0] == 'x'' resulted in error: no such key: none\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expression_that_asks_the_authorizer_gets_its_answer_from_outside()
    {
        Use();
        const string group = "/apis/admissionregistration.k8s.io/v1";
        await Create($"{group}/validatingadmissionpolicies",
            """{"metadata":{"name":"p"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]},"validations":[{"expression":"authorizer.group('').resource('magic').check('first').allowed() && authorizer.group('').resource('magic').check('second').allowed()","message":"no magic"}]}}""");
        await Create($"{group}/validatingadmissionpolicybindings", """{"metadata":{"name":"b"},"spec":{"policyName":"p","validationActions":["Deny"]}}""");
        await Create("/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
        _hold = new TaskCompletionSource();
        var allowed = Send("POST", "/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"a"}}""");
        Assert.False(allowed.IsCompleted);
        _hold.SetResult();
        Assert.Equal(201, (await allowed).Code);
        _decide = spec => new JsonObject { ["allowed"] = (string?)spec["resourceAttributes"]!["verb"] != "second" };
        Use();
        var (code, body) = await Send("POST", "/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"b"}}""");
        Assert.Equal(422, code);
        Assert.Contains("no magic", body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_of_a_user_are_incomplete_where_somebody_outside_decides()
    {
        Use();
        var rules = _authorization.RulesFor(Ann, "n");
        Assert.True(rules.Incomplete);
        Assert.Equal("webhook authorizer does not support user rule resolution", rules.EvaluationError);
    }

    [Fact]
    public async Task The_older_version_names_the_groups_differently()
    {
        var text = "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [{type: Webhook, name: o, webhook: {timeout: 3s, subjectAccessReviewVersion: v1beta1, failurePolicy: Deny, connectionInfo: {type: KubeConfigFile, kubeConfigFile: /f}}}]}";
        _authorization.Use(AuthorizationSettings.Parse(text, _ => (new OutsideConnection(new Uri(Url)), ""), out _)!, _world, _clock, _metrics);
        await Send("GET", Secrets);
        var review = (JsonObject)JsonNode.Parse(_world.Calls[^1].Body.Span)!;
        Assert.Equal("authorization.k8s.io/v1beta1", (string?)review["apiVersion"]);
        Assert.Equal("""["dev"]""", review["spec"]!["group"]!.ToJsonString());
        _world.Serve(Url, () => "", 403);
        Assert.Equal(500, (await Send("GET", "/api/v1/namespaces/m/secrets")).Code);
    }

    [Fact]
    public async Task A_token_is_known_by_somebody_outside_for_a_while()
    {
        const string tokens = "https://authn.example.com/";
        var status = """{"authenticated":true,"user":{"username":"zoe","uid":"9","groups":["g"],"extra":{"e":["f"]}},"audiences":["api"]}""";
        _world.Serve(tokens, () => "{\"kind\":\"TokenReview\",\"status\":" + status + "}", 201);
        var webhook = new TokenWebhook(new() { Connection = new(new Uri(tokens)), Network = _world, Clock = _clock, Version = "v1", ApiAudiences = ["api"] });
        var cancel = TestContext.Current.CancellationToken;
        var outcome = await webhook.AuthenticateAsync("t", null, cancel);
        Assert.Equal(("zoe", "9", "g", "f"), (outcome.User!.Name, outcome.User.Uid, outcome.User.Groups[0], outcome.User.Extra["e"][0]));
        Assert.Equal(["api"], outcome.Audiences);
        Assert.Equal("""{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null},"spec":{"token":"t","audiences":["api"]},"status":{"user":{}}}""",
            Encoding.UTF8.GetString(_world.Calls[^1].Body.Span));
        Assert.Equal(TokenVerdict.Unknown, (await webhook.AuthenticateAsync("t", ["other"], cancel)).Verdict);
        var before = _world.Calls.Count;
        Assert.NotNull((await webhook.AuthenticateAsync("t", null, cancel)).User);
        Assert.Equal(before, _world.Calls.Count);
        status = """{"authenticated":false,"error":"gone"}""";
        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((TokenVerdict.Invalid, "gone"), await webhook.AuthenticateAsync("t", null, cancel) is var refused ? (refused.Verdict, refused.Error) : default);
        status = """{"authenticated":false}""";
        Assert.Equal(TokenVerdict.Unknown, (await webhook.AuthenticateAsync("t", null, cancel)).Verdict);
    }

    [Fact]
    public async Task The_audit_log_is_sent_outside_many_events_at_a_time()
    {
        const string url = "https://audit.example.com/";
        var sent = new List<string>();
        _world.Serve(url, call =>
        {
            sent.Add(Encoding.UTF8.GetString(call.Body.Span));
            return new(new WebhookAnswer(200, default));
        });
        var lost = new List<string>();
        var webhook = new AuditWebhook(new() { Connection = new(new Uri(url)), Network = _world, Clock = _clock, BatchMax = 2, BufferMax = 3, Wait = TimeSpan.FromHours(1), OnLost = lost.Add });
        webhook.Write("""{"a":1}"""u8.ToArray());
        Assert.Empty(sent);
        webhook.Write("""{"a":2}"""u8.ToArray());
        Assert.Equal(["""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"a":1},{"a":2}]}"""], sent);
        webhook.Write("""{"a":3}"""u8.ToArray());
        await webhook.DisposeAsync();
        Assert.Equal("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"a":3}]}""", sent[1]);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_rewrites_what_is_stored_with_a_former_key()
    {
        var folder = Directory.CreateTempSubdirectory("coracle-access-").FullName;
        try
        {
            var encryption = new ValueEncryption(Rules(1));
            await using var store = SqliteStore.Open(new SqliteStoreOptions { Directory = folder, Encryption = encryption });
            await _server.DisposeAsync();
            Start(store);
            await Create("/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
            await Create(Secrets, """{"metadata":{"name":"s"},"data":{"k":"dg=="}}""");
            var first = await Version();
            Assert.Equal(first, await Touch());
            Assert.Null(encryption.Use([.. Rules(2, 1)]));
            var second = await Touch();
            Assert.NotEqual(first, second);
            Assert.Equal(second, await Touch());
            Assert.Null(encryption.Use(Rules(2)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static EncryptionRule[] Rules(params byte[] keys) =>
            [new("secrets", [.. keys.Select(k => new NamedTransformer("k8s:enc:aesgcm:v1:", $"k{k}:", new AesGcmTransformer([.. Enumerable.Repeat(k, 32)]), ""))])];

        async Task<string?> Version() => (string?)JsonNode.Parse((await Ask("GET", Secrets + "/s", "", User.ApiServer)).Body)!["metadata"]!["resourceVersion"];

        async Task<string?> Touch()
        {
            var (_, body) = await Ask("GET", Secrets + "/s", "", User.ApiServer);
            Assert.Equal(200, (await Ask("PUT", Secrets + "/s", body, User.ApiServer)).Code);
            return await Version();
        }
    }
}
