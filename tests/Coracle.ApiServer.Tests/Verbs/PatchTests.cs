using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class PatchTests : IAsyncLifetime
{
    private const string A = $"{Api.ConfigMaps}/a";
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_merge_patch_sets_adds_and_removes()
    {
        await _api.CreateConfigMap("a", "\"app\":\"x\"");
        var patched = await _api.Patch(A, """{"metadata":{"labels":{"app":null,"tier":"1"}},"data":{"other":"2"}}""");
        Assert.Equal((200, "{\"tier\":\"1\"}", "{\"key\":\"1\",\"other\":\"2\"}"), (patched.Code, patched.At("metadata.labels"), patched.At("data")));
    }

    [Fact]
    public async Task A_strategic_patch_merges_lists_by_their_keys()
    {
        await _api.CreatePod("p");
        var patched = await _api.Patch($"{Api.Pods}/p", """{"spec":{"containers":[{"name":"main","image":"main:2"}]}}""", Api.Strategic);
        Assert.Equal(("main:2", "main"), (patched.At("spec.containers.0.image"), patched.At("spec.containers.0.name")));
        var replaced = await _api.Patch($"{Api.Pods}/p", """{"metadata":{"finalizers":["a/b"]}}""", Api.Strategic);
        replaced = await _api.Patch($"{Api.Pods}/p", """{"metadata":{"finalizers":["c/d"]}}""", Api.Strategic);
        Assert.Equal(2, replaced.Meta["finalizers"]!.AsArray().Count);
        replaced = await _api.Patch($"{Api.Pods}/p", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a/b"]}}""", Api.Strategic);
        Assert.Equal("[\"c/d\"]", replaced.At("metadata.finalizers"));
    }

    [Fact]
    public async Task A_JSON_patch_does_its_operations_in_order()
    {
        await _api.CreateConfigMap("a");
        var patched = await _api.Patch(A, """[{"op":"test","path":"/data/key","value":"1"},{"op":"add","path":"/data/b","value":"2"},{"op":"move","from":"/data/b","path":"/data/c"},{"op":"remove","path":"/data/key"}]""", Api.JsonPatch);
        Assert.Equal((200, "{\"c\":\"2\"}"), (patched.Code, patched.At("data")));
    }

    [Fact]
    public async Task A_test_that_fails_leaves_everything_and_says_which()
    {
        var created = await _api.CreateConfigMap("a");
        var refused = await _api.Patch(A, """[{"op":"add","path":"/data/b","value":"2"},{"op":"test","path":"/data/key","value":"9"}]""", Api.JsonPatch);
        Assert.Equal((422, "Invalid", "the server rejected our request due to an error in our request"), refused.Status);
        Assert.Equal(created.Text, (await _api.Get(A)).Text);
    }

    [Theory]
    [InlineData(Api.Merge, "{", "error decoding patch: unexpected end of JSON input")]
    [InlineData(Api.JsonPatch, "{", "error decoding patch: unexpected end of JSON input")]
    [InlineData(Api.Strategic, "{", "unexpected end of JSON input")]
    [InlineData(Api.Merge, "[1]", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData(Api.Strategic, "[1]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData(Api.JsonPatch, "{}", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")]
    public async Task What_is_no_patch_is_a_bad_request(string type, string body, string message)
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((400, "BadRequest", message), (await _api.Patch(A, body, type)).Status);
    }

    [Fact]
    public async Task A_patch_that_makes_no_object_of_the_kind_is_invalid()
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Patch(A, """{"data":["x"]}""");
        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.StartsWith(" \"\" is invalid: patch: Invalid value: \"{", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(": json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string", refused.Message, StringComparison.Ordinal);
        Assert.Equal("patch", refused.At("details.causes.0.field"));
    }

    [Fact]
    public async Task Unknown_fields_in_a_patch_are_warned_of_or_refused()
    {
        await _api.CreateConfigMap("a");
        var patched = await _api.Patch(A, """{"dato":{"k":"v"}}""");
        Assert.Equal((200, "unknown field \"dato\""), (patched.Code, string.Join(';', patched.Warnings)));
        var refused = await _api.Patch($"{A}?fieldValidation=Strict", """{"dato":{"k":"v"}}""");
        Assert.Equal(422, refused.Code);
        Assert.EndsWith("strict decoding error: unknown field \"dato\"", refused.Message, StringComparison.Ordinal);
        refused = await _api.Patch($"{A}?fieldValidation=Strict", """{"data":{"k":"v"},"data":{"k":"v"}}""");
        Assert.EndsWith("strict decoding error: duplicate field \"data\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/xml")]
    [InlineData("text/plain")]
    public async Task What_is_not_a_way_of_patching_is_refused_with_those_that_are(string type)
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Patch(A, "{}", type);
        Assert.Equal((415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml"), refused.Status);
    }

    [Fact]
    public async Task A_version_in_a_patch_is_a_lock()
    {
        var created = await _api.CreateConfigMap("a");
        await _api.Patch(A, """{"data":{"key":"2"}}""");
        var refused = await _api.Patch(A, $$$"""{"metadata":{"resourceVersion":"{{{created.Version}}}"},"data":{"key":"3"}}""");
        Assert.Equal((409, "Conflict"), (refused.Code, refused.Reason));
        Assert.Equal(200, (await _api.Patch(A, $$$"""{"metadata":{"resourceVersion":"{{{_api.Revision}}}"},"data":{"key":"3"}}""")).Code);
    }

    [Fact]
    public async Task Patches_without_a_version_are_tried_again_until_all_are_in()
    {
        await _api.CreateConfigMap("a");
        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => (await _api.Patch(A, $$$"""{"data":{"w{{{i}}}":"x"}}""")).Code)));
        Assert.All(codes, code => Assert.Equal(200, code));
        Assert.Equal(9, (await _api.Get(A)).Json["data"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_patch_of_what_is_not_there_is_not_found_and_one_by_apply_makes_it()
    {
        Assert.Equal((404, "NotFound", "configmaps \"a\" not found"), (await _api.Patch(A, "{}")).Status);
        var applied = await _api.Patch($"{A}?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n", Api.Apply);
        Assert.Equal((201, "v", "Apply"), (applied.Code, applied.At("data.k"), applied.At("metadata.managedFields.0.operation")));
    }

    [Fact]
    public async Task A_patch_may_not_rename()
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)"), (await _api.Patch(A, """{"metadata":{"name":"b"}}""")).Status);
        Assert.Equal((400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"), (await _api.Patch(A, """{"metadata":{"namespace":"b"}}""")).Status);
    }

    [Fact]
    public async Task A_dry_run_shows_what_a_patch_would_do()
    {
        var created = await _api.CreateConfigMap("a");
        Assert.Equal("2", (await _api.Patch($"{A}?dryRun=All", """{"data":{"key":"2"}}""")).At("data.key"));
        Assert.Equal("2", (await _api.Patch($"{A}?dryRun=All&fieldManager=m&force=true", """{"apiVersion":"v1","kind":"ConfigMap","data":{"key":"2"}}""", Api.Apply)).At("data.key"));
        Assert.Equal(created.Text, (await _api.Get(A)).Text);
    }

    [Fact]
    public async Task Applying_takes_over_only_with_force_and_lets_go_of_what_is_left_out()
    {
        await _api.Patch($"{A}?fieldManager=one", """{"apiVersion":"v1","kind":"ConfigMap","data":{"k":"1","l":"1"}}""", Api.Apply);
        const string other = """{"apiVersion":"v1","kind":"ConfigMap","data":{"k":"2"}}""";
        var refused = await _api.Patch($"{A}?fieldManager=two", other, Api.Apply);
        Assert.Equal((409, "Conflict", "Apply failed with 1 conflict: conflict with \"one\": .data.k"), refused.Status);
        Assert.Equal(("FieldManagerConflict", ".data.k", "conflict with \"one\""), (refused.At("details.causes.0.reason"), refused.At("details.causes.0.field"), refused.At("details.causes.0.message")));
        Assert.Equal("2", (await _api.Patch($"{A}?fieldManager=two&force=true", other, Api.Apply)).At("data.k"));
        var left = await _api.Patch($"{A}?fieldManager=one", """{"apiVersion":"v1","kind":"ConfigMap","data":{}}""", Api.Apply);
        Assert.Equal("{\"k\":\"2\"}", left.At("data"));
    }

    [Fact]
    public async Task Applying_needs_a_manager_and_nothing_else_takes_force()
    {
        await _api.CreateConfigMap("a");
        Assert.Equal((422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"), (await _api.Patch(A, "{}", Api.Apply)).Status);
        Assert.Equal((422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch"), (await _api.Patch($"{A}?force=true", "{}")).Status);
    }

    [Theory]
    [InlineData("{\"metadata\":{\"managedFields\":[{\"manager\":\"x\",\"operation\":\"Update\",\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{}}]}}", "metadata.managedFields must be nil")]
    [InlineData(": x\n\t", "error decoding patch: ")]
    public async Task What_cannot_be_applied_is_a_bad_request(string body, string message)
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Patch($"{A}?fieldManager=m", body, Api.Apply);
        Assert.Equal((400, "BadRequest"), (refused.Code, refused.Reason));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Strict")]
    [InlineData("Warn")]
    [InlineData("Ignore")]
    public async Task What_is_applied_is_of_the_kinds_type_whatever_the_client_thinks_of_unknown_fields(string validation)
    {
        var refused = await _api.Patch($"{A}?fieldManager=m&fieldValidation={validation}", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"dato":{"k":"v"}}""", Api.Apply);
        Assert.Equal((500, "failed to create typed patch object (/a; v1, Kind=ConfigMap): .dato: field not declared in schema"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Fields_that_are_applied_twice_are_refused_or_warned_of()
    {
        const string twice = "apiVersion: v1\nkind: ConfigMap\ndata:\n  k: v\n  k: w\n";
        var refused = await _api.Patch($"{A}?fieldManager=m&fieldValidation=Strict", twice, Api.Apply);
        Assert.Equal((400, "BadRequest", "error strict decoding patch: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key \"k\" already set in map"), refused.Status);
        var warned = await _api.Patch($"{A}?fieldManager=m", twice, Api.Apply);
        Assert.Equal((201, "w"), (warned.Code, warned.At("data.k")));
        Assert.Equal(["line 5: key \"k\" already set in map"], warned.Warnings);
    }

    [Fact]
    public async Task A_version_in_what_is_applied_is_a_lock()
    {
        var created = await _api.CreateConfigMap("a");
        await _api.Patch(A, """{"data":{"key":"2"}}""");
        var refused = await _api.Patch($"{A}?fieldManager=m", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"resourceVersion":"{{{created.Version}}}"},"data":{"l":"3"}}""", Api.Apply);
        Assert.Equal((409, "Conflict"), (refused.Code, refused.Reason));
    }
}
