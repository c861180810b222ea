namespace Coracle.Schema;

/// <summary>Reads the text of a label query by the grammar of upstream's labels.Parse.</summary>
internal sealed class LabelQueryParser(string text)
{
    private enum Token { End, ClosedParen, OpenParen, Comma, Not, DoubleEquals, Equals, NotEquals, Greater, Less, In, NotIn, Identifier }

    private const string BinaryOperators = "in, notin, =, ==, !=, gt, lt";
    private readonly List<(Token Kind, string Literal)> tokens = [];
    private int position;
    private string? error;

    /// <summary>The requirements in the order of the text, or null and what is wrong.</summary>
    public List<LabelRequirement>? Parse(out string? fault)
    {
        Scan();
        var requirements = Requirements();
        fault = error;
        return requirements;
    }

    private List<LabelRequirement>? Requirements()
    {
        var list = new List<LabelRequirement>();
        while (true)
        {
            var (kind, literal) = PeekValue();
            if (kind == Token.End) return list;
            if (kind is not (Token.Identifier or Token.Not)) return Fail<List<LabelRequirement>>($"found '{literal}', expected: !, identifier, or 'end of string'");
            if (Requirement() is not { } requirement) return Fail<List<LabelRequirement>>("unable to parse requirement: " + error);
            list.Add(requirement);

            (kind, literal) = TakeValue();
            if (kind == Token.End) return list;
            if (kind != Token.Comma) return Fail<List<LabelRequirement>>($"found '{literal}', expected: ',' or 'end of string'");
            (kind, literal) = PeekValue();
            if (kind is not (Token.Identifier or Token.Not)) return Fail<List<LabelRequirement>>($"found '{literal}', expected: identifier after ','");
        }
    }

    private LabelRequirement? Requirement()
    {
        var (kind, key) = TakeValue();
        var negated = kind == Token.Not;
        if (negated) (kind, key) = TakeValue();
        if (kind != Token.Identifier) return Fail<LabelRequirement>($"found '{key}', expected: identifier");
        // Upstream passes no path here, and prints it so.
        if (!NameRules.IsLabelKey(key)) return Fail<LabelRequirement>(LabelRequirementRules.KeyFault("<nil>", key).ToString());
        if (negated) return Create(key, LabelOperator.DoesNotExist, []);
        if (PeekValue().Kind is Token.End or Token.Comma) return Create(key, LabelOperator.Exists, []);

        if (Operator() is not { } @operator) return null;
        var values = @operator is LabelOperator.In or LabelOperator.NotIn ? Values() : ExactValue();
        return values is null ? null : Create(key, @operator, values);
    }

    private LabelRequirement? Create(string key, LabelOperator @operator, IEnumerable<string> values)
    {
        var requirement = LabelRequirement.Create(key, @operator, values, out var fault);
        return requirement ?? Fail<LabelRequirement>(fault!);
    }

    private LabelOperator? Operator()
    {
        var (kind, literal) = tokens[position++];
        switch (kind)
        {
            case Token.In: return LabelOperator.In;
            case Token.NotIn: return LabelOperator.NotIn;
            case Token.Equals: return LabelOperator.Equals;
            case Token.DoubleEquals: return LabelOperator.DoubleEquals;
            case Token.NotEquals: return LabelOperator.NotEquals;
            case Token.Greater: return LabelOperator.GreaterThan;
            case Token.Less: return LabelOperator.LessThan;
            default:
                error = $"found '{literal}', expected: {BinaryOperators}";
                return null;
        }
    }

    /// <summary>"(x,y)"; each comma without a value beside it stands for the empty value.</summary>
    private SortedSet<string>? Values()
    {
        var (kind, literal) = TakeValue();
        if (kind != Token.OpenParen) return Fail<SortedSet<string>>($"found '{literal}' expected: '('");
        var values = new SortedSet<string>(StringComparer.Ordinal);
        (kind, literal) = PeekValue();
        if (kind == Token.ClosedParen)
        {
            position++;
            values.Add("");
            return values;
        }
        if (kind is not (Token.Identifier or Token.Comma)) return Fail<SortedSet<string>>($"found '{literal}', expected: ',', ')' or identifier");
        if (!Identifiers(values)) return null;
        position++; // the closing parenthesis
        return values;
    }

    private bool Identifiers(SortedSet<string> values)
    {
        while (true)
        {
            var (kind, literal) = TakeValue();
            var (next, nextLiteral) = PeekValue();
            switch (kind)
            {
                case Token.Identifier:
                    values.Add(literal);
                    if (next == Token.ClosedParen) return true;
                    if (next == Token.Comma) continue;
                    error = $"found '{nextLiteral}', expected: ',' or ')'";
                    return false;
                case Token.Comma:
                    if (values.Count == 0 || next is Token.ClosedParen or Token.Comma) values.Add("");
                    if (next == Token.ClosedParen) return true;
                    continue;
                default:
                    error = $"found '{literal}', expected: ',', or identifier";
                    return false;
            }
        }
    }

    private IEnumerable<string>? ExactValue()
    {
        if (PeekValue().Kind is Token.End or Token.Comma) return [""];
        var (kind, literal) = TakeValue();
        return kind == Token.Identifier ? [literal] : Fail<string[]>($"found '{literal}', expected: identifier");
    }

    // Where a value is expected, "in" and "notin" are plain words. Nothing is read past the end, which answers forever.
    private (Token Kind, string Literal) PeekValue()
    {
        var (kind, literal) = tokens[Math.Min(position, tokens.Count - 1)];
        return (kind is Token.In or Token.NotIn ? Token.Identifier : kind, literal);
    }

    private (Token Kind, string Literal) TakeValue()
    {
        var token = PeekValue();
        position++;
        return token;
    }

    private T? Fail<T>(string message) where T : class
    {
        error = message;
        return null;
    }

    private void Scan()
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && IsSpace(text[at])) at++;
            if (at >= text.Length || text[at] == '\0') break;
            var start = at;
            if (Symbol(text[at]) is { } symbol)
            {
                at++;
                if (at < text.Length && text[at] == '=' && symbol is Token.Equals or Token.Not)
                {
                    at++;
                    symbol = symbol == Token.Equals ? Token.DoubleEquals : Token.NotEquals;
                }
                tokens.Add((symbol, text[start..at]));
                continue;
            }
            while (at < text.Length && text[at] != '\0' && !IsSpace(text[at]) && Symbol(text[at]) is null) at++;
            var word = text[start..at];
            tokens.Add((word switch { "in" => Token.In, "notin" => Token.NotIn, _ => Token.Identifier }, word));
        }
        tokens.Add((Token.End, ""));
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';

    private static Token? Symbol(char c) => c switch
    {
        '=' => Token.Equals,
        '!' => Token.Not,
        '(' => Token.OpenParen,
        ')' => Token.ClosedParen,
        ',' => Token.Comma,
        '>' => Token.Greater,
        '<' => Token.Less,
        _ => null,
    };
}
