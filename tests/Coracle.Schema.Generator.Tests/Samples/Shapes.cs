using Coracle.Schema;

namespace Samples.V1;

/// <summary>A part of a kind with every shape that a property may have.</summary>
[ApiType(Definition = "com.example.Shapes")]
public sealed partial class Shapes
{
    public string Text { get; set; } = "";
    public string? MaybeText { get; set; }
    public int Int { get; set; }
    public int? MaybeInt { get; set; }
    public long Long { get; set; }
    public long? MaybeLong { get; set; }
    public double Double { get; set; }
    public double? MaybeDouble { get; set; }
    public bool Bool { get; set; }
    public bool? MaybeBool { get; set; }
    public DateTimeOffset Time { get; set; }
    public DateTimeOffset? MaybeTime { get; set; }
    [MicroTime] public DateTimeOffset? Micro { get; set; }
    public byte[]? Bytes { get; set; }
    public RawJson? MaybeRaw { get; set; }
    public Quantity Quantity { get; set; }
    public Quantity? MaybeQuantity { get; set; }
    public IntOrString IntOrString { get; set; }
    public IntOrString? MaybeIntOrString { get; set; }
    public Leaf Leaf { get; set; } = new();
    public Leaf? MaybeLeaf { get; set; }
    [Field(OmitZero = true)] public Leaf ZeroLeaf { get; set; } = new();
    public List<string>? Texts { get; set; }
    public List<Leaf>? Leaves { get; set; }
    public List<int>? Numbers { get; set; }
    public Dictionary<string, string>? TextMap { get; set; }
    public Dictionary<string, Leaf>? LeafMap { get; set; }
    public Dictionary<string, List<string>>? TextsMap { get; set; }
    public Dictionary<string, byte[]>? BytesMap { get; set; }
    public Dictionary<string, Quantity>? QuantityMap { get; set; }
    public List<List<Leaf>>? LeafTable { get; set; }
}

[ApiType]
public sealed partial class Leaf
{
    public string Name { get; set; } = "";
    public int? Count { get; set; }

    /// <summary>No part of the JSON: it cannot be set.</summary>
    public bool IsNamed => Name.Length > 0;
}

/// <summary>The same shapes, all of them always written.</summary>
[ApiType]
public sealed partial class Always
{
    [Required] public string Text { get; set; } = "";
    [Required] public string? MaybeText { get; set; }
    [Required] public int Int { get; set; }
    [Field(Always = true)] public bool? MaybeBool { get; set; }
    [Required] public DateTimeOffset? MaybeTime { get; set; }
    [Required] public List<string>? Texts { get; set; }
    [Required] public List<string> Strict { get; set; } = [];
    [Required] public Dictionary<string, string>? TextMap { get; set; }
    [Required] public byte[]? Bytes { get; set; }
    [Required] public Leaf Leaf { get; set; } = new();
    [Required] public Leaf? MaybeLeaf { get; set; }
}

/// <summary>Properties whose names mean something in generated code.</summary>
[ApiType]
public sealed partial class Awkward
{
    public string reader { get; set; } = "";
    public string writer { get; set; } = "";
    public string other { get; set; } = "";
    public string value { get; set; } = "";
    public string name { get; set; } = "";
    public string @class { get; set; } = "";
    public string Presence { get; set; } = "";
    public string SchemaNode { get; set; } = "";
    public string ApiReader { get; set; } = "";
    public string Utf8JsonWriter { get; set; } = "";
    [Field(Name = "$ref")] public string Reference { get; set; } = "";
    [Field(Name = "naïve")] public string Naive { get; set; } = "";
    [Field(Name = "quote\"d")] public string Quoted { get; set; } = "";
}

[ApiType]
public sealed partial class Empty;

/// <summary>To look at one written field.</summary>
[ApiType]
public sealed partial class JsonHolder
{
    public string Micro { get; set; } = "";
}

[ApiType]
public sealed partial class Refined
{
    [Atomic, Rule("has(self.name)")]
    public Leaf? Leaf { get; set; }
}
