using System.Text;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Verbs;

public sealed class RepresentationTests : IAsyncLifetime
{
    private const string Partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private const string PartialList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private const string A = $"{Api.ConfigMaps}/a";
    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("application/json")]
    [InlineData("text/html, application/json")]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io, application/json")]
    [InlineData("text/html;q=0.9,*/*;q=0.1")]
    public async Task JSON_is_what_comes_of_most_wishes(string? accept)
    {
        await _api.CreateConfigMap("a");
        var found = await _api.Get(A, accept);
        Assert.Equal((200, "application/json", "ConfigMap"), (found.Code, found.ContentType, found.At("kind")));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io")]
    [InlineData("application/json;as=Other;v=v1;g=meta.k8s.io")]
    [InlineData("application/json;as=Table;v=v1;g=other")]
    [InlineData("application/json;sv=1")]
    public async Task A_wish_that_cannot_be_met_is_told_what_can(string accept)
    {
        await _api.CreateConfigMap("a");
        var refused = await _api.Get(A, accept);
        Assert.Equal((406, "NotAcceptable"), (refused.Code, refused.Reason));
        Assert.StartsWith("only the following media types are accepted: application/json, application/yaml", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_better_wish_wins()
    {
        await _api.CreateConfigMap("a");
        Assert.Equal("application/yaml", (await _api.Get(A, "application/json;q=0.5, application/yaml;q=0.9")).ContentType);
        Assert.Equal("Table", (await _api.Get(A, $"{Api.Table},{Partial},application/json")).At("kind"));
    }

    [Fact]
    public async Task A_refused_wish_writes_nothing()
    {
        // What is never stored has no columns either.
        Assert.Equal(406, (await _api.Send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """{"spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}}""", new How { Accept = Api.Table })).Code);
        Assert.Equal(406, (await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"a"}}""", new How { Accept = "text/html" })).Code);
        Assert.Equal(404, (await _api.Get(A)).Code);
    }

    [Fact]
    public async Task YAML_goes_in_and_comes_out()
    {
        var created = await _api.Send("POST", Api.ConfigMaps, "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata:\n  k: |\n    two\n    lines\n", new How { ContentType = "application/yaml", Accept = "application/yaml" });
        Assert.Equal((201, "application/yaml"), (created.Code, created.ContentType));
        Assert.Contains("  k: |\n    two\n    lines\n", created.Text, StringComparison.Ordinal);
        Assert.Contains("kind: ConfigMapList\n", (await _api.Get(Api.ConfigMaps, "application/yaml")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watches_are_not_in_YAML()
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?watch=1", "application/yaml");
        Assert.Equal((406, "NotAcceptable"), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task Protobuf_goes_in()
    {
        // runtime.Unknown{TypeMeta{v1, ConfigMap}, ConfigMap{ObjectMeta{Name: "a"}, Data: {"k": "v"}}}
        byte[] map = [0x0a, 0x03, 0x0a, 0x01, (byte)'a', 0x12, 0x06, 0x0a, 0x01, (byte)'k', 0x12, 0x01, (byte)'v'];
        byte[] type = [0x0a, 0x02, .. "v1"u8, 0x12, 0x09, .. "ConfigMap"u8];
        byte[] body = [.. "k8s\0"u8, 0x0a, (byte)type.Length, .. type, 0x12, (byte)map.Length, .. map];
        var created = await _api.Send("POST", Api.ConfigMaps, null, new How { Body = body, ContentType = "application/vnd.kubernetes.protobuf" });
        Assert.Equal((201, "a", "v"), (created.Code, created.Name, created.At("data.k")));
        var refused = await _api.Send("POST", Api.ConfigMaps, null, new How { Body = body[5..], ContentType = "application/vnd.kubernetes.protobuf" });
        Assert.Equal((400, "BadRequest"), (refused.Code, refused.Reason));
        Assert.StartsWith("the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (", refused.Message, StringComparison.Ordinal);
        Assert.Equal(400, (await _api.Send("POST", Api.ConfigMaps, null, new How { Body = body[..^3], ContentType = "application/vnd.kubernetes.protobuf" })).Code);
    }

    [Fact]
    public async Task A_table_has_the_columns_of_the_kind_and_the_metadata_of_each_object()
    {
        await _api.CreatePod("a");
        _api.Time.Advance(TimeSpan.FromSeconds(90));
        var table = await _api.Get(Api.Pods, Api.Table);
        Assert.Equal(("Table", "meta.k8s.io/v1", $"{_api.Revision}"), (table.At("kind"), table.At("apiVersion"), table.Version));
        Assert.Equal(["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"], table.Json["columnDefinitions"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Equal("""["a","0/1","Pending","0","90s","<none>","<none>","<none>","<none>"]""", table.At("rows.0.cells"));
        Assert.Equal(("PartialObjectMetadata", "a"), (table.At("rows.0.object.kind"), table.At("rows.0.object.metadata.name")));
        Assert.Equal("1", (await _api.Get($"{Api.Pods}/a", Api.Table)).Json["rows"]!.AsArray().Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Succeeded", "The pod has completed successfully.")]
    [InlineData("Failed", "The pod failed.")]
    [InlineData("Running", null)]
    public async Task The_row_of_a_finished_pod_says_so(string phase, string? message)
    {
        await _api.CreatePod("a");
        await _api.Patch($"{Api.Pods}/a/status", $$$"""{"status":{"phase":"{{{phase}}}"}}""");
        var condition = (await _api.Get(Api.Pods, Api.Table)).At("rows.0.conditions.0");
        Assert.Equal(message is null ? null : $$$"""{"type":"Completed","status":"True","reason":"{{{phase}}}","message":"{{{message}}}"}""", condition);
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("Metadata", "PartialObjectMetadata")]
    [InlineData("Object", "ConfigMap")]
    [InlineData("", "PartialObjectMetadata")]
    public async Task A_table_includes_of_its_objects_what_is_asked_for(string include, string? kind)
    {
        await _api.CreateConfigMap("a");
        Assert.Equal(kind, (await _api.Get($"{Api.ConfigMaps}?includeObject={include}", Api.Table)).At("rows.0.object.kind"));
    }

    [Fact]
    public async Task Nothing_else_can_be_included()
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?includeObject=Some", Api.Table);
        Assert.Equal((400, "BadRequest", "Unable to convert to Table as requested: includeObject: Invalid value: \"Some\": must be 'Metadata', 'Object', 'None', or empty"), refused.Status);
        Assert.Equal(400, (await _api.Get($"{Api.ConfigMaps}?watch=1&includeObject=Some", Api.Table)).Code);
    }

    [Fact]
    public async Task Errors_are_not_tables()
    {
        var missing = await _api.Get(A, Api.Table);
        Assert.Equal((404, "Status"), (missing.Code, missing.At("kind")));
    }

    [Fact]
    public async Task Metadata_alone_is_all_that_some_want()
    {
        await _api.CreateConfigMap("a", "\"app\":\"x\"");
        var one = await _api.Get(A, Partial);
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", "x", null), (one.At("kind"), one.At("apiVersion"), one.At("metadata.labels.app"), one.At("data")));
        var list = await _api.Get($"{Api.ConfigMaps}?limit=1", PartialList);
        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1", "a"), (list.At("kind"), list.At("apiVersion"), list.At("items.0.metadata.name")));
        Assert.Equal("PartialObjectMetadata", (await _api.Send("PATCH", A, "{}", new How { ContentType = Api.Merge, Accept = Partial })).At("kind"));
    }

    [Fact]
    public async Task Pretty_is_for_people()
    {
        await _api.CreateConfigMap("a");
        Assert.Contains("\n  \"kind\": \"ConfigMap\"", (await _api.Get($"{A}?pretty=true")).Text, StringComparison.Ordinal);
        Assert.Contains("\n  \"kind\": \"ConfigMap\"", (await _api.Send("GET", A, null, new How { UserAgent = "curl/8.0" })).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n  ", (await _api.Send("GET", $"{A}?pretty=false", null, new How { UserAgent = "curl/8.0" })).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("GET", "/api/v2/pods", 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("GET", "/apis/none.io/v1/things", 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("GET", "/apis/apps/v1/namespaces/default/deployments/x/none", 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("GET", "/nothing", 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("POST", "/api/v1/pods", 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("PUT", Api.ConfigMaps, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("PATCH", Api.ConfigMaps, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("OPTIONS", Api.ConfigMaps, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("BREW", Api.ConfigMaps, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("GET", "/api/v1/namespaces/default/bindings", 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    public async Task A_path_or_a_method_that_is_not_served_is_answered_as_upstream_does(string method, string path, int code, string reason, string message) =>
        Assert.Equal((code, reason, message), (await _api.Send(method, path)).Status);

    [Fact]
    public async Task Hundreds_of_levels_are_stored_and_read_back()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);
        const string revisions = "/apis/apps/v1/namespaces/default/controllerrevisions";
        await _api.Create(revisions, $$$"""{"metadata":{"name":"r"},"data":{{{deep}}},"revision":1}""");
        Assert.Contains(deep, (await _api.Get($"{revisions}/r")).Text, StringComparison.Ordinal);
        Assert.Contains(deep, (await _api.Patch($"{revisions}/r", """{"metadata":{"labels":{"a":"b"}}}""")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _api.Get($"{revisions}/r", "application/yaml")).Code);
        Assert.Equal(200, (await _api.Get(revisions, Api.Table)).Code);
        Assert.Empty(_api.Errors);
    }

    [Theory]
    [InlineData(Api.Json, "POST", "")]
    [InlineData("application/yaml", "POST", "")]
    [InlineData(Api.Merge, "PATCH", "/a")]
    [InlineData(Api.Strategic, "PATCH", "/a")]
    [InlineData(Api.JsonPatch, "PATCH", "/a")]
    [InlineData(Api.Apply, "PATCH", "/a?fieldManager=m")]
    [InlineData(Api.Json, "DELETE", "/a")]
    public async Task Ten_thousand_levels_are_refused(string type, string method, string path)
    {
        await _api.CreateConfigMap("a");
        foreach (var (open, close) in new[] { ("{\"data\":", "}"), ("[", "]") })
        {
            var body = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));
            var refused = await _api.Send(method, Api.ConfigMaps + path, body, new How { ContentType = type });
            Assert.Equal((400, "BadRequest"), (refused.Code, refused.Reason));
        }
        Assert.Empty(_api.Errors);
    }

    [Theory]
    [InlineData(Api.Json, "POST", "")]
    [InlineData("application/yaml", "POST", "")]
    [InlineData(Api.Merge, "PATCH", "/a")]
    [InlineData(Api.Strategic, "PATCH", "/a")]
    [InlineData(Api.JsonPatch, "PATCH", "/a")]
    [InlineData(Api.Apply, "PATCH", "/a?fieldManager=m")]
    public async Task Bytes_that_are_not_text_are_refused(string type, string method, string path)
    {
        await _api.CreateConfigMap("a");
        byte[][] bodies =
        [
            [.. "{\"metadata\":{\"name\":\"b\"},\"data\":{\"k\":\""u8, 0xff, 0xfe, .. "\"}}"u8],
            [.. "{\"metadata\":{\"name\":\"b\"},\"data\":{\""u8, 0xc3, 0x28, .. "\":\"v\"}}"u8],
            [.. "[{\"op\":\"add\",\"path\":\"/data/k\",\"value\":\""u8, 0xff, .. "\"}]"u8],
            [0xff, 0x00, 0x01], [0x00], "nul"u8.ToArray(), "\"\\ud800\""u8.ToArray(),
            Encoding.UTF8.GetBytes("{\"metadata\":{\"name\":\"b\"},\"data\":{\"k\":\"\\ud800\"}}"),
        ];
        foreach (var body in bodies)
        {
            var refused = await _api.Send(method, Api.ConfigMaps + path, null, new How { Body = body, ContentType = type });
            Assert.True(refused.Code is 400 or 422, $"{refused.Code} {refused.Text}");
        }
        Assert.Empty(_api.Errors);
    }
}
