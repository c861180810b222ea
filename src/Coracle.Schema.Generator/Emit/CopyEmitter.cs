using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>The DeepCopy method. Immutable values are shared.</summary>
internal static class CopyEmitter
{
    public static void Emit(Code code, ApiTypeModel type)
    {
        code.Line("/// <inheritdoc/>");
        code.Block($"public {type.Name} DeepCopy() => new()", () =>
        {
            foreach (var field in type.Fields)
                code.Line($"{Identifier(field.PropertyName)} = {Field(field.Shape, Own(field.PropertyName))},");
        }, ";");
        code.Line();
        foreach (var shape in TypeEmitter.OwnCollections(type, shape => ReadyMade(shape) is not null))
            Collection(code, shape);
    }

    private static string Field(Shape shape, string property)
    {
        if (shape.IsImmutable) return property;
        return shape.Nullable ? $"{property} is null ? null : {Value(shape, property)}" : Value(shape, property);
    }

    private static string Value(Shape shape, string value) => shape.Kind switch
    {
        ShapeKind.Object => $"{value}.DeepCopy()",
        ShapeKind.Bytes => $"(byte[]){value}.Clone()",
        ShapeKind.List or ShapeKind.Map => $"{ReadyMade(shape) ?? "Copy" + shape.Title}({value})",
        _ => value,
    };

    private static string? ReadyMade(Shape shape) =>
        shape.Element!.IsImmutable ? $"{S}ApiContent.CopyValues" : shape.Element.Kind == ShapeKind.Object ? $"{S}ApiContent.Copy" : null;

    private static void Collection(Code code, Shape shape)
    {
        var isList = shape.Kind == ShapeKind.List;
        code.Block($"private static {shape.TypeName} Copy{shape.Title}({shape.TypeName} value)", () =>
        {
            code.Line($"var copy = new {shape.TypeName}({(isList ? "value.Count" : "value.Count, value.Comparer")});");
            code.Line(isList
                ? $"foreach (var item in value) copy.Add({Value(shape.Element!, "item")});"
                : $"foreach (var (key, item) in value) copy.Add(key, {Value(shape.Element!, "item")});");
            code.Line("return copy;");
        });
        code.Line();
    }
}
