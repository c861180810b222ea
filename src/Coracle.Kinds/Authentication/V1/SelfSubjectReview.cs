using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

/// <summary>Asks who the asker is.</summary>
[Kind("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SelfSubjectReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who it is.</summary>
    [Field(2)]
    public SelfSubjectReviewStatus Status { get; set; } = new();
}

/// <summary>Who the asker is.</summary>
[ApiType]
public sealed partial class SelfSubjectReviewStatus
{
    /// <summary>The user, as the server sees it.</summary>
    [Field(1)]
    public UserInfo UserInfo { get; set; } = new();
}
