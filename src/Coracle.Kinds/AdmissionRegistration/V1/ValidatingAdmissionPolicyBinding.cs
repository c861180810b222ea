using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Puts a policy in force, for some requests, with parameters, and says what becomes of those that it does not accept.</summary>
[Kind("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", Namespaced = false, Categories = ["api-extensions"],
    Generation = true, UnconditionalUpdate = false, Rules = typeof(ValidatingAdmissionPolicyBindingRules))]
public sealed partial class ValidatingAdmissionPolicyBinding
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is bound to what.</summary>
    [Field(2), Required]
    public ValidatingAdmissionPolicyBindingSpec Spec { get; set; } = new();
}

/// <summary>What is bound to what.</summary>
[ApiType]
public sealed partial class ValidatingAdmissionPolicyBindingSpec
{
    /// <summary>The policy. A binding to one that is not there does nothing.</summary>
    [Field(1, OmitZero = true), Required]
    public string PolicyName { get; set; } = "";

    /// <summary>The objects that tune the policy.</summary>
    [Field(2)]
    public ParamRef? ParamRef { get; set; }

    /// <summary>Which of the requests that the policy is about.</summary>
    [Field(3)]
    public MatchResources? MatchResources { get; set; }

    /// <summary>What becomes of a request that is not accepted: Deny, Warn, Audit. Not Deny and Warn together.</summary>
    [Field(4, OmitZero = true), Required, ListType("set")]
    public List<string>? ValidationActions { get; set; }
}

/// <summary>What becomes of a request that a policy does not accept.</summary>
public static class ValidationAction
{
    public const string Deny = "Deny";
    public const string Warn = "Warn";
    public const string Audit = "Audit";
}
