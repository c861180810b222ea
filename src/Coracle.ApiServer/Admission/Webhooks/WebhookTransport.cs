using System.Net;

namespace Coracle.ApiServer;

/// <summary>The way out to webhooks: the server itself opens no connections.</summary>
public abstract class WebhookTransport
{
    /// <summary>Sends the body and returns what was answered. Throws <see cref="WebhookException"/>, in Go's words, when nothing is.</summary>
    public abstract ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel);

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
public sealed record WebhookCall(Uri Url, EndPoint? Endpoint, ReadOnlyMemory<byte> CaBundle, ReadOnlyMemory<byte> Body);

/// <summary>What a webhook answered.</summary>
public sealed record WebhookAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>A webhook could not be reached.</summary>
public sealed class WebhookException(string message) : Exception(message);
