using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Names an object of any kind.</summary>
[ApiType(Atomic = true)]
public sealed partial class ObjectReference
{
    /// <summary>Its kind.</summary>
    [Field(1)]
    public string Kind { get; set; } = "";

    /// <summary>Its namespace.</summary>
    [Field(2)]
    public string Namespace { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(3)]
    public string Name { get; set; } = "";

    /// <summary>Its UID.</summary>
    [Field(4)]
    public string Uid { get; set; } = "";

    /// <summary>Its group and version.</summary>
    [Field(5)]
    public string ApiVersion { get; set; } = "";

    /// <summary>The version of it that is meant.</summary>
    [Field(6)]
    public string ResourceVersion { get; set; } = "";

    /// <summary>The part of it that is meant: spec.containers{name}.</summary>
    [Field(7)]
    public string FieldPath { get; set; } = "";
}

/// <summary>Names an object in the same namespace, of a kind that follows from where this stands.</summary>
[ApiType(Atomic = true)]
public sealed partial class LocalObjectReference
{
    /// <summary>Its name.</summary>
    [Field(1), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";
}

/// <summary>Names an object of any kind in the same namespace.</summary>
[ApiType(Atomic = true)]
public sealed partial class TypedLocalObjectReference
{
    /// <summary>Its group; absent for the core group.</summary>
    [Field(1, Always = true)]
    public string? ApiGroup { get; set; }

    /// <summary>Its kind.</summary>
    [Field(2), Required]
    public string Kind { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";
}

/// <summary>Names an object of any kind.</summary>
[ApiType]
public sealed partial class TypedObjectReference
{
    /// <summary>Its group; absent for the core group.</summary>
    [Field(1, Always = true)]
    public string? ApiGroup { get; set; }

    /// <summary>Its kind.</summary>
    [Field(2), Required]
    public string Kind { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";

    /// <summary>Its namespace, when not the same. A ReferenceGrant there must allow it.</summary>
    [Field(4)]
    public string? Namespace { get; set; }
}
