using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

/// <summary>Asks whom a token belongs to.</summary>
[Kind("authentication.k8s.io/v1", "TokenReview", "tokenreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class TokenReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The token.</summary>
    [Field(2), Required]
    public TokenReviewSpec Spec { get; set; } = new();

    /// <summary>Whom it belongs to.</summary>
    [Field(3)]
    public TokenReviewStatus Status { get; set; } = new();
}

/// <summary>The token that is asked about.</summary>
[ApiType]
public sealed partial class TokenReviewSpec
{
    /// <summary>The token.</summary>
    [Field(1, OmitZero = true), Required]
    public string Token { get; set; } = "";

    /// <summary>Those of whom at least one must be among whom the token is meant for. The API server when empty.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Audiences { get; set; }
}

/// <summary>Whom a token belongs to.</summary>
[ApiType]
public sealed partial class TokenReviewStatus
{
    /// <summary>The token is valid.</summary>
    [Field(1)]
    public bool Authenticated { get; set; }

    /// <summary>The user that it belongs to.</summary>
    [Field(2)]
    public UserInfo User { get; set; } = new();

    /// <summary>Those of the audiences asked for whom the token is meant for.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? Audiences { get; set; }

    /// <summary>Why the token could not be checked.</summary>
    [Field(3)]
    public string Error { get; set; } = "";
}
