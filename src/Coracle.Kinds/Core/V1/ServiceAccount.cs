using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "ServiceAccount", "serviceaccounts", ShortNames = ["sa"], ReturnDeleted = true, Rules = typeof(ServiceAccountRules))]
public sealed partial class ServiceAccount
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<ObjectReference>? Secrets { get; set; }

    [Field(3), ListType("atomic")]
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }

    [Field(4)]
    public bool? AutomountServiceAccountToken { get; set; }
}
