using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>Asks whether somebody may do something.</summary>
[Kind("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced = false, Verbs = ["create"], Rules = typeof(SubjectAccessReviewRules))]
public sealed partial class SubjectAccessReview
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who, and what.</summary>
    [Field(2), Required]
    public SubjectAccessReviewSpec Spec { get; set; } = new();

    /// <summary>The answer.</summary>
    [Field(3)]
    public SubjectAccessReviewStatus Status { get; set; } = new();
}

/// <summary>Who wants to do what. One of resourceAttributes and nonResourceAttributes is set, and a user or groups.</summary>
[ApiType]
public sealed partial class SubjectAccessReviewSpec
{
    /// <summary>Something done to a resource.</summary>
    [Field(1)]
    public ResourceAttributes? ResourceAttributes { get; set; }

    /// <summary>A request to a path that is no resource.</summary>
    [Field(2)]
    public NonResourceAttributes? NonResourceAttributes { get; set; }

    /// <summary>The user.</summary>
    [Field(3)]
    public string User { get; set; } = "";

    /// <summary>The user's groups.</summary>
    [Field(4), ListType("atomic")]
    public List<string>? Groups { get; set; }

    /// <summary>More of what the authenticator said of the user.</summary>
    [Field(5)]
    public Dictionary<string, List<string>>? Extra { get; set; }

    /// <summary>The user's UID.</summary>
    [Field(6)]
    public string Uid { get; set; } = "";
}

/// <summary>Whether it is allowed.</summary>
[ApiType]
public sealed partial class SubjectAccessReviewStatus
{
    /// <summary>It is.</summary>
    [Field(1), Required]
    public bool Allowed { get; set; }

    /// <summary>It is refused for good; nobody else is asked. False when no rule speaks for or against it.</summary>
    [Field(4)]
    public bool Denied { get; set; }

    /// <summary>Why.</summary>
    [Field(2)]
    public string Reason { get; set; } = "";

    /// <summary>What went wrong on the way; there may be an answer all the same.</summary>
    [Field(3)]
    public string EvaluationError { get; set; } = "";
}
