using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Changes in CEL to what is about to be written. They count where a binding says so.</summary>
[Kind("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", Namespaced = false, Categories = ["api-extensions"], Generation = true,
    UnconditionalUpdate = false, Rules = typeof(MutatingAdmissionPolicyRules))]
public sealed partial class MutatingAdmissionPolicy
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The changes.</summary>
    [Field(2)]
    public MutatingAdmissionPolicySpec Spec { get; set; } = new();
}

/// <summary>The changes that a policy makes.</summary>
[ApiType]
public sealed partial class MutatingAdmissionPolicySpec
{
    /// <summary>The kind of objects by which the policy is tuned: params in expressions.</summary>
    [Field(1)]
    public ParamKind? ParamKind { get; set; }

    /// <summary>Which requests the policy is about. Policies of admission and their bindings never are, nor deletions.</summary>
    [Field(2)]
    public MatchResources? MatchConstraints { get; set; }

    /// <summary>Expressions with names, each for those after it.</summary>
    [Field(3), ListType("atomic")]
    public List<Variable>? Variables { get; set; }

    /// <summary>The changes, in order. At least one.</summary>
    [Field(4), ListType("atomic")]
    public List<Mutation>? Mutations { get; set; }

    /// <summary>Fail or Ignore: what becomes of a request when an expression fails or something is missing. Fail unless given.</summary>
    [Field(5), Default("Fail")]
    public string? FailurePolicy { get; set; }

    /// <summary>Conditions that must all hold for the policy to be asked. At most 64.</summary>
    [Field(6), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<MatchCondition>? MatchConditions { get; set; }

    /// <summary>Never or IfNeeded: whether the changes are made again when the object was changed after them.</summary>
    [Field(7)]
    public string ReinvocationPolicy { get; set; } = "";
}

/// <summary>A change: an expression whose value is a patch.</summary>
[ApiType]
public sealed partial class Mutation
{
    /// <summary>ApplyConfiguration or JSONPatch.</summary>
    [Field(2), Required]
    public string PatchType { get; set; } = "";

    /// <summary>Fields to apply, as in server-side apply.</summary>
    [Field(3)]
    public ApplyConfiguration? ApplyConfiguration { get; set; }

    /// <summary>A JSON patch.</summary>
    [Field(4)]
    public JSONPatch? JsonPatch { get; set; }
}

/// <summary>Fields to apply.</summary>
[ApiType]
public sealed partial class ApplyConfiguration
{
    /// <summary>An expression in CEL whose value is an Object{...}. It cannot set what is atomic.</summary>
    [Field(1)]
    public string Expression { get; set; } = "";
}

/// <summary>A JSON patch.</summary>
[ApiType]
public sealed partial class JSONPatch
{
    /// <summary>An expression in CEL whose value is a list of JSONPatch{...}.</summary>
    [Field(1)]
    public string Expression { get; set; } = "";
}

/// <summary>How an expression changes the object.</summary>
public static class PatchType
{
    public const string ApplyConfiguration = "ApplyConfiguration";
    public const string JSONPatch = "JSONPatch";
}
