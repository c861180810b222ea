using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authentication.V1;

[Kind("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SelfSubjectReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public SelfSubjectReviewStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class SelfSubjectReviewStatus
{
    [Field(1)]
    public UserInfo UserInfo { get; set; } = new();
}
