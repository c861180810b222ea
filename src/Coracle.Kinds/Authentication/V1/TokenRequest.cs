using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

[Kind("authentication.k8s.io/v1", "TokenRequest", "", Verbs = ["create"])]
public sealed partial class TokenRequest
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public TokenRequestSpec Spec { get; set; } = new();

    [Field(3)]
    public TokenRequestStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class TokenRequestSpec
{
    [Field(1, Always = true), ListType("atomic")]
    public List<string>? Audiences { get; set; }

    [Field(4, Always = true), Default(3600)]
    public long? ExpirationSeconds { get; set; }

    [Field(3, Always = true)]
    public BoundObjectReference? BoundObjectRef { get; set; }
}

[ApiType]
public sealed partial class BoundObjectReference
{
    [Field(1)]
    public string Kind { get; set; } = "";

    [Field(2)]
    public string ApiVersion { get; set; } = "";

    [Field(3)]
    public string Name { get; set; } = "";

    [Field(4)]
    public string Uid { get; set; } = "";
}

[ApiType]
public sealed partial class TokenRequestStatus
{
    [Field(1, Always = true)]
    public string Token { get; set; } = "";

    [Field(2, Always = true)]
    public DateTimeOffset? ExpirationTimestamp { get; set; }
}
