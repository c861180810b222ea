namespace Coracle.Schema.Cel;

/// <summary>Short cuts for what most rules do: comparing numbers whose type is known.</summary>
internal sealed partial class Compiler
{
    private static Func<CelValue, CelValue, CelValue>? Specialized(CallExpr call, Plan[] operands) => call.Overloads is not [{ Id: var id }] ? null : id switch
    {
        "less_int64" => (a, b) => Ints(a, b) ? CelValue.Bool(a.AsInt < b.AsInt) : Arithmetic.Less(a, b),
        "less_equals_int64" => (a, b) => Ints(a, b) ? CelValue.Bool(a.AsInt <= b.AsInt) : Arithmetic.LessEqual(a, b),
        "greater_int64" => (a, b) => Ints(a, b) ? CelValue.Bool(a.AsInt > b.AsInt) : Arithmetic.Greater(a, b),
        "greater_equals_int64" => (a, b) => Ints(a, b) ? CelValue.Bool(a.AsInt >= b.AsInt) : Arithmetic.GreaterEqual(a, b),
        "matches" or "matches_string" when operands[1].Constant is { Kind: CelKind.String } pattern => Pattern(pattern.AsString),
        _ => null,
    };

    private static bool Ints(CelValue left, CelValue right) => left.Kind == CelKind.Int && right.Kind == CelKind.Int;

    /// <summary>A pattern that is a literal is compiled once.</summary>
    private static Func<CelValue, CelValue, CelValue> Pattern(string pattern)
    {
        if (!GoRegex.TryCompile(pattern, out var regex, out var error)) throw new PlanException(error!);
        return (text, _) => text.Kind == CelKind.String ? CelValue.Bool(regex!.IsMatch(text.AsString)) : CelValue.NoSuchOverload;
    }
}
