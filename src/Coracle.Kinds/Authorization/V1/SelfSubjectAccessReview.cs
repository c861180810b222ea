using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

[Kind("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SelfSubjectAccessReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public SelfSubjectAccessReviewSpec Spec { get; set; } = new();

    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class SelfSubjectAccessReviewSpec
{
    [Field(1)]
    public ResourceAttributes? ResourceAttributes { get; set; }

    [Field(2)]
    public NonResourceAttributes? NonResourceAttributes { get; set; }
}
