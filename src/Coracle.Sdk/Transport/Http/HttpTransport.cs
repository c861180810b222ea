using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.Sdk;

/// <summary>How <see cref="HttpTransport"/> treats its connections.</summary>
public sealed record HttpTransportOptions
{
    /// <summary>The clock of whatever waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For the jitter of retries.</summary>
    public Random? Random { get; init; }

    /// <summary>A call whose answer comes whole must be answered in this time.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A quiet HTTP/2 connection is asked whether it lives after this, and given up when no answer comes in <see cref="PingTimeout"/>.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>A connection that does not answer a ping in this time is dead.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a call is made anew because the server said to come back later (429, or 5xx with Retry-After).</summary>
    public int Retries { get; init; } = 10;

    /// <summary>The longest wait that a server may ask for; longer ones are failures.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>HTTP/2 where the server has it; off: HTTP/1.1 alone.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>The largest event of a watch.</summary>
    public int FrameLimitBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest answer that comes whole.</summary>
    public int BodyLimitBytes { get; init; } = int.MaxValue;
}

/// <summary>Calls over HTTP/2 or HTTP/1.1, with TLS. One instance holds the connections; make one a cluster and identity.</summary>
public sealed class HttpTransport : Transport
{
    private readonly ClusterConfig cluster;
    private readonly HttpTransportOptions options;
    private readonly LockedRandom random;
    private readonly HttpMessageInvoker http;
    private readonly string root;

    /// <summary>A transport to a cluster.</summary>
    public HttpTransport(ClusterConfig cluster, HttpTransportOptions? options = null)
    {
        this.cluster = cluster;
        this.options = options ?? new();
#pragma warning disable RS0030 // HTTP is where the world comes in: no run over it repeats.
        random = new(this.options.Random ?? new());
#pragma warning restore RS0030
        http = new(NewHandler());
        root = cluster.Server.AbsoluteUri.TrimEnd('/');
    }

    private SocketsHttpHandler NewHandler()
    {
        var tls = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => cluster.Credentials.Certificate!,
        };
        if (cluster.InsecureSkipTlsVerify) tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        else if (cluster.Authorities.Count > 0) tls.CertificateChainPolicy = Trust(cluster.Authorities);
        return new()
        {
            SslOptions = tls, ConnectTimeout = options.ConnectTimeout, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true, KeepAlivePingDelay = options.PingAfter, KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            RequestHeaderEncodingSelector = static (name, _) => name == GroupLines.Header ? GroupLines.Instance : null,
            Proxy = cluster.Proxy is { } proxy ? new WebProxy(proxy) : null, UseProxy = cluster.Proxy is not null || !cluster.Server.IsLoopback,
        };
    }

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <inheritdoc/>
    public override async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        using var deadline = new Deadline(options.Time, cancel);
        return await Translated(deadline.Token, cancel, async token =>
        {
            deadline.Arm(options.CallTimeout);
            using var response = await RetriedAsync(call, deadline, token);
            return await WholeAsync(response, token);
        });
    }

    /// <inheritdoc/>
    public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => OpenAsync(call, cancel, async response => new()
    {
        Status = (int)response.StatusCode, Frames = new LineFrames(response, await response.Content.ReadAsStreamAsync(cancel), options.FrameLimitBytes), Warnings = Warnings(response),
    });

    /// <inheritdoc/>
    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => OpenAsync(call, cancel, async response => new()
    {
        Status = (int)response.StatusCode, Content = new ResponseStream(response, await response.Content.ReadAsStreamAsync(cancel)), ContentType = MediaType(response),
    });

    // The headers come in the call's time; what follows takes as long as it takes.
    private async ValueTask<ApiReply> OpenAsync(ApiCall call, CancellationToken cancel, Func<HttpResponseMessage, Task<ApiReply>> opened)
    {
        using var deadline = new Deadline(options.Time, cancel);
        return await Translated(deadline.Token, cancel, async token =>
        {
            deadline.Arm(options.CallTimeout);
            var response = await RetriedAsync(call, deadline, token);
            if (response.IsSuccessStatusCode) return await opened(response);
            using (response) return await WholeAsync(response, token);
        });
    }

    /// <inheritdoc/>
    public override async ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel)
    {
        using var deadline = new Deadline(options.Time, cancel);
        return await Translated(deadline.Token, cancel, async token =>
        {
            deadline.Arm(options.CallTimeout);
            using var request = await NewRequestAsync(call, token);
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", protocols));
            var response = await http.SendAsync(request, token);
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
                using (response) return await WholeAsync(response, token);
            var protocol = response.Headers.TryGetValues("Sec-WebSocket-Protocol", out var chosen) ? chosen.FirstOrDefault() : null;
            var socket = WebSocket.CreateFromStream(await response.Content.ReadAsStreamAsync(token), new()
            {
                IsServer = false, SubProtocol = protocol, KeepAliveInterval = options.PingAfter,
            });
            return new ApiReply { Status = 101, Socket = socket };
        });
    }

    /// <summary>Sends, and sends again: (1) with new credentials when the server did not believe the last ones, (2) later, when it said to come back.</summary>
    private async ValueTask<HttpResponseMessage> RetriedAsync(ApiCall call, Deadline deadline, CancellationToken cancel)
    {
        var renewed = false;
        for (var attempt = 0; ; attempt++)
        {
            using var request = await NewRequestAsync(call, cancel);
            var response = await http.SendAsync(request, cancel);
            if (response.StatusCode == HttpStatusCode.Unauthorized && !renewed && cluster.Credentials.TryRenew())
            {
                renewed = true;
                response.Dispose();
                continue;
            }
            if (attempt >= options.Retries || WaitBefore(response) is not { } wait) return response;
            response.Dispose();
            deadline.Disarm();
            await Task.Delay(random.Jitter(wait, 0.25), options.Time, cancel);
            deadline.Arm(options.CallTimeout);
        }
    }

    // client-go retries on 429 and 5xx that say when; we also take a mere 429 or 503 for a second's wait, as the server did nothing.
    private TimeSpan? WaitBefore(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var said = RetryAfter(response);
        var retries = status == 429 || status == 503 || (status >= 500 && said is not null);
        if (!retries) return null;
        var wait = TimeSpan.FromSeconds(said ?? 1);
        return wait <= options.RetryAfterMax ? wait : null;
    }

    private static int? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta is { } delta ? (int)Math.Ceiling(delta.TotalSeconds) : null;

    private async ValueTask<HttpRequestMessage> NewRequestAsync(ApiCall call, CancellationToken cancel)
    {
        var uri = new Uri(call.Query.Length == 0 ? root + call.Path : $"{root}{call.Path}?{call.Query}");
        var request = new HttpRequestMessage(new(call.Method), uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (options.Http2 && uri.Scheme == Uri.UriSchemeHttps) (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
        if (call.ContentType is { } type)
        {
            request.Content = new ReadOnlyMemoryContent(call.Body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }
        var headers = request.Headers;
        headers.TryAddWithoutValidation("Accept", call.Accept);
        // The name asked for in TLS follows the Host header; there is no other way to say it.
        if (cluster.TlsServerName.Length > 0) headers.Host = cluster.TlsServerName;
        if (call.UserAgent.Length > 0) headers.TryAddWithoutValidation("User-Agent", call.UserAgent);
        if (await cluster.Credentials.AuthorizationAsync(options.Time, cancel) is { Length: > 0 } authorization) headers.TryAddWithoutValidation("Authorization", authorization);
        if ((call.User ?? cluster.Impersonate) is { } user) Impersonate(request, user);
        foreach (var (name, value) in call.Headers) headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static void Impersonate(HttpRequestMessage request, ApiUser user)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", user.Name);
        if (user.Uid.Length > 0) request.Headers.TryAddWithoutValidation("Impersonate-Uid", user.Uid);
        if (user.Groups.Count > 0) request.Headers.TryAddWithoutValidation(GroupLines.Header, GroupLines.Join(user.Groups));
        if (user.Groups.Count > 1) (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
    }

    private async ValueTask<ApiReply> WholeAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > options.BodyLimitBytes) throw new TransportException($"the answer is larger than {options.BodyLimitBytes} bytes");
        return new()
        {
            Status = (int)response.StatusCode, Body = await response.Content.ReadAsByteArrayAsync(cancel), ContentType = MediaType(response),
            RetryAfterSeconds = RetryAfter(response), Warnings = Warnings(response),
        };
    }

    private static string MediaType(HttpResponseMessage response) => response.Content.Headers.ContentType?.ToString() ?? "";
    private static IReadOnlyList<string> Warnings(HttpResponseMessage response) => response.Headers.Warning.Count == 0 ? [] : [.. response.Headers.Warning.Select(w => w.Text.Trim('"'))];

    // What breaks on the way is one kind of failure to callers, the passing of the deadline included.
    private static async ValueTask<ApiReply> Translated(CancellationToken limited, CancellationToken cancel, Func<CancellationToken, ValueTask<ApiReply>> run)
    {
        try
        {
            return await run(limited);
        }
        catch (OperationCanceledException failure) when (!cancel.IsCancellationRequested)
        {
            throw new TransportException("the server did not answer in time", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException and not TransportException)
        {
            throw new TransportException(failure.InnerException is { } inner ? $"{failure.Message}: {inner.Message}" : failure.Message, failure);
        }
        catch (ClusterConfigException failure)
        {
            throw new TransportException(failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        http.Dispose();
        return default;
    }
}
