using System.Net;

namespace Coracle.ApiServer;

/// <summary>The way out to webhooks: the server itself opens no connections.</summary>
public abstract class WebhookTransport
{
    /// <summary>Sends the body and returns what was answered. Throws <see cref="WebhookException"/>, in Go's words, when nothing is.</summary>
    public abstract ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel);

    /// <summary>Asks for what is at the URL; the call's body is not sent.</summary>
    public virtual ValueTask<WebhookAnswer> GetAsync(WebhookCall call, CancellationToken cancel) => throw new WebhookException($"dial tcp: lookup {call.Url.Host}: no such host");

    /// <summary>Where there is none.</summary>
    public static WebhookTransport None { get; } = new NoTransport();

    private sealed class NoTransport : WebhookTransport
    {
        public override ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel) =>
            throw new WebhookException($"dial tcp: lookup {call.Url.Host}: no such host");
    }
}

/// <summary>A call of a webhook.</summary>
/// <param name="Url">The URL; its host is the name that the certificate must have.</param>
/// <param name="Endpoint">Where to connect instead of the URL's host, for services; null otherwise.</param>
/// <param name="CaBundle">The authorities in PEM that may have signed the certificate; empty for those of the machine.</param>
/// <param name="Body">JSON.</param>
public sealed record WebhookCall(Uri Url, EndPoint? Endpoint, ReadOnlyMemory<byte> CaBundle, ReadOnlyMemory<byte> Body)
{
    /// <summary>The header that says who we are; empty for none.</summary>
    public string Authorization { get; init; } = "";

    /// <summary>Shown in the TLS handshake; null for none. Give the same object for every call.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The name that the certificate must have, where that is not the URL's host; empty otherwise.</summary>
    public string ServerName { get; init; } = "";

    public string UserAgent { get; init; } = "kube-apiserver-admission";
}

/// <summary>What a webhook answered.</summary>
public sealed record WebhookAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>A webhook could not be reached.</summary>
public sealed class WebhookException(string message) : Exception(message);
