using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>Asks what the asker may do within a namespace.</summary>
[Kind("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", Namespaced = false, Verbs = ["create"])]
public sealed partial class SelfSubjectRulesReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which namespace.</summary>
    [Field(2), Required]
    public SelfSubjectRulesReviewSpec Spec { get; set; } = new();

    /// <summary>What is allowed there.</summary>
    [Field(3)]
    public SubjectRulesReviewStatus Status { get; set; } = new();
}

/// <summary>The namespace that is asked about.</summary>
[ApiType]
public sealed partial class SelfSubjectRulesReviewSpec
{
    /// <summary>The namespace.</summary>
    [Field(1)]
    public string Namespace { get; set; } = "";
}

/// <summary>What somebody may do within a namespace. For display: decisions are made by access reviews.</summary>
[ApiType]
public sealed partial class SubjectRulesReviewStatus
{
    /// <summary>What may be done to resources.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<ResourceRule>? ResourceRules { get; set; }

    /// <summary>What may be done with paths that are no resources.</summary>
    [Field(2), Required, ListType("atomic")]
    public List<NonResourceRule>? NonResourceRules { get; set; }

    /// <summary>There may be more, which the authorizers cannot list.</summary>
    [Field(3), Required]
    public bool Incomplete { get; set; }

    /// <summary>What went wrong on the way.</summary>
    [Field(4)]
    public string EvaluationError { get; set; } = "";
}

/// <summary>Something that may be done to resources.</summary>
[ApiType]
public sealed partial class ResourceRule
{
    /// <summary>What may be done; * for all.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    /// <summary>Groups of the resources; * for all.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    /// <summary>The resources; * for all.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Resources { get; set; }

    /// <summary>Names of the objects; all of them when empty.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? ResourceNames { get; set; }
}

/// <summary>Something that may be done with paths that are no resources.</summary>
[ApiType]
public sealed partial class NonResourceRule
{
    /// <summary>What may be done; * for all.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Verbs { get; set; }

    /// <summary>The paths; * as the last step for all below.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? NonResourceURLs { get; set; }
}
