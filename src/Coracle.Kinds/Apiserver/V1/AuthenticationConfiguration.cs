using Coracle.Schema;

namespace Coracle.Kinds.Apiserver.V1;

/// <summary>Who may say who somebody is: a file, not an object of the API (apiserver.config.k8s.io).</summary>
[ApiType]
public sealed partial class AuthenticationConfiguration
{
    /// <summary>apiserver.config.k8s.io/v1.</summary>
    [Field(1)]
    public string ApiVersion { get; set; } = "";

    /// <summary>AuthenticationConfiguration.</summary>
    [Field(2)]
    public string Kind { get; set; } = "";

    /// <summary>Issuers of tokens that are believed, 64 at most.</summary>
    [Field(3)]
    public List<JwtAuthenticator>? Jwt { get; set; }

    /// <summary>Requests without credentials.</summary>
    [Field(4)]
    public AnonymousAuthConfig? Anonymous { get; set; }
}

/// <summary>Whether requests without credentials pass.</summary>
[ApiType]
public sealed partial class AnonymousAuthConfig
{
    /// <summary>They do.</summary>
    [Field(1)]
    public bool Enabled { get; set; }

    /// <summary>Only where one of these holds; everywhere when there is none.</summary>
    [Field(2)]
    public List<AnonymousAuthCondition>? Conditions { get; set; }
}

/// <summary>Where requests without credentials pass.</summary>
[ApiType]
public sealed partial class AnonymousAuthCondition
{
    /// <summary>On exactly this path.</summary>
    [Field(1)]
    public string Path { get; set; } = "";
}

/// <summary>An issuer of tokens, and what becomes of what they say.</summary>
[ApiType]
public sealed partial class JwtAuthenticator
{
    /// <summary>The issuer.</summary>
    [Field(1)]
    public JwtIssuer Issuer { get; set; } = new();

    /// <summary>What claims must hold.</summary>
    [Field(2)]
    public List<ClaimValidationRule>? ClaimValidationRules { get; set; }

    /// <summary>What claims make of the user.</summary>
    [Field(3)]
    public ClaimMappings ClaimMappings { get; set; } = new();

    /// <summary>What the user that came of it must be.</summary>
    [Field(4)]
    public List<UserValidationRule>? UserValidationRules { get; set; }
}

/// <summary>Who issues tokens, and for whom.</summary>
[ApiType]
public sealed partial class JwtIssuer
{
    /// <summary>The issuer as tokens name it: https, without query and fragment.</summary>
    [Field(1)]
    public string Url { get; set; } = "";

    /// <summary>Where to ask for the issuer's configuration instead of at its own URL.</summary>
    [Field(2, Name = "discoveryURL")]
    public string DiscoveryUrl { get; set; } = "";

    /// <summary>PEM; the machine's authorities when empty.</summary>
    [Field(3)]
    public string CertificateAuthority { get; set; } = "";

    /// <summary>For whom tokens have to be meant.</summary>
    [Field(4)]
    public List<string>? Audiences { get; set; }

    /// <summary>MatchAny: a token needs one of the audiences.</summary>
    [Field(5)]
    public string AudienceMatchPolicy { get; set; } = "";

    /// <summary>By which way out to reach the issuer. There is only one way here.</summary>
    [Field(6)]
    public string EgressSelectorType { get; set; } = "";
}

/// <summary>What a claim must hold: a text, or an expression over all claims.</summary>
[ApiType]
public sealed partial class ClaimValidationRule
{
    /// <summary>A claim that must be there and be a text.</summary>
    [Field(1)]
    public string Claim { get; set; } = "";

    /// <summary>The text.</summary>
    [Field(2)]
    public string RequiredValue { get; set; } = "";

    /// <summary>In CEL, over "claims"; must be true.</summary>
    [Field(3)]
    public string Expression { get; set; } = "";

    /// <summary>What is said when it is not.</summary>
    [Field(4)]
    public string Message { get; set; } = "";
}

/// <summary>What claims make of the user.</summary>
[ApiType]
public sealed partial class ClaimMappings
{
    /// <summary>The name.</summary>
    [Field(1)]
    public PrefixedClaimOrExpression Username { get; set; } = new();

    /// <summary>The groups.</summary>
    [Field(2)]
    public PrefixedClaimOrExpression Groups { get; set; } = new();

    /// <summary>The uid.</summary>
    [Field(3)]
    public ClaimOrExpression Uid { get; set; } = new();

    /// <summary>What else.</summary>
    [Field(4)]
    public List<ExtraMapping>? Extra { get; set; }
}

/// <summary>A claim with a prefix, or an expression.</summary>
[ApiType]
public sealed partial class PrefixedClaimOrExpression
{
    /// <summary>The claim.</summary>
    [Field(1)]
    public string Claim { get; set; } = "";

    /// <summary>Stands before it; "" for nothing, but it has to be said.</summary>
    [Field(2)]
    public string? Prefix { get; set; }

    /// <summary>In CEL, over "claims".</summary>
    [Field(3)]
    public string Expression { get; set; } = "";
}

/// <summary>A claim, or an expression.</summary>
[ApiType]
public sealed partial class ClaimOrExpression
{
    /// <summary>The claim.</summary>
    [Field(1)]
    public string Claim { get; set; } = "";

    /// <summary>In CEL, over "claims".</summary>
    [Field(2)]
    public string Expression { get; set; } = "";
}

/// <summary>One thing more about a user.</summary>
[ApiType]
public sealed partial class ExtraMapping
{
    /// <summary>Its key: a domain, a slash and a path, in lower case.</summary>
    [Field(1)]
    public string Key { get; set; } = "";

    /// <summary>In CEL, over "claims"; a text or texts.</summary>
    [Field(2)]
    public string ValueExpression { get; set; } = "";
}

/// <summary>What a user must be.</summary>
[ApiType]
public sealed partial class UserValidationRule
{
    /// <summary>In CEL, over "user"; must be true.</summary>
    [Field(1)]
    public string Expression { get; set; } = "";

    /// <summary>What is said when it is not.</summary>
    [Field(2)]
    public string Message { get; set; } = "";
}
