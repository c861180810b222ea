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
/// Passes requests on over HTTP/1.1: to aggregated API servers over TLS with the certificate of the front proxy, by <see cref="Http1Connection"/>; to pods and services as they
/// ask. Connections stay open between requests, but for those that were switched to another protocol.
/// </summary>
/// <param name="frontProxy">The certificate by which API servers behind us know us; null where there is none. Asked anew for every new connection, as it is renewed.</param>
/// <param name="route">Where to connect instead of an address, for tests and for networks that are not there; the address itself unless given.</param>
public sealed class HttpBackendTransport(Func<KeyedCertificate?>? frontProxy = null, Func<EndPoint, EndPoint>? route = null) : BackendTransport, IDisposable
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(90);
    private const int IdlePerServerMax = 25;

    /// <summary>Servers come and go; beyond this many the connections of all are let go of.</summary>
    private const int ClientsMax = 256;

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Stack<(Http1Connection Connection, long Since)>> _idle = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public override ValueTask<BackendAnswer> SendAsync(BackendCall call, CancellationToken cancel) => call.Trust.ShowsFrontProxy ? SendToApiAsync(call, cancel) : SendToPodAsync(call, cancel);

    private async ValueTask<BackendAnswer> SendToPodAsync(BackendCall call, CancellationToken cancel)
    {
        var request = Request(call);
        try
        {
            var response = await ClientFor(call.Trust).SendAsync(request, cancel);
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

    /// <summary>On a connection that is there already, if it still is; else on a new one.</summary>
    private async ValueTask<BackendAnswer> SendToApiAsync(BackendCall call, CancellationToken cancel)
    {
        var key = $"{call.Authority}|{KeyOf(call.Trust)}";
        try
        {
            while (!call.IsUpgrade && call.Body is null && Take(key) is { } known)
            {
                try
                {
                    return await ExchangeAsync(known, key, call, cancel);
                }
                catch (IOException)
                {
                    // It was about to end: the request is sent again.
                }
            }
            return await ExchangeAsync(await OpenAsync(call, cancel), key, call, cancel);
        }
        catch (SocketException e)
        {
            throw new BackendException(GoWords.Of(e, call.Authority, (call.Place as DnsEndPoint)?.Host ?? ""));
        }
        catch (AuthenticationException e)
        {
            throw new BackendException(e.Message.StartsWith("tls: ", StringComparison.Ordinal) ? e.Message : e.InnerException?.Message ?? e.Message);
        }
        catch (IOException e)
        {
            throw new BackendException(e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset } ? "EOF" : e.Message);
        }
    }

    private async ValueTask<BackendAnswer> ExchangeAsync(Http1Connection connection, string key, BackendCall call, CancellationToken cancel)
    {
        try
        {
            return await connection.ExchangeAsync(call, free => GiveBack(key, free), cancel);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Http1Connection? Take(string key)
    {
        lock (_lock)
        {
            if (!_idle.TryGetValue(key, out var idle)) return null;
            while (idle.TryPop(out var found))
            {
                if (found.Connection.IsIdle && TimeProvider.System.GetElapsedTime(found.Since) < IdleMax) return found.Connection;
                found.Connection.Dispose();
            }
            return null;
        }
    }

    private void GiveBack(string key, Http1Connection connection)
    {
        lock (_lock)
        {
            if (!_idle.TryGetValue(key, out var idle)) _idle[key] = idle = [];
            if (idle.Count < IdlePerServerMax) idle.Push((connection, TimeProvider.System.GetTimestamp()));
            else connection.Dispose();
        }
    }

    private async ValueTask<Http1Connection> OpenAsync(BackendCall call, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(ConnectMax, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        SslStream? tls = null;
        try
        {
            var socket = await DialAsync(call.Place, stop.Token);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(Handshake(call.Trust, call.Place is DnsEndPoint name ? name.Host : ((IPEndPoint)call.Place).Address.ToString()), stop.Token);
            return new Http1Connection(socket, tls);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            tls?.Dispose();
            throw new BackendException(tls is null ? $"dial tcp {call.Authority}: i/o timeout" : "net/http: TLS handshake timeout");
        }
        catch
        {
            tls?.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions Handshake(BackendTrust trust, string host)
    {
        var bundle = CertificateCheck.Authorities(trust.CaBundle);
        var name = trust.ServerName.Length > 0 ? trust.ServerName : host;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.IsInsecure || CertificateCheck.Run(certificate as X509Certificate2, chain, bundle, errors, name),
        };
        if (frontProxy is not null) options.LocalCertificateSelectionCallback = (_, _, _, _, _) => frontProxy()?.Certificate!;
        return options;
    }

    private static HttpRequestMessage Request(BackendCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri($"{call.Scheme}://{call.Authority}{call.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (call.Body is not null) request.Content = new StreamContent(call.Body);
        foreach (var (name, value) in call.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        if (call.Host.Length > 0) request.Headers.Host = call.Host;
        return request;
    }

    private static List<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in response.Headers.NonValidated)
            foreach (var value in values) headers.Add(new(name, value));
        foreach (var (name, values) in response.Content.Headers.NonValidated)
            foreach (var value in values) headers.Add(new(name, value));
        return headers;
    }

    private static string KeyOf(BackendTrust trust) => $"{trust.ServerName}|{trust.IsInsecure}|{Convert.ToHexString(SHA256.HashData(trust.CaBundle.Span))}";

    private HttpMessageInvoker ClientFor(BackendTrust trust)
    {
        var key = KeyOf(trust);
        if (_clients.TryGetValue(key, out var known)) return known;
        if (_clients.Count >= ClientsMax) _clients.Clear();
        return _clients.GetOrAdd(key, _ => new HttpMessageInvoker(Handler(trust)));
    }

    private SocketsHttpHandler Handler(BackendTrust trust)
    {
        var bundle = CertificateCheck.Authorities(trust.CaBundle);
        return new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = ConnectMax, ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = IdleMax, MaxResponseHeadersLength = 1024,
            ConnectCallback = async (context, cancel) => new NetworkStream(await DialAsync(PlaceOf(context.DnsEndPoint), cancel), ownsSocket: true),
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.IsInsecure || CertificateCheck.Run(certificate as X509Certificate2, chain, bundle, errors, trust.ServerName) },
        };
    }

    private static EndPoint PlaceOf(DnsEndPoint named) => IPAddress.TryParse(named.Host, out var address) ? new IPEndPoint(address, named.Port) : named;

    private async ValueTask<Socket> DialAsync(EndPoint place, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(route?.Invoke(place) ?? place, cancel);
            return socket;
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
        lock (_lock)
        {
            foreach (var idle in _idle.Values.SelectMany(i => i)) idle.Connection.Dispose();
            _idle.Clear();
        }
    }
}
