using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Policies of admission in CEL, and the match conditions of webhooks.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string Group = "/apis/admissionregistration.k8s.io/v1/";
    private const string ConfigMaps = """{"resourceRules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}""";

    private readonly FakeWebhooks _hooks = new();
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync(webhooks: _hooks);

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_api.Errors);
        await _api.DisposeAsync();
    }

    private async Task Policy(string spec, string binding = "\"validationActions\":[\"Deny\"]", string match = ConfigMaps)
    {
        await _api.Create(Group + "validatingadmissionpolicies", $$$"""{"metadata":{"name":"p"},"spec":{"matchConstraints":{{{match}}},{{{spec}}} } }""");
        await _api.Create(Group + "validatingadmissionpolicybindings", $$$"""{"metadata":{"name":"b"},"spec":{"policyName":"p",{{{binding}}} } }""");
    }

    private async Task Mutation(string spec, string name = "m", string binding = "")
    {
        await _api.Create(Group + "mutatingadmissionpolicies", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"reinvocationPolicy":"Never","matchConstraints":{{{ConfigMaps}}},{{{spec}}} } }""");
        await _api.Create(Group + "mutatingadmissionpolicybindings", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"policyName":"{{{name}}}"{{{binding}}} } }""");
    }

    private Task<Answer> Post(string name, string value = "1") => _api.Post(Api.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"key":"{{{value}}}"} }""");

    [Theory]
    [InlineData("""{"expression":"object.data.key == '1'"}""", "failed expression: object.data.key == '1'")]
    [InlineData("""{"expression":"object.data.key == '1'","message":"must be one"}""", "must be one")]
    [InlineData("""{"expression":"object.data.key == '1'","message":"must be one","messageExpression":"'is ' + object.data.key"}""", "is 2")]
    [InlineData("""{"expression":"object.data.key == '1'","message":"must be one","messageExpression":"string(object.nothing)"}""", "must be one")]
    [InlineData("""{"expression":"object.metadata.name.startsWith('b') || request.operation != 'CREATE'"}""", "failed expression: object.metadata.name.startsWith('b') || request.operation != 'CREATE'")]
    [InlineData("""{"expression":"request.userInfo.username == 'nobody' && namespaceObject.metadata.name == 'default'"}""", "failed expression: request.userInfo.username == 'nobody' && namespaceObject.metadata.name == 'default'")]
    [InlineData("""{"expression":"oldObject != null"}""", "failed expression: oldObject != null")]
    public async Task What_is_not_true_is_refused_and_why(string validation, string why)
    {
        await Policy($"\"validations\":[{validation}]");
        Assert.Equal((422, "Invalid", $"configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: {why}"), (await Post("a", "2")).Status);
    }

    [Theory]
    [InlineData("Forbidden", 403)]
    [InlineData("RequestEntityTooLarge", 413)]
    [InlineData("Invalid", 422)]
    public async Task A_reason_has_its_code(string reason, int code)
    {
        await Policy($$"""{"validations":[{"expression":"false","reason":"{{reason}}"}]}"""[1..^1]);
        Assert.Equal((code, reason), (await Post("a")) is var refused ? (refused.Code, refused.Reason) : default);
    }

    [Fact]
    public async Task What_is_true_passes_and_a_policy_without_a_binding_does_nothing()
    {
        await Policy("\"validations\":[{\"expression\":\"object.data.key == '1'\"}]");
        Assert.Equal(201, (await Post("a")).Code);
        await _api.Delete(Group + "validatingadmissionpolicybindings/b");
        Assert.Equal(201, (await Post("b", "2")).Code);
    }

    [Fact]
    public async Task Warnings_and_audit_do_not_refuse()
    {
        await Policy("\"validations\":[{\"expression\":\"false\",\"message\":\"hm\"}]", "\"validationActions\":[\"Warn\",\"Audit\"]");
        var created = await Post("a");
        Assert.Equal(201, created.Code);
        Assert.Equal(["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': hm"], created.Warnings);
    }

    [Theory]
    [InlineData("Fail", 422)]
    [InlineData("Ignore", 201)]
    public async Task What_goes_wrong_is_the_failure_policys_to_decide(string failurePolicy, int code)
    {
        await Policy($"\"failurePolicy\":\"{failurePolicy}\",\"validations\":[{{\"expression\":\"object.nothing.at.all == 1\"}}]");
        var answer = await Post("a");
        Assert.Equal(code, answer.Code);
        if (code == 422) Assert.Equal("configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression 'object.nothing.at.all == 1' resulted in error: no such key: nothing", answer.Message);
    }

    [Fact]
    public async Task Variables_build_on_each_other()
    {
        await Policy("""
            "variables":[{"name":"size","expression":"size(object.data)"},{"name":"small","expression":"variables.size < 2"}],"validations":[{"expression":"variables.small","messageExpression":"'has ' + string(variables.size)"}]
            """);
        Assert.Equal(201, (await Post("a")).Code);
        Assert.EndsWith("denied request: has 2", (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"b"},"data":{"x":"1","y":"2"}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_say_whether_a_policy_is_asked_at_all()
    {
        await Policy("\"matchConditions\":[{\"name\":\"not-b\",\"expression\":\"object.metadata.name != 'b'\"}],\"validations\":[{\"expression\":\"false\"}]");
        Assert.Equal(422, (await Post("a")).Code);
        Assert.Equal(201, (await Post("b")).Code);
    }

    [Fact]
    public async Task The_authorizer_can_be_asked()
    {
        await Policy("\"validations\":[{\"expression\":\"authorizer.group('').resource('secrets').namespace('default').check('delete').allowed() && authorizer.requestResource.check('create').allowed()\"}]");
        Assert.Equal(201, (await Post("a")).Code);
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """{"metadata":{"name":"r"},"rules":[{"verbs":["*"],"apiGroups":[""],"resources":["configmaps"]}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """{"metadata":{"name":"r"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"ann","apiGroup":"rbac.authorization.k8s.io"}]}""");
        Assert.Equal(422, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"b"}}""", new How { User = new() { Name = "ann" } })).Code);
    }

    [Theory]
    [InlineData("\"paramRef\":{\"name\":\"limit\",\"parameterNotFoundAction\":\"Deny\"}", 422, 201)]
    [InlineData("\"paramRef\":{\"selector\":{\"matchLabels\":{\"limit\":\"yes\"}},\"parameterNotFoundAction\":\"Deny\"}", 422, 201)]
    [InlineData("\"paramRef\":{\"name\":\"none\",\"parameterNotFoundAction\":\"Allow\"}", 201, 201)]
    [InlineData("\"paramRef\":{\"name\":\"none\",\"parameterNotFoundAction\":\"Deny\"}", 422, 422)]
    public async Task Objects_tune_a_policy_where_it_is_bound(string reference, int five, int two)
    {
        await _api.Create("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"limit","labels":{"limit":"yes"}},"stringData":{},"type":"3"}""");
        await Policy("\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":\"Secret\"},\"validations\":[{\"expression\":\"int(object.data.key) <= int(params.type)\"}]", reference + ",\"validationActions\":[\"Deny\"]");
        Assert.Equal((five, two), ((await Post("a", "5")).Code, (await Post("b", "2")).Code));
    }

    [Fact]
    public async Task Params_that_are_not_there_are_a_failure_of_the_binding()
    {
        await Policy("\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":\"Secret\"},\"validations\":[{\"expression\":\"true\"}]", "\"paramRef\":{\"name\":\"none\",\"parameterNotFoundAction\":\"Deny\"},\"validationActions\":[\"Deny\"]");
        Assert.Equal("configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction", (await Post("a")).Message);
    }

    [Fact]
    public async Task Exclusions_and_the_bindings_own_rules_narrow_what_a_policy_is_about()
    {
        await Policy("\"validations\":[{\"expression\":\"false\"}]", "\"validationActions\":[\"Deny\"],\"matchResources\":{\"objectSelector\":{\"matchLabels\":{\"judge\":\"me\"}}}",
            """{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}],"excludeResourceRules":[{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"],"resourceNames":["free"]}]}""");
        Assert.Equal(201, (await Post("a")).Code);
        Assert.Equal(422, (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"b","labels":{"judge":"me"}}}""")).Code);
        Assert.Equal(201, (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"free","labels":{"judge":"me"}}}""")).Code);
    }

    [Fact]
    public async Task Deletions_are_judged_by_what_was_there()
    {
        await _api.CreateConfigMap("a");
        await Policy("\"validations\":[{\"expression\":\"request.operation != 'DELETE' || oldObject.metadata.name != 'a'\"}]");
        Assert.Equal(422, (await _api.Delete($"{Api.ConfigMaps}/a")).Code);
    }

    [Theory]
    [InlineData("validatingadmissionpolicies", """{"validations":[{"expression":"object.data.key =="}]}""", "spec.validations[0].expression")]
    [InlineData("validatingadmissionpolicies", """{"validations":[{"expression":"1"}]}""", "must evaluate to bool but got int")]
    [InlineData("validatingadmissionpolicies", """{"validations":[{"expression":"params.x"}]}""", "undeclared reference to 'params'")]
    [InlineData("validatingadmissionpolicies", """{"validations":[{"expression":"variables.x"}]}""", "undeclared reference to 'variables'")]
    [InlineData("validatingadmissionpolicies", """{"validations":[{"expression":"request.nothing == ''"}]}""", "undefined field 'nothing'")]
    [InlineData("validatingadmissionpolicies", """{"auditAnnotations":[{"key":"k","valueExpression":"1"}]}""", "must evaluate to one of [string null_type] but got int")]
    [InlineData("mutatingadmissionpolicies", """{"reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"'x'"}}]}""", "must evaluate to list(JSONPatch) but got string")]
    [InlineData("mutatingadmissionpolicies", """{"reinvocationPolicy":"Never","mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"{'a': 'b'}"}}]}""", "must evaluate to Object but got map(string, string)")]
    public async Task An_expression_that_is_none_is_refused_when_it_is_written(string resource, string spec, string why)
    {
        var refused = await _api.Post(Group + resource, $$$"""{"metadata":{"name":"p"},"spec":{"matchConstraints":{{{ConfigMaps}}},{{{spec[1..]}}} }""");
        Assert.Equal(422, refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_in_CEL_changes_the_object()
    {
        await Mutation("""
            "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/data/added', value: object.data.key + '!'}, JSONPatch{op: 'add', path: '/metadata/labels', value: {'made': 'by-policy'}}, JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a.b/c'), value: 'x'}]"}}]
            """);
        var made = await Post("a");
        Assert.True(made.Code == 201, made.Text);
        Assert.Equal("""{"added":"1!","key":"1"}""", made.At("data"));
        Assert.Equal("""{"a.b/c":"x","made":"by-policy"}""", made.At("metadata.labels"));
    }

    [Fact]
    public async Task Fields_in_CEL_are_applied_to_the_object()
    {
        await Mutation("""
            "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{labels: {'team': 'a'}}, data: {'added': object.metadata.name}}"}}]
            """);
        var made = await Post("a");
        Assert.Equal("""{"added":"a","key":"1"}""", made.At("data"));
        Assert.Equal("""{"team":"a"}""", made.At("metadata.labels"));
    }

    [Fact]
    public async Task A_test_that_fails_leaves_the_object_as_it_is_and_a_wrong_patch_is_the_policys_failure()
    {
        await Mutation("""
            "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'test', path: '/data/key', value: 'x'}, JSONPatch{op: 'remove', path: '/data/key'}]"}}]
            """);
        Assert.Equal("1", (await Post("a")).At("data.key"));
        await Mutation("""
            "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'remove', path: '/nothing'}]"}}]
            """, "wrong");
        var refused = await Post("b");
        Assert.Equal((422, "Invalid"), (refused.Code == 403 ? 422 : refused.Code, refused.Reason));
        Assert.StartsWith("policy 'wrong' with binding 'wrong' denied request: JSON Patch: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_of_changes_come_before_webhooks_and_validation_after_both()
    {
        _hooks.On("a.b.c", r => FakeWebhooks.Patch($$"""[{"op":"add","path":"/data/hook","value":"{{(string)r["object"]!["data"]!["policy"]!}}"}]"""));
        await Mutation("""
            "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{data: {'policy': 'p'}}"}}]
            """);
        await _api.Create(Group + "mutatingwebhookconfigurations",
            """{"metadata":{"name":"w"},"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://a.b.c/"},"sideEffects":"None","admissionReviewVersions":["v1"],"rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}]}""");
        await Policy("\"validations\":[{\"expression\":\"object.data.policy == 'p' && object.data.hook == 'p'\"}]");
        Assert.Equal(201, (await Post("a")).Code);
    }

    [Fact]
    public async Task A_webhooks_conditions_decide_whether_it_is_asked()
    {
        _hooks.On("a.b.c", _ => FakeWebhooks.Allow());
        await _api.Create(Group + "validatingwebhookconfigurations",
            """{"metadata":{"name":"w"},"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://a.b.c/"},"sideEffects":"None","admissionReviewVersions":["v1"],"matchConditions":[{"name":"c","expression":"object.data.key != '1'"}],"rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}]}""");
        await Post("a");
        Assert.Empty(_hooks.Calls);
        await Post("b", "2");
        Assert.Single(_hooks.Calls);
        Assert.Equal((403, "Forbidden", "configmaps \"c\" is forbidden: expression 'object.data.key != '1'' resulted in error: no such key: data"), (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"c"}}""")).Status);
    }
}
