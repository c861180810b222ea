using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>Asks whether somebody may do something within a namespace.</summary>
[Kind("authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", Verbs = ["create"], Rules = typeof(LocalSubjectAccessReviewRules))]
public sealed partial class LocalSubjectAccessReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who, and what. Its namespace must be the object's own.</summary>
    [Field(2), Required]
    public SubjectAccessReviewSpec Spec { get; set; } = new();

    /// <summary>The answer.</summary>
    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}
