namespace Coracle.Schema.Generator.Model;

/// <summary>What a property holds.</summary>
internal enum ShapeKind { String, Int, Long, Double, Bool, Time, Bytes, Raw, Quantity, IntOrString, Object, List, Map }

/// <summary>
/// A property's type: a value, an API type, or a list or map of shapes. The type's name is fully qualified, without a question mark.
/// </summary>
internal sealed record Shape(ShapeKind Kind, bool Nullable, string TypeName, Shape? Element)
{
    public bool IsCollection => Kind is ShapeKind.List or ShapeKind.Map;

    /// <summary>Values that copies may share.</summary>
    public bool IsImmutable => Kind is not (ShapeKind.Object or ShapeKind.List or ShapeKind.Map or ShapeKind.Bytes);

    public bool IsStruct => Kind is ShapeKind.Int or ShapeKind.Long or ShapeKind.Double or ShapeKind.Bool or ShapeKind.Time
        or ShapeKind.Raw or ShapeKind.Quantity or ShapeKind.IntOrString;

    /// <summary>A part of a method's name: "ListOfMapOfContainer".</summary>
    public string Title => Kind switch
    {
        ShapeKind.List => "ListOf" + Element!.Title,
        ShapeKind.Map => "MapOf" + Element!.Title,
        ShapeKind.Object => TypeName.Replace("global::", "").Replace('.', '_'),
        _ => Kind.ToString(),
    };

    /// <summary>The innermost element of lists and maps, or the shape itself.</summary>
    public Shape Leaf => Element is null ? this : Element.Leaf;
}
