using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

public sealed partial class ValueValidator
{
    private void Type(JsonNode? value, SchemaNode node, ValueChecks checks, ref Outcome result)
    {
        if (value is null)
        {
            if (checks.Types.Count > 0 && !node.Nullable) result.Add(WrongType(string.Join(',', checks.Types), "null"));
            else result.Matches++;
            return;
        }
        // Most values are of the one type that they may be.
        if (checks.Format is null && checks.HasType(value.GetValueKind()))
        {
            result.Matches++;
            return;
        }
        var (type, format) = Kind(value);
        var isText = type is "string" or "array";
        var wholeNumber = type == "number" && Has(checks, "integer") && IsWhole(value);
        var fits = Has(checks, type) || wholeNumber || type == "integer" && Has(checks, "number");
        if (!isText && checks.Format is { } wanted && !(fits || format == wanted)) result.Add(WrongType(wanted, format));
        else if (!(Has(checks, "number") || Has(checks, "integer")) && checks.Format is not null && isText) result.Matches++;
        else if (!fits && checks.Types.Count > 0) result.Add(WrongType(string.Join(',', checks.Types), type));
        else result.Matches++;
    }

    private static bool Has(ValueChecks checks, string type)
    {
        for (var i = 0; i < checks.Types.Count; i++)
            if (checks.Types[i] == type) return true;
        return false;
    }

    private static (string Type, string Format) Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => ("object", ""),
        JsonValueKind.Array => ("array", ""),
        JsonValueKind.String => ("string", ""),
        JsonValueKind.True or JsonValueKind.False => ("boolean", ""),
        _ => ((JsonValue)value).TryGetValue<long>(out _) ? ("integer", "int64") : ("number", "float64"),
    };

    private static bool IsWhole(JsonNode value) => Double((JsonValue)value) is var number && Math.Abs(number) <= 9_007_199_254_740_991 && number == Math.Floor(number);

    private static double Double(JsonValue value) => value.TryGetValue<double>(out var real) ? real : value.TryGetValue<long>(out var whole) ? whole : double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private Fault WrongType(string wanted, string found)
    {
        var message = $"{Name} in body must be of type {wanted}: {GoText.Quote(found)}";
        return new(message, new(FieldErrorType.TypeInvalid, Field, GoText.Quote(found), message));
    }

    private void Scalar(JsonValue value, ValueChecks checks, ref Outcome result)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                var text = value.GetValue<string>();
                Text(text, checks, ref result);
                result.Matches++;
                if (checks.Format is { } format && ValueFormats.IsOfTexts(format))
                {
                    if (!ValueFormats.Fits(format, text)) result.Add(BadFormat(format, text));
                    result.Matches++;
                }
                break;
            case JsonValueKind.Number:
                Number(value, checks, ref result);
                result.Matches++;
                break;
        }
    }

    private Fault BadFormat(string format, string text)
    {
        var message = $"{Name} in body must be of type {format}: {GoText.Quote(text)}";
        return new(message, new(FieldErrorType.TypeInvalid, Field, GoText.Quote(text), message));
    }

    // The first that fails is told alone.
    private void Text(string text, ValueChecks checks, ref Outcome result)
    {
        if (checks.MaxLength is null && checks.MinLength is null && checks.Pattern is null) return;
        var length = LengthOf(text, checks);
        if (checks.MaxLength is { } max && length > max)
            result.Add(new($"{Name} in body should be at most {max} chars long", new(FieldErrorType.TooLong, Field, null, $"may not be more than {max} bytes")));
        else if (checks.MinLength is { } min && length < min) result.Add(Invalid(text, $"should be at least {min} chars long"));
        else if (checks.Pattern is { } pattern && checks.Expression?.IsMatch(text) != true) result.Add(Invalid(text, $"should match '{pattern}'"));
    }

    // Characters are counted only where halves of them would matter.
    private static long LengthOf(string text, ValueChecks checks)
    {
        if (text.Length <= (checks.MaxLength ?? long.MaxValue) && (text.Length + 1) / 2 >= (checks.MinLength ?? 0)) return text.Length;
        var length = 0L;
        foreach (var _ in text.EnumerateRunes()) length++;
        return length;
    }

    private void Number(JsonValue value, ValueChecks checks, ref Outcome result)
    {
        result.Matches++;
        var isWhole = value.TryGetValue<long>(out var whole);
        Range(value, isWhole, whole, checks, ref result);
        if (checks.MultipleOf is { } factor && !IsMultiple(isWhole, whole, value, factor)) result.Add(Invalid(value, $"should be a multiple of {Bound(factor, isWhole)}"));
        if (checks.Minimum is { } min && Beyond(isWhole, whole, value, min, checks.ExclusiveMinimum, below: true))
            result.Add(Invalid(value, $"should be greater than {(checks.ExclusiveMinimum ? "" : "or equal to ")}{Bound(min, isWhole)}"));
        if (checks.Maximum is { } max && Beyond(isWhole, whole, value, max, checks.ExclusiveMaximum, below: false))
            result.Add(Invalid(value, $"should be less than {(checks.ExclusiveMaximum ? "" : "or equal to ")}{Bound(max, isWhole)}"));
    }

    private static string Bound(double bound, bool whole) => whole && Math.Abs(bound) < 9e18 ? ((long)bound).ToString(System.Globalization.CultureInfo.InvariantCulture) : GoText.Float(bound);

    private static bool Beyond(bool isWhole, long whole, JsonValue value, double bound, bool exclusive, bool below)
    {
        var order = isWhole ? whole.CompareTo(ToLong(bound)) : Double(value).CompareTo(bound);
        return (below ? order < 0 : order > 0) || exclusive && order == 0;
    }

    private static long ToLong(double bound) => bound >= 9.2e18 ? long.MaxValue : bound <= -9.2e18 ? long.MinValue : (long)bound;

    private static bool IsMultiple(bool isWhole, long whole, JsonValue value, double factor)
    {
        if (isWhole && factor == Math.Floor(factor) && factor > 0) return whole % (long)factor == 0;
        var number = isWhole ? whole : Double(value);
        var times = factor < 1 ? 1 / factor * number : number / factor;
        return Math.Abs(times - Math.Round(times)) < 1e-9;
    }

    // Formats of numbers say how many bits there are.
    private void Range(JsonValue value, bool isWhole, long whole, ValueChecks checks, ref Outcome result)
    {
        if (checks.Format == "int32" && (isWhole ? whole is > int.MaxValue or < int.MinValue : Math.Abs(Double(value)) > int.MaxValue))
        {
            var message = $"Checked value must be of type integer with format int32 in {Name}";
            result.Add(new(message, new(FieldErrorType.Invalid, prefix.Length == 0 ? "<nil>" : prefix, "\"\"", message)));
        }
    }
}
