using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Operations on resources. One of each list must fit.</summary>
/// <remarks>Fields numbered 2_xxx lie in protobuf in a nested message of number 2; JSON has them inline.</remarks>
[ApiType]
public sealed partial class RuleWithOperations : IResourceRule
{
    /// <summary>CREATE, UPDATE, DELETE, CONNECT, or * for all.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Operations { get; set; }

    /// <summary>API groups, or * alone for all.</summary>
    [Field(2_001), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    /// <summary>Versions of the groups, or * alone for all.</summary>
    [Field(2_002), ListType("atomic")]
    public List<string>? ApiVersions { get; set; }

    /// <summary>Resources by plural name: pods, pods/log, * for all without sub-resources, pods/* for all sub-resources of one, */scale for one of all, */* for everything.</summary>
    [Field(2_003), ListType("atomic")]
    public List<string>? Resources { get; set; }

    /// <summary>Cluster for what is outside of namespaces, Namespaced for what is in them, * for both. * unless given.</summary>
    [Field(2_004), Default("*")]
    public string? Scope { get; set; }
}

/// <summary>Operations on resources, and maybe only on objects of certain names.</summary>
/// <remarks>Fields numbered 2_xxx and 2_002_xxx lie in protobuf in nested messages; JSON has them inline.</remarks>
[ApiType(Atomic = true)]
public sealed partial class NamedRuleWithOperations : IResourceRule
{
    /// <summary>Names of objects; none for all.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? ResourceNames { get; set; }

    /// <summary>CREATE, UPDATE, DELETE, CONNECT, or * for all.</summary>
    [Field(2_001), ListType("atomic")]
    public List<string>? Operations { get; set; }

    /// <summary>API groups, or * alone for all.</summary>
    [Field(2_002_001), ListType("atomic")]
    public List<string>? ApiGroups { get; set; }

    /// <summary>Versions of the groups, or * alone for all.</summary>
    [Field(2_002_002), ListType("atomic")]
    public List<string>? ApiVersions { get; set; }

    /// <summary>Resources by plural name: pods, pods/log, * for all without sub-resources, pods/* for all sub-resources of one, */scale for one of all, */* for everything.</summary>
    [Field(2_002_003), ListType("atomic")]
    public List<string>? Resources { get; set; }

    /// <summary>Cluster for what is outside of namespaces, Namespaced for what is in them, * for both. * unless given.</summary>
    [Field(2_002_004), Default("*")]
    public string? Scope { get; set; }
}

/// <summary>What rules of webhooks and of policies have in common.</summary>
public interface IResourceRule
{
    List<string>? Operations { get; }
    List<string>? ApiGroups { get; }
    List<string>? ApiVersions { get; }
    List<string>? Resources { get; }
    string? Scope { get; }
}

/// <summary>Which requests a policy is about: all of these must hold, and no exclusion.</summary>
[ApiType(Atomic = true)]
public sealed partial class MatchResources
{
    /// <summary>Labels of the object's namespace, or of the namespace that is the object. What is outside of namespaces is not asked for it.</summary>
    [Field(1)]
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Labels of the object, before or after the change.</summary>
    [Field(2)]
    public LabelSelector? ObjectSelector { get; set; }

    /// <summary>Operations of which one must fit.</summary>
    [Field(3), ListType("atomic")]
    public List<NamedRuleWithOperations>? ResourceRules { get; set; }

    /// <summary>Operations of which none may fit.</summary>
    [Field(4), ListType("atomic")]
    public List<NamedRuleWithOperations>? ExcludeResourceRules { get; set; }

    /// <summary>Exact: as the request names its resource. Equivalent: or as another group or version names the same. Equivalent unless given.</summary>
    [Field(7), Default("Equivalent")]
    public string? MatchPolicy { get; set; }
}

/// <summary>A condition in CEL that a request must fulfil to be dealt with.</summary>
[ApiType]
public sealed partial class MatchCondition
{
    /// <summary>The condition's name, for messages: a qualified name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>An expression with a boolean value, over object, oldObject, request and authorizer.</summary>
    [Field(2), Required]
    public string Expression { get; set; } = "";
}

/// <summary>The kind of objects by which a policy is tuned.</summary>
[ApiType(Atomic = true)]
public sealed partial class ParamKind
{
    /// <summary>Group and version.</summary>
    [Field(1)]
    public string ApiVersion { get; set; } = "";

    /// <summary>The kind.</summary>
    [Field(2)]
    public string Kind { get; set; } = "";
}

/// <summary>Which objects tune a policy where it is bound. Either name or selector.</summary>
[ApiType(Atomic = true)]
public sealed partial class ParamRef
{
    /// <summary>The object's name.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>The object's namespace; that of the request unless given. Not for kinds outside of namespaces.</summary>
    [Field(2)]
    public string Namespace { get; set; } = "";

    /// <summary>Labels of the objects; the policy is asked once for each.</summary>
    [Field(3)]
    public LabelSelector? Selector { get; set; }

    /// <summary>Allow or Deny: what becomes of a request when there is no such object.</summary>
    [Field(4)]
    public string? ParameterNotFoundAction { get; set; }
}

/// <summary>An expression with a name, for the expressions after it.</summary>
[ApiType(Atomic = true)]
public sealed partial class Variable
{
    /// <summary>The name: an identifier, used as variables.name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The expression in CEL.</summary>
    [Field(2), Required]
    public string Expression { get; set; } = "";
}

/// <summary>What happens when a webhook or a policy cannot be asked.</summary>
public static class FailurePolicyType
{
    public const string Fail = "Fail";
    public const string Ignore = "Ignore";
}

/// <summary>Whether rules see other names of the same resource.</summary>
public static class MatchPolicyType
{
    public const string Exact = "Exact";
    public const string Equivalent = "Equivalent";
}

/// <summary>Whether a mutation is done again after a later one changed the object.</summary>
public static class ReinvocationPolicyType
{
    public const string Never = "Never";
    public const string IfNeeded = "IfNeeded";
}
