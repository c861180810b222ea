namespace Coracle.Schema.Cel;

/// <summary>Operators and function calls.</summary>
internal sealed partial class Compiler
{
    private Plan Call(CallExpr call)
    {
        switch (call.Function)
        {
            case Operators.And: return Plan.Of(And(Node(call.Args[0]).Run(), Node(call.Args[1]).Run()));
            case Operators.Or: return Plan.Of(Or(Node(call.Args[0]).Run(), Node(call.Args[1]).Run()));
            case Operators.Conditional: return Conditional(call);
            case Operators.Index: return Index(call, optional: false);
            case Operators.OptIndex: return Index(call, optional: true);
            case Operators.OptSelect: return OptionalSelect(call);
            case Operators.NotStrictlyFalse: return Plan.Of(NotStrictlyFalse(Node(call.Args[0]).Run()));
            case Operators.In when call.Overloads is [{ Id: "in_list" }]: return In(call);
            case "or" or "orValue" when call.Overloads is [{ Id: "optional_or_optional" or "optional_orValue_value" } which]:
                return Plan.Of(OrElse(Node(call.Target!).Run(), Node(call.Args[0]).Run(), unwrap: which.Id == "optional_orValue_value"));
        }
        var plans = call.Target is null ? Array.ConvertAll(call.Args, Node) : [Node(call.Target), .. call.Args.Select(Node)];
        if (call.Function is "find" or "findAll" && plans is [_, { Constant: { Kind: CelKind.String } pattern }, ..] && !GoRegex.TryCompile(pattern.AsString, out _, out var wrong))
            throw new PlanException(wrong!);
        if (IsConversion(call.Function) && plans is [{ Constant: { } literal }]) return Converted(call, literal);
        return Plan.Of(plans.Length switch
        {
            1 => Unary(call, plans[0].Run()),
            2 => Binary(call, plans),
            _ => Many(call, Array.ConvertAll(plans, p => p.Run())),
        });
    }

    private static bool IsConversion(string function) =>
        function is "bool" or "bytes" or "double" or "duration" or "dyn" or "int" or "string" or "timestamp" or "type" or "uint";

    /// <summary>A conversion of a literal is made once, here.</summary>
    private static Plan Converted(CallExpr call, CelValue literal)
    {
        var value = Dispatch(call, [literal]);
        if (value.IsError) throw new PlanException(value.ErrorText);
        return Plan.Known(value);
    }

    /// <summary>An error on one side counts only when the other side does not decide.</summary>
    private static Code And(Code left, Code right) => frame =>
    {
        var first = left(frame);
        if (first.IsFalse) return first;
        var second = right(frame);
        if (second.IsFalse) return second;
        if (first.IsTrue && second.IsTrue) return CelValue.True;
        return first.IsError ? first : !first.IsTrue ? CelValue.NoSuchOverload : second.IsError ? second : CelValue.NoSuchOverload;
    };

    private static Code Or(Code left, Code right) => frame =>
    {
        var first = left(frame);
        if (first.IsTrue) return first;
        var second = right(frame);
        if (second.IsTrue) return second;
        if (first.IsFalse && second.IsFalse) return CelValue.False;
        return first.IsError ? first : !first.IsFalse ? CelValue.NoSuchOverload : second.IsError ? second : CelValue.NoSuchOverload;
    };

    private Plan Conditional(CallExpr call)
    {
        var condition = Node(call.Args[0]).Run();
        var whenTrue = Base(Node(call.Args[1]), paid: false);
        var whenFalse = Base(Node(call.Args[2]), paid: false);
        return Plan.Attribute(_ => frame =>
        {
            var value = condition(frame);
            if (value.Kind != CelKind.Bool) return value.IsError ? value : CelValue.NoSuchOverload;
            return value.AsBool ? whenTrue(frame) : whenFalse(frame);
        });
    }

    private Plan OptionalSelect(CallExpr call)
    {
        var operand = Node(call.Args[0]);
        var field = ((ConstantExpr)call.Args[1]).Value.AsString;
        return Plan.Attribute(paid =>
        {
            var run = Base(operand, paid);
            return frame =>
            {
                var value = run(frame);
                if (value.IsError) return value;
                frame.Charge(1);
                return Selection.OptionalField(value, field);
            };
        });
    }

    private static Code NotStrictlyFalse(Code operand) => frame =>
    {
        var value = operand(frame);
        frame.Charge(1);
        return CelValue.Bool(!value.IsFalse);
    };

    private static Code OrElse(Code operand, Code other, bool unwrap) => frame =>
    {
        var value = operand(frame);
        if (value.IsError) return value;
        if (value.Kind != CelKind.Optional) return CelValue.NoSuchOverload;
        if (!value.HasValue) return other(frame);
        return unwrap ? value.OptionalValue : value;
    };

    /// <summary>Membership in a list of literals is a look-up, and costs what a look-up costs.</summary>
    private Plan In(CallExpr call)
    {
        var element = Node(call.Args[0]);
        var list = Node(call.Args[1]);
        if (list.Constant is { Kind: CelKind.List } known && known.AsList.Items().All(v => v.RuntimeType.IsPrimitive && v.Kind != CelKind.Bytes))
        {
            if (known.AsList.Count == 0) return Plan.Known(CelValue.False);
            var set = new HashSet<CelValue>(known.AsList.Items(), Equality.KeyComparer);
            var run = element.Run();
            return Plan.Of(frame =>
            {
                var value = run(frame);
                return value.IsError ? value : CelValue.Bool(set.Contains(value));
            });
        }
        return Plan.Of(Binary(call, [element, list]));
    }

    private static Code Unary(CallExpr call, Code operand)
    {
        var cost = RuntimeCost.Of(call);
        if (call.Overloads is not [{ Unary: { } run } single])
            return frame => Charged(frame, cost, [operand(frame)], args => Dispatch(call, args));
        var guard = single.Unguarded ? null : single.Args[0];
        return frame =>
        {
            var value = operand(frame);
            var result = value.IsError ? value : guard is null || CelOverload.Takes(guard, value) ? run(value) : NoOverload(call, [value]);
            if (cost.IsFixed) frame.Charge(cost.Fixed);
            else frame.Charge(cost.Calculate([value], result));
            return result;
        };
    }

    private static Code Binary(CallExpr call, Plan[] operands)
    {
        var cost = RuntimeCost.Of(call);
        var left = operands[0].Run();
        var right = operands[1].Run();
        if (call.Function is Operators.Equal or Operators.NotEqual) return Equals(left, right, call.Function == Operators.NotEqual);
        if (Specialized(call, operands) is { } run) return Charged(cost, left, right, run);
        if (call.Overloads is [{ Binary: { } one } single])
            return Charged(cost, left, right, single.Unguarded ? one : (a, b) => single.Takes([a, b]) ? one(a, b) : NoOverload(call, [a, b]));
        if (call.Overloads.Count > 0 && call.Overloads.TrueForAll(o => o.Unguarded) && call.Overloads[0].Binary is { } any) return Charged(cost, left, right, any);
        return Charged(cost, left, right, (a, b) => Dispatch(call, [a, b]));
    }

    private static Code Charged(RuntimeCost cost, Code left, Code right, Func<CelValue, CelValue, CelValue> run)
    {
        if (!cost.IsFixed)
            return frame =>
            {
                var first = left(frame);
                var second = right(frame);
                var result = first.IsError ? first : second.IsError ? second : run(first, second);
                frame.Charge(cost.Calculate([first, second], result));
                return result;
            };
        return frame =>
        {
            var first = left(frame);
            var second = right(frame);
            var result = first.IsError ? first : second.IsError ? second : run(first, second);
            frame.Charge(cost.Fixed);
            return result;
        };
    }

    private static Code Equals(Code left, Code right, bool negate) => frame =>
    {
        var first = left(frame);
        var second = right(frame);
        var same = Equality.Equal(first, second);
        frame.Charge(negate ? RuntimeCost.Traversal(Math.Min(RuntimeCost.Size(first), RuntimeCost.Size(second))) : RuntimeCost.OfEquality(first, second));
        return negate && !same.IsError ? CelValue.Bool(!same.AsBool) : same;
    };

    private static Code Many(CallExpr call, Code[] operands)
    {
        var cost = RuntimeCost.Of(call);
        return frame =>
        {
            var args = operands.Length == 0 ? [] : new CelValue[operands.Length];
            for (var i = 0; i < operands.Length; i++) args[i] = operands[i](frame);
            return Charged(frame, cost, args, values => Dispatch(call, values));
        };
    }

    private static CelValue Charged(Frame frame, RuntimeCost cost, CelValue[] args, Func<CelValue[], CelValue> run)
    {
        var failed = Array.FindIndex(args, a => a.IsError);
        var result = failed >= 0 ? args[failed] : run(args);
        frame.Charge(cost.IsFixed ? cost.Fixed : cost.Calculate(args, result));
        return result;
    }

    /// <summary>The first of the possible overloads that takes these values.</summary>
    private static CelValue Dispatch(CallExpr call, CelValue[] args)
    {
        foreach (var overload in call.Overloads)
            if (overload.Unguarded || overload.Takes(args))
                return overload.Call(args);
        return NoOverload(call, args);
    }

    private static CelValue NoOverload(CallExpr call, CelValue[] args) =>
        CelValue.Error($"no such overload: {call.Function}({string.Join(", ", args.Select(a => a.TypeName))})");
}
