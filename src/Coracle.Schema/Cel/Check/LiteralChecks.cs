namespace Coracle.Schema.Cel;

/// <summary>Literals that can be seen to be wrong before anything runs: durations, timestamps and patterns.</summary>
internal static class LiteralChecks
{
    public static void Check(Expr node, CelIssues issues)
    {
        switch (node)
        {
            case CallExpr call:
                Literal(call, issues);
                if (call.Target is not null) Check(call.Target, issues);
                foreach (var arg in call.Args) Check(arg, issues);
                break;
            case SelectExpr select: Check(select.Operand, issues); break;
            case ListExpr list:
                foreach (var element in list.Elements) Check(element, issues);
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    Check(entry.Key, issues);
                    Check(entry.Value, issues);
                }
                break;
            case StructExpr made:
                foreach (var field in made.Fields) Check(field.Value, issues);
                break;
            case FoldExpr fold:
                foreach (var part in (Expr[])[fold.Range, fold.Start, fold.Condition, fold.Step, fold.Result]) Check(part, issues);
                break;
        }
    }

    private static void Literal(CallExpr call, CelIssues issues)
    {
        var wrong = (call.Function, call.Target, call.Args) switch
        {
            ("duration", null, [ConstantExpr argument, ..]) => Conversions.ToDuration(argument.Value).IsError ? argument : null,
            ("timestamp", null, [ConstantExpr argument, ..]) => Conversions.ToTimestamp(argument.Value).IsError ? argument : null,
            ("matches", _, [ConstantExpr pattern, ..]) => Bad(pattern),
            _ => null,
        };
        if (wrong is not null) issues.Add(wrong.Offset, $"invalid {call.Function} argument");
    }

    private static ConstantExpr? Bad(ConstantExpr pattern) =>
        pattern.Value.Kind == CelKind.String && GoRegex.TryCompile(pattern.Value.AsString, out _, out _) ? null : pattern;
}
