namespace Coracle.Schema.Cel;

/// <summary>
/// What a checked expression may cost at the least and at the most, from what the schema says of sizes (cel-go's checker/cost.go). The result decides
/// which rules a definition may have, so it follows upstream's reckoning step by step.
/// </summary>
internal sealed partial class CostEstimator
{
    private const double Traversal = 0.1, PatternFactor = 0.25;

    private readonly CelDeclaration? root;
    private readonly Dictionary<Expr, string[]> paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, CostRange> sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, EntrySizes> entries = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<(string Name, Local Local)> locals = new();

    private CostEstimator(CelDeclaration? root) => this.root = root;

    private sealed record EntrySizes(bool IsList, CostRange Key, CostRange Value);

    private sealed record Local(string[]? Path, CostRange? Size, EntrySizes? Entries);

    /// <param name="root">What the paths of the expression begin at: the declaration of <c>self</c>.</param>
    public static CostRange Estimate(Expr tree, CelDeclaration? root) => new CostEstimator(root).Cost(tree);

    private CostRange Cost(Expr node) => node switch
    {
        ConstantExpr => default,
        IdentExpr ident => Ident(ident, ident.Name),
        SelectExpr { Resolved: { } whole } select => Ident(select, whole.Name),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        StructExpr made => made.Fields.Aggregate(default(CostRange), (sum, field) => sum + Cost(field.Value)) + CostRange.Fixed(40),
        FoldExpr fold => IsBinding(fold) ? Binding(fold) : Fold(fold),
        _ => default,
    };

    private Local? Find(string name)
    {
        foreach (var (known, local) in locals)
            if (known == name)
                return local;
        return null;
    }

    private CostRange Ident(Expr node, string name)
    {
        var local = Find(name);
        if (local is null) paths[node] = [name];
        else if (local.Path is { } path) paths[node] = path;
        return CostRange.Fixed(1);
    }

    private string[]? PathOf(Expr node) => node is IdentExpr ident && Find(ident.Name) is { } local ? local.Path : paths.GetValueOrDefault(node);

    private CostRange Select(SelectExpr select)
    {
        var sum = Cost(select.Operand);
        if (select.TestOnly) return sum;
        if (select.Operand.Type.Kind is CelTypeKind.Map or CelTypeKind.Struct or CelTypeKind.TypeParam) sum += CostRange.Fixed(1);
        paths[select] = [.. PathOf(select.Operand) ?? [], select.Field];
        return sum;
    }

    private CostRange List(ListExpr list)
    {
        CostRange sum = default;
        var item = new CostRange(list.Elements.Length == 0 ? 0 : ulong.MaxValue, 0);
        foreach (var element in list.Elements)
        {
            sum += Cost(element);
            item = item.Union(SizeOrUnknown(element));
        }
        entries[list] = new(true, CostRange.Fixed(1), item);
        return sum + CostRange.Fixed(10);
    }

    private CostRange Map(MapExpr map)
    {
        CostRange sum = default;
        var key = new CostRange(map.Entries.Length == 0 ? 0 : ulong.MaxValue, 0);
        var value = key;
        foreach (var entry in map.Entries)
        {
            sum += Cost(entry.Key) + Cost(entry.Value);
            key = key.Union(SizeOrUnknown(entry.Key));
            value = value.Union(SizeOrUnknown(entry.Value));
        }
        entries[map] = new(false, key, value);
        return sum + CostRange.Fixed(30);
    }

    private static bool IsBinding(FoldExpr fold) => fold.Range is ListExpr { Elements.Length: 0 } && fold.Condition is ConstantExpr { Value.IsFalse: true };

    private CostRange Binding(FoldExpr fold)
    {
        var sum = Cost(fold.Range) + Cost(fold.Start);
        locals.Push((fold.Accumulator, new(PathOf(fold.Start), Size(fold.Start), EntriesOf(fold.Start))));
        sum += Cost(fold.Result);
        if (Size(fold.Result) is { } size) sizes[fold] = size;
        if (EntriesOf(fold.Result) is { } inner) entries[fold] = inner;
        locals.Pop();
        return sum;
    }

    private CostRange Fold(FoldExpr fold)
    {
        var sum = Cost(fold.Range) + Cost(fold.Start);
        locals.Push((fold.Accumulator, new(PathOf(fold.Start), Size(fold.Start), EntriesOf(fold.Start))));
        PushVariables(fold);
        var loop = Cost(fold.Condition);
        loop = Cost(fold.Step) + loop;
        locals.Pop();
        if (fold.Second is not null) locals.Pop();
        sum += Cost(fold.Result);
        locals.Pop();
        var count = SizeOrUnknown(fold.Range);
        sum += count * loop;
        if (fold.Start is ConstantExpr)
        {
            if (Size(fold.Start) is { } size) sizes[fold] = size;
        }
        else if (fold.Start is ListExpr or MapExpr)
        {
            sizes[fold] = count;
            if (EntriesOf(fold.Step) is { } step) entries[fold] = step;
        }
        return sum;
    }

    private void PushVariables(FoldExpr fold)
    {
        var known = EntriesOf(fold.Range);
        var isList = known?.IsList ?? fold.Range.Type.Kind == CelTypeKind.List;
        var path = PathOf(fold.Range) ?? [];
        if (fold.Second is null)
        {
            locals.Push((fold.Variable, new([.. path, isList ? "@items" : "@keys"], isList ? known?.Value : known?.Key, null)));
            return;
        }
        locals.Push((fold.Variable, new([.. path, isList ? "@indices" : "@keys"], known?.Key, null)));
        locals.Push((fold.Second, new([.. path, isList ? "@items" : "@values"], known?.Value, null)));
    }

    /// <summary>A size that the text itself, the schema or the type tells.</summary>
    private CostRange? Size(Expr node)
    {
        if (sizes.TryGetValue(node, out var known)) return known;
        if (LiteralSize(node) is { } literal) return CostRange.Fixed(literal);
        if (DeclaredSize(PathOf(node)) is { } declared) return sizes[node] = declared;
        if (IsScalar(node.Type)) return CostRange.Fixed(1);
        return node is IdentExpr ident ? Find(ident.Name)?.Size : null;
    }

    private CostRange SizeOrUnknown(Expr node) => Size(node) ?? CostRange.Unknown;

    private EntrySizes? EntriesOf(Expr node) => entries.GetValueOrDefault(node) ?? (node is IdentExpr ident ? Find(ident.Name)?.Entries : null);

    private static ulong? LiteralSize(Expr node) => node switch
    {
        ConstantExpr { Value.Kind: CelKind.String } text => (ulong)CelSource.CodePoints(text.Value.AsString),
        ConstantExpr { Value.Kind: CelKind.Bytes } bytes => (ulong)bytes.Value.AsBytes.Length,
        ConstantExpr => 1,
        ListExpr list => (ulong)list.Elements.Length,
        MapExpr map => (ulong)map.Entries.Length,
        _ => null,
    };

    private static bool IsScalar(CelType type) => type.Kind switch
    {
        CelTypeKind.Bool or CelTypeKind.Double or CelTypeKind.Duration or CelTypeKind.Int or CelTypeKind.Timestamp or CelTypeKind.Uint => true,
        _ => type.IsOptional && IsScalar(type.Parameters[0]),
    };

    /// <summary>What the schema says of the place: the path without its first step, from the root.</summary>
    private CostRange? DeclaredSize(string[]? path)
    {
        if (root is null || path is null or [] || path[0] == Operators.Result) return null;
        var place = root;
        foreach (var step in path.Skip(1))
        {
            var next = step switch
            {
                "@items" or "@values" => place.Element,
                "@keys" => place.Key,
                _ => place.Fields?.GetValueOrDefault(step) ?? (place.Element is { IsSelected: true } value ? value : null),
            };
            if (next is null) return null;
            place = next;
        }
        return new(0, (ulong)place.MaxElements);
    }
}
