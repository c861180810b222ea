namespace Coracle.Schema.Cel;

/// <summary>Whether an expression selects a field of a variable by its name, plainly or optionally: upstream looks for that to see that a claim is checked.</summary>
internal static class SelectSearch
{
    public static bool Finds(Expr? expr, string variable, string field) => expr switch
    {
        SelectExpr select => select.Field == field && Is(select.Operand, variable) || Finds(select.Operand, variable, field),
        CallExpr call => IsOptional(call, variable, field) || Finds(call.Target, variable, field) || Any(call.Args, variable, field),
        ListExpr list => Any(list.Elements, variable, field),
        MapExpr map => map.Entries.Any(e => Finds(e.Key, variable, field) || Finds(e.Value, variable, field)),
        StructExpr made => made.Fields.Any(f => Finds(f.Value, variable, field)),
        FoldExpr fold => Any([fold.Range, fold.Start, fold.Condition, fold.Step, fold.Result], variable, field),
        _ => false,
    };

    private static bool Any(Expr[] all, string variable, string field) => Array.Exists(all, e => Finds(e, variable, field));

    private static bool IsOptional(CallExpr call, string variable, string field)
    {
        if (call.Function != Operators.OptSelect) return false;
        Expr[] parts = call.Target is { } target ? [target, .. call.Args] : call.Args;
        return parts is [var operand, ConstantExpr { Value: { Kind: CelKind.String } named }] && Is(operand, variable) && named.AsString == field;
    }

    private static bool Is(Expr expr, string variable) => expr is IdentExpr ident && ident.Name == variable;
}
