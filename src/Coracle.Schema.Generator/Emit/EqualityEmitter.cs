using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>ContentEquals and IsZero. Neither allocates.</summary>
internal static class EqualityEmitter
{
    public static void Emit(Code code, ApiTypeModel type)
    {
        code.Line("/// <inheritdoc/>");
        code.Block($"public bool ContentEquals({type.Name}? other)", () =>
        {
            code.Line("if (other is null) return false;");
            code.Line("if (ReferenceEquals(this, other)) return true;");
            foreach (var field in type.Fields)
            {
                var (mine, others) = (Own(field.PropertyName), "other." + Identifier(field.PropertyName));
                code.Line($"if ({Differ(field.Shape, mine, others, field.MicroTime)}) return false;");
            }
            code.Line("return true;");
        });
        code.Line();
        code.Line("/// <inheritdoc/>");
        var zeros = type.Fields.Select(field => Zero(field.Shape, Own(field.PropertyName))).DefaultIfEmpty("true");
        code.Under("public bool IsZero =>", string.Join(" && ", zeros) + ";");
        foreach (var shape in TypeEmitter.OwnCollections(type, shape => ReadyMade(shape) is not null))
            Collection(code, shape);
    }

    private static string Differ(Shape shape, string left, string right, bool micro) => shape.Kind switch
    {
        ShapeKind.String or ShapeKind.Int or ShapeKind.Long or ShapeKind.Bool => $"{left} != {right}",
        _ => "!" + Same(shape, left, right, micro),
    };

    private static string Same(Shape shape, string left, string right, bool micro) => shape.Kind switch
    {
        ShapeKind.Object or ShapeKind.Bytes => $"{S}ApiContent.Same({left}, {right})",
        ShapeKind.Time => $"{S}ApiContent.{(micro ? "SameMicroTime" : "SameTime")}({left}, {right})",
        ShapeKind.List or ShapeKind.Map => $"{ReadyMade(shape) ?? "Same" + shape.Title}({left}, {right})",
        _ => shape.Nullable ? $"Nullable.Equals({left}, {right})" : $"{left}.Equals({right})",
    };

    private static string? ReadyMade(Shape shape) =>
        shape.Element!.IsImmutable ? $"{S}ApiContent.SameValues" : shape.Element.Kind == ShapeKind.Object ? $"{S}ApiContent.Same" : null;

    private static string Zero(Shape shape, string property) => shape switch
    {
        { IsCollection: true } => $"{property} is not {{ Count: > 0 }}",
        { Kind: ShapeKind.Bytes } => $"{property} is not {{ Length: > 0 }}",
        { Nullable: true } => $"{property} is null",
        { Kind: ShapeKind.String } => $"string.IsNullOrEmpty({property})",
        { Kind: ShapeKind.Bool } => $"!{property}",
        { Kind: ShapeKind.Object } => $"{property}.IsZero",
        { Kind: ShapeKind.Quantity } => $"{property}.CompareTo(default) == 0",
        { Kind: ShapeKind.Raw } => $"{property}.Utf8.IsEmpty",
        { Kind: ShapeKind.IntOrString or ShapeKind.Time } => $"{property} == default",
        _ => $"{property} == 0",
    };

    private static void Collection(Code code, Shape shape)
    {
        code.Line();
        code.Block($"private static bool Same{shape.Title}({shape.TypeName}? left, {shape.TypeName}? right)", () =>
        {
            code.Line("var count = left?.Count ?? 0;");
            code.Line("if (count != (right?.Count ?? 0)) return false;");
            code.Line("if (count == 0) return true;");
            if (shape.Kind == ShapeKind.List)
                code.Under("for (var i = 0; i < count; i++)", $"if ({Differ(shape.Element!, "left![i]", "right![i]", false)}) return false;");
            else
                code.Under(
                    "foreach (var (key, item) in left!)",
                    $"if (!right!.TryGetValue(key, out var other) || {Differ(shape.Element!, "item", "other", false)}) return false;");
            code.Line("return true;");
        });
    }
}
