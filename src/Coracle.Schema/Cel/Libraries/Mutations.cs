using System.Text.Json.Nodes;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>
/// What mutating policies add: <c>Object{spec: Object.spec{...}}</c> for apply configurations, <c>JSONPatch{op: ..., path: ...}</c>, and
/// <c>jsonpatch.escapeKey</c>.
/// </summary>
public static class CelMutations
{
    /// <summary>The type of one JSON patch operation.</summary>
    public static CelType JsonPatchType { get; } = T.Struct("JSONPatch");

    /// <summary>The type of a whole apply configuration.</summary>
    public static CelType ObjectType { get; } = T.Struct("Object");

    internal static CelLibrary Library { get; } = new("kubernetes.jsonpatch", new CelFunction("jsonpatch.escapeKey",
        CelOverload.Function("string_jsonpatch_escapeKey_string", [T.String], T.String,
            s => CelValue.String(s.AsString.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)))));

    /// <summary>An environment with the types and functions of mutating policies.</summary>
    public static CelEnvironment AddTo(CelEnvironment environment) => environment.WithLibrary(Library).WithStructs(Find);

    private static CelStruct? Find(string name)
    {
        if (name == "JSONPatch") return new JsonPatchStruct();
        return name == "Object" || name.StartsWith("Object.", StringComparison.Ordinal) ? new ObjectStruct(name) : null;
    }

    /// <summary>A JSON patch operation that an expression made, as JSON; null and an error text where it has no such form.</summary>
    public static JsonObject? ToOperation(CelValue value, out string? error)
    {
        error = "not a JSONPatch";
        if (value.Kind != CelKind.Object || value.AsObject is not MadeObject made || made.Type.Name != "JSONPatch") return null;
        error = null;
        var result = new JsonObject();
        foreach (var (name, field) in made.Fields)
        {
            result[name] = CelJson.ToJson(field, out error);
            if (error is not null) return null;
        }
        return result;
    }

    /// <summary>
    /// Whether the types within an apply configuration are named after where they stand: <c>Object.spec</c> in the field <c>spec</c>. What is wrong, or
    /// null.
    /// </summary>
    public static string? CheckTypeNames(CelValue value)
    {
        var errors = new List<string>();
        CheckTypeNames(value, value.Kind == CelKind.Object ? value.AsObject.Type.Name : "", errors);
        return errors.Count == 0 ? null : string.Join('\n', errors);
    }

    private static void CheckTypeNames(CelValue value, string path, List<string> errors)
    {
        switch (value.Kind)
        {
            case CelKind.Object when value.AsObject is MadeObject made:
                if (made.Type.Name != path)
                    errors.Add($"unexpected type name {GoText.Quote(made.Type.Name)}, expected {GoText.Quote(path)}, which matches field name path from root Object type");
                foreach (var (name, field) in made.Fields) CheckTypeNames(field, $"{path}.{name}", errors);
                break;
            case CelKind.List:
                foreach (var item in value.AsList.Items()) CheckTypeNames(item, path, errors);
                break;
            case CelKind.Map:
                foreach (var (_, item) in value.AsMap.Entries()) CheckTypeNames(item, path, errors);
                break;
        }
    }

    private sealed class ObjectStruct(string name) : CelStruct(T.Struct(name))
    {
        public override T? FieldType(string field) => T.Dyn;
        public override CelValue Make(IReadOnlyDictionary<string, CelValue> fields) => CelValue.Object(new MadeObject(Type, fields));
    }

    private sealed class JsonPatchStruct() : CelStruct(JsonPatchType)
    {
        public override T? FieldType(string field) => field switch { "op" or "path" or "from" => T.String, "value" => T.Dyn, _ => null };

        public override CelValue Make(IReadOnlyDictionary<string, CelValue> fields)
        {
            foreach (var (name, value) in fields)
                if (name != "value" && value.Kind != CelKind.String)
                    return CelValue.Error($"unexpected type {value.TypeName} for JSONPatchType '{name}' field");
            return CelValue.Object(new MadeObject(Type, fields));
        }
    }
}

/// <summary>An object that an expression made, with its fields.</summary>
internal sealed class MadeObject(CelType type, IReadOnlyDictionary<string, CelValue> fields) : CelObject
{
    public IReadOnlyDictionary<string, CelValue> Fields => fields;
    public override CelType Type => type;
    public override bool IsZero => fields.Count == 0;
    public override CelValue? Field(string name) => fields.TryGetValue(name, out var value) ? value : null;
    public override bool? HasField(string name) => fields.ContainsKey(name);

    public override bool SameAs(CelObject other) => other is MadeObject theirs && theirs.Type.Name == type.Name && theirs.Fields.Count == fields.Count
        && fields.All(f => theirs.Fields.TryGetValue(f.Key, out var value) && Equality.Same(f.Value, value));
}
