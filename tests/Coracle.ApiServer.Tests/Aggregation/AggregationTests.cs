using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer.Tests.Aggregation;

/// <summary>Versions that another API server serves: passed on, checked, and published as if they were ours.</summary>
public sealed class AggregationTests : IAsyncLifetime
{
    private AggregatingCluster _cluster = null!;
    private ExtensionServer _extension = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await AggregatingCluster.StartAsync();
        _extension = await ExtensionServer.StartAsync(_cluster.Pki.FrontProxyAuthority);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _extension.DisposeAsync();
    }

    private async Task Aggregate()
    {
        await _cluster.CreateService(_extension.Port);
        await _cluster.CreateApiService(AggregatingCluster.Trusting(_extension.Authority));
        Assert.Equal(("True", "all checks passed"), await _cluster.UntilAvailable("Passed") is var c ? (c.Status, c.Message) : default);
    }

    [Fact]
    public async Task A_request_reaches_the_server_behind_with_its_user_and_without_its_credentials()
    {
        await Aggregate();
        await _cluster.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"widgets"},"rules":[{"apiGroups":["example.com"],"resources":["*"],"verbs":["*"]}]}""");
        await _cluster.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """{"metadata":{"name":"widgets"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"widgets"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"ann"}]}""");
        _extension.Asked.Clear();
        using var http = _cluster.Http("ann");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/apis/example.com/v1/namespaces/default/widgets?limit=5&labelSelector=a%3Db");
        request.Headers.Add("X-Remote-User", "admin");
        request.Headers.Add("X-Remote-Extra-Scopes", "all");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("WidgetList", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["kind"]!);
        Assert.Equal("yes", response.Headers.GetValues("X-Widgets").Single());
        var (line, headers) = _extension.Asked.Single(a => a.Line.StartsWith("GET /apis/example.com/v1/namespaces", StringComparison.Ordinal));
        Assert.Equal("GET /apis/example.com/v1/namespaces/default/widgets?limit=5&labelSelector=a%3Db", line);
        Assert.Equal("ann", headers["X-Remote-User"]);
        Assert.Equal("u-1", headers["X-Remote-Uid"]);
        Assert.Equal("builders,testers,system:authenticated", string.Join(',', headers["X-Remote-Group"].ToArray()));
        Assert.False(headers.ContainsKey("X-Remote-Extra-Scopes"));
        Assert.False(headers.ContainsKey("Authorization"));
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task What_the_user_may_not_do_does_not_reach_the_server_behind()
    {
        await Aggregate();
        _extension.Asked.Clear();
        var (code, text) = await _cluster.Get("/apis/example.com/v1/namespaces/default/widgets", "ann");
        Assert.Equal(403, code);
        Assert.Contains("widgets.example.com is forbidden: User \\\"ann\\\" cannot list resource \\\"widgets\\\" in API group \\\"example.com\\\" in the namespace \\\"default\\\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_extension.Asked, a => a.Line.Contains("namespaces", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bodies_and_refusals_pass_as_they_are()
    {
        await Aggregate();
        using var http = _cluster.Http(version: "2.0");
        var body = $$"""{"kind":"Widget","text":"{{new string('x', 300_000)}}"}""";
        using var created = await http.PostAsync("/apis/example.com/v1/namespaces/default/widgets", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Created, body), (created.StatusCode, await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((404, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no such path here","reason":"NotFound","code":404}"""), await _cluster.Get("/apis/example.com/v1/gadgets"));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Events_of_a_watch_come_when_they_happen(string version)
    {
        await Aggregate();
        using var http = _cluster.Http(version: version);
        using var response = await http.GetAsync("/apis/example.com/v1/widgets?watch=true", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal($$"""{"type":"ADDED","object":{{ExtensionServer.Widget}}}""", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_connection_is_switched_to_another_protocol_through_us()
    {
        await Aggregate();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _cluster.Url.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(new NetworkStream(socket), false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync("GET /apis/example.com/v1/namespaces/default/widgets/one/exec HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer root\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var heard = await Hear(tls, "\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", heard, StringComparison.Ordinal);
        Assert.Contains("Upgrade: echo\r\n", heard, StringComparison.Ordinal);
        await tls.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("hello", await Hear(tls, "hello"));
        Assert.Equal("root", _extension.Asked.Last(a => a.Line.EndsWith("/exec", StringComparison.Ordinal)).Headers["X-Remote-User"]);
    }

    private static async Task<string> Hear(SslStream stream, string end)
    {
        var heard = "";
        var buffer = new byte[1024];
        while (!heard.Contains(end, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0) break;
            heard += Encoding.ASCII.GetString(buffer, 0, read);
        }
        return heard;
    }

    [Fact]
    public async Task Both_forms_of_discovery_tell_of_the_version_by_its_priority()
    {
        await _cluster.Create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            """{"metadata":{"name":"things.aaa.com"},"spec":{"group":"aaa.com","names":{"kind":"Thing","plural":"things"},"scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}""");
        await Aggregate();
        string[] tail = ["example.com", "aaa.com"];
        await Until(async () => (await _cluster.Json("/apis"))["groups"]!.AsArray().Select(g => (string)g!["name"]!).TakeLast(2).SequenceEqual(tail));
        Assert.Equal("example.com/v1", (string)(await _cluster.Json("/apis/example.com"))["preferredVersion"]!["groupVersion"]!);
        Assert.Equal("widgets", (string)(await _cluster.Json("/apis/example.com/v1"))["resources"]![0]!["name"]!);
        var groups = (await _cluster.Json("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"))["items"]!.AsArray();
        Assert.Equal(tail, groups.Select(g => (string)g!["metadata"]!["name"]!).TakeLast(2));
        var version = groups[^2]!["versions"]![0]!;
        Assert.Equal(("v1", "Current", "widgets"), ((string)version["version"]!, (string)version["freshness"]!, (string)version["resources"]![0]!["resource"]!));
    }

    [Fact]
    public async Task Its_types_are_published_with_ours_and_do_not_take_their_place()
    {
        await Aggregate();
        Assert.Equal("/openapi/v3/apis/example.com/v1?hash=AB", (string)(await _cluster.Json("/openapi/v3"))["paths"]!["apis/example.com/v1"]!["serverRelativeURL"]!);
        Assert.Equal("widgets", (string)(await _cluster.Json("/openapi/v3/apis/example.com/v1?hash=AB"))["info"]!["title"]!);
        var whole = await _cluster.Json("/openapi/v2");
        Assert.NotNull(whole["paths"]!["/apis/example.com/v1/widgets"]);
        Assert.NotNull(whole["paths"]!["/api/v1/pods"]);
        var types = whole["definitions"]!.AsObject();
        Assert.True(types.ContainsKey("com.example.v1.Widget"));
        Assert.False(types.ContainsKey("com.example.v1.Other"));
        Assert.Equal("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta_v2", (string)types["com.example.v1.WidgetList"]!["properties"]!["metadata"]!["$ref"]!);
        Assert.Equal("another one", (string)types["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta_v2"]!["description"]!);
    }

    [Fact]
    public async Task Of_a_server_that_knows_the_second_edition_alone_the_third_is_made_of_it()
    {
        _extension.IsOld = true;
        await Aggregate();
        var url = (string)(await _cluster.Json("/openapi/v3"))["paths"]!["apis/example.com/v1"]!["serverRelativeURL"]!;
        Assert.StartsWith("/openapi/v3/apis/example.com/v1?hash=", url, StringComparison.Ordinal);
        var document = await _cluster.Json(url);
        Assert.Equal(("3.0.0", "widgets"), ((string)document["openapi"]!, (string)document["info"]!["title"]!));
        var paths = document["paths"]!.AsObject();
        Assert.Equal(["/apis/example.com/v1/widgets", "/apis/example.com/v1/namespaces/{namespace}/widgets"], paths.Select(p => p.Key));
        var widgets = paths["/apis/example.com/v1/namespaces/{namespace}/widgets"]!;
        Assert.Equal("""
            {"post":{"operationId":"createWidget","x-kubernetes-action":"post","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/com.example.v1.Widget"}}}},
            "parameters":[{"in":"query","name":"dryRun","schema":{"type":"string","uniqueItems":true}}],
            "responses":{"201":{"description":"Created","content":{"application/json":{"schema":{"$ref":"#/components/schemas/com.example.v1.Widget"}}}}}},
            "parameters":[{"in":"path","name":"namespace","required":true,"schema":{"type":"string"}}]}
            """.Replace("\n", "", StringComparison.Ordinal), widgets.ToJsonString());
        var types = document["components"]!["schemas"]!.AsObject();
        Assert.Equal(["com.example.v1.Widget", "com.example.v1.WidgetList", "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"], types.Select(t => t.Key).Order(StringComparer.Ordinal));
        Assert.Equal("""{"description":"The first.","allOf":[{"$ref":"#/components/schemas/com.example.v1.Widget"}]}""", types["com.example.v1.WidgetList"]!["properties"]!["first"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_missing_is_told_step_by_step_until_the_version_is_available()
    {
        await _cluster.CreateApiService(AggregatingCluster.Trusting(_extension.Authority));
        Assert.Equal("service/widgets in \"default\" is not present", (await _cluster.UntilAvailable("ServiceNotFound")).Message);
        Assert.Equal((503, "service unavailable\n"), await _cluster.Get("/apis/example.com/v1/widgets"));
        Assert.Equal((503, "service unavailable\n"), await _cluster.Get("/apis/example.com/v1"));
        await _cluster.Create("/api/v1/namespaces/default/services", """{"metadata":{"name":"widgets"},"spec":{"ports":[{"name":"https","port":444}]}}""");
        Assert.Equal("service/widgets in \"default\" is not listening on port 443", (await _cluster.UntilAvailable("ServicePortError")).Message);
        await _cluster.Client.DeleteAsync<Service>(new Sdk.Key("default", "widgets"), null, TestContext.Current.CancellationToken);
        await _cluster.Create("/api/v1/namespaces/default/services", """{"metadata":{"name":"widgets"},"spec":{"ports":[{"name":"https","port":443}]}}""");
        Assert.Equal("cannot find endpointslices for service/widgets in \"default\"", (await _cluster.UntilAvailable("EndpointsNotFound")).Message);
        await _cluster.Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            """{"metadata":{"name":"widgets-0","labels":{"kubernetes.io/service-name":"widgets"}},"addressType":"IPv4","endpoints":[],"ports":[{"name":"https","port":1}]}""");
        Assert.Equal("endpointslices for service/widgets in \"default\" have no addresses with port name \"https\"", (await _cluster.UntilAvailable("MissingEndpoints")).Message);
        await _cluster.CreateEndpoint(_extension.Port);
        await _cluster.UntilAvailable("Passed");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_well_is_unavailable_until_it_does()
    {
        await Aggregate();
        _extension.IsIll = true;
        // The check is due when something of the service changes.
        await _cluster.Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            """{"metadata":{"name":"widgets-0","labels":{"kubernetes.io/service-name":"widgets"}},"addressType":"IPv4","endpoints":[],"ports":[{"name":"https","port":1}]}""");
        var message = (await _cluster.UntilAvailable("FailedDiscoveryCheck")).Message;
        var url = $"https://{AggregatingCluster.Endpoint}:{_extension.Port}/apis/example.com/v1";
        Assert.Equal($"failing or missing response from {url}: bad status from {url}: 503", message);
        var stale = (await _cluster.Json("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"))["items"]!.AsArray().Single(g => (string)g!["metadata"]!["name"]! == "example.com")!;
        Assert.Equal(("Stale", "widgets"), ((string)stale["versions"]![0]!["freshness"]!, (string)stale["versions"]![0]!["resources"]![0]!["resource"]!));
        _extension.IsIll = false;
        await _cluster.UntilAvailable("Passed");
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_somebody_else_is_not_spoken_to()
    {
        await _cluster.CreateService(_extension.Port);
        await _cluster.CreateApiService(AggregatingCluster.Trusting(_cluster.Pki.ClusterAuthority));
        await _cluster.UntilAvailable("Passed");
        _extension.Asked.Clear();
        Assert.Equal((503, "error trying to reach service: tls: failed to verify certificate: x509: certificate signed by unknown authority\n"), await _cluster.Get("/apis/example.com/v1/widgets"));
        Assert.DoesNotContain(_extension.Asked, a => a.Line.Contains("/widgets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_told_as_one_that_cannot_be_reached()
    {
        await Aggregate();
        var port = _extension.Port;
        await _extension.DisposeAsync();
        // Whether the next check of its availability has been there already is open.
        Assert.Contains(await _cluster.Get("/apis/example.com/v1/widgets"), new[]
        {
            (503, $"error trying to reach service: dial tcp {AggregatingCluster.Endpoint}:{port}: connect: connection refused\n"), (503, "service unavailable\n"),
        });
    }

    [Fact]
    public async Task Who_comes_through_another_proxy_of_ours_is_believed_by_its_headers()
    {
        var secret = await _cluster.Client.TryGetAsync<ConfigMap>(new("kube-system", "extension-apiserver-authentication"), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["client-ca-file", "requestheader-allowed-names", "requestheader-client-ca-file", "requestheader-extra-headers-prefix", "requestheader-group-headers", "requestheader-uid-headers", "requestheader-username-headers"],
            secret!.Data!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("""["X-Remote-User"]""", secret.Data["requestheader-username-headers"]);
        Assert.Equal(_cluster.Pki.FrontProxyAuthority.Certificate.CertificatePem, secret.Data["requestheader-client-ca-file"]);
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true, ClientCertificates = [_cluster.Pki.FrontProxyClient.Certificate] } };
        using var http = new HttpClient(handler) { BaseAddress = _cluster.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Remote-User", "carla");
        request.Headers.Add("X-Remote-Group", "drivers");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var review = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]!["userInfo"]!;
        Assert.Equal(("carla", "drivers"), ((string)review["username"]!, (string)review["groups"]![0]!));
    }

    [Fact]
    public async Task Definitions_have_an_APIService_as_long_as_they_serve_a_version()
    {
        const string services = "/apis/apiregistration.k8s.io/v1/apiservices";
        await _cluster.Create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            """{"metadata":{"name":"things.aaa.com"},"spec":{"group":"aaa.com","names":{"kind":"Thing","plural":"things"},"scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}""");
        await Until(async () => (await _cluster.Get($"{services}/v1.aaa.com")).Code == 200);
        var service = await _cluster.Json($"{services}/v1.aaa.com");
        Assert.Equal(("true", "Local", 1000, 100), ((string)service["metadata"]!["labels"]!["kube-aggregator.kubernetes.io/automanaged"]!, (string)service["status"]!["conditions"]![0]!["reason"]!,
            (int)service["spec"]!["groupPriorityMinimum"]!, (int)service["spec"]!["versionPriority"]!));
        using var http = _cluster.Http();
        (await http.DeleteAsync($"{services}/v1.aaa.com", TestContext.Current.CancellationToken)).Dispose();
        var uid = (string)service["metadata"]!["uid"]!;
        await Until(async () => await _cluster.Get($"{services}/v1.aaa.com") is { Code: 200, Text: var text } && !text.Contains(uid, StringComparison.Ordinal));
        (await http.DeleteAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.aaa.com", TestContext.Current.CancellationToken)).Dispose();
        await Until(async () => (await _cluster.Get($"{services}/v1.aaa.com")).Code == 404);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds()) await Task.Delay(20, limit.Token);
    }
}
