using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

[Kind("authentication.k8s.io/v1", "TokenReview", "tokenreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class TokenReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public TokenReviewSpec Spec { get; set; } = new();

    [Field(3)]
    public TokenReviewStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class TokenReviewSpec
{
    [Field(1), Required]
    public string Token { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<string>? Audiences { get; set; }
}

[ApiType]
public sealed partial class TokenReviewStatus
{
    [Field(1)]
    public bool Authenticated { get; set; }

    [Field(2)]
    public UserInfo User { get; set; } = new();

    [Field(4), ListType("atomic")]
    public List<string>? Audiences { get; set; }

    [Field(3)]
    public string Error { get; set; } = "";
}
