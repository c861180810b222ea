using Coracle.Kinds.Apiserver.V1;

namespace Coracle.ApiServer.Access;

/// <summary>What one issuer's tokens must hold and what they make of a user: its configuration with its expressions compiled.</summary>
/// <param name="Configuration">As it was written.</param>
internal sealed record IssuerRules(JwtAuthenticator Configuration)
{
    public ClaimExpression? Username { get; init; }
    public ClaimExpression? Groups { get; init; }
    public ClaimExpression? Uid { get; init; }
    public IReadOnlyList<(string Key, ClaimExpression Value)> Extra { get; init; } = [];
    public IReadOnlyList<ClaimExpression> ClaimRules { get; init; } = [];
    public IReadOnlyList<ClaimExpression> UserRules { get; init; } = [];

    public IReadOnlyList<string> Audiences => Configuration.Issuer.Audiences ?? [];

    public bool HasExpressionsOverClaims => Username is not null || Groups is not null || Uid is not null || Extra.Count > 0 || ClaimRules.Count > 0;
}
