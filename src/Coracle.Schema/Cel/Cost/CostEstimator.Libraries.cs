namespace Coracle.Schema.Cel;

/// <summary>What calls of Kubernetes' libraries may cost (apiserver's library/cost.go), and of cel-go's lists and sets.</summary>
internal sealed partial class CostEstimator
{
    private static readonly CostRange One = CostRange.Fixed(1);

    private CostRange SizeOf(Argument argument) => argument.Known ?? DeclaredSize(argument.Path) ?? CostRange.Unknown;

    private static Argument? ElementOf(Argument list) =>
        list.Type.Parameters is [var element, ..] ? new(list.Path is null ? null : [.. list.Path, "@items"], element, null, null) : null;

    private CallCost? ListCost(string id, Argument? target, Argument[] args)
    {
        switch (id)
        {
            case "list_slice" when target is { } list:
                return Allocating(1, CostRange.Fixed(unchecked(Literal(args[1], SizeOf(list).Max) - Literal(args[0], 0))));
            case "lists_range": return Allocating(1, CostRange.Fixed(Literal(args[0], ulong.MaxValue)));
            case "list_reverse" when target is { } list: return Allocating(1, SizeOf(list));
            case "list_flatten" or "list_flatten_int" when target is { } list: return Allocating(args.Length == 1 ? Literal(args[0], ulong.MaxValue) : 1, SizeOf(list));
            case "list_distinct" when target is { } list: return Allocating(2, SizeOf(list) * SizeOf(list));
        }
        if (id.StartsWith("list_", StringComparison.Ordinal) && target is { } sorted)
        {
            var compared = id.StartsWith("list_string_", StringComparison.Ordinal) || id.StartsWith("list_bytes_", StringComparison.Ordinal) ? 2.0 + Traversal : 2.0;
            if (id.EndsWith("_sort", StringComparison.Ordinal)) return Allocating(compared, SizeOf(sorted) * SizeOf(sorted));
            if (id.EndsWith("_sortByAssociatedKeys", StringComparison.Ordinal)) return Allocating(compared, SizeOf(args[0]) * SizeOf(args[0]));
        }
        return null;
    }

    private static CallCost Allocating(double factor, CostRange size) => new(size * factor + One + CostRange.Fixed(10), size);

    private static ulong Literal(Argument argument, ulong otherwise) =>
        argument.Node is ConstantExpr { Value.Kind: CelKind.Int } literal ? (ulong)Math.Max(literal.Value.AsInt, 0) : otherwise;

    private CallCost? SetCost(string id, Argument[] args) => id switch
    {
        "list_sets_contains_list" or "list_sets_intersects_list" => new(SizeOf(args[0]) * SizeOf(args[1]) * 1.0 + One),
        "list_sets_equivalent_list" => new(SizeOf(args[0]) * SizeOf(args[1]) * 2.0 + One),
        _ => null,
    };

    private CallCost? LibraryCost(string function, string id, Argument? target, Argument[] args)
    {
        switch (function)
        {
            case "check": return new(CostRange.Fixed(LibraryCosts.AuthorizationCheck));
            case "serviceAccount" or "path" or "group" or "resource" or "subresource" or "namespace" or "name" or "allowed" or "reason" or "error" or "errored": return new(One);
            case "fieldSelector" or "labelSelector" when args.Length == 1: return new(Selector(SizeOf(args[0])));
            case "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" when target is { } list: return Walk(list);
            case "url" or "jsonpatch.escapeKey" when args.Length == 1: return new(SizeOf(args[0]) * Traversal, SizeOf(args[0]));
            case "lowerAscii" or "upperAscii" or "substring" or "trim" when target is { } text: return new(SizeOf(text) * Traversal, SizeOf(text));
            case "replace" when target is { } text && args.Length >= 2: return Replace(SizeOf(text), SizeOf(args[0]), SizeOf(args[1]));
            case "split" when target is { } text:
                var most = args is [_, { Node: ConstantExpr { Value.Kind: CelKind.Int } limit }] ? (ulong)limit.Value.AsInt : SizeOf(text).Max;
                return new(SizeOf(text) * (2 * Traversal), new CostRange(0, most));
            case "join" when target is { } list: return Join(list, args);
            case "find" or "findAll" when target is { } text && args.Length >= 1:
                return new((SizeOf(text) + One) * Traversal * (SizeOf(args[0]) * PatternFactor), new CostRange(0, SizeOf(text).Max));
            case "ip" when id == "cidr_ip": return new(One);
            case "cidr" or "isIP" or "isCIDR" or "ip" or "quantity" or "isQuantity" or "semver" or "isSemver" when args.Length >= 1: return new(SizeOf(args[0]) * Traversal);
            case "ip.isCanonical" when args.Length >= 1: return new(SizeOf(args[0]) * (2 * Traversal));
            case "containsIP" when args.Length >= 1: return new(Contained + (id == "cidr_contains_ip_string" ? SizeOf(args[0]) * Traversal : default));
            case "containsCIDR" when args.Length >= 1:
                return new(Contained + new CostRange(4, 16) * Traversal + One + (id == "cidr_contains_cidr_string" ? SizeOf(args[0]) * Traversal : default));
            case "validate" when args.Length >= 1: return new(SizeOf(args[0]) * Traversal * (128 * PatternFactor));
            case "masked" or "prefixLength" or "family" or "isUnspecified" or "isLoopback" or "isLinkLocalMulticast" or "isLinkLocalUnicast" or "isGlobalUnicast" or "format.named"
                or "sign" or "asInteger" or "isInteger" or "asApproximateFloat" or "isGreaterThan" or "isLessThan" or "compareTo" or "add" or "sub" or "major" or "minor" or "patch"
                or "getScheme" or "getHostname" or "getHost" or "getPort" or "getEscapedPath" or "getQuery": return new(One);
            case Operators.Equal when args.Length == 2 && args[0].Type.Equals(args[1].Type): return Same(args[0].Type);
            default: return null;
        }
    }

    /// <summary>Two addresses of four or sixteen bytes, compared.</summary>
    private static CostRange Contained => (new CostRange(4, 16) + new CostRange(4, 16)) * Traversal;

    private static CostRange Selector(CostRange length) => CostRange.Fixed(10) + length * Traversal + length * 0.5 * 50.0;

    private CallCost Walk(Argument list)
    {
        if (ElementOf(list) is not { } element) return new(SizeOf(list) * Traversal);
        var each = One;
        if (element.Type.Kind is CelTypeKind.String or CelTypeKind.Bytes) each += SizeOf(element) * Traversal;
        return new(SizeOf(list) * each);
    }

    private static CallCost Replace(CostRange text, CostRange old, CostRange with)
    {
        CostRange count = default, kept = default;
        if (old.Min == 0)
        {
            count = count with { Max = text.Max < ulong.MaxValue ? text.Max + 1 : text.Max };
            kept = kept with { Max = text.Max };
        }
        else if (with.Max <= old.Min) kept = kept with { Max = text.Max };
        else count = count with { Max = Quotient(text.Max, old.Min) };
        if (old.Max == 0)
        {
            count = count with { Min = text.Min < ulong.MaxValue ? text.Min + 1 : text.Min };
            kept = kept with { Min = text.Min };
        }
        else if (old.Max <= with.Min) kept = kept with { Min = text.Min };
        else count = count with { Min = Quotient(text.Min, old.Max) };
        return new(text * (2 * Traversal), count * with + kept);
    }

    private static ulong Quotient(ulong size, ulong by)
    {
        var quotient = Math.Ceiling((double)size / by);
        return quotient >= 18446744073709551616.0 ? ulong.MaxValue : (ulong)quotient;
    }

    private CallCost Join(Argument list, Argument[] args)
    {
        var count = SizeOf(list);
        CostRange size = default;
        if (ElementOf(list) is { } element) size = count * SizeOf(element);
        if (args.Length > 0) size += SizeOf(args[0]) * new CostRange(count.Min > 0 ? count.Min - 1 : 0, count.Max > 0 ? count.Max - 1 : 0);
        return new(size * Traversal, size);
    }

    private static CallCost? Same(CelType type) => type.Name switch
    {
        "net.IP" or "net.CIDR" or "kubernetes.Quantity" or "kubernetes.Semver" => new(One),
        "kubernetes.NamedFormat" => new(new CostRange(1, 64) * Traversal),
        "kubernetes.URL" => new(One * Traversal),
        _ when type.Name.StartsWith("kubernetes.authorization.", StringComparison.Ordinal) => new(One),
        _ => null,
    };
}
