using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>How much a namespace may use, in all.</summary>
[Kind("v1", "ResourceQuota", "resourcequotas", ShortNames = ["quota"], Status = true, ReturnDeleted = true, Rules = typeof(ResourceQuotaRules))]
public sealed partial class ResourceQuota
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What it may use.</summary>
    [Field(2)]
    public ResourceQuotaSpec Spec { get; set; } = new();

    /// <summary>What it uses.</summary>
    [Field(3)]
    public ResourceQuotaStatus Status { get; set; } = new();
}

/// <summary>How much a namespace may use.</summary>
[ApiType]
public sealed partial class ResourceQuotaSpec
{
    /// <summary>The most, by resource: requests.cpu, pods, count/jobs.batch...</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Hard { get; set; }

    /// <summary>What an object must be to be counted. All must hold.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Scopes { get; set; }

    /// <summary>As scopes, with operators and values.</summary>
    [Field(3)]
    public ScopeSelector? ScopeSelector { get; set; }
}

/// <summary>What an object must be to be counted.</summary>
[ApiType(Atomic = true)]
public sealed partial class ScopeSelector
{
    /// <summary>The conditions; all must hold.</summary>
    [Field(1), ListType("atomic")]
    public List<ScopedResourceSelectorRequirement>? MatchExpressions { get; set; }
}

/// <summary>One condition on an object that is to be counted.</summary>
[ApiType]
public sealed partial class ScopedResourceSelectorRequirement
{
    /// <summary>The scope.</summary>
    [Field(1), Required]
    public string ScopeName { get; set; } = "";

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    [Field(2), Required]
    public string Operator { get; set; } = "";

    /// <summary>The values, for In and NotIn.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? Values { get; set; }
}

/// <summary>What a namespace may use and uses.</summary>
[ApiType]
public sealed partial class ResourceQuotaStatus
{
    /// <summary>The most, by resource, as it is enforced.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Hard { get; set; }

    /// <summary>What is used, by resource.</summary>
    [Field(2)]
    public Dictionary<string, Quantity>? Used { get; set; }
}

/// <summary>What a quota can be limited to.</summary>
public static class ResourceQuotaScope
{
    public const string Terminating = "Terminating";
    public const string NotTerminating = "NotTerminating";
    public const string BestEffort = "BestEffort";
    public const string NotBestEffort = "NotBestEffort";
    public const string PriorityClass = "PriorityClass";
    public const string CrossNamespacePodAffinity = "CrossNamespacePodAffinity";
    public const string VolumeAttributesClass = "VolumeAttributesClass";
}
