using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

/// <summary>Asks for a token of a service account.</summary>
[Kind("authentication.k8s.io/v1", "TokenRequest", "", Verbs = ["create"])]
public sealed partial class TokenRequest
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What token is wanted.</summary>
    [Field(2)]
    public TokenRequestSpec Spec { get; set; } = new();

    /// <summary>The token.</summary>
    [Field(3)]
    public TokenRequestStatus Status { get; set; } = new();
}

/// <summary>What token is wanted.</summary>
[ApiType]
public sealed partial class TokenRequestSpec
{
    /// <summary>Whom the token is meant for. They must refuse tokens that are not. The API server when empty.</summary>
    [Field(1, Always = true), ListType("atomic")]
    public List<string>? Audiences { get; set; }

    /// <summary>For how many seconds the token is to be valid. An hour unless given; the answer may differ.</summary>
    [Field(4, Always = true), Default(3600)]
    public long? ExpirationSeconds { get; set; }

    /// <summary>An object with which the token ends: a pod, node or secret.</summary>
    [Field(3, Always = true)]
    public BoundObjectReference? BoundObjectRef { get; set; }
}

/// <summary>Names the object with which a token ends.</summary>
[ApiType]
public sealed partial class BoundObjectReference
{
    /// <summary>Its kind: Pod, Node or Secret.</summary>
    [Field(1)]
    public string Kind { get; set; } = "";

    /// <summary>Its version.</summary>
    [Field(2)]
    public string ApiVersion { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(3)]
    public string Name { get; set; } = "";

    /// <summary>Its UID.</summary>
    [Field(4)]
    public string Uid { get; set; } = "";
}

/// <summary>The token that was asked for.</summary>
[ApiType]
public sealed partial class TokenRequestStatus
{
    /// <summary>The token.</summary>
    [Field(1, Always = true)]
    public string Token { get; set; } = "";

    /// <summary>Until when it is valid.</summary>
    [Field(2, Always = true)]
    public DateTimeOffset? ExpirationTimestamp { get; set; }
}
