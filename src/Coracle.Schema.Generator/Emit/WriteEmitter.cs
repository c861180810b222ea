using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>The Write method: fields as declared, each left out as its presence says.</summary>
internal static class WriteEmitter
{
    public static void Emit(Code code, ApiTypeModel type)
    {
        code.Line("/// <inheritdoc/>");
        code.Block($"public void Write({J}Utf8JsonWriter writer)", () =>
        {
            code.Line("writer.WriteStartObject();");
            if (type.Kind is { } kind)
            {
                code.Line($"writer.WriteString(\"kind\"u8, {Utf8(kind.Kind)});");
                code.Line($"writer.WriteString(\"apiVersion\"u8, {Utf8(kind.ApiVersion)});");
            }
            foreach (var field in type.Fields) Field(code, field);
            code.Line("writer.WriteEndObject();");
        });
        code.Line();
        foreach (var shape in TypeEmitter.OwnCollections(type, shape => ReadyMade(shape) is not null))
            Collection(code, shape);
    }

    private static void Field(Code code, FieldModel field)
    {
        var property = Own(field.PropertyName);
        var statements = Named(field, property);
        var write = statements.Length == 1 ? statements[0] : $"{{ {string.Join(" ", statements)} }}";
        if (field.Presence != Presence.Always)
        {
            code.Line($"if ({Present(field, property)}) {write}");
        }
        else if (field.Shape.Nullable && field.Shape.Kind != ShapeKind.String)
        {
            code.Line($"if ({property} is not null) {write}");
            code.Line($"else writer.WriteNull({Utf8(field.JsonName)});");
        }
        else
        {
            foreach (var statement in statements) code.Line(statement);
        }
    }

    private static string Present(FieldModel field, string property) => field switch
    {
        { Shape.IsCollection: true } => $"{property} is {{ Count: > 0 }}",
        { Shape.Kind: ShapeKind.Bytes } => $"{property} is {{ Length: > 0 }}",
        { Presence: Presence.WhenSet } => $"{property} is not null",
        _ => field.Shape.Kind switch
        {
            ShapeKind.String => $"!string.IsNullOrEmpty({property})",
            ShapeKind.Bool => property,
            ShapeKind.Object => $"!{property}.IsZero",
            ShapeKind.Quantity => $"{property}.CompareTo(default) != 0",
            ShapeKind.Raw => $"!{property}.Utf8.IsEmpty",
            ShapeKind.IntOrString or ShapeKind.Time => $"{property} != default",
            _ => $"{property} != 0",
        },
    };

    /// <summary>Statements that write name and value of a field that is not null.</summary>
    private static string[] Named(FieldModel field, string property)
    {
        var (name, value) = (Utf8(field.JsonName), field.Shape is { Nullable: true, IsStruct: true } ? property + ".Value" : property);
        return field.Shape.Kind switch
        {
            ShapeKind.String => [$"writer.WriteString({name}, {value});"],
            ShapeKind.Int or ShapeKind.Long or ShapeKind.Double => [$"writer.WriteNumber({name}, {value});"],
            ShapeKind.Bool => [$"writer.WriteBoolean({name}, {value});"],
            ShapeKind.Bytes => [$"writer.WriteBase64String({name}, {value});"],
            _ => [$"writer.WritePropertyName({name});", Value(field.Shape, value, field.MicroTime)],
        };
    }

    private static string Value(Shape shape, string value, bool micro) => shape.Kind switch
    {
        ShapeKind.String => $"writer.WriteStringValue({value});",
        ShapeKind.Int or ShapeKind.Long or ShapeKind.Double => $"writer.WriteNumberValue({value});",
        ShapeKind.Bool => $"writer.WriteBooleanValue({value});",
        ShapeKind.Bytes => $"writer.WriteBase64StringValue({value});",
        ShapeKind.Time => $"{S}ApiWriter.{(micro ? "MicroTime" : "Time")}(writer, {value});",
        ShapeKind.List or ShapeKind.Map => $"{ReadyMade(shape) ?? "Write" + shape.Title}(writer, {value});",
        _ => $"{value}.Write(writer);",
    };

    private static string? ReadyMade(Shape shape) => (shape.Kind, shape.Element!.Kind) switch
    {
        (ShapeKind.List, ShapeKind.String) => $"{S}ApiWriter.StringList",
        (ShapeKind.Map, ShapeKind.String) => $"{S}ApiWriter.StringMap",
        (ShapeKind.List, ShapeKind.Object) => $"{S}ApiWriter.List",
        (ShapeKind.Map, ShapeKind.Object) => $"{S}ApiWriter.Map",
        _ => null,
    };

    private static void Collection(Code code, Shape shape)
    {
        code.Block($"private static void Write{shape.Title}({J}Utf8JsonWriter writer, {shape.TypeName} value)", () =>
        {
            if (shape.Kind == ShapeKind.List)
            {
                code.Line("writer.WriteStartArray();");
                code.Under("foreach (var item in value)", Value(shape.Element!, "item", false));
                code.Line("writer.WriteEndArray();");
                return;
            }
            code.Line("writer.WriteStartObject();");
            code.Line($"using var keys = new {S}SortedKeys<{shape.Element!.TypeName}>(value);");
            code.Block("foreach (var key in keys.Span)", () =>
            {
                code.Line("writer.WritePropertyName(key);");
                code.Line(Value(shape.Element, "value[key]", false));
            });
            code.Line("writer.WriteEndObject();");
        });
        code.Line();
    }
}
