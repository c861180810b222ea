using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>An identity for programs in pods.</summary>
[Kind("v1", "ServiceAccount", "serviceaccounts", ShortNames = ["sa"], ReturnDeleted = true, Rules = typeof(ServiceAccountRules))]
public sealed partial class ServiceAccount
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Secrets that pods of this account may mount, where the account restricts them.</summary>
    [Field(2), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<ObjectReference>? Secrets { get; set; }

    /// <summary>Secrets with credentials of registries, added to the account's pods.</summary>
    [Field(3), ListType("atomic")]
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }

    /// <summary>Whether the account's token is mounted into its pods; a pod's own setting wins.</summary>
    [Field(4)]
    public bool? AutomountServiceAccountToken { get; set; }
}
