using Coracle.Schema.Generator.Model;
using static Coracle.Schema.Generator.Emit.Code;

namespace Coracle.Schema.Generator.Emit;

/// <summary>What a kind has besides its fields: its names, and its KindInfo.</summary>
internal static class KindEmitter
{
    public static void Emit(Code code, ApiTypeModel type, KindModel kind)
    {
        TypeEmitter.Lazy(code, $"{S}KindInfo", "Info", "NewInfo");
        code.Line($"/// <summary>\"{kind.ApiVersion}\".</summary>");
        code.Line($"public string ApiVersion => {Literal(kind.ApiVersion)};");
        code.Line();
        code.Line($"/// <summary>\"{kind.Kind}\".</summary>");
        code.Line($"public string Kind => {Literal(kind.Kind)};");
        code.Line();
        code.Block($"private static {S}KindInfo NewInfo() => new()", () => Info(code, kind), ";");
        code.Line();
    }

    private static void Info(Code code, KindModel kind)
    {
        code.Line($"Group = {Literal(kind.Group)},");
        code.Line($"Version = {Literal(kind.Version)},");
        code.Line($"Kind = {Literal(kind.Kind)},");
        code.Line($"Plural = {Literal(kind.Plural)},");
        code.Line($"Singular = {Literal(kind.Singular)},");
        if (kind.ShortNames.Count > 0) code.Line($"ShortNames = {Strings(kind.ShortNames)},");
        if (kind.Categories.Count > 0) code.Line($"Categories = {Strings(kind.Categories)},");
        code.Line($"Namespaced = {Literal(kind.Namespaced)},");
        code.Line($"HasStatus = {Literal(kind.Status)},");
        code.Line($"HasScale = {Literal(kind.Scale)},");
        if (kind.Verbs.Count > 0) code.Line($"Verbs = {Strings(kind.Verbs)},");
        if (kind.Selectable.Count > 0) code.Block($"Selectable = new {S}SelectableField[]", () => Selectable(code, kind), ",");
        code.Line($"UnconditionalUpdate = {Literal(kind.UnconditionalUpdate)},");
        code.Line($"CreateOnUpdate = {Literal(kind.CreateOnUpdate)},");
        code.Line($"TracksGeneration = {Literal(kind.Generation)},");
        code.Line($"ReturnDeleted = {Literal(kind.ReturnDeleted)},");
        code.Line($"BuiltIn = {Literal(kind.BuiltIn)},");
        code.Line("Schema = Schema,");
        code.Line(kind.RulesType is null ? $"Rules = {S}KindRules.None," : $"Rules = new {kind.RulesType}(),");
        if (kind.Columns.Count > 0) code.Block($"PathColumns = new {S}PathColumn[]", () => Columns(code, kind), ",");
    }

    private static void Selectable(Code code, KindModel kind)
    {
        foreach (var field in kind.Selectable)
        {
            var equals = field.IndexOf('=');
            code.Line($"new({Literal(equals < 0 ? field : field.Substring(0, equals))}, {Literal(field.Substring(equals + 1))}),");
        }
    }

    private static void Columns(Code code, KindModel kind)
    {
        foreach (var c in kind.Columns)
        {
            var column = $"new({Literal(c.Name)}, {Literal(c.Type)}, {Literal(c.Format)}, {Literal(c.Description)}, {c.Priority})";
            code.Line($"new({column}, {Literal(c.JsonPath)}),");
        }
    }
}
