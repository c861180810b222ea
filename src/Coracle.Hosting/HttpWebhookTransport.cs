using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;

namespace Coracle.Hosting;

/// <summary>Calls webhooks over HTTPS. Connections stay open between calls; failures are told in the words of Go's client, as clients know them.</summary>
public sealed class HttpWebhookTransport : WebhookTransport, IDisposable
{
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Webhooks come and go; beyond this many the connections of all are let go of.</summary>
    private const int ClientsMax = 256;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    public override async ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Url) { Content = new ReadOnlyMemoryContent(call.Body), Version = HttpVersion.Version11 };
        request.Content.Headers.ContentType = Json;
        return await SendAsync(request, call, cancel);
    }

    public override async ValueTask<WebhookAnswer> GetAsync(WebhookCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, call.Url) { Version = HttpVersion.Version11 };
        return await SendAsync(request, call, cancel);
    }

    private async ValueTask<WebhookAnswer> SendAsync(HttpRequestMessage request, WebhookCall call, CancellationToken cancel)
    {
        request.Headers.Accept.ParseAdd("application/json, */*");
        request.Headers.UserAgent.ParseAdd(call.UserAgent);
        if (call.Authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", call.Authorization);
        try
        {
            using var response = await ClientFor(call).SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
            return new WebhookAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (HttpRequestException e)
        {
            throw new WebhookException(Words(e, call));
        }
        catch (IOException e)
        {
            throw new WebhookException(e.Message);
        }
    }

    private HttpClient ClientFor(WebhookCall call)
    {
        var key = $"{call.Url.Authority}|{call.Endpoint}|{Convert.ToHexString(SHA256.HashData(call.CaBundle.Span))}|{call.ClientCertificate?.Thumbprint}|{call.ServerName}";
        if (_clients.TryGetValue(key, out var known)) return known;
        if (_clients.Count >= ClientsMax) _clients.Clear();
        return _clients.GetOrAdd(key, _ => new HttpClient(Handler(call)) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax });
    }

    private static SocketsHttpHandler Handler(WebhookCall call)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            SslOptions = new SslClientAuthenticationOptions { TargetHost = call.ServerName.Length > 0 ? call.ServerName : call.Url.Host },
        };
        if (call.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificates = [own];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        }
        var bundle = CertificateCheck.Authorities(call.CaBundle);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => CertificateCheck.Run(certificate as X509Certificate2, chain, bundle, errors, handler.SslOptions.TargetHost!);
        if (call.Endpoint is { } endpoint) handler.ConnectCallback = (_, cancel) => Connect(endpoint, cancel);
        return handler;
    }

    private static async ValueTask<Stream> Connect(EndPoint endpoint, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Words(HttpRequestException failure, WebhookCall call)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException { InnerException: null } refused && refused.Message.StartsWith("tls: ", StringComparison.Ordinal)) return refused.Message;
            if (inner is SocketException socket) return GoWords.Of(socket, call.Endpoint?.ToString() ?? call.Url.Authority + (call.Url.IsDefaultPort ? ":443" : ""), call.Url.Host);
        }
        return failure.InnerException?.Message ?? failure.Message;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
        _clients.Clear();
    }
}
