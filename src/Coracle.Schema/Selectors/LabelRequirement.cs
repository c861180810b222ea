using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>What a requirement asks of a label's value.</summary>
public enum LabelOperator { Equals, DoubleEquals, NotEquals, In, NotIn, Exists, DoesNotExist, GreaterThan, LessThan }

/// <summary>One condition on one label.</summary>
public sealed class LabelRequirement
{
    private readonly string[] values;
    private readonly byte[] utf8Key;
    private readonly byte[][] utf8Values;
    private readonly long bound;

    internal LabelRequirement(string key, LabelOperator @operator, string[] values)
    {
        (Key, Operator, this.values) = (key, @operator, values);
        utf8Key = Encoding.UTF8.GetBytes(key);
        utf8Values = Array.ConvertAll(values, Encoding.UTF8.GetBytes);
        if (@operator is LabelOperator.GreaterThan or LabelOperator.LessThan && values.Length == 1) TryInteger(utf8Values[0], out bound);
    }

    public string Key { get; }
    public LabelOperator Operator { get; }

    /// <summary>The values as given; none for Exists and DoesNotExist.</summary>
    public IReadOnlyList<string> Values => values;

    /// <summary>Makes a requirement; otherwise <paramref name="error"/> is what upstream says of it.</summary>
    public static LabelRequirement? Create(string key, LabelOperator @operator, IEnumerable<string>? values, out string? error)
    {
        var given = values?.ToArray();
        error = LabelRequirementRules.Check(key, @operator, given);
        return error is null ? new(key, @operator, given ?? []) : null;
    }

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        string? value = null;
        var exists = labels is not null && labels.TryGetValue(Key, out value);
        return Operator switch
        {
            LabelOperator.Exists => exists,
            LabelOperator.DoesNotExist => !exists,
            LabelOperator.NotIn or LabelOperator.NotEquals => !exists || Array.IndexOf(values, value) < 0,
            LabelOperator.GreaterThan or LabelOperator.LessThan => exists && TryInteger(value, out var number) && IsBeyond(number),
            _ => exists && Array.IndexOf(values, value) >= 0,
        };
    }

    /// <summary>Whether labels given as a JSON object match. An empty span and null stand for no labels.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8Labels)
    {
        var reader = new Utf8JsonReader(utf8Labels.IsEmpty ? "null"u8 : utf8Labels, ApiJson.ReaderOptions);
        var exists = Find(ref reader);
        return Operator switch
        {
            LabelOperator.Exists => exists,
            LabelOperator.DoesNotExist => !exists,
            LabelOperator.NotIn or LabelOperator.NotEquals => !exists || !HasValue(ref reader),
            LabelOperator.GreaterThan or LabelOperator.LessThan => exists && !reader.ValueIsEscaped && TryInteger(reader.ValueSpan, out var number) && IsBeyond(number),
            _ => exists && HasValue(ref reader),
        };
    }

    /// <summary>Leaves the reader on the label's value.</summary>
    private bool Find(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(utf8Key);
            if (!reader.Read()) return false;
            if (found) return reader.TokenType == JsonTokenType.String;
            reader.Skip();
        }
        return false;
    }

    private bool HasValue(ref Utf8JsonReader reader)
    {
        foreach (var value in utf8Values)
            if (reader.ValueTextEquals(value))
                return true;
        return false;
    }

    private bool IsBeyond(long number) => Operator == LabelOperator.GreaterThan ? number > bound : number < bound;

    internal static bool TryInteger(string? text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool TryInteger(ReadOnlySpan<byte> utf8, out long number) => long.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>As in a query: "x in (a,b)", "!y", "z>1". Values are sorted.</summary>
    public override string ToString()
    {
        var joined = values.Length == 1 ? values[0] : string.Join(',', values.Order(StringComparer.Ordinal));
        return Operator switch
        {
            LabelOperator.Equals => $"{Key}={joined}",
            LabelOperator.DoubleEquals => $"{Key}=={joined}",
            LabelOperator.NotEquals => $"{Key}!={joined}",
            LabelOperator.In => $"{Key} in ({joined})",
            LabelOperator.NotIn => $"{Key} notin ({joined})",
            LabelOperator.GreaterThan => $"{Key}>{joined}",
            LabelOperator.LessThan => $"{Key}<{joined}",
            LabelOperator.DoesNotExist => "!" + Key,
            _ => Key,
        };
    }
}
