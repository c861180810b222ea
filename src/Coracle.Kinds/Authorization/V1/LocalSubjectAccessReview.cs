using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

[Kind("authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", Verbs = ["create"])]
public sealed partial class LocalSubjectAccessReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public SubjectAccessReviewSpec Spec { get; set; } = new();

    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}
