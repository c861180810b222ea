using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

[Kind("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SubjectAccessReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public SubjectAccessReviewSpec Spec { get; set; } = new();

    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class SubjectAccessReviewSpec
{
    [Field(1)]
    public ResourceAttributes? ResourceAttributes { get; set; }

    [Field(2)]
    public NonResourceAttributes? NonResourceAttributes { get; set; }

    [Field(3)]
    public string User { get; set; } = "";

    [Field(4), ListType("atomic")]
    public List<string>? Groups { get; set; }

    [Field(5)]
    public Dictionary<string, List<string>>? Extra { get; set; }

    [Field(6)]
    public string Uid { get; set; } = "";
}

[ApiType]
public sealed partial class SubjectAccessReviewStatus
{
    [Field(1), Required]
    public bool Allowed { get; set; }

    [Field(4)]
    public bool Denied { get; set; }

    [Field(2)]
    public string Reason { get; set; } = "";

    [Field(3)]
    public string EvaluationError { get; set; } = "";
}
