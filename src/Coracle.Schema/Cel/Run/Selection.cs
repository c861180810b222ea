using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>Fields, keys and indexes of values. Reading from an optional gives an optional.</summary>
internal static class Selection
{
    public static CelValue Field(CelValue value, string field)
    {
        switch (value.Kind)
        {
            case CelKind.Map: return value.AsMap.TryGetField(field, out var found) ? found : CelValue.NoSuchKey(field);
            case CelKind.Optional: return OptionalField(value, field);
            case CelKind.List: return CelValue.Error("unsupported index type 'string' in list");
            case CelKind.Object: return value.AsObject.Field(field) ?? CelValue.NoSuchKey(field);
            case CelKind.Error: return value;
            default: return CelValue.NoSuchKey(field);
        }
    }

    public static CelValue OptionalField(CelValue value, string field)
    {
        if (value.Kind == CelKind.Optional)
        {
            if (!value.HasValue) return value;
            value = value.OptionalValue;
        }
        if (value.IsError) return value;
        if (value.Kind == CelKind.Object)
            return value.AsObject.HasField(field) == true && value.AsObject.Field(field) is { } known ? known.IsError ? known : CelValue.Optional(known) : CelValue.None;
        if (value.Kind == CelKind.List) return CelValue.Error("unsupported index type 'string' in list");
        if (value.Kind != CelKind.Map || !value.AsMap.TryGetField(field, out var found)) return CelValue.None;
        return found.IsError ? found : CelValue.Optional(found);
    }

    public static CelValue Has(CelValue value, string field)
    {
        if (value.Kind == CelKind.Optional)
        {
            if (!value.HasValue) return CelValue.False;
            value = value.OptionalValue;
        }
        return value.Kind switch
        {
            CelKind.Map => CelValue.Bool(value.AsMap.HasField(field)),
            CelKind.Object => CelValue.Bool(value.AsObject.HasField(field) == true),
            CelKind.List => CelValue.Error("unsupported index type 'string' in list"),
            CelKind.Error => value,
            _ => CelValue.False,
        };
    }

    public static CelValue Index(CelValue value, CelValue key)
    {
        if (value.Kind == CelKind.Optional) return OptionalIndex(value, key);
        return Find(value, key, out var found) ?? (value.Kind == CelKind.List
            ? found ? default : CelValue.Error($"index out of bounds: {key}")
            : CelValue.NoSuchKey(key.ToString()));
    }

    public static CelValue OptionalIndex(CelValue value, CelValue key)
    {
        if (value.Kind == CelKind.Optional)
        {
            if (!value.HasValue) return value;
            value = value.OptionalValue;
        }
        if (Find(value, key, out _) is not { } found) return CelValue.None;
        return found.IsError ? found : CelValue.Optional(found);
    }

    /// <summary>What is there, an error, or null when nothing is.</summary>
    private static CelValue? Find(CelValue value, CelValue key, out bool there)
    {
        there = false;
        switch (value.Kind)
        {
            case CelKind.Error: return value;
            case CelKind.Map: return value.AsMap.TryGet(key, out var found) ? found : null;
            case CelKind.List:
                if (!TryIndex(key, out var index)) return CelValue.Error($"unsupported index type '{key.TypeName}' in list");
                return index >= 0 && index < value.AsList.Count ? value.AsList[(int)index] : null;
            case CelKind.Object when key.Kind == CelKind.String: return value.AsObject.Field(key.AsString);
            default: return null;
        }
    }

    private static bool TryIndex(CelValue key, out long index)
    {
        var converted = key.Kind switch
        {
            CelKind.Int => key,
            CelKind.Uint => Conversions.ToInt(key),
            CelKind.Double when Math.Truncate(key.AsDouble) == key.AsDouble => Conversions.ToInt(key),
            _ => CelValue.NoSuchOverload,
        };
        index = converted.AsInt;
        return !converted.IsError;
    }
}
