using System.Text.Json.Nodes;

namespace Coracle.Schema.Cel;

/// <summary>A JSON array; elements are read as the schema of the items says.</summary>
internal sealed class JsonList(JsonArray array, CelSchema? items) : CelList
{
    public override int Count => array.Count;
    public override CelValue this[int index] => items is null ? CelJson.Dynamic(array[index]) : CelJson.Typed(array[index], items);
}

/// <summary>A JSON object: with properties, as a map of one schema, or of none.</summary>
internal sealed class JsonMap(JsonObject node, CelSchema? schema) : CelMap
{
    public JsonObject Node => node;
    private bool Declared => schema?.Properties is not null;

    public override int Count => node.Count;

    public override bool TryGet(CelValue key, out CelValue value)
    {
        if (key.Kind == CelKind.String) return TryGetField(key.AsString, out value);
        value = default;
        return false;
    }

    public override bool TryGetField(string name, out CelValue value)
    {
        value = default;
        if (schema is null)
        {
            if (!node.TryGetPropertyValue(name, out var any)) return false;
            value = CelJson.Dynamic(any);
            return true;
        }
        var declared = Declared;
        if (declared && CelNames.Unescape(name) is var plain)
        {
            if (plain is null) return false;
            name = plain;
        }
        if (!node.TryGetPropertyValue(name, out var child) || (declared && child is null)) return false;
        if ((declared ? schema.Property(name) : schema.Values) is not { } type) return false;
        value = CelJson.Typed(child, type);
        return true;
    }

    public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries()
    {
        foreach (var (name, _) in node)
        {
            var key = Declared ? CelNames.Escape(name) ?? name : name;
            if (TryGetField(key, out var value)) yield return new(CelValue.String(key), value);
        }
    }

    public override CelValue SameAs(CelMap other)
    {
        if (schema is null || other is not JsonMap theirs) return base.SameAs(other);
        if (Count != other.Count) return CelValue.False;
        foreach (var (name, child) in node)
        {
            var key = Declared ? CelNames.Escape(name) ?? name : name;
            var known = Declared ? schema.Property(name) is not null : schema.Values is not null;
            if (!known)
            {
                if (theirs.Node.TryGetPropertyValue(name, out var unknown) && !JsonNode.DeepEquals(child, unknown)) return CelValue.False;
                continue;
            }
            var here = TryGetField(key, out var mine);
            if (here != theirs.TryGetField(key, out var yours)) return CelValue.False;
            if (!here) continue;
            var same = Equality.Equal(mine, yours);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }
}

/// <summary>JSON that is kept without being declared: it can be compared and nothing else.</summary>
internal sealed class PreservedJson(JsonNode node) : CelObject
{
    private static readonly CelType Unknown = CelType.Opaque("unknown");
    public override CelType Type => Unknown;
    public JsonNode Node => node;
    public override bool SameAs(CelObject other) => other is PreservedJson theirs && JsonNode.DeepEquals(node, theirs.Node);
    public override string ToString() => GoText.Print(node);
}
