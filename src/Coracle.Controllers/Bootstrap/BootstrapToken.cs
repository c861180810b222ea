using System.Globalization;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Bootstrap;

/// <summary>A token by which nodes join, as its secret says (upstream: cluster-bootstrap/token).</summary>
internal sealed record BootstrapToken(string Id, string Value)
{
    private const string NamePrefix = "bootstrap-token-";

    /// <summary>The secrets that are such tokens.</summary>
    public static CacheScope Secrets { get; } = new() { Namespace = "kube-system", FieldSelector = "type=bootstrap.kubernetes.io/token" };

    /// <summary>The token, when it may be used for this; null otherwise.</summary>
    public static BootstrapToken? Of(Secret secret, string usage, DateTimeOffset now)
    {
        var (id, value) = (Text(secret, "token-id"), Text(secret, "token-secret"));
        if (secret.Type != "bootstrap.kubernetes.io/token" || !secret.Metadata.Name.StartsWith(NamePrefix, StringComparison.Ordinal)) return null;
        if (id.Length == 0 || value.Length == 0 || secret.Metadata.Name != NamePrefix + id) return null;
        return Left(secret, now) is { } left && left <= TimeSpan.Zero || Text(secret, "usage-bootstrap-" + usage) != "true" ? null : new(id, value);
    }

    /// <summary>How long the secret is still good; null for ever. A time that cannot be read is over.</summary>
    public static TimeSpan? Left(Secret secret, DateTimeOffset now)
    {
        var text = Text(secret, "expiration");
        if (text.Length == 0) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end - now : TimeSpan.Zero;
    }

    private static string Text(Secret secret, string key) => secret.Data?.GetValueOrDefault(key) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
