using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Http;

public sealed class BadInputTests : IAsyncLifetime
{
    private HttpApi _http = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _http = await HttpApi.StartAsync();
        _client = _http.Client(HttpVersion.Version11);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_http.Api.Errors);
        _client.Dispose();
        await _http.DisposeAsync();
    }

    [Theory]
    [InlineData("{", "json parse error: unexpected end of JSON input ({)")]
    [InlineData("", "json parse error: unexpected end of JSON input (<empty>)")]
    [InlineData("{]", "json parse error: invalid character ']' looking for beginning of object key string ({])")]
    [InlineData("nothing", "json parse error: invalid character 'o' in literal null (expecting 'u') (6e6f7468696e67)")]
    [InlineData("{} {}", "json parse error: invalid character '{' after top-level value ({} {})")]
    [InlineData("{\"kind\":5}", "json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({\"kind\":5})")]
    [InlineData("[]", "json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)")]
    public async Task What_is_not_JSON_is_a_bad_request_that_says_where(string body, string error)
    {
        var (code, status) = await Send(HttpMethod.Post, Api.ConfigMaps, body);
        Assert.Equal((400, "BadRequest", $"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; {error}"), (code, Reason(status), Message(status)));
    }

    [Theory]
    [InlineData("a: [", "yaml: line 1: did not find expected node content")]
    [InlineData("a: b: c", "yaml: mapping values are not allowed in this context")]
    [InlineData("\tx", "yaml: found character that cannot start any token")]
    [InlineData("a: &x [*x]", "yaml: anchor 'x' value contains itself")]
    public async Task What_is_not_YAML_is_a_bad_request_that_says_where(string body, string error)
    {
        var (code, status) = await Send(HttpMethod.Post, Api.ConfigMaps, body, "application/yaml");
        Assert.Equal((400, "BadRequest", $"the object provided is unrecognized (must be of type ConfigMap): {error} ({Convert.ToHexStringLower(Encoding.UTF8.GetBytes(body))})"), (code, Reason(status), Message(status)));
    }

    [Theory]
    [InlineData(Api.ConfigMaps, "{\"data\":\"x\"}", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string")]
    [InlineData(Api.ConfigMaps, "{\"data\":{\"k\":5}}", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string")]
    [InlineData(Api.Pods, "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":\"http\"}]}]}}", "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32")]
    [InlineData(Api.Pods, "{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"lots\"}}}]}}", "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData(Api.Pods, "{\"metadata\":{\"creationTimestamp\":\"yesterday\"}}", "Pod in version \"v1\" cannot be handled as a Pod: parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("/api/v1/namespaces/default/secrets", "{\"data\":{\"k\":\"!\"}}", "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 0")]
    public async Task A_value_of_another_type_is_a_bad_request_that_names_the_field(string path, string body, string message)
    {
        var (code, status) = await Send(HttpMethod.Post, path, body);
        Assert.Equal((400, "BadRequest", message), (code, Reason(status), Message(status)));
    }

    [Theory]
    [InlineData("POST", Api.ConfigMaps, Api.Json, true)]
    [InlineData("POST", Api.ConfigMaps, Api.Json, false)]
    [InlineData("PUT", Api.ConfigMaps + "/a", Api.Json, false)]
    [InlineData("PATCH", Api.ConfigMaps + "/a", Api.Merge, false)]
    [InlineData("DELETE", Api.ConfigMaps + "/a", Api.Json, false)]
    public async Task A_body_of_more_than_3_MiB_is_too_large(string method, string path, string type, bool chunked)
    {
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var client = _http.Client(version);
            using var request = new HttpRequestMessage(new(method), path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            var body = Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"a"},"data":{"k":"{{{new string('x', 3 * 1024 * 1024)}}}"}}""");
            request.Content = chunked ? new StreamContent(new MemoryStream(body)) : new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            if (chunked) request.Headers.TransferEncodingChunked = version == HttpVersion.Version11;
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var status = await Body(response);
            Assert.Equal((413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"), ((int)response.StatusCode, Reason(status), Message(status)));
        }
    }

    [Theory]
    [InlineData("/api/v1/namespaces//configmaps")]
    [InlineData("/api/v1//pods")]
    [InlineData("/api/v1/namespaces/default/configmaps/a/b/c/d")]
    [InlineData("/api/v1/namespaces/default/configmaps/%00")]
    [InlineData("/api/v1/namespaces/default/configmaps/a%2Fb")]
    [InlineData("/api/v1/namespaces/default/configmaps/%ff%fe")]
    [InlineData("/apis/apps/v9/deployments")]
    [InlineData("/apis/apps")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/v1/namespaces/default/configmaps?labelSelector=%zz")]
    [InlineData("/api/v1/namespaces/default/configmaps?limit=%ff")]
    [InlineData("/api/v1/namespaces/default/configmaps?&&=&=x&;;")]
    [InlineData("/api/v1/namespaces/default/configmaps?continue=AAAA")]
    public async Task A_strange_address_is_answered(string target)
    {
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
        {
            using var response = await _client.SendAsync(new HttpRequestMessage(new(method), new Uri(_client.BaseAddress!, target)), TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode < 500, $"{method} {target}: {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task Names_of_any_length_are_answered()
    {
        var name = new string('x', 100_000);
        Assert.Equal(404, (await Send(HttpMethod.Get, $"{Api.ConfigMaps}/{name}")).Code);
        var (code, status) = await Send(HttpMethod.Post, Api.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        Assert.Equal((422, "Invalid"), (code, Reason(status)));
        Assert.Contains("253", Message(status), StringComparison.Ordinal);
        (code, status) = await Send(HttpMethod.Post, Api.ConfigMaps, $$$"""{"metadata":{"name":"a","labels":{"{{{name}}}":"{{{name}}}"} }}""");
        Assert.Equal(422, code);
        Assert.Equal(400, (await Send(HttpMethod.Get, $"{Api.ConfigMaps}?labelSelector={name}%3D%3D%3D{name}")).Code);
    }

    [Fact]
    public async Task Headers_of_a_mebibyte_are_too_large_and_long_ones_are_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Api.ConfigMaps);
        request.Headers.Add("X-Long", new string('x', 200_000));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        using var raw = await _http.Connect();
        _ = raw.Say($"GET /version HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 1_200_000)}\r\n\r\n").ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.StartsWith("HTTP/1.1 431 ", await raw.HearUntil("\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET /version HTTP/1.1\r\n\r\n")]
    [InlineData("POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n")]
    [InlineData("GET /version HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n")]
    [InlineData("GET /\u0001 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task What_is_not_HTTP_is_refused_and_the_connection_closed(string text)
    {
        using var raw = await _http.Connect();
        await raw.Say(text);
        var heard = await raw.HearAll();
        Assert.Matches("^(HTTP/1\\.1 (4\\d\\d|505) |$)", heard);
        Assert.DoesNotContain("   at ", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_that_is_none_is_the_clients_fault()
    {
        using var raw = await _http.Connect();
        await raw.Say($"POST {Api.ConfigMaps} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer root\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        var heard = await raw.HearAll();
        Assert.StartsWith("HTTP/1.1 400 ", heard, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"BadRequest\"", heard, StringComparison.Ordinal);
    }

    private async Task<(int Code, JsonObject Status)> Send(HttpMethod method, string target, string? body = null, string type = Api.Json)
    {
        using var request = new HttpRequestMessage(method, target);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await Body(response));
    }

    private static async Task<JsonObject> Body(HttpResponseMessage response) =>
        (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))!;

    private static string Reason(JsonObject status) => (string?)status["reason"] ?? "";
    private static string Message(JsonObject status) => (string?)status["message"] ?? "";
}
