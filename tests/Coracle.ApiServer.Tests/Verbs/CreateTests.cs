using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class CreateTests : IAsyncLifetime
{
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_created_object_has_what_only_the_server_gives()
    {
        var created = await _api.Post(Api.ConfigMaps, """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","uid":"mine","creationTimestamp":"2001-01-01T00:00:00Z","generation":7,"selfLink":"/x","deletionTimestamp":"2001-01-01T00:00:00Z","deletionGracePeriodSeconds":5}}""");
        Assert.Equal(201, created.Code);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", created.Uid);
        Assert.Equal("2026-01-01T00:00:00Z", created.At("metadata.creationTimestamp"));
        Assert.Equal($"{_api.Revision}", created.Version);
        Assert.Equal("default", created.At("metadata.namespace"));
        Assert.Null(created.At("metadata.deletionTimestamp"));
        Assert.Null(created.At("metadata.deletionGracePeriodSeconds"));
        Assert.Null(created.At("metadata.generation"));
        Assert.Null(created.At("metadata.selfLink"));
        Assert.Equal(created.Text, (await _api.Get($"{Api.ConfigMaps}/a")).Text);
    }

    [Fact]
    public async Task A_second_object_of_the_same_name_is_refused_with_AlreadyExists()
    {
        await _api.CreateConfigMap("a");
        var second = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""");
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists"), second.Status);
        Assert.Equal("a", second.At("details.name"));
        Assert.Equal("configmaps", second.At("details.kind"));
    }

    [Fact]
    public async Task A_generated_name_is_the_prefix_and_five_letters_that_spell_no_words()
    {
        var created = await _api.Create(Api.ConfigMaps, """{"metadata":{"generateName":"a-"}}""");
        Assert.Matches("^a-[bcdfghjklmnpqrstvwxz2456789]{5}$", created.Name);
        Assert.Equal("a-", created.At("metadata.generateName"));
        var longer = await _api.Create(Api.ConfigMaps, $$$"""{"metadata":{"generateName":"{{{new string('x', 80)}}}"}}""");
        Assert.Equal(63, longer.Name.Length);
    }

    [Fact]
    public async Task A_name_wins_over_a_prefix_and_its_conflict_tells_the_client_to_try_again()
    {
        Assert.Equal("a", (await _api.Create(Api.ConfigMaps, """{"metadata":{"name":"a","generateName":"b-"}}""")).Name);
        var again = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a","generateName":"b-"}}""");
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists, the server was not able to generate a unique name for the object"), again.Status);
        Assert.Equal("1", again.At("details.retryAfterSeconds"));
        Assert.Equal("1", again.Header("Retry-After"));
    }

    [Fact]
    public async Task Neither_a_name_nor_a_prefix_is_invalid_and_so_is_whatever_else_is_wrong()
    {
        var refused = await _api.Post(Api.ConfigMaps, "{}");
        Assert.Equal((422, "Invalid", "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required"), refused.Status);
        Assert.Equal("FieldValueRequired", refused.At("details.causes.0.reason"));
        refused = await _api.Post(Api.ConfigMaps, """{"metadata":{"labels":{"a b":"1"}}}""");
        Assert.Equal(2, refused.Json["details"]!["causes"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"metadata":{"generateName":"Ab-"}}""", "metadata.generateName")]
    [InlineData("""{"metadata":{"name":"A"}}""", "metadata.name")]
    [InlineData("""{"metadata":{"name":"a/b"}}""", "metadata.name")]
    public async Task A_name_that_is_no_name_is_invalid(string body, string field)
    {
        var refused = await _api.Post(Api.ConfigMaps, body);
        Assert.Equal((422, "Invalid", field), (refused.Code, refused.Reason, refused.At("details.causes.0.field")));
        Assert.Equal("ConfigMap", refused.At("details.kind"));
    }

    [Fact]
    public async Task Another_namespace_than_that_of_the_path_is_refused_and_one_on_a_cluster_object_dropped()
    {
        var refused = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a","namespace":"other"}}""");
        Assert.Equal((400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"), refused.Status);
        var node = await _api.Create("/api/v1/nodes", """{"metadata":{"name":"n1","namespace":"other"}}""");
        Assert.Null(node.At("metadata.namespace"));
    }

    [Fact]
    public async Task A_version_on_an_object_to_be_created_is_refused()
    {
        var refused = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a","resourceVersion":"5"}}""");
        Assert.Equal((500, "", "resourceVersion should not be set on objects to be created"), refused.Status);
    }

    [Fact]
    public async Task A_namespace_that_is_missing_or_going_takes_nothing_in()
    {
        var missing = await _api.Post("/api/v1/namespaces/none/configmaps", """{"metadata":{"name":"a"}}""");
        Assert.Equal((404, "NotFound", "namespaces \"none\" not found"), missing.Status);
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"going"}}""");
        await _api.Delete("/api/v1/namespaces/going");
        var going = await _api.Post("/api/v1/namespaces/going/configmaps", """{"metadata":{"name":"a"}}""");
        Assert.Equal((403, "Forbidden", "configmaps \"a\" is forbidden: unable to create new content in namespace going because it is being terminated"), going.Status);
        Assert.Equal("NamespaceTerminating", going.At("details.causes.0.reason"));
    }

    [Fact]
    public async Task A_dry_run_answers_as_if_it_had_been_done_and_does_nothing()
    {
        var before = _api.Revision;
        var created = await _api.Post($"{Api.ConfigMaps}?dryRun=All", """{"metadata":{"generateName":"a-"}}""");
        Assert.Equal(201, created.Code);
        Assert.NotEmpty(created.Uid);
        Assert.Empty(created.Version);
        Assert.Equal(before, _api.Revision);
        Assert.Equal(404, (await _api.Get($"{Api.ConfigMaps}/{created.Name}")).Code);
        await _api.CreateConfigMap("b");
        Assert.Equal(409, (await _api.Post($"{Api.ConfigMaps}?dryRun=All", """{"metadata":{"name":"b"}}""")).Code);
    }

    [Fact]
    public async Task Dry_run_takes_no_other_value()
    {
        var refused = await _api.Post($"{Api.ConfigMaps}?dryRun=Some", """{"metadata":{"name":"a"}}""");
        Assert.Equal((422, "Invalid", "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: supported values: \"All\""), refused.Status);
        Assert.Equal("CreateOptions", refused.At("details.kind"));
        Assert.Equal("meta.k8s.io", refused.At("details.group"));
        Assert.Equal("FieldValueNotSupported", refused.At("details.causes.0.reason"));
        Assert.Equal("dryRun", refused.At("details.causes.0.field"));
    }

    [Fact]
    public async Task Unknown_and_repeated_fields_are_warned_of_by_default()
    {
        var created = await _api.Post(Api.Pods, """{"metadata":{"name":"a","foo":1},"bar":2,"spec":{"containers":[{"name":"main","image":"x","image":"y","baz":3}]}}""");
        Assert.Equal(201, created.Code);
        Assert.Equal(["unknown field \"metadata.foo\"", "unknown field \"bar\"", "duplicate field \"spec.containers[0].image\"", "unknown field \"spec.containers[0].baz\""], created.Warnings);
        Assert.Null(created.At("bar"));
        Assert.Equal("y", created.At("spec.containers.0.image"));
    }

    [Fact]
    public async Task Unknown_fields_are_refused_or_dropped_in_silence_as_the_client_asks()
    {
        const string body = """{"metadata":{"name":"a"},"dato":{"k":"v"},"data":{"k":"v"}}""";
        var strict = await _api.Post($"{Api.ConfigMaps}?fieldValidation=Strict", body);
        Assert.Equal((400, "BadRequest", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dato\""), strict.Status);
        var silent = await _api.Post($"{Api.ConfigMaps}?fieldValidation=Ignore", body);
        Assert.Equal((201, 0), (silent.Code, silent.Warnings.Count));
        var wrong = await _api.Post($"{Api.ConfigMaps}?fieldValidation=Loud", body);
        Assert.Equal((422, "Invalid", "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Loud\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""), wrong.Status);
    }

    [Fact]
    public async Task Field_managers_are_checked()
    {
        var tooLong = await _api.Post($"{Api.ConfigMaps}?fieldManager={new string('m', 129)}", """{"metadata":{"name":"a"}}""");
        Assert.Equal((422, "Invalid"), (tooLong.Code, tooLong.Reason));
        Assert.Equal("fieldManager", tooLong.At("details.causes.0.field"));
        Assert.Equal("Too long: may not be more than 128 bytes", tooLong.At("details.causes.0.message"));
        var created = await _api.Post($"{Api.ConfigMaps}?fieldManager=me", """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        Assert.Equal("me", created.At("metadata.managedFields.0.manager"));
        Assert.Equal("test", (await _api.CreateConfigMap("b")).At("metadata.managedFields.0.manager"));
    }

    [Theory]
    [InlineData("""{"kind":"Secret","apiVersion":"v1"}""", "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion")]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"apps/v1"}""", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: no kind \"ConfigMap\" is registered for version \"apps/v1\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"")]
    [InlineData("""{"kind":"Confik"}""", "Confik in version \"v1\" cannot be handled as a ConfigMap: no kind \"Confik\" is registered for version \"v1\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"")]
    public async Task An_object_of_another_kind_or_version_is_refused(string body, string message)
    {
        var refused = await _api.Post(Api.ConfigMaps, body);
        Assert.Equal((400, "BadRequest", message), refused.Status);
    }

    [Fact]
    public async Task An_object_of_another_served_version_is_refused()
    {
        var refused = await _api.Post("/api/v1/namespaces/default/events", """{"kind":"Event","apiVersion":"events.k8s.io/v1","metadata":{"name":"a"}}""");
        Assert.Equal((400, "BadRequest", "the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)"), refused.Status);
    }

    [Fact]
    public async Task Keys_of_YAML_that_stand_twice_are_told_with_their_lines()
    {
        const string body = "kind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n  k: w\n  l: c\n  l: d\n";
        var created = await _api.Post($"{Api.ConfigMaps}?dryRun=All", body, "application/yaml");
        Assert.Equal(["line 6: key \"k\" already set in map", "line 8: key \"l\" already set in map"], created.Warnings);
        var refused = await _api.Post($"{Api.ConfigMaps}?fieldValidation=Strict", body, "application/yaml");
        Assert.Equal("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 6: key \"k\" already set in map\n  line 8: key \"l\" already set in map", refused.Message);
        Assert.Empty((await _api.Post($"{Api.ConfigMaps}?fieldValidation=Ignore", body, "application/yaml")).Warnings);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  key: value\n", "application/yaml")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"key":"value"}}""", "application/json; charset=utf-8")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"key":"value"}}""", "")]
    public async Task A_body_is_read_in_the_format_that_it_names(string body, string type)
    {
        var created = await _api.Post(Api.ConfigMaps, body, type);
        Assert.Equal((201, "value"), (created.Code, created.At("data.key")));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/merge-patch+json")]
    public async Task A_format_that_is_not_served_is_refused_with_the_ones_that_are(string type)
    {
        var refused = await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""", type);
        Assert.Equal(
            (415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"),
            refused.Status);
    }

    [Fact]
    public async Task A_name_in_the_path_is_not_where_one_creates()
    {
        var refused = await _api.Post($"{Api.ConfigMaps}/a", """{"metadata":{"name":"a"}}""");
        Assert.Equal((405, "MethodNotAllowed", "the server does not allow this method on the requested resource"), refused.Status);
    }

    [Fact]
    public async Task Owners_are_kept_once_each_with_a_warning()
    {
        const string owner = """{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}""";
        var created = await _api.Post(Api.ConfigMaps, $$$"""{"metadata":{"name":"a","ownerReferences":[{{{owner}}},{{{owner}}}]}}""");
        Assert.Single(created.Meta["ownerReferences"]!.AsArray());
        Assert.Equal([".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u"], created.Warnings);
    }

    [Theory]
    [InlineData("\xff", 400)]
    [InlineData("\\ud800", 400)]
    public async Task Owned_fields_that_are_no_text_are_refused_or_left_out_and_never_break_the_server(string name, int code)
    {
        var body = """{"metadata":{"name":"broken","managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:NAME":{}}}]}}""".Replace("NAME", name, StringComparison.Ordinal);
        var answer = await _api.Send("POST", Api.ConfigMaps, null, new How { Body = System.Text.Encoding.Latin1.GetBytes(body) });
        Assert.True(answer.Code == code, answer.Text);
        Assert.Empty(_api.Errors);
    }
}
