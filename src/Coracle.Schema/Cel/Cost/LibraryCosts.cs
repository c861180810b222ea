namespace Coracle.Schema.Cel;

/// <summary>The cost of a call, by its arguments and what came of it.</summary>
internal delegate long CallCost(ReadOnlySpan<CelValue> args, CelValue result);

/// <summary>What Kubernetes' own functions cost when they are called (apiserver's library/cost.go), and cel-go's lists and sets.</summary>
internal static class LibraryCosts
{
    /// <summary>So much that one expression may ask for two.</summary>
    public const int AuthorizationCheck = 350_000;

    /// <summary>Marks a cost that is one whatever the arguments are.</summary>
    private static readonly CallCost One = (_, _) => 1;

    /// <summary>By the function's name; null where the language's own costs hold.</summary>
    public static CallCost? Runtime(string function, string overload) => ListsAndSets(overload) ?? (function switch
    {
        "check" => (_, _) => AuthorizationCheck,
        "serviceAccount" or "path" or "group" or "resource" or "subresource" or "namespace" or "name" or "allowed" or "reason" or "error" or "errored" => One,
        "fieldSelector" or "labelSelector" => (args, _) => Selector(Size(args[1])),
        "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" => (args, _) => Walk(args[0]),
        "url" or "lowerAscii" or "upperAscii" or "substring" or "trim" or "jsonpatch.escapeKey" or "cidr" or "isIP" or "isCIDR" or "quantity" or "isQuantity" or "semver" or "isSemver" =>
            (args, _) => Times(Size(args[0]), 0.1),
        "replace" or "split" or "ip.isCanonical" => (args, _) => Times(Size(args[0]), 0.2),
        "join" => (_, result) => Times(Size(result), 0.2),
        "find" or "findAll" => (args, _) => Times(1 + Size(args[0]), 0.1) * Times(Size(args[1]), 0.25),
        "ip" when overload == "cidr_ip" => One,
        "ip" => (args, _) => Times(Size(args[0]), 0.1),
        "containsIP" => (args, _) => Times(2 * Size(args[0]), 0.1) + (overload == "cidr_contains_ip_string" ? Times(Size(args[1]), 0.1) : 0),
        "containsCIDR" => (args, _) => Times(2 * Size(args[0]), 0.1) + Times(Size(args[0]), 0.1) + 1 + (overload == "cidr_contains_cidr_string" ? Times(Size(args[1]), 0.1) : 0),
        "validate" => (args, _) => args[0] is { Kind: CelKind.Object } format && format.AsObject is NamedFormat named ? Times(1 + Size(args[1]), 0.1) * Times(named.PatternSize, 0.25) : 1,
        "masked" or "prefixLength" or "family" or "isUnspecified" or "isLoopback" or "isLinkLocalMulticast" or "isLinkLocalUnicast" or "isGlobalUnicast" or "format.named" or "sign"
            or "asInteger" or "isInteger" or "asApproximateFloat" or "isGreaterThan" or "isLessThan" or "compareTo" or "add" or "sub" or "major" or "minor" or "patch" or "getScheme"
            or "getHostname" or "getHost" or "getPort" or "getEscapedPath" or "getQuery" => One,
        _ => null,
    });

    private static CallCost? ListsAndSets(string overload) => overload switch
    {
        "list_slice" or "lists_range" or "list_reverse" => (_, result) => Size(result) + 11,
        "list_flatten" or "list_flatten_int" => (args, _) => (long)Math.Min(Size(args[0]) * (args.Length == 2 ? (double)args[1].AsInt : 1), long.MaxValue / 2) + 11,
        "list_distinct" => (args, _) => SelfCompared(args[0]),
        "list_sets_contains_list" or "list_sets_intersects_list" => (args, _) => 1 + Size(args[0]) * Size(args[1]),
        "list_sets_equivalent_list" => (args, _) => 1 + 2 * Size(args[0]) * Size(args[1]),
        "string_format" or "strings_quote" => (args, _) => Times(Size(args[0]), 0.1),
        _ when overload.StartsWith("list_", StringComparison.Ordinal) && overload.EndsWith("_sort", StringComparison.Ordinal) => (args, _) => SelfCompared(args[0]),
        _ when overload.EndsWith("_sortByAssociatedKeys", StringComparison.Ordinal) => (args, _) => SelfCompared(args[1]),
        _ => null,
    };

    private static long SelfCompared(CelValue list)
    {
        if (list.Kind != CelKind.List) return 1;
        var items = list.AsList;
        var factor = items.Count > 0 && items[0].Kind is CelKind.String or CelKind.Bytes ? 2.1 : 2.0;
        return (long)((double)items.Count * items.Count * factor) + 11;
    }

    private static long Size(CelValue value) => value.Kind == CelKind.Optional ? 1 : RuntimeCost.Size(value);

    private static long Times(long size, double factor) => (long)Math.Ceiling(size * factor);

    private static long Selector(long length) => 10 + Times(length, 0.1) + Times(Times(length, 0.5), 50);

    /// <summary>One walk over a value and all that is in it.</summary>
    private static long Walk(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String: return (long)(System.Text.Encoding.UTF8.GetByteCount(value.AsString) * 0.1);
            case CelKind.Bytes: return (long)(value.AsBytes.Length * 0.1);
            case CelKind.List:
                long items = 0;
                Work.Add(value.AsList.Count);
                for (var i = 0; i < value.AsList.Count; i++) items += Walk(value.AsList[i]);
                return items;
            case CelKind.Map:
                Work.Add(value.AsMap.Count);
                return value.AsMap.Entries().Sum(e => Walk(e.Key) + Walk(e.Value));
            default: return 1;
        }
    }
}
