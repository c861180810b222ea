using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

[Kind("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SelfSubjectRulesReview
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public SelfSubjectRulesReviewSpec Spec { get; set; } = new();

    [Field(3)]
    public SubjectRulesReviewStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class SelfSubjectRulesReviewSpec
{
    [Field(1)]
    public string Namespace { get; set; } = "";
}

[ApiType]
public sealed partial class SubjectRulesReviewStatus
{
    [Field(1), Required, ListType("atomic")]
    public List<ResourceRule>? ResourceRules { get; set; }

    [Field(2), Required, ListType("atomic")]
    public List<NonResourceRule>? NonResourceRules { get; set; }

    [Field(3), Required]
    public bool Incomplete { get; set; }

    [Field(4)]
    public string EvaluationError { get; set; } = "";
}

[ApiType]
public sealed partial class ResourceRule
{
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    [Field(3), ListType("atomic")]
    public List<string>? Resources { get; set; }

    [Field(4), ListType("atomic")]
    public List<string>? ResourceNames { get; set; }
}

[ApiType]
public sealed partial class NonResourceRule
{
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? NonResourceURLs { get; set; }
}
