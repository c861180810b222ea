using Coracle.ApiServer.Access;

namespace Coracle.Hosting;

/// <summary>Who is believed and who decides, beyond what every cluster has.</summary>
public sealed record AccessOptions
{
    /// <summary>Issuers of tokens, and what becomes of requests without credentials; null for none and "they pass".</summary>
    public AuthenticationSettings? Authentication { get; init; }

    /// <summary>Who decides, in order; null for nodes and then roles.</summary>
    public AuthorizationSettings? Authorization { get; init; }

    /// <summary>Somebody outside who knows tokens; null for nobody.</summary>
    public TokenWebhookSettings? TokenWebhook { get; init; }

    /// <summary>A proxy in front of us that says whom it speaks for, besides our own; null for none.</summary>
    public FrontProxyAuthentication? FrontProxy { get; init; }

    /// <summary>Whether requests without credentials pass, where <see cref="Authentication"/> does not say.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>What issuers may sign with; null for all that upstream allows.</summary>
    public IReadOnlyList<string>? IssuerAlgorithms { get; init; }
}

/// <summary>Somebody outside who knows tokens.</summary>
/// <param name="Connection">Where.</param>
/// <param name="Version">"v1" or "v1beta1".</param>
/// <param name="CacheLifetime">How long answers hold.</param>
public sealed record TokenWebhookSettings(OutsideConnection Connection, string Version, TimeSpan CacheLifetime)
{
    internal TokenWebhookOptions Options(ControlPlaneOptions plane, IReadOnlyList<string> audiences) =>
        new() { Connection = Connection, Network = plane.Webhooks, Clock = plane.Clock, Version = Version, CacheLifetime = CacheLifetime, ApiAudiences = audiences };
}
