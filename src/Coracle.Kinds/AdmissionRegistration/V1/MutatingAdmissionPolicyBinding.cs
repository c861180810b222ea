using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Puts a policy of changes in force, for some requests and with parameters.</summary>
[Kind("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings", Namespaced = false, Categories = ["api-extensions"],
    Generation = true, UnconditionalUpdate = false, Rules = typeof(MutatingAdmissionPolicyBindingRules))]
public sealed partial class MutatingAdmissionPolicyBinding
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is bound to what.</summary>
    [Field(2)]
    public MutatingAdmissionPolicyBindingSpec Spec { get; set; } = new();
}

/// <summary>What is bound to what.</summary>
[ApiType]
public sealed partial class MutatingAdmissionPolicyBindingSpec
{
    /// <summary>The policy. A binding to one that is not there does nothing.</summary>
    [Field(1)]
    public string PolicyName { get; set; } = "";

    /// <summary>The objects that tune the policy.</summary>
    [Field(2)]
    public ParamRef? ParamRef { get; set; }

    /// <summary>Which of the requests that the policy is about.</summary>
    [Field(3)]
    public MatchResources? MatchResources { get; set; }
}
