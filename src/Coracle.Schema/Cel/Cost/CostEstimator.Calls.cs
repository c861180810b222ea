namespace Coracle.Schema.Cel;

/// <summary>What calls may cost, by overload.</summary>
internal sealed partial class CostEstimator
{
    private readonly record struct CallCost(CostRange Cost, CostRange? Size = null);

    /// <summary>An argument as estimates see it.</summary>
    internal readonly record struct Argument(string[]? Path, CelType Type, Expr? Node, CostRange? Known);

    private Argument ArgumentOf(Expr node)
    {
        var path = PathOf(node);
        if (path is [Operators.Result, ..]) path = null;
        return new(path, node.Type, node, Size(node));
    }

    private CostRange Call(CallExpr call)
    {
        if (call.Function == "dyn" && call.Args.Length == 1) return Dyn(call);
        var costs = Array.ConvertAll(call.Args, Cost);
        var args = Array.ConvertAll(call.Args, ArgumentOf);
        CostRange sum = default;
        Argument? target = null;
        if (call.Target is not null)
        {
            sum = Cost(call.Target);
            target = ArgumentOf(call.Target);
        }
        var ids = call.Function == Operators.OptSelect ? ["select_optional_field"] : call.Overloads.Select(o => o.Id).ToArray();
        if (ids.Length == 0) return default;
        var cost = new CostRange(ulong.MaxValue, 0);
        CostRange? size = null;
        foreach (var id in ids)
        {
            var one = OverloadCost(call, id, target, args, costs);
            cost = cost.Union(one.Cost);
            if (one.Size is { } given) size = size?.Union(given) ?? given;
            if (id is "index_list" or "index_map")
            {
                size = EntriesOf(call.Args[0])?.Value;
                paths[call] = [.. PathOf(call.Args[0]) ?? [], id == "index_list" ? "@items" : "@values"];
            }
            size ??= Size(call);
        }
        if (size is { } found) sizes[call] = found;
        return sum + cost;
    }

    private CostRange Dyn(CallExpr call)
    {
        var cost = CostRange.Fixed(1) + Cost(call.Args[0]);
        if (Size(call.Args[0]) is { } size) sizes[call] = size;
        if (EntriesOf(call.Args[0]) is { } inner) entries[call] = inner;
        return cost;
    }

    private CallCost OverloadCost(CallExpr call, string id, Argument? target, Argument[] args, CostRange[] costs)
    {
        var sum = costs.Aggregate(default(CostRange), (total, cost) => total + cost);
        if ((ListCost(id, target, args) ?? SetCost(id, args) ?? LibraryCost(call.Function, id, target, args)) is { } library) return library with { Cost = library.Cost + sum };
        if (Language(call, id, target, args, costs, sum) is { } known) return known;
        return new(CostRange.Fixed(1) + sum);
    }

    private static CostRange Known(Argument argument) => argument.Known ?? CostRange.Unknown;

    private CallCost? Language(CallExpr call, string id, Argument? target, Argument[] args, CostRange[] costs, CostRange sum)
    {
        switch (id)
        {
            case "string_format" when target is { } format: return new(Known(format) * Traversal + sum);
            case "string_to_bytes":
                return new(Known(args[0]) * Traversal + sum, new(Known(args[0]).Min, unchecked(Known(args[0]).Max * 4)));
            case "bytes_to_string": return new(Known(args[0]) * Traversal + sum, new(Known(args[0]).Min / 4, Known(args[0]).Max));
            case "strings_quote": return new(Known(args[0]) * Traversal + sum, new(unchecked(Known(args[0]).Min + 2), unchecked(Known(args[0]).Max * 2 + 2)));
            case "starts_with_string" or "ends_with_string": return new(Known(args[0]) * Traversal + sum);
            case "in_list": return new(Known(args[1]) * 1.0 + sum);
            case "matches_string" when target is { } text: return new((Known(text) + CostRange.Fixed(1)) * Traversal * (Known(args[0]) * PatternFactor) + sum);
            case "contains_string" when target is { } text: return new(Known(text) * Traversal * (Known(args[0]) * Traversal) + sum);
            case "logical_or" or "logical_and": return new(new CostRange(costs[0].Min, (costs[0] + costs[1]).Max));
            case "conditional": return Conditional(call, args, costs);
            case "add_string" or "add_bytes" or "add_list": return Joined(call, id, args, sum);
            case "less_string" or "greater_string" or "less_equals_string" or "greater_equals_string" or "less_bytes" or "greater_bytes" or "less_equals_bytes"
                or "greater_equals_bytes" or "equals" or "not_equals":
                var most = Math.Min(Known(args[0]).Max, Known(args[1]).Max);
                return new(new CostRange(most > 0 ? 1u : 0u, most) * Traversal + sum);
            default: return null;
        }
    }

    private CallCost Conditional(CallExpr call, Argument[] args, CostRange[] costs)
    {
        if (EntriesOf(call.Args[1]) is { } one && EntriesOf(call.Args[2]) is { } other)
            entries[call] = new(one.IsList, one.Key.Union(other.Key), one.Value.Union(other.Value));
        return new(costs[0] + costs[1].Union(costs[2]), Known(args[1]).Union(Known(args[2])));
    }

    private CallCost Joined(CallExpr call, string id, Argument[] args, CostRange sum)
    {
        var size = Known(args[0]) + Known(args[1]);
        if (EntriesOf(call.Args[0]) is { } left && EntriesOf(call.Args[1]) is { } right)
            entries[call] = new(left.IsList, left.Key.Union(right.Key), left.Value.Union(right.Value));
        return new((id == "add_list" ? CostRange.Fixed(1) : size * Traversal) + sum, size);
    }
}
