using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;

namespace Coracle.Hosting;

/// <summary>
/// Passes requests on over HTTP: to aggregated API servers over TLS and HTTP/2 where they speak it, with the certificate of the front proxy; to pods and services as they
/// ask. Connections stay open between requests, but for those that were switched to another protocol.
/// </summary>
/// <param name="frontProxy">The certificate by which API servers behind us know us; null where there is none. Asked anew for every new connection, as it is renewed.</param>
/// <param name="route">Where to connect instead of an address, for tests and for networks that are not there; the address itself unless given.</param>
public sealed class HttpBackendTransport(Func<KeyedCertificate?>? frontProxy = null, Func<EndPoint, EndPoint>? route = null) : BackendTransport, IDisposable
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(30);

    /// <summary>Servers come and go; beyond this many the connections of all are let go of.</summary>
    private const int ClientsMax = 256;

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new(StringComparer.Ordinal);

    public override async ValueTask<BackendAnswer> SendAsync(BackendCall call, CancellationToken cancel)
    {
        var request = Request(call);
        try
        {
            var response = await ClientFor(call).SendAsync(request, cancel);
            return new BackendAnswer((int)response.StatusCode, HeadersOf(response), await response.Content.ReadAsStreamAsync(cancel));
        }
        catch (HttpRequestException e)
        {
            throw new BackendException(Words(e, call));
        }
        catch (IOException e)
        {
            throw new BackendException(e.Message);
        }
    }

    private static HttpRequestMessage Request(BackendCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri($"{call.Scheme}://{Named(call)}{call.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = call.Trust.ShowsFrontProxy && !call.IsUpgrade ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = call.IsUpgrade ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
        };
        if (call.Body is not null) request.Content = new StreamContent(call.Body);
        foreach (var (name, value) in call.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        if (call.Host.Length > 0) request.Headers.Host = call.Host;
        return request;
    }

    // The name in the address is what the certificate is checked for and the server is told in the handshake; where to connect is known without it.
    private static string Named(BackendCall call) => call.Trust.ServerName.Length == 0 ? call.Authority
        : $"{call.Trust.ServerName}:{(call.Place is DnsEndPoint name ? name.Port : ((IPEndPoint)call.Place).Port)}";

    private static List<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in response.Headers.NonValidated)
            foreach (var value in values) headers.Add(new(name, value));
        foreach (var (name, values) in response.Content.Headers.NonValidated)
            foreach (var value in values) headers.Add(new(name, value));
        return headers;
    }

    private HttpMessageInvoker ClientFor(BackendCall call)
    {
        var trust = call.Trust;
        var place = trust.ServerName.Length > 0 ? call.Place : null;
        var key = $"{place}|{trust.ServerName}|{trust.IsInsecure}|{trust.ShowsFrontProxy}|{Convert.ToHexString(SHA256.HashData(trust.CaBundle.Span))}";
        if (_clients.TryGetValue(key, out var known)) return known;
        if (_clients.Count >= ClientsMax) _clients.Clear();
        return _clients.GetOrAdd(key, _ => new HttpMessageInvoker(Handler(trust, place)));
    }

    private SocketsHttpHandler Handler(BackendTrust trust, EndPoint? at)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = ConnectMax, ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90), EnableMultipleHttp2Connections = true, MaxResponseHeadersLength = 1024,
            ConnectCallback = (context, cancel) => Connect(at ?? PlaceOf(context.DnsEndPoint), cancel),
        };
        if (trust.ShowsFrontProxy && frontProxy is not null) handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => frontProxy()?.Certificate!;
        var bundle = CertificateCheck.Authorities(trust.CaBundle);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            trust.IsInsecure || CertificateCheck.Run(certificate as X509Certificate2, chain, bundle, errors, trust.ServerName);
        return handler;
    }

    private static EndPoint PlaceOf(DnsEndPoint named) => IPAddress.TryParse(named.Host, out var address) ? new IPEndPoint(address, named.Port) : named;

    private async ValueTask<Stream> Connect(EndPoint place, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(route?.Invoke(place) ?? place, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Words(HttpRequestException failure, BackendCall call)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException { InnerException: null } refused && refused.Message.StartsWith("tls: ", StringComparison.Ordinal)) return refused.Message;
            if (inner is SocketException socket) return GoWords.Of(socket, call.Authority, (call.Place as DnsEndPoint)?.Host ?? "");
            if (inner is TimeoutException) return $"dial tcp {call.Authority}: i/o timeout";
        }
        return failure.HttpRequestError is HttpRequestError.ResponseEnded ? "EOF" : failure.InnerException?.Message ?? failure.Message;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
        _clients.Clear();
    }
}
