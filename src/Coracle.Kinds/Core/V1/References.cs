using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType(Atomic = true)]
public sealed partial class ObjectReference
{
    [Field(1)]
    public string Kind { get; set; } = "";

    [Field(2)]
    public string Namespace { get; set; } = "";

    [Field(3)]
    public string Name { get; set; } = "";

    [Field(4)]
    public string Uid { get; set; } = "";

    [Field(5)]
    public string ApiVersion { get; set; } = "";

    [Field(6)]
    public string ResourceVersion { get; set; } = "";

    [Field(7)]
    public string FieldPath { get; set; } = "";
}

[ApiType(Atomic = true)]
public sealed partial class LocalObjectReference
{
    [Field(1), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";
}

[ApiType(Atomic = true)]
public sealed partial class TypedLocalObjectReference
{
    [Field(1, Always = true)]
    public string? ApiGroup { get; set; }

    [Field(2), Required]
    public string Kind { get; set; } = "";

    [Field(3), Required]
    public string Name { get; set; } = "";
}

[ApiType]
public sealed partial class TypedObjectReference
{
    [Field(1, Always = true)]
    public string? ApiGroup { get; set; }

    [Field(2), Required]
    public string Kind { get; set; } = "";

    [Field(3), Required]
    public string Name { get; set; } = "";

    [Field(4)]
    public string? Namespace { get; set; }
}
