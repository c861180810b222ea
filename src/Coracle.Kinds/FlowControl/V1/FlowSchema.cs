using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>Which requests count as one flow, and at which priority they are served.</summary>
[Kind("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "flowschemas", Namespaced = false, Status = true, Generation = true,
    Rules = typeof(FlowSchemaRules))]
public sealed partial class FlowSchema
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which requests, at which priority.</summary>
    [Field(2)]
    public FlowSchemaSpec Spec { get; set; } = new();

    /// <summary>Whether the schema works.</summary>
    [Field(3)]
    public FlowSchemaStatus Status { get; set; } = new();
}

/// <summary>Which requests are served at which priority.</summary>
[ApiType]
public sealed partial class FlowSchemaSpec
{
    /// <summary>The level at which the requests are served.</summary>
    [Field(1), Required]
    public PriorityLevelConfigurationReference PriorityLevelConfiguration { get; set; } = new();

    /// <summary>Among the schemas that a request matches the one with the smallest number counts: 1 to 10000, 1000 unless given.</summary>
    [Field(2, Always = true), Default(1000)]
    public int MatchingPrecedence { get; set; }

    /// <summary>What tells flows of the schema apart; they are one flow when absent.</summary>
    [Field(3)]
    public FlowDistinguisherMethod? DistinguisherMethod { get; set; }

    /// <summary>The requests: those that at least one rule matches.</summary>
    [Field(4), ListType("atomic")]
    public List<PolicyRulesWithSubjects>? Rules { get; set; }
}

/// <summary>What tells flows of a schema apart.</summary>
[ApiType]
public sealed partial class FlowDistinguisherMethod
{
    /// <summary>ByUser or ByNamespace.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";
}

/// <summary>Names a priority level.</summary>
[ApiType]
public sealed partial class PriorityLevelConfigurationReference
{
    /// <summary>Its name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>Requests by who sends them and what they ask for.</summary>
[ApiType]
public sealed partial class PolicyRulesWithSubjects
{
    /// <summary>Who: one of them must match.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<Subject>? Subjects { get; set; }

    /// <summary>Requests for resources.</summary>
    [Field(2), ListType("atomic")]
    public List<ResourcePolicyRule>? ResourceRules { get; set; }

    /// <summary>Requests for other paths.</summary>
    [Field(3), ListType("atomic")]
    public List<NonResourcePolicyRule>? NonResourceRules { get; set; }
}

/// <summary>Who sends requests: a user, a group or a service account.</summary>
[ApiType]
[Union("kind", "group=Group", "serviceAccount=ServiceAccount", "user=User")]
public sealed partial class Subject
{
    /// <summary>User, Group or ServiceAccount.</summary>
    [Field(1), Required]
    public string Kind { get; set; } = "";

    /// <summary>The user.</summary>
    [Field(2)]
    public UserSubject? User { get; set; }

    /// <summary>The group.</summary>
    [Field(3)]
    public GroupSubject? Group { get; set; }

    /// <summary>The service account.</summary>
    [Field(4)]
    public ServiceAccountSubject? ServiceAccount { get; set; }
}

/// <summary>A user.</summary>
[ApiType]
public sealed partial class UserSubject
{
    /// <summary>The user's name; * for all.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>The members of a group.</summary>
[ApiType]
public sealed partial class GroupSubject
{
    /// <summary>The group's name; * for all.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>A service account.</summary>
[ApiType]
public sealed partial class ServiceAccountSubject
{
    /// <summary>Its namespace.</summary>
    [Field(1), Required]
    public string Namespace { get; set; } = "";

    /// <summary>Its name; * for all of the namespace.</summary>
    [Field(2), Required]
    public string Name { get; set; } = "";
}

/// <summary>Requests for resources: verb, group, resource and place must all match.</summary>
[ApiType]
public sealed partial class ResourcePolicyRule
{
    /// <summary>The verbs; * for all.</summary>
    [Field(1), Required, ListType("set")]
    public List<string>? Verbs { get; set; }

    /// <summary>The groups, "" for the core one; * for all.</summary>
    [Field(2), Required, ListType("set")]
    public List<string>? ApiGroups { get; set; }

    /// <summary>The resources, with sub-resources as pods/log; * for all.</summary>
    [Field(3), Required, ListType("set")]
    public List<string>? Resources { get; set; }

    /// <summary>Requests match that name no namespace.</summary>
    [Field(4)]
    public bool ClusterScope { get; set; }

    /// <summary>Namespaces of the requests; * for all, though not for requests that name none.</summary>
    [Field(5, Always = true), ListType("set")]
    public List<string>? Namespaces { get; set; }
}

/// <summary>Requests for paths that are no resources.</summary>
[ApiType]
public sealed partial class NonResourcePolicyRule
{
    /// <summary>The verbs; * for all.</summary>
    [Field(1), Required, ListType("set")]
    public List<string>? Verbs { get; set; }

    /// <summary>The paths: /healthz, /apis/*; * for all.</summary>
    [Field(6), Required, ListType("set")]
    public List<string>? NonResourceURLs { get; set; }
}

/// <summary>Whether a schema works.</summary>
[ApiType]
public sealed partial class FlowSchemaStatus
{
    /// <summary>Dangling: whether the priority level is missing.</summary>
    [Field(1), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<FlowSchemaCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how a schema does.</summary>
[ApiType]
public sealed partial class FlowSchemaCondition
{
    /// <summary>The aspect: Dangling.</summary>
    [Field(1)]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2)]
    public string Status { get; set; } = "";

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(5)]
    public string Message { get; set; } = "";
}

/// <summary>What tells flows of a schema apart.</summary>
public static class FlowDistinguisherMethodType
{
    public const string ByUser = "ByUser";
    public const string ByNamespace = "ByNamespace";
}

/// <summary>Who sends requests.</summary>
public static class FlowSubjectKind
{
    public const string User = "User";
    public const string Group = "Group";
    public const string ServiceAccount = "ServiceAccount";
}
