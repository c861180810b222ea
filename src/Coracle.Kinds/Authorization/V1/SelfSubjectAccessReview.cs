using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>Asks whether the asker may do something.</summary>
[Kind("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", Namespaced = false, Verbs = ["create"], Rules = typeof(SelfSubjectAccessReviewRules))]
public sealed partial class SelfSubjectAccessReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What.</summary>
    [Field(2), Required]
    public SelfSubjectAccessReviewSpec Spec { get; set; } = new();

    /// <summary>The answer.</summary>
    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}

/// <summary>What the asker wants to do. One field is set.</summary>
[ApiType]
public sealed partial class SelfSubjectAccessReviewSpec
{
    /// <summary>Something done to a resource.</summary>
    [Field(1)]
    public ResourceAttributes? ResourceAttributes { get; set; }

    /// <summary>A request to a path that is no resource.</summary>
    [Field(2)]
    public NonResourceAttributes? NonResourceAttributes { get; set; }
}
