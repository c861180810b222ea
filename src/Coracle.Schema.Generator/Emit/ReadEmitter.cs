using System.Text;
using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>The Read method: a switch over the lengths of the names, then comparisons of bytes.</summary>
internal static class ReadEmitter
{
    public static void Emit(Code code, ApiTypeModel type)
    {
        code.Line("/// <inheritdoc/>");
        code.Block($"public static {type.Name} Read(ref {J}Utf8JsonReader reader)", () =>
        {
            code.Line($"var value = new {type.Name}();");
            code.Line($"if (!{S}ApiReader.BeginObject(ref reader)) return value;");
            if (type.Fields.Count == 0) code.Line($"while ({S}ApiReader.NextField(ref reader, out _)) {S}ApiReader.Skip(ref reader);");
            else code.Block($"while ({S}ApiReader.NextField(ref reader, out var name))", () => Switch(code, type));
            code.Line("return value;");
        });
        code.Line();
        foreach (var shape in TypeEmitter.OwnCollections(type, shape => ReadyMade(shape) is not null))
            Collection(code, shape);
    }

    private static void Switch(Code code, ApiTypeModel type)
    {
        code.Block("switch (name.Length)", () =>
        {
            foreach (var sameLength in type.Fields.GroupBy(field => Encoding.UTF8.GetByteCount(field.JsonName)).OrderBy(group => group.Key))
                code.Block($"case {sameLength.Key}:", () =>
                {
                    foreach (var field in sameLength)
                    {
                        var assignment = $"value.{Identifier(field.PropertyName)} = {Value(field.Shape)};";
                        code.Line($"if (name.SequenceEqual({Utf8(field.JsonName)})) {{ {assignment} continue; }}");
                    }
                    code.Line("break;");
                });
        });
        code.Line($"{S}ApiReader.Skip(ref reader);");
    }

    private static string Value(Shape shape) => shape.Kind switch
    {
        ShapeKind.Object => $"{shape.TypeName}.Read(ref reader)",
        ShapeKind.List or ShapeKind.Map => $"{ReadyMade(shape) ?? "Read" + shape.Title}(ref reader)",
        _ => $"{Scalar(shape.Kind)}(ref reader)",
    };

    private static string Scalar(ShapeKind kind) => $"{S}ApiReader." + kind switch
    {
        ShapeKind.Int => "Int32",
        ShapeKind.Long => "Int64",
        ShapeKind.Bool => "Boolean",
        _ => kind.ToString(),
    };

    private static string? ReadyMade(Shape shape) => shape.Element!.Kind != ShapeKind.String ? null
        : shape.Kind == ShapeKind.List ? $"{S}ApiReader.StringList" : $"{S}ApiReader.StringMap";

    private static void Collection(Code code, Shape shape)
    {
        var isList = shape.Kind == ShapeKind.List;
        code.Block($"private static {shape.TypeName} Read{shape.Title}(ref {J}Utf8JsonReader reader)", () =>
        {
            code.Line(isList ? $"var list = new {shape.TypeName}();" : $"var map = new {shape.TypeName}(global::System.StringComparer.Ordinal);");
            code.Line(isList ? $"if (!{S}ApiReader.BeginArray(ref reader)) return list;" : $"if (!{S}ApiReader.BeginObject(ref reader)) return map;");
            code.Line(isList
                ? $"while ({S}ApiReader.NextItem(ref reader)) list.Add({Value(shape.Element!)});"
                : $"while ({S}ApiReader.NextKey(ref reader, out var key)) map[key] = {Value(shape.Element!)};");
            code.Line(isList ? "return list;" : "return map;");
        });
        code.Line();
    }
}
