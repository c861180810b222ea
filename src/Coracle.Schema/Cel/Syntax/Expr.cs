namespace Coracle.Schema.Cel;

/// <summary>A node of an expression's tree. The parser makes it, the checker writes what it found onto it.</summary>
internal abstract class Expr(int offset)
{
    /// <summary>Where errors about this node point, in the source text.</summary>
    public int Offset { get; } = offset;

    /// <summary>The checked type; dyn where that is all that is known.</summary>
    public CelType Type { get; set; } = CelType.Dyn;

    /// <summary>A fresh tree of the same meaning, for macros that use an argument twice.</summary>
    public abstract Expr Copy();

    /// <summary>How many nodes the tree has.</summary>
    public virtual long Count => 1;
}

internal sealed class ConstantExpr(int offset, CelValue value) : Expr(offset)
{
    public CelValue Value { get; } = value;
    public override Expr Copy() => new ConstantExpr(Offset, Value);
}

internal sealed class IdentExpr(int offset, string name) : Expr(offset)
{
    public string Name { get; set; } = name;

    /// <summary>What the name stands for when it is no variable: a type.</summary>
    public CelValue? Constant { get; set; }
    public override Expr Copy() => new IdentExpr(Offset, Name);
}

internal sealed class SelectExpr(int offset, Expr operand, string field, bool testOnly = false) : Expr(offset)
{
    public Expr Operand { get; } = operand;
    public string Field { get; } = field;

    /// <summary>has(operand.field)</summary>
    public bool TestOnly { get; } = testOnly;

    /// <summary>The checker found the whole dotted name to be one identifier.</summary>
    public IdentExpr? Resolved { get; set; }
    public override long Count => 1 + Operand.Count;
    public override Expr Copy() => new SelectExpr(Offset, Operand.Copy(), Field, TestOnly);
}

internal sealed class CallExpr(int offset, string function, Expr? target, Expr[] args) : Expr(offset)
{
    public string Function { get; set; } = function;
    public Expr? Target { get; set; } = target;
    public Expr[] Args { get; } = args;

    /// <summary>What the checker says can be meant; several where argument types are only known at run time.</summary>
    public List<CelOverload> Overloads { get; } = [];
    public override long Count => 1 + (Target?.Count ?? 0) + Args.Sum(a => a.Count);
    public override Expr Copy() => new CallExpr(Offset, Function, Target?.Copy(), Array.ConvertAll(Args, a => a.Copy()));
}

internal sealed class ListExpr(int offset, Expr[] elements, bool[] optional) : Expr(offset)
{
    public Expr[] Elements { get; } = elements;

    /// <summary>Which elements are written with a question mark; empty when none is.</summary>
    public bool[] Optional { get; } = optional;
    public override long Count => 1 + Elements.Sum(e => e.Count);
    public override Expr Copy() => new ListExpr(Offset, Array.ConvertAll(Elements, e => e.Copy()), Optional);
}

internal readonly record struct MapEntry(int Offset, Expr Key, Expr Value, bool Optional);

internal sealed class MapExpr(int offset, MapEntry[] entries) : Expr(offset)
{
    public MapEntry[] Entries { get; } = entries;
    public override long Count => 1 + Entries.Sum(e => e.Key.Count + e.Value.Count);
    public override Expr Copy() => new MapExpr(Offset, Array.ConvertAll(Entries, e => e with { Key = e.Key.Copy(), Value = e.Value.Copy() }));
}

internal readonly record struct StructField(int Offset, string Name, Expr Value, bool Optional);

internal sealed class StructExpr(int offset, string typeName, StructField[] fields) : Expr(offset)
{
    public string TypeName { get; set; } = typeName;
    public StructField[] Fields { get; } = fields;
    public override long Count => 1 + Fields.Sum(f => f.Value.Count);
    public override Expr Copy() => new StructExpr(Offset, TypeName, Array.ConvertAll(Fields, f => f with { Value = f.Value.Copy() }));
}

/// <summary>What the macros over lists and maps become: a fold with an accumulator.</summary>
internal sealed class FoldExpr(int offset, Expr range, string variable, string? second, string accumulator, Expr start, Expr condition, Expr step, Expr result) : Expr(offset)
{
    public Expr Range { get; } = range;
    public string Variable { get; } = variable;

    /// <summary>The value of an entry or element where <see cref="Variable"/> is its key or index; null for one variable.</summary>
    public string? Second { get; } = second;
    public string Accumulator { get; } = accumulator;
    public Expr Start { get; } = start;
    public Expr Condition { get; } = condition;
    public Expr Step { get; } = step;
    public Expr Result { get; } = result;

    public override long Count => 1 + Range.Count + Start.Count + Condition.Count + Step.Count + Result.Count;

    public override Expr Copy() =>
        new FoldExpr(Offset, Range.Copy(), Variable, Second, Accumulator, Start.Copy(), Condition.Copy(), Step.Copy(), Result.Copy());
}

/// <summary>Names of the operators as functions.</summary>
internal static class Operators
{
    public const string Conditional = "_?_:_", And = "_&&_", Or = "_||_", Not = "!_", Equal = "_==_", NotEqual = "_!=_", Less = "_<_", LessEqual = "_<=_",
        Greater = "_>_", GreaterEqual = "_>=_", Add = "_+_", Subtract = "_-_", Multiply = "_*_", Divide = "_/_", Modulo = "_%_", Negate = "-_",
        Index = "_[_]", OptIndex = "_[?_]", OptSelect = "_?._", In = "@in", NotStrictlyFalse = "@not_strictly_false";

    public const string Result = "@result";
}
