using System.Text.Json.Nodes;

namespace Coracle.Schema.Cel;

public static partial class CelJson
{
    /// <summary>A value as JSON; null and an error text for what JSON has no form for.</summary>
    public static JsonNode? ToJson(CelValue value, out string? error)
    {
        var work = Work.Begin();
        try
        {
            return Node(value, out error);
        }
        catch (CostExceededException)
        {
            error = "value is too large";
            return null;
        }
        finally
        {
            Work.Resume(work);
        }
    }

    private static JsonNode? Node(CelValue value, out string? error)
    {
        error = null;
        Work.Add(0);
        switch (value.Kind)
        {
            case CelKind.Null: return null;
            case CelKind.Bool: return JsonValue.Create(value.AsBool);
            case CelKind.Int: return JsonValue.Create(value.AsInt);
            case CelKind.Uint: return JsonValue.Create(value.AsUint);
            case CelKind.Double when double.IsFinite(value.AsDouble): return JsonValue.Create(value.AsDouble);
            case CelKind.String: return JsonValue.Create(value.AsString);
            case CelKind.Bytes: return JsonValue.Create(System.Convert.ToBase64String(value.AsBytes));
            case CelKind.Timestamp or CelKind.Duration: return JsonValue.Create(value.ToString());
            case CelKind.List: return ArrayOf(value.AsList, out error);
            case CelKind.Map: return ObjectOf(value.AsMap, out error);
            case CelKind.Object when value.AsObject is MadeObject made: return ObjectOf(made, out error);
            case CelKind.Object when value.AsObject is PreservedJson kept: return kept.Node.DeepClone();
            default:
                error = $"unsupported type {value.TypeName} in JSON";
                return null;
        }
    }

    private static JsonObject? ObjectOf(MadeObject made, out string? error)
    {
        error = null;
        var obj = new JsonObject();
        foreach (var (name, value) in made.Fields)
        {
            obj[name] = Node(value, out error);
            if (error is not null) return null;
        }
        return obj;
    }

    private static JsonArray? ArrayOf(CelList list, out string? error)
    {
        error = null;
        var array = new JsonArray();
        for (var i = 0; i < list.Count; i++)
        {
            array.Add(Node(list[i], out error));
            if (error is not null) return null;
        }
        return array;
    }

    private static JsonObject? ObjectOf(CelMap map, out string? error)
    {
        error = null;
        if (map is JsonMap { Node: { } node }) return (JsonObject)node.DeepClone();
        var obj = new JsonObject();
        foreach (var (key, value) in map.Entries())
        {
            if (key.Kind is not (CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Bool))
            {
                error = $"unsupported key type {key.TypeName} in JSON";
                return null;
            }
            obj[key.ToString()] = Node(value, out error);
            if (error is not null) return null;
        }
        return obj;
    }
}
