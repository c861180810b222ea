using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Sdk;
using Coracle.Serving;
using Coracle.Store;

namespace Coracle.ApiServer.Tests.Aggregation;

/// <summary>A whole control plane behind a socket, in real time, which connects to loopback wherever it means to reach an endpoint.</summary>
public sealed class AggregatingCluster : IAsyncDisposable
{
    public const string Endpoint = "10.9.8.7";

    private readonly HttpServer _http;
    private readonly ControlPlane _plane;
    private readonly HttpBackendTransport _backends;

    private AggregatingCluster(ControlPlane plane, HttpServer http, Pki pki, HttpBackendTransport backends) => (_plane, _http, Pki, _backends) = (plane, http, pki, backends);

    public Pki Pki { get; }
    public Client Client => _plane.Client(User.ApiServer, "test");

    public static async Task<AggregatingCluster> StartAsync()
    {
        var pki = Pki.Create(new PkiOptions(), TimeProvider.System);
        var backends = new HttpBackendTransport(() => pki.FrontProxyClient, place => place is IPEndPoint ip && ip.Address.ToString() == Endpoint ? new IPEndPoint(IPAddress.Loopback, ip.Port) : place);
        var plane = new ControlPlane(new ControlPlaneOptions
        {
            Store = new MemoryStore(), Pki = pki, Backends = backends, StaticTokens = StaticTokens.Parse("root,root,,system:masters\nann,ann,u-1,\"builders,testers\""),
        });
        await plane.StartAsync();
        return new(plane, await HttpServer.StartAsync(plane.Server, IPAddress.Loopback, 0, () => pki.ServingCertificate), pki, backends);
    }

    public Uri Url => new($"https://127.0.0.1:{_http.Port}");

    /// <summary>A client of version 1.1 or 2 of HTTP.</summary>
    public HttpClient Http(string token = "root", string version = "1.1") =>
        new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true }, AllowAutoRedirect = false })
        {
            BaseAddress = Url, DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    public async Task<(int Code, string Text)> Get(string path, string token = "root", string? accept = null)
    {
        using var http = Http(token);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task Create(string path, string json)
    {
        using var http = Http();
        using var response = await http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A service "widgets" whose endpoint is a port of this machine.</summary>
    public async Task CreateService(int port)
    {
        await Create("/api/v1/namespaces/default/services", """{"metadata":{"name":"widgets"},"spec":{"ports":[{"name":"https","port":443}]}}""");
        await CreateEndpoint(port);
    }

    public Task CreateEndpoint(int port) => Create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
        $$$"""{"metadata":{"name":"widgets-1","labels":{"kubernetes.io/service-name":"widgets"}},"addressType":"IPv4","endpoints":[{"addresses":["{{{Endpoint}}}"]}],"ports":[{"name":"https","port":{{{port}}}}]}""");

    /// <summary>The APIService of example.com/v1.</summary>
    public Task CreateApiService(string trust, int group = 2000) => Create("/apis/apiregistration.k8s.io/v1/apiservices",
        $$$"""{"metadata":{"name":"v1.example.com"},"spec":{"group":"example.com","version":"v1","groupPriorityMinimum":{{{group}}},"versionPriority":10,"service":{"namespace":"default","name":"widgets"}{{{trust}}}}}""");

    public static string Trusting(CertificateAuthority authority) => $",\"caBundle\":\"{Convert.ToBase64String(Encoding.ASCII.GetBytes(authority.Certificate.CertificatePem))}\"";

    /// <summary>The condition Available, once it is for this reason.</summary>
    public async Task<APIServiceCondition> UntilAvailable(string reason)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var found = await Client.TryGetAsync<APIService>(new("v1.example.com"), limit.Token);
            if (found?.Status.Conditions?.Find(c => c.Type == "Available") is { } condition && condition.Reason == reason) return condition;
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task<JsonObject> Json(string path, string? accept = null)
    {
        var (code, text) = await Get(path, accept: accept);
        Assert.True(code == 200, $"{path}: {code} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _plane.DisposeAsync();
        _backends.Dispose();
    }
}
