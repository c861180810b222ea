using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Configuration as keys and values, for pods to read.</summary>
[Kind("v1", "ConfigMap", "configmaps", ShortNames = ["cm"], Rules = typeof(ConfigMapRules))]
public sealed partial class ConfigMap
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The data can never be changed again. Spares the nodes watching it.</summary>
    [Field(4)]
    public bool? Immutable { get; set; }

    /// <summary>Values that are text.</summary>
    [Field(2)]
    public Dictionary<string, string>? Data { get; set; }

    /// <summary>Values that are bytes, in base64. No key may be in both.</summary>
    [Field(3)]
    public Dictionary<string, byte[]>? BinaryData { get; set; }
}
