using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Functions over an object and its type: is it valid, which fields has it, and what remains without some.</summary>
internal static class TypedObject
{
    /// <summary>What is wrong with an object, in upstream's words, or null.</summary>
    public static string? Check(JsonNode? value, MergeType type, bool allowDuplicates)
    {
        var faults = new List<string>(0);
        Check(value, type, allowDuplicates, [], faults);
        return faults.Count switch
        {
            0 => null,
            1 => faults[0],
            _ => "errors:\n  " + string.Join("\n  ", faults),
        };
    }

    /// <summary>
    /// All that is below a value: the fields of objects and the items of lists that merge by name, each with what is below it. Null where the value is owned as one.
    /// </summary>
    public static FieldSet? Parts(JsonNode? value, MergeType type)
    {
        switch (type.Form(Maybe.Of(value)))
        {
            case MergeForm.Map when value is JsonObject { Count: > 0 } map && !type.IsAtomicMap:
                var fields = FieldSet.OfSize(map.Count);
                foreach (var (name, field) in map) fields.Add(PathElement.Field(name), Parts(field, type.Field(name) ?? MergeType.Untyped));
                return fields;
            case MergeForm.List when value is JsonArray { Count: > 0 } list && !type.IsAtomicList:
                return Items(list, type);
            default: return null;
        }
    }

    private static FieldSet Items(JsonArray list, MergeType type)
    {
        var items = FieldSet.OfSize(list.Count);
        foreach (var item in list)
        {
            if (type.Name(item, out _) is not { } name) continue;
            // Items of the same name are owned as one.
            if (items.Has(name)) items.Cut(name);
            else items.Add(name, Parts(item, type.Items));
        }
        return items;
    }

    private static void Check(JsonNode? value, MergeType type, bool allowDuplicates, List<PathElement> path, List<string> faults)
    {
        // What is carried as it came is of any form.
        if (value is null || type.Node is { Verbatim: true }) return;
        switch (type.Form(Maybe.Of(value)))
        {
            case MergeForm.Scalar:
                if (type.CheckScalar(value) is { } wrong) faults.Add(At(path, wrong));
                break;
            case MergeForm.List when value is JsonArray list: CheckItems(list, type, allowDuplicates, path, faults); break;
            case MergeForm.List: faults.Add(At(path, $"expected list, got &{{{GoText.Print(value)}}}")); break;
            case MergeForm.Map when value is JsonObject map: CheckFields(map, type, allowDuplicates, path, faults); break;
            default: faults.Add(At(path, $"expected map, got &{{{GoText.Print(value)}}}")); break;
        }
    }

    private static void CheckFields(JsonObject map, MergeType type, bool allowDuplicates, List<PathElement> path, List<string> faults)
    {
        foreach (var (name, field) in map)
        {
            path.Add(PathElement.Field(name));
            var below = type.Field(name);
            if (below is { } known) Check(field, known, allowDuplicates, path, faults);
            else faults.Add(At(path, "field not declared in schema"));
            path.RemoveAt(path.Count - 1);
            if (below is null) return; // upstream looks no further
        }
    }

    private static void CheckItems(JsonArray list, MergeType type, bool allowDuplicates, List<PathElement> path, List<string> faults)
    {
        var seen = type.IsAtomicList || allowDuplicates || list.Count < 2 ? null : new HashSet<PathElement>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var step = PathElement.Index(i);
            if (!type.IsAtomicList)
            {
                if (type.Name(list[i], out var error) is not { } name)
                {
                    faults.Add(At(path, $"element {i}: {error}"));
                    return;
                }
                step = name;
                if (seen?.Add(name) == false) faults.Add(At(path, $"duplicate entries for key {step}"));
            }
            path.Add(step);
            Check(list[i], type.Items, allowDuplicates, path, faults);
            path.RemoveAt(path.Count - 1);
        }
    }

    // Hardly ever is anything wrong: where it is becomes text only then.
    private static string At(List<PathElement> path, string fault) => path.Count == 0 ? fault : $"{FieldSet.Text(path)}: {fault}";

    /// <summary>Every leaf field and list item that an object mentions.</summary>
    public static FieldSet Fields(JsonNode? value, MergeType type)
    {
        var set = new FieldSet();
        Fields(value, type, [], set);
        return set;
    }

    private static void Fields(JsonNode? value, MergeType type, List<PathElement> path, FieldSet set)
    {
        switch (type.Form(Maybe.Of(value)))
        {
            case MergeForm.Scalar: Insert(set, path); break;
            case MergeForm.List when type.IsAtomicList: Insert(set, path); break;
            case MergeForm.List: FieldsOfItems(value as JsonArray, type, path, set); break;
            case MergeForm.Map when type.IsAtomicMap: Insert(set, path); break;
            case MergeForm.Map when value is JsonObject map:
                foreach (var (name, field) in map)
                {
                    path.Add(PathElement.Field(name));
                    Fields(field, type.Field(name) ?? MergeType.Untyped, path, set);
                    if (field is null or JsonObject { Count: 0 } || !type.Declares(name)) Insert(set, path);
                    path.RemoveAt(path.Count - 1);
                }
                break;
        }
    }

    private static void FieldsOfItems(JsonArray? list, MergeType type, List<PathElement> path, FieldSet set)
    {
        if (list is null) return;
        var names = new PathElement?[list.Count];
        var counts = new Dictionary<PathElement, int>(list.Count);
        for (var i = 0; i < list.Count; i++)
            if ((names[i] = type.Name(list[i], out _)) is { } name)
                counts[name] = counts.GetValueOrDefault(name) + 1;
        for (var i = 0; i < list.Count; i++)
        {
            if (names[i] is not { } name) continue;
            path.Add(name);
            if (counts[name] == 1) Fields(list[i], type.Items, path, set);
            Insert(set, path);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static void Insert(FieldSet set, List<PathElement> path) => set.Insert(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path));

    /// <summary>A copy of a value without some of its fields and items. What is empty in the end is null.</summary>
    public static JsonNode? Without(JsonNode? value, FieldSet fields, MergeType type) => (type.Form(Maybe.Of(value)), value) switch
    {
        (MergeForm.Scalar, _) => value?.DeepClone(),
        (MergeForm.List, JsonArray list) when !type.IsAtomicList => WithoutItems(list, fields, type),
        (MergeForm.Map, JsonObject map) when !type.IsAtomicMap => WithoutFields(map, fields, type),
        _ => null,
    };

    private static JsonArray? WithoutItems(JsonArray list, FieldSet fields, MergeType type)
    {
        var rest = new JsonArray();
        foreach (var item in list)
        {
            var name = type.Name(item, out _);
            if (name is { } step && fields.Has(step)) continue;
            var below = name is { } known ? fields.Below(known) : FieldSet.Empty;
            rest.Add(below.IsEmpty ? item?.DeepClone() : Without(item, below, type.Items));
        }
        return rest.Count > 0 ? rest : null;
    }

    private static JsonObject? WithoutFields(JsonObject map, FieldSet fields, MergeType type)
    {
        var rest = new JsonObject();
        foreach (var (name, field) in map)
        {
            var step = PathElement.Field(name);
            if (fields.Has(step)) continue;
            var below = fields.Below(step);
            rest[name] = below.IsEmpty ? field?.DeepClone() : Without(field, below, type.Field(name) ?? MergeType.Untyped);
        }
        return rest.Count > 0 ? rest : null;
    }
}
