namespace Coracle.Schema;

/// <summary>
/// A query over labels, "a=b,c in (x,y),!d": all of its requirements must hold (apimachinery, labels.Selector). Immutable.
/// The typed selector of objects (matchLabels and matchExpressions) becomes one by <see cref="From"/>.
/// </summary>
public sealed class LabelQuery
{
    private readonly LabelRequirement[] requirements;

    private LabelQuery(LabelRequirement[] requirements) => this.requirements = requirements;

    /// <summary>Matches any labels.</summary>
    public static LabelQuery Everything { get; } = new([]);

    /// <summary>Matches no labels: what an absent selector means.</summary>
    public static LabelQuery Nothing { get; } = new([]);

    /// <summary>The requirements, sorted by key. None for <see cref="Nothing"/> too.</summary>
    public IReadOnlyList<LabelRequirement> Requirements => requirements;

    /// <summary>True when any labels match.</summary>
    public bool IsEverything => requirements.Length == 0 && !IsNothing;

    public bool IsNothing => ReferenceEquals(this, Nothing);

    /// <summary>Reads a query; otherwise <paramref name="error"/> is upstream's message ("unable to parse requirement: ...").</summary>
    public static bool TryParse(string text, out LabelQuery query, out string? error)
    {
        var parsed = new LabelQueryParser(text).Parse(out error);
        query = parsed is null ? Nothing : Of(parsed);
        return parsed is not null;
    }

    /// <summary>Reads a query. Throws <see cref="FormatException"/> with upstream's message when the text is none.</summary>
    public static LabelQuery Parse(string text) => TryParse(text, out var query, out var error) ? query : throw new FormatException(error);

    /// <summary>
    /// The meaning of an object's selector. An empty one matches everything; where the selector itself is absent, <see cref="Nothing"/> is what it
    /// means. Null when it is invalid; then <paramref name="error"/> is upstream's message.
    /// </summary>
    /// <param name="matchLabels">Labels that must be there with these values.</param>
    /// <param name="matchExpressions">Requirements with the operator "In", "NotIn", "Exists" or "DoesNotExist".</param>
    /// <param name="error">What is wrong, when null is returned.</param>
    public static LabelQuery? From(
        IEnumerable<KeyValuePair<string, string>>? matchLabels, IEnumerable<LabelExpression>? matchExpressions, out string? error)
    {
        error = null;
        var list = new List<LabelRequirement>();
        foreach (var (key, value) in (matchLabels ?? []).OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            if (LabelRequirement.Create(key, LabelOperator.Equals, [value], out error) is not { } requirement) return null;
            list.Add(requirement);
        }
        foreach (var expression in matchExpressions ?? [])
        {
            if (Operator(expression.Operator) is not { } @operator)
            {
                error = $"{GoText.Quote(expression.Operator)} is not a valid label selector operator";
                return null;
            }
            var values = expression.Values is { Count: > 0 } given ? given : null;
            if (LabelRequirement.Create(expression.Key, @operator, values, out error) is not { } requirement) return null;
            list.Add(requirement);
        }
        return Of(list);
    }

    /// <summary>Matches labels that contain all of these; not validated.</summary>
    public static LabelQuery FromLabels(IEnumerable<KeyValuePair<string, string>>? labels) =>
        Of((labels ?? []).Select(l => new LabelRequirement(l.Key, LabelOperator.Equals, [l.Value])));

    /// <summary>Whether labels match; null stands for none.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        if (IsNothing) return false;
        foreach (var requirement in requirements)
            if (!requirement.Matches(labels))
                return false;
        return true;
    }

    /// <summary>Whether labels given as a UTF-8 JSON object match, without allocating. An empty span or JSON null stands for none.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8Labels)
    {
        if (IsNothing) return false;
        foreach (var requirement in requirements)
            if (!requirement.Matches(utf8Labels))
                return false;
        return true;
    }

    /// <summary>This query with more requirements.</summary>
    public LabelQuery Add(params IEnumerable<LabelRequirement> more) => IsNothing ? this : Of(requirements.Concat(more));

    /// <summary>The single value that a label must have for a match, or null where the query leaves a choice.</summary>
    public string? ExactMatch(string label)
    {
        foreach (var requirement in requirements)
        {
            if (requirement.Key != label) continue;
            var exact = requirement.Operator is LabelOperator.Equals or LabelOperator.DoubleEquals or LabelOperator.In && requirement.Values.Count == 1;
            return exact ? requirement.Values[0] : null;
        }
        return null;
    }

    /// <summary>The canonical text; equal queries of different spelling give the same.</summary>
    public override string ToString() => string.Join(',', requirements.Select(r => r.ToString()));

    private static LabelQuery Of(IEnumerable<LabelRequirement> requirements)
    {
        var sorted = requirements.OrderBy(r => r.Key, StringComparer.Ordinal).ToArray();
        return sorted.Length == 0 ? Everything : new(sorted);
    }

    private static LabelOperator? Operator(string name) => name switch
    {
        "In" => LabelOperator.In,
        "NotIn" => LabelOperator.NotIn,
        "Exists" => LabelOperator.Exists,
        "DoesNotExist" => LabelOperator.DoesNotExist,
        _ => null,
    };
}

/// <summary>One of an object's matchExpressions.</summary>
public readonly record struct LabelExpression(string Key, string Operator, IReadOnlyList<string>? Values);
