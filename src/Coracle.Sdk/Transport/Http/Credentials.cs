using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.Sdk;

/// <summary>What proves to a server who one is. It may change while it is used.</summary>
public abstract class Credentials
{
    /// <summary>Nobody in particular.</summary>
    public static Credentials None { get; } = new StaticCredentials();

    /// <summary>The value of the Authorization header; "" for none. Throws <see cref="ClusterConfigException"/> when it cannot be had.</summary>
    public abstract ValueTask<string> AuthorizationAsync(TimeProvider time, CancellationToken cancel);

    /// <summary>The client certificate, with its key; null for none.</summary>
    public virtual X509Certificate2? Certificate => null;

    /// <summary>The server did not believe the last ones: make new ones where that is possible.</summary>
    public virtual bool TryRenew() => false;
}

/// <summary>A token, a password or a certificate that does not change.</summary>
public sealed class StaticCredentials : Credentials
{
    private readonly string authorization = "";

    /// <summary>A client certificate, or nothing.</summary>
    public StaticCredentials(X509Certificate2? certificate = null) => Certificate = certificate;
    /// <summary>A bearer token.</summary>
    public StaticCredentials(string token, X509Certificate2? certificate = null) => (authorization, Certificate) = ($"Bearer {token}", certificate);

    /// <summary>A name and a password.</summary>
    public StaticCredentials(string user, string password, X509Certificate2? certificate = null) =>
        (authorization, Certificate) = ("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), certificate);

    /// <inheritdoc/>
    public override X509Certificate2? Certificate { get; }
    /// <inheritdoc/>
    public override ValueTask<string> AuthorizationAsync(TimeProvider time, CancellationToken cancel) => new(authorization);
}

/// <summary>A token in a file that someone else renews, read again once a minute (client-go, transport/token_source.go).</summary>
public sealed class TokenFileCredentials(string path, X509Certificate2? certificate = null) : Credentials
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private string? token;
    private long readAt;

    /// <inheritdoc/>
    public override X509Certificate2? Certificate { get; } = certificate;

    /// <inheritdoc/>
    public override ValueTask<string> AuthorizationAsync(TimeProvider time, CancellationToken cancel)
    {
        lock (gate)
        {
            if (token is null || time.GetElapsedTime(readAt) > ReadEvery) Read(time);
            return new($"Bearer {token}");
        }
    }

    /// <inheritdoc/>
    public override bool TryRenew()
    {
        lock (gate)
        {
            var before = token;
            token = null;
            return before is not null;
        }
    }

    private void Read(TimeProvider time)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length == 0) throw new ClusterConfigException($"the token file {path} is empty");
            (token, readAt) = (text, time.GetTimestamp());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The last token may serve a little longer.
            if (token is null) throw new ClusterConfigException($"the token file {path} cannot be read", failure);
        }
    }
}
