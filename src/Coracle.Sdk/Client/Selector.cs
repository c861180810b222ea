using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>A label selector: "app=web,tier in (db, cache),!legacy". Immutable.</summary>
public sealed class Selector
{
    private readonly IReadOnlyList<Requirement> requirements;

    private Selector(IReadOnlyList<Requirement> requirements) => this.requirements = requirements;

    /// <summary>Matches all.</summary>
    public static Selector Everything { get; } = new([]);

    /// <summary>Matches none, as a selector that is not there does.</summary>
    public static Selector Nothing { get; } = new([]) { IsNothing = true };

    /// <summary>It matches no object.</summary>
    public bool IsNothing { get; private init; }
    /// <summary>It matches every object.</summary>
    public bool IsEverything => !IsNothing && requirements.Count == 0;

    /// <summary>Each key with just this value.</summary>
    public static Selector Of(IEnumerable<KeyValuePair<string, string>> labels) => new([.. labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new Requirement(l.Key, "=", [l.Value]))]);

    /// <summary>The selector of a spec: none matches nothing, an empty one everything. Throws FormatException on an unknown operator.</summary>
    public static Selector From(LabelSelector? selector)
    {
        if (selector is null) return Nothing;
        var labels = Of(selector.MatchLabels ?? []);
        return new([.. labels.requirements, .. (selector.MatchExpressions ?? []).Select(e => new Requirement(e.Key, OperatorOf(e.Operator), e.Values ?? []))]);
    }

    private static string OperatorOf(string op) => op switch
    {
        LabelSelectorOperator.In => "in",
        LabelSelectorOperator.NotIn => "notin",
        LabelSelectorOperator.Exists => "exists",
        LabelSelectorOperator.DoesNotExist => "!",
        _ => throw new FormatException($"\"{op}\" is not a valid label selector operator"),
    };

    /// <summary>Reads a selector; throws FormatException when the text is none.</summary>
    public static Selector Parse(string text) => text.Length == 0 ? Everything : new(SelectorText.Parse(text));

    /// <summary>A requirement more. Operators: "=", "!=", "in", "notin", "exists", "!".</summary>
    public Selector And(string key, string op, params string[] values) => new([.. requirements, new Requirement(key, op, values)]) { IsNothing = IsNothing };

    /// <summary>Whether an object with these labels is selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        if (IsNothing) return false;
        foreach (var requirement in requirements)
            if (!requirement.Matches(labels)) return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", requirements);

    internal sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string>? labels)
        {
            string? value = null;
            var has = labels is not null && labels.TryGetValue(Key, out value);
            return Operator switch
            {
                "=" or "==" or "in" => has && Values.Contains(value!, StringComparer.Ordinal),
                "!=" or "notin" => !has || !Values.Contains(value!, StringComparer.Ordinal),
                "exists" => has,
                "!" => !has,
                "gt" => has && Number(value, out var n) && Number(Values[0], out var than) && n > than,
                "lt" => has && Number(value, out var n) && Number(Values[0], out var than) && n < than,
                _ => throw new InvalidOperationException($"a selector with the operator \"{Operator}\""),
            };
        }

        private static bool Number(string? text, out long number) => long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out number);

        /// <inheritdoc/>
        public override string ToString() => Operator switch
        {
            "exists" => Key,
            "!" => "!" + Key,
            "in" or "notin" => $"{Key} {Operator} ({string.Join(",", Values)})",
            "gt" => $"{Key}>{Values[0]}",
            "lt" => $"{Key}<{Values[0]}",
            _ => $"{Key}{Operator}{Values[0]}",
        };
    }
}
