using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>Where somebody outside is asked, and who we are there: what a kubeconfig says.</summary>
/// <param name="Url">The URL that is posted to.</param>
public sealed record OutsideConnection(Uri Url)
{
    /// <summary>PEM; the machine's authorities when empty.</summary>
    public ReadOnlyMemory<byte> CaBundle { get; init; }

    /// <summary>The header that says who we are, asked for each call: tokens are renewed.</summary>
    public Func<CancellationToken, ValueTask<string>> Authorization { get; init; } = static _ => new("");
    public X509Certificate2? ClientCertificate { get; init; }
    public string ServerName { get; init; } = "";

    internal async ValueTask<WebhookCall> Call(ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        new(Url, null, CaBundle, body) { Authorization = await Authorization(cancel), ClientCertificate = ClientCertificate, ServerName = ServerName, UserAgent = "kube-apiserver" };
}
