namespace Coracle.Schema.Cel;

/// <summary>Calls that are short for folds and tests. What they become, down to its shape, decides what they cost.</summary>
internal sealed partial class Parser
{
    private const string OldResult = "__result__";

    private Expr Call(int offset, string function, Expr? target, Expr[] args) => Expand(offset, function, target, args) ?? new CallExpr(offset, function, target, args);

    private Expr? Expand(int offset, string function, Expr? target, Expr[] args) => (function, args.Length, target) switch
    {
        ("has", 1, null) => Has(offset, args[0]),
        ("all", 2 or 3, not null) => All(offset, target, args),
        ("exists", 2 or 3, not null) => Exists(offset, target, args),
        ("exists_one" or "existsOne", 2 or 3, not null) => ExistsOne(offset, target, args),
        ("map", 2 or 3, not null) => MapTo(offset, target, args),
        ("filter", 2, not null) => Filter(offset, target, args),
        ("transformList", 3 or 4, not null) => TransformList(offset, target, args),
        ("transformMap", 3 or 4, not null) => TransformMap(offset, target, args),
        ("transformMapEntry", 3 or 4, not null) => TransformMapEntry(offset, target, args),
        ("optMap", 2, not null) => OptionalMap(offset, target, args, flat: false),
        ("optFlatMap", 2, not null) => OptionalMap(offset, target, args, flat: true),
        ("sortBy", 2, not null) => SortBy(offset, target, args),
        ("bind", 3, IdentExpr { Name: "cel" }) when bindings => Bind(offset, args),
        _ => null,
    };

    private Expr Has(int offset, Expr argument) => argument is SelectExpr select
        ? new SelectExpr(offset, select.Operand, select.Field, testOnly: true)
        : Wrong(argument.Offset, "invalid argument to has() macro");

    /// <summary>The loop variables: one, or key and value where there is one argument more than <paramref name="single"/>.</summary>
    private (string First, string? Second)? Variables(Expr[] args, int single, string notAName)
    {
        if (Variable(args[0], notAName) is not { } first) return null;
        if (args.Length <= single) return (first, null);
        if (Variable(args[1], notAName) is not { } second) return null;
        if (first != second) return (first, second);
        issues.Add(args[1].Offset, $"duplicate variable name: {first}");
        return null;
    }

    private string? Variable(Expr argument, string notAName)
    {
        if (argument is not IdentExpr ident || ident.Name.StartsWith('.'))
        {
            issues.Add(argument.Offset, notAName);
            return null;
        }
        if (ident.Name != OldResult) return ident.Name;
        issues.Add(argument.Offset, "iteration variable overwrites accumulator variable");
        return null;
    }

    private const string SimpleName = "argument must be a simple name";
    private const string NotIdentifier = "argument is not an identifier";

    private static IdentExpr Result(int offset) => new(offset, Operators.Result);
    private static ConstantExpr Literal(int offset, CelValue value) => new(offset, value);
    private static CallExpr Invoke(int offset, string function, params Expr[] args) => new(offset, function, null, args);

    private Expr All(int offset, Expr target, Expr[] args) => Variables(args, 2, SimpleName) is not var (first, second)
        ? Broken(offset)
        : new FoldExpr(offset, target, first, second, Operators.Result, Literal(offset, CelValue.True),
            Invoke(offset, Operators.NotStrictlyFalse, Result(offset)), Invoke(offset, Operators.And, Result(offset), args[^1]), Result(offset));

    private Expr Exists(int offset, Expr target, Expr[] args) => Variables(args, 2, SimpleName) is not var (first, second)
        ? Broken(offset)
        : new FoldExpr(offset, target, first, second, Operators.Result, Literal(offset, CelValue.False),
            Invoke(offset, Operators.NotStrictlyFalse, Invoke(offset, Operators.Not, Result(offset))), Invoke(offset, Operators.Or, Result(offset), args[^1]), Result(offset));

    private Expr ExistsOne(int offset, Expr target, Expr[] args)
    {
        if (Variables(args, 2, SimpleName) is not var (first, second)) return Broken(offset);
        var step = Invoke(offset, Operators.Conditional, args[^1],
            Invoke(offset, Operators.Add, Result(offset), Literal(offset, CelValue.Int(1))), Result(offset));
        return new FoldExpr(offset, target, first, second, Operators.Result, Literal(offset, CelValue.Int(0)), Literal(offset, CelValue.True), step,
            Invoke(offset, Operators.Equal, Result(offset), Literal(offset, CelValue.Int(1))));
    }

    private Expr MapTo(int offset, Expr target, Expr[] args) => Variable(args[0], NotIdentifier) is not { } variable
        ? Broken(offset)
        : Collect(offset, target, variable, null, args.Length == 3 ? args[1] : null, args[^1]);

    private Expr Filter(int offset, Expr target, Expr[] args) => Variable(args[0], NotIdentifier) is not { } variable
        ? Broken(offset)
        : Collect(offset, target, variable, null, args[1], args[0]);

    private Expr TransformList(int offset, Expr target, Expr[] args) => Variables(args, 2, SimpleName) is not var (first, second)
        ? Broken(offset)
        : Collect(offset, target, first, second, args.Length == 4 ? args[2] : null, args[^1]);

    /// <summary>A fold that adds to a list what passes the filter.</summary>
    private static FoldExpr Collect(int offset, Expr target, string first, string? second, Expr? filter, Expr element)
    {
        var step = Invoke(offset, Operators.Add, Result(offset), new ListExpr(offset, [element], []));
        if (filter is not null) step = Invoke(offset, Operators.Conditional, filter, step, Result(offset));
        return new(offset, target, first, second, Operators.Result, new ListExpr(offset, [], []), Literal(offset, CelValue.True), step, Result(offset));
    }

    private Expr TransformMap(int offset, Expr target, Expr[] args) => Variables(args, 2, SimpleName) is not var (first, second)
        ? Broken(offset)
        : Insert(offset, target, first, second, args.Length == 4 ? args[2] : null, Invoke(offset, "cel.@mapInsert", Result(offset), new IdentExpr(offset, first), args[^1]));

    private Expr TransformMapEntry(int offset, Expr target, Expr[] args) => Variables(args, 2, SimpleName) is not var (first, second)
        ? Broken(offset)
        : Insert(offset, target, first, second, args.Length == 4 ? args[2] : null, Invoke(offset, "cel.@mapInsert", Result(offset), args[^1]));

    private static FoldExpr Insert(int offset, Expr target, string first, string? second, Expr? filter, CallExpr step)
    {
        if (filter is not null) step = Invoke(offset, Operators.Conditional, filter, step, Result(offset));
        return new(offset, target, first, second, Operators.Result, new MapExpr(offset, []), Literal(offset, CelValue.True), step, Result(offset));
    }

    private Expr OptionalMap(int offset, Expr target, Expr[] args, bool flat)
    {
        if (args[0] is not IdentExpr variable) return Wrong(args[0].Offset, $"{(flat ? "optFlatMap" : "optMap")}() variable name must be a simple identifier");
        Expr mapped = Bound(offset, variable.Name, new CallExpr(offset, "value", Copied(target), []), args[1]);
        if (!flat) mapped = Invoke(offset, "optional.of", mapped);
        return Invoke(offset, Operators.Conditional, new CallExpr(offset, "hasValue", target, []), mapped, Invoke(offset, "optional.none"));
    }

    /// <summary>Chains of macros that use their target twice would grow without bound.</summary>
    private Expr Copied(Expr target)
    {
        copied += target.Count;
        if (copied <= MaxCopied) return target.Copy();
        issues.Add(-1, "expression is too large after its macros are expanded");
        throw new ParseAbortedException();
    }

    private const int MaxCopied = 100_000;
    private long copied;

    /// <summary>A name for a value: a fold over nothing whose accumulator is the name.</summary>
    private static FoldExpr Bound(int offset, string name, Expr value, Expr body) =>
        new(offset, new ListExpr(offset, [], []), "#unused", null, name, value, Literal(offset, CelValue.False), new IdentExpr(offset, name), body);

    private Expr Bind(int offset, Expr[] args) => args[0] is IdentExpr variable
        ? Bound(offset, variable.Name, args[1], args[2])
        : Wrong(args[0].Offset, "cel.bind() variable names must be simple identifiers");

    private Expr SortBy(int offset, Expr target, Expr[] args)
    {
        const string Input = "@__sortBy_input__";
        if (target is not (ListExpr or SelectExpr or IdentExpr or FoldExpr or CallExpr))
            return Wrong(target.Offset, "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
        if (Variable(args[0], NotIdentifier) is not { } variable) return Broken(offset);
        var keys = Collect(offset, new IdentExpr(offset, Input), variable, null, null, args[1]);
        return Bound(offset, Input, target, new CallExpr(offset, "@sortByAssociatedKeys", new IdentExpr(offset, Input), [keys]));
    }
}
