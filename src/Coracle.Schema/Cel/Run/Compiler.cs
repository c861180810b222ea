namespace Coracle.Schema.Cel;

/// <summary>What a program cannot be made of although it has the right types: a conversion of a literal that fails, a pattern that is none.</summary>
internal sealed class PlanException(string message) : Exception(message);

/// <summary>Turns a checked tree into closures. What is constant is computed here; costs are charged as upstream's interpreter observes them.</summary>
internal sealed partial class Compiler
{
    private readonly CelEnvironment environment;
    private readonly List<(string Name, int Slot)> locals = [];
    private readonly List<string> variables = [];
    private int slots;

    private Compiler(CelEnvironment environment) => this.environment = environment;

    /// <summary>The code, the variables that it reads (by slot from 0), and how many slots it takes in all.</summary>
    public static (Code Code, string[] Variables, int Slots) Compile(Expr root, CelEnvironment environment)
    {
        var compiler = new Compiler(environment);
        compiler.CollectVariables(root, []);
        compiler.slots = compiler.variables.Count;
        var code = compiler.Node(root).Run();
        return (code, [.. compiler.variables], compiler.slots);
    }

    private void CollectVariables(Expr node, HashSet<string> bound)
    {
        switch (node)
        {
            case IdentExpr ident: Collect(ident, bound); break;
            case SelectExpr { Resolved: { } whole }: Collect(whole, bound); break;
            case SelectExpr select: CollectVariables(select.Operand, bound); break;
            case CallExpr call:
                if (call.Target is not null) CollectVariables(call.Target, bound);
                foreach (var arg in call.Args) CollectVariables(arg, bound);
                break;
            case ListExpr list:
                foreach (var element in list.Elements) CollectVariables(element, bound);
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    CollectVariables(entry.Key, bound);
                    CollectVariables(entry.Value, bound);
                }
                break;
            case StructExpr made:
                foreach (var field in made.Fields) CollectVariables(field.Value, bound);
                break;
            case FoldExpr fold: CollectFold(fold, bound); break;
        }
    }

    private void CollectFold(FoldExpr fold, HashSet<string> bound)
    {
        CollectVariables(fold.Range, bound);
        CollectVariables(fold.Start, bound);
        var inner = new HashSet<string>(bound, StringComparer.Ordinal) { fold.Accumulator };
        CollectVariables(fold.Result, inner);
        inner.Add(fold.Variable);
        if (fold.Second is not null) inner.Add(fold.Second);
        CollectVariables(fold.Condition, inner);
        CollectVariables(fold.Step, inner);
    }

    private void Collect(IdentExpr ident, HashSet<string> bound)
    {
        if (ident.Constant is not null || bound.Contains(ident.Name)) return;
        var name = ident.Name.TrimStart('.');
        if (!variables.Contains(name)) variables.Add(name);
    }

    private Plan Node(Expr node) => node switch
    {
        ConstantExpr constant => Plan.Known(constant.Value),
        IdentExpr ident => Ident(ident),
        SelectExpr { Resolved: { } whole } => Ident(whole),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        StructExpr made => Struct(made),
        FoldExpr fold => Plan.Of(Fold(fold)),
        _ => throw new PlanException("unsupported expression"),
    };

    private Plan Ident(IdentExpr ident)
    {
        if (ident.Constant is { } constant) return Plan.Attribute(paid => paid ? frame => { frame.Charge(1); return constant; } : _ => constant);
        for (var i = locals.Count - 1; i >= 0; i--)
            if (locals[i].Name == ident.Name)
                return Slot(locals[i].Slot);
        return Slot(variables.IndexOf(ident.Name.TrimStart('.')));
    }

    private static Plan Slot(int slot) => Plan.Attribute(paid => paid
        ? frame =>
        {
            frame.Charge(1);
            return frame.Slots[slot];
        }
        : frame => frame.Slots[slot]);

    /// <summary>What a selection reads from: an attribute as it is; anything else becomes one, for a cost of one.</summary>
    private static Code Base(Plan operand, bool paid)
    {
        if (operand.IsAttribute) return paid ? operand.Run() : operand.Unpaid();
        var run = operand.Run();
        if (!paid) return run;
        return frame =>
        {
            var value = run(frame);
            frame.Charge(1);
            return value;
        };
    }

    private Plan Select(SelectExpr select)
    {
        var operand = Node(select.Operand);
        var field = select.Field;
        if (select.TestOnly)
        {
            var tested = Base(operand, paid: false);
            return Plan.Of(frame =>
            {
                var value = tested(frame);
                if (value.IsError) return value;
                frame.Charge(1);
                return Selection.Has(value, field);
            });
        }
        return Plan.Attribute(paid =>
        {
            var run = Base(operand, paid);
            return frame =>
            {
                var value = run(frame);
                if (value.IsError) return value;
                frame.Charge(1);
                return Selection.Field(value, field);
            };
        });
    }

    private Plan Index(CallExpr call, bool optional)
    {
        var operand = Node(call.Args[0]);
        var index = Node(call.Args[1]);
        return Plan.Attribute(paid =>
        {
            var run = Base(operand, paid);
            var key = index.IsAttribute ? index.Unpaid() : index.Run();
            return frame =>
            {
                var value = run(frame);
                if (value.IsError) return value;
                var at = key(frame);
                frame.Charge(1);
                if (at.IsError) return at;
                return optional ? Selection.OptionalIndex(value, at) : Selection.Index(value, at);
            };
        });
    }

    private Plan List(ListExpr list)
    {
        var elements = Array.ConvertAll(list.Elements, Node);
        if (list.Optional.Length == 0 && Array.TrueForAll(elements, e => e.Constant is not null))
            return Plan.Known(CelValue.List(new CelArray(Array.ConvertAll(elements, e => e.Constant!.Value))));
        var codes = Array.ConvertAll(elements, e => e.Run());
        var optional = list.Optional;
        return Plan.Of(frame =>
        {
            var values = new List<CelValue>(codes.Length);
            for (var i = 0; i < codes.Length; i++)
            {
                var value = codes[i](frame);
                if (value.IsError) return value;
                if (optional.Length > 0 && optional[i])
                {
                    if (value.Kind != CelKind.Optional) return CelValue.Error($"cannot initialize optional list element from non-optional value {value}");
                    if (value.HasValue) values.Add(value.OptionalValue);
                }
                else values.Add(value);
            }
            frame.Charge(10);
            return CelValue.List(new CelArray([.. values]));
        });
    }

    private Plan Map(MapExpr map)
    {
        var entries = Array.ConvertAll(map.Entries, e => (Key: Node(e.Key), Value: Node(e.Value), e.Optional));
        var codes = Array.ConvertAll(entries, e => (Key: e.Key.Run(), Value: e.Value.Run(), e.Optional));
        if (!Array.Exists(entries, e => e.Optional || e.Key.Constant is null || e.Value.Constant is null))
        {
            var made = Entries(codes, Frame.Rent(0, long.MaxValue));
            if (!made.IsError) return Plan.Known(made);
        }
        return Plan.Of(frame =>
        {
            var made = Entries(codes, frame);
            if (!made.IsError) frame.Charge(30);
            return made;
        });
    }

    private static CelValue Entries((Code Key, Code Value, bool Optional)[] codes, Frame frame)
    {
        var values = CelDictionary.New(codes.Length);
        foreach (var (makeKey, makeValue, optional) in codes)
        {
            var key = makeKey(frame);
            if (key.IsError) return key;
            var value = makeValue(frame);
            if (value.IsError) return value;
            if (optional)
            {
                if (value.Kind != CelKind.Optional) return CelValue.Error($"cannot initialize optional entry '{key}' from non-optional value {value}");
                if (!value.HasValue) continue;
                value = value.OptionalValue;
            }
            if (key.Kind is not (CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String)) return CelValue.Error($"unsupported key type: {key.TypeName}");
            if (!values.TryAdd(key, value)) return CelValue.Error($"Failed with repeated key {key}");
        }
        return CelValue.Map(new CelDictionary(values));
    }

    private Plan Struct(StructExpr made)
    {
        var declared = environment.FindStruct(made.TypeName)!;
        var fields = Array.ConvertAll(made.Fields, f => (f.Name, Code: Node(f.Value).Run(), f.Optional));
        return Plan.Of(frame =>
        {
            var values = new Dictionary<string, CelValue>(fields.Length, StringComparer.Ordinal);
            foreach (var (name, code, optional) in fields)
            {
                var value = code(frame);
                if (value.IsError) return value;
                if (optional)
                {
                    if (value.Kind != CelKind.Optional) return CelValue.Error($"cannot initialize optional entry '{name}' from non-optional value {value}");
                    if (!value.HasValue) continue;
                    value = value.OptionalValue;
                }
                values[name] = value;
            }
            frame.Charge(40);
            return declared.Make(values);
        });
    }
}
