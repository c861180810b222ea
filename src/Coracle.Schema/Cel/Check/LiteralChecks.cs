namespace Coracle.Schema.Cel;

/// <summary>Literals that can be seen to be wrong before anything runs: durations, timestamps, patterns, format strings, and mixtures of types.</summary>
internal sealed class LiteralChecks(CelIssues issues, bool mixed)
{
    private int formats;

    public static void Check(Expr root, CelIssues issues, bool mixed) => new LiteralChecks(issues, mixed).Check(root);

    private void Check(Expr node)
    {
        switch (node)
        {
            case CallExpr call: Call(call); break;
            case SelectExpr select: Check(select.Operand); break;
            case ListExpr list:
                foreach (var element in list.Elements) Check(element);
                Alike(list.Elements.Select((e, i) => (e, list.Optional.Length > 0 && list.Optional[i])));
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    Check(entry.Key);
                    Check(entry.Value);
                }
                Alike(map.Entries.Select(e => (e.Key, false)), all: true);
                Alike(map.Entries.Select(e => (e.Value, e.Optional)), all: true);
                break;
            case StructExpr made:
                foreach (var field in made.Fields) Check(field.Value);
                break;
            case FoldExpr fold:
                foreach (var part in (Expr[])[fold.Range, fold.Start, fold.Condition, fold.Step, fold.Result]) Check(part);
                break;
        }
    }

    private void Call(CallExpr call)
    {
        Literal(call);
        var format = call is { Function: "format", Target: not null, Overloads: [{ Id: "string_format" }, ..] };
        if (call is { Target: ConstantExpr { Value.Kind: CelKind.String } text, Args: [ListExpr args] } && format) FormatCheck.Check(call, text.Value.AsString, args, issues);
        if (format) formats++;
        if (call.Target is not null) Check(call.Target);
        foreach (var arg in call.Args) Check(arg);
        if (format) formats--;
    }

    /// <summary>Elements of a literal are of one type, down to what is dyn; but for those that are to be formatted.</summary>
    private void Alike(IEnumerable<(Expr Node, bool Optional)> elements, bool all = false)
    {
        if (mixed || formats > 0) return;
        CelType? first = null;
        foreach (var (node, optional) in elements)
        {
            var type = optional && node.Type.IsOptional ? node.Type.Parameters[0] : node.Type;
            if (first is null) first = type;
            else if (!first.Equals(type))
            {
                issues.Add(node.Offset, $"expected type '{first}' but found '{type}'");
                if (!all) return;
            }
        }
    }

    private void Literal(CallExpr call)
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
