using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Rules in CEL by which requests are accepted or refused. They count where a binding says so.</summary>
[Kind("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", Namespaced = false, Categories = ["api-extensions"], Status = true,
    Generation = true, UnconditionalUpdate = false, Rules = typeof(ValidatingAdmissionPolicyRules))]
public sealed partial class ValidatingAdmissionPolicy
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The rules.</summary>
    [Field(2)]
    public ValidatingAdmissionPolicySpec Spec { get; set; } = new();

    /// <summary>What was found out about them.</summary>
    [Field(3)]
    public ValidatingAdmissionPolicyStatus Status { get; set; } = new();
}

/// <summary>The rules of a policy.</summary>
[ApiType]
public sealed partial class ValidatingAdmissionPolicySpec
{
    /// <summary>The kind of objects by which the policy is tuned: params in expressions.</summary>
    [Field(1)]
    public ParamKind? ParamKind { get; set; }

    /// <summary>Which requests the policy is about. Policies of admission and their bindings never are.</summary>
    [Field(2)]
    public MatchResources? MatchConstraints { get; set; }

    /// <summary>What must be true. Here or in auditAnnotations there must be at least one.</summary>
    [Field(3), ListType("atomic")]
    public List<Validation>? Validations { get; set; }

    /// <summary>Fail or Ignore: what becomes of a request when an expression fails or something is missing. Fail unless given.</summary>
    [Field(4), Default("Fail")]
    public string? FailurePolicy { get; set; }

    /// <summary>What is written to the audit log.</summary>
    [Field(5), ListType("atomic")]
    public List<AuditAnnotation>? AuditAnnotations { get; set; }

    /// <summary>Conditions that must all hold for the policy to be asked. At most 64.</summary>
    [Field(6), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<MatchCondition>? MatchConditions { get; set; }

    /// <summary>Expressions with names, each for those after it.</summary>
    [Field(7), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<Variable>? Variables { get; set; }
}

/// <summary>Something that must be true of a request.</summary>
[ApiType]
public sealed partial class Validation
{
    /// <summary>An expression in CEL with a boolean value, over object, oldObject, request, params, namespaceObject, variables and authorizer.</summary>
    [Field(1), Required]
    public string Expression { get; set; } = "";

    /// <summary>What clients are told when it is false.</summary>
    [Field(2)]
    public string Message { get; set; } = "";

    /// <summary>The reason in the answer: Unauthorized, Forbidden, Invalid or RequestEntityTooLarge. Invalid unless given.</summary>
    [Field(3)]
    public string? Reason { get; set; }

    /// <summary>An expression for the message, before message itself.</summary>
    [Field(4)]
    public string MessageExpression { get; set; } = "";
}

/// <summary>An annotation of the audit log.</summary>
[ApiType]
public sealed partial class AuditAnnotation
{
    /// <summary>The key, which follows the policy's name and a slash.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>An expression in CEL for the value: a string, or null for no annotation.</summary>
    [Field(2), Required]
    public string ValueExpression { get; set; } = "";
}

/// <summary>What was found out about a policy.</summary>
[ApiType]
public sealed partial class ValidatingAdmissionPolicyStatus
{
    /// <summary>The generation of the policy that this status reflects.</summary>
    [Field(1)]
    public long ObservedGeneration { get; set; }

    /// <summary>What does not fit the types that the policy matches.</summary>
    [Field(2)]
    public TypeChecking? TypeChecking { get; set; }

    /// <summary>The state of the policy in aspects.</summary>
    [Field(3), ListType("map", "type")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>What was found when expressions were checked against the types that they are about.</summary>
[ApiType]
public sealed partial class TypeChecking
{
    /// <summary>What does not fit, expression by expression.</summary>
    [Field(1), ListType("atomic")]
    public List<ExpressionWarning>? ExpressionWarnings { get; set; }
}

/// <summary>What does not fit in one expression.</summary>
[ApiType]
public sealed partial class ExpressionWarning
{
    /// <summary>Where the expression is: spec.validations[0].expression.</summary>
    [Field(2), Required]
    public string FieldRef { get; set; } = "";

    /// <summary>What is wrong, in words, type by type.</summary>
    [Field(3), Required]
    public string Warning { get; set; } = "";
}
