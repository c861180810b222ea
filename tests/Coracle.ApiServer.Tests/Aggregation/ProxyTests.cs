using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Tests.Aggregation;

/// <summary>Servers in pods, reached through the API server.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private const string Root = "/api/v1/namespaces/default";

    private AggregatingCluster _cluster = null!;
    private PodServer _pod = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await AggregatingCluster.StartAsync();
        _pod = await PodServer.StartAsync();
        await CreatePod("web", $$$""","ports":[{"name":"http","containerPort":{{{_pod.Port}}}}]""", AggregatingCluster.Endpoint);
        await _cluster.Create($"{Root}/services", """{"metadata":{"name":"web"},"spec":{"ports":[{"name":"http","port":80},{"name":"other","port":81}]}}""");
        await _cluster.Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            $$$"""{"metadata":{"name":"web-1","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4","endpoints":[{"addresses":["{{{AggregatingCluster.Endpoint}}}"],"targetRef":{"kind":"Pod","namespace":"default","name":"web"}}],"ports":[{"name":"http","port":{{{_pod.Port}}}}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _pod.DisposeAsync();
    }

    private async Task CreatePod(string name, string ports, string address)
    {
        await _cluster.Create($"{Root}/pods", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"main","image":"main:1"{{{ports}}}}]}}""");
        using var http = _cluster.Http();
        using var patch = new StringContent($$$"""{"status":{"phase":"Running","podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}]}}""", Encoding.UTF8, "application/merge-patch+json");
        using var patched = await http.PatchAsync($"{Root}/pods/{name}/status", patch, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
    }

    private async Task<HttpResponseMessage> Ask(string method, string path, string body = "", string token = "root", string version = "1.1")
    {
        using var http = _cluster.Http(token, version);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0) request.Content = new StringContent(body);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("pods/web")]
    [InlineData("pods/http:web:PORT")]
    [InlineData("services/web:http")]
    [InlineData("services/http:web:80")]
    public async Task Every_method_reaches_the_server(string name)
    {
        var place = $"{Root}/{name.Replace("PORT", _pod.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)}/proxy";
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        {
            var body = method is "GET" or "OPTIONS" or "DELETE" ? "" : "hello";
            using var response = await Ask(method, $"{place}/some/path?x=%20y&z", body);
            Assert.Equal($"{method} /some/path?x=%20y&z {body}", await Text(response));
            Assert.Equal("web", response.Headers.GetValues("X-Pod").Single());
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
            using var root = await Ask(method, $"{place}/", body);
            Assert.Equal($"{method} / {body}", await Text(root));
        }
        using var head = await Ask("HEAD", $"{place}/x");
        Assert.Equal((HttpStatusCode.OK, "web", ""), (head.StatusCode, head.Headers.GetValues("X-Pod").Single(), await Text(head)));
    }

    [Fact]
    public async Task Through_HTTP_2_as_well()
    {
        using var response = await Ask("POST", $"{Root}/pods/web/proxy/x", new string('y', 200_000), version: "2.0");
        Assert.Equal("POST /x " + new string('y', 200_000), await Text(response));
    }

    [Theory, InlineData("pods/web"), InlineData("services/web:http")]
    public async Task A_folder_gets_its_slash_when_it_is_read(string name)
    {
        using var read = await Ask("GET", $"{Root}/{name}/proxy?a=b");
        Assert.Equal((HttpStatusCode.MovedPermanently, $"{Root}/{name}/proxy/?a=b"), (read.StatusCode, read.Headers.Location!.OriginalString));
        using var head = await Ask("HEAD", $"{Root}/{name}/proxy");
        Assert.Equal(HttpStatusCode.MovedPermanently, head.StatusCode);
        using var post = await Ask("POST", $"{Root}/{name}/proxy", "x");
        Assert.Equal("POST / x", await Text(post));
    }

    [Fact]
    public async Task The_server_is_told_who_asked_for_what_and_no_secrets()
    {
        using var http = _cluster.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/pods/web/proxy/a%20b/");
        request.Headers.Add("X-Forwarded-For", "1.2.3.4");
        request.Headers.Host = "api.example.com";
        (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        var (line, headers) = _pod.Asked.Single();
        Assert.Equal("GET /a%20b/", line);
        Assert.Equal("api.example.com", headers["Host"]);
        Assert.Equal("1.2.3.4, 127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal($"{Root}/pods/web/proxy/a b/", headers["X-Forwarded-Uri"]);
        Assert.False(headers.ContainsKey("Authorization"));
        Assert.False(headers.ContainsKey("X-Remote-User"));
    }

    [Fact]
    public async Task Links_and_redirects_stay_behind_the_proxy()
    {
        using var page = await Ask("GET", $"{Root}/pods/web/proxy/page");
        const string here = Root + "/pods/web/proxy";
        Assert.Equal($"""<!doctype html><a href="{here}/next?a=1&amp;b=2">ü</a><img src="pic.png"><a href="http://elsewhere/x"><script>if (a < b) "<a href='/no'>"</script>""", await Text(page));
        using var moved = await Ask("GET", $"{Root}/pods/web/proxy/moved");
        Assert.Equal((HttpStatusCode.Found, $"{here}/there/"), (moved.StatusCode, moved.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task A_page_that_is_not_packed_as_it_says_is_told_as_the_servers_fault()
    {
        using var page = await Ask("GET", $"{Root}/pods/web/proxy/garbled");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("error trying to reach service: ", await Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_switched_to_another_protocol_through_us()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _cluster.Url.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(new NetworkStream(socket), false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {Root}/pods/web/proxy/talk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer root\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"), TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        var heard = "";
        while (!heard.Contains("\r\n\r\n", StringComparison.Ordinal)) heard += Encoding.ASCII.GetString(buffer, 0, await tls.ReadAsync(buffer, TestContext.Current.CancellationToken));
        Assert.StartsWith("HTTP/1.1 101 ", heard, StringComparison.Ordinal);
        await tls.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, await tls.ReadAtLeastAsync(buffer, 5, cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("pods/web:1", 503, "ServiceUnavailable", "error trying to reach service: dial tcp 10.9.8.7:1: connect: connection refused")]
    [InlineData("pods/a:b:c:d", 400, "BadRequest", "invalid pod request \"a:b:c:d\"")]
    [InlineData("pods/ftp:web:1", 400, "BadRequest", "invalid pod request \"ftp:web:1\"")]
    [InlineData("pods/nobody", 404, "NotFound", "pods \"nobody\" not found")]
    [InlineData("pods/inside", 400, "BadRequest", "address not allowed")]
    [InlineData("pods/new", 400, "BadRequest", "address not allowed")]
    [InlineData("services/x::", 400, "BadRequest", "invalid service request \"x::\"")]
    [InlineData("services/nobody:80", 404, "NotFound", "services \"nobody\" not found")]
    [InlineData("services/web:8", 503, "ServiceUnavailable", "no service port 8 found for service \"web\"")]
    [InlineData("services/web:81", 503, "ServiceUnavailable", "no endpoints available for service \"web\"")]
    [InlineData("services/web", 503, "ServiceUnavailable", "no endpoints available for service \"web\"")]
    [InlineData("services/made-up:80", 503, "ServiceUnavailable", "no endpoints available for service \"made-up\"")]
    public async Task What_cannot_be_reached_is_refused_in_upstreams_words(string name, int code, string reason, string message)
    {
        if (name == "pods/inside") await CreatePod("inside", "", "127.0.0.1");
        if (name == "pods/new") await _cluster.Create($"{Root}/pods", """{"metadata":{"name":"new"},"spec":{"containers":[{"name":"main","image":"main:1"}]}}""");
        if (name == "services/made-up:80")
        {
            await _cluster.Create($"{Root}/services", """{"metadata":{"name":"made-up"},"spec":{"ports":[{"port":80}]}}""");
            await _cluster.Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                """{"metadata":{"name":"made-up-1","labels":{"kubernetes.io/service-name":"made-up"}},"addressType":"IPv4","endpoints":[{"addresses":["10.9.8.7"]}],"ports":[{"name":"","port":80}]}""");
        }
        using var response = await Ask("GET", $"{Root}/{name}/proxy/");
        var status = JsonNode.Parse(await Text(response))!;
        Assert.Equal((code, reason, message), ((int)response.StatusCode, (string?)status["reason"], (string)status["message"]!));
    }

    [Fact]
    public async Task Each_method_needs_the_right_to_its_verb()
    {
        await _cluster.Create($"/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """{"metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods/proxy"],"verbs":["get"]}]}""");
        await _cluster.Create($"/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """{"metadata":{"name":"reader"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"reader"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"ann"}]}""");
        using var read = await Ask("GET", $"{Root}/pods/web/proxy/x", token: "ann");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var post = await Ask("POST", $"{Root}/pods/web/proxy/x", "y", token: "ann");
        Assert.Equal("pods \"web\" is forbidden: User \"ann\" cannot create resource \"pods/proxy\" in API group \"\" in the namespace \"default\"", (string)JsonNode.Parse(await Text(post))!["message"]!);
        using var service = await Ask("GET", $"{Root}/services/web:http/proxy/x", token: "ann");
        Assert.Equal("services \"web:http\" is forbidden: User \"ann\" cannot get resource \"services/proxy\" in API group \"\" in the namespace \"default\"", (string)JsonNode.Parse(await Text(service))!["message"]!);
    }
}
