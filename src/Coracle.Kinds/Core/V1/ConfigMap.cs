using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "ConfigMap", "configmaps", ShortNames = ["cm"], Rules = typeof(ConfigMapRules))]
public sealed partial class ConfigMap
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(4)]
    public bool? Immutable { get; set; }

    [Field(2)]
    public Dictionary<string, string>? Data { get; set; }

    [Field(3)]
    public Dictionary<string, byte[]>? BinaryData { get; set; }
}
