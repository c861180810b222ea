using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>A format string that is a literal, held against the types of its arguments.</summary>
internal static class FormatCheck
{
    public static void Check(CallExpr call, string format, ListExpr args, CelIssues issues)
    {
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') continue;
            i++;
            if (i < format.Length && format[i] == '%') continue;
            if (next >= args.Elements.Length)
            {
                issues.Add(call.Offset, string.Create(CultureInfo.InvariantCulture, $"index {next} out of range"));
                return;
            }
            if (i >= format.Length)
            {
                issues.Add(call.Offset, "unexpected end of string");
                return;
            }
            if (Clause(format, ref i, args.Elements[next++]) is not { } problem) continue;
            issues.Add(problem.At?.Offset ?? call.Offset, problem.Text);
            return;
        }
        if (args.Elements.Length > next)
            issues.Add(call.Offset, string.Create(CultureInfo.InvariantCulture, $"too many arguments supplied to string.format (expected {next}, got {args.Elements.Length})"));
    }

    private static (Expr? At, string Text)? Clause(string format, ref int i, Expr argument)
    {
        var error = Formatting.Precision(format, ref i, out _);
        if (error is not null) return (null, error);
        var (allowed, message) = format[i] switch
        {
            's' => (Strings, Formatting.NotText),
            'd' => ([CelTypeKind.Int, CelTypeKind.Uint], Formatting.NotDecimal),
            'f' => ([CelTypeKind.Double, CelTypeKind.String], Formatting.NotFixed),
            'e' => ([CelTypeKind.Double, CelTypeKind.String], Formatting.NotScientific),
            'b' => ([CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.Bool], Formatting.NotBinary),
            'x' or 'X' => ([CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.String, CelTypeKind.Bytes], Formatting.NotHex),
            'o' => ((CelTypeKind[])[CelTypeKind.Int, CelTypeKind.Uint], Formatting.NotOctal),
            var c => (null, Formatting.Unrecognized(c)),
        };
        if (allowed is null) return (null, message);
        return Misfit(argument, allowed, nested: format[i] == 's') is { } bad ? (bad, $"error during formatting: {message}{bad.Type.Name}") : null;
    }

    private static readonly CelTypeKind[] Strings =
    [
        CelTypeKind.List, CelTypeKind.Map, CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.Double, CelTypeKind.Bool, CelTypeKind.String, CelTypeKind.Timestamp, CelTypeKind.Bytes,
        CelTypeKind.Duration, CelTypeKind.Type, CelTypeKind.Null,
    ];

    private static Expr? Misfit(Expr node, CelTypeKind[] allowed, bool nested)
    {
        if (!node.Type.IsDyn && !allowed.Contains(node.Type.Kind)) return node;
        if (!nested) return null;
        return node switch
        {
            ListExpr list => list.Elements.Select(e => Misfit(e, allowed, true)).FirstOrDefault(e => e is not null),
            MapExpr map => map.Entries.Select(e => Misfit(e.Key, allowed, true) ?? Misfit(e.Value, allowed, true)).FirstOrDefault(e => e is not null),
            _ => null,
        };
    }
}
