namespace Coracle.Schema.Cel;

/// <summary>Gives every node its type and every call its overloads, or says what is wrong in cel-go's words.</summary>
internal sealed partial class Checker(CelEnvironment environment, CelIssues issues)
{
    private readonly Unification types = new();
    private readonly List<Expr> seen = [];
    private readonly Stack<(string Name, CelType Type)> locals = new();

    public void Check(Expr root)
    {
        Visit(root);
        foreach (var node in seen) node.Type = types.Substitute(node.Type, unknownToDyn: true);
    }

    private CelType Visit(Expr node)
    {
        seen.Add(node);
        return node.Type = node switch
        {
            ConstantExpr constant => constant.Value.RuntimeType,
            IdentExpr ident => Ident(ident),
            SelectExpr select => Select(select),
            CallExpr call => Call(call),
            ListExpr list => List(list),
            MapExpr map => Map(map),
            StructExpr made => Struct(made),
            FoldExpr fold => Fold(fold),
            _ => CelType.Error,
        };
    }

    private void Undeclared(int offset, string name) => issues.Add(offset, $"undeclared reference to '{name}' (in container '')");

    private CelType? Find(string name, out CelValue? constant)
    {
        constant = null;
        if (!name.StartsWith('.'))
            foreach (var (local, type) in locals)
                if (local == name)
                    return type;
        return environment.FindIdent(name.TrimStart('.'), out constant);
    }

    private CelType Ident(IdentExpr ident)
    {
        if (Find(ident.Name, out var constant) is { } type)
        {
            ident.Constant = constant;
            return type;
        }
        Undeclared(ident.Offset, ident.Name);
        return CelType.Error;
    }

    /// <summary>a.b.c as one name; null when it is not made of names only.</summary>
    private static string? Qualified(Expr node) => node switch
    {
        IdentExpr ident => ident.Name,
        SelectExpr { TestOnly: false } select when Qualified(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };

    private CelType Select(SelectExpr select)
    {
        if (Qualified(select) is { } name && Find(name, out var constant) is { } type)
        {
            select.Resolved = new IdentExpr(select.Offset, name) { Constant = constant, Type = type };
            return type;
        }
        var found = Field(select.Offset, select.Operand, select.Field, optional: false);
        return select.TestOnly ? CelType.Bool : types.Substitute(found, false);
    }

    private CelType Field(int offset, Expr operand, string field, bool optional)
    {
        var type = types.Substitute(Visit(operand), false);
        if (type.IsOptional)
        {
            optional = true;
            type = type.Parameters[0];
        }
        CelType result;
        switch (type.Kind)
        {
            case CelTypeKind.Map: result = type.Parameters[1]; break;
            case CelTypeKind.Struct: result = FieldOf(offset, type, field); break;
            case CelTypeKind.TypeParam:
                types.IsAssignable(CelType.Dyn, type);
                result = CelType.Dyn;
                break;
            default:
                if (!type.IsDynOrError) issues.Add(offset, $"type '{type}' does not support field selection");
                result = CelType.Dyn;
                break;
        }
        return optional ? CelType.Optional(result) : result;
    }

    private CelType FieldOf(int offset, CelType type, string field)
    {
        if (environment.FieldOf(type, field) is { } found) return found;
        issues.Add(offset, environment.HasFields(type) ? $"undefined field '{field}'" : $"unexpected failed resolution of '{type.Name}'");
        return CelType.Error;
    }

    private CelType OptionalSelect(CallExpr call)
    {
        if (call.Args is [var operand, ConstantExpr { Value.Kind: CelKind.String } name])
            return types.Substitute(Field(call.Offset, operand, name.Value.AsString, optional: true), false);
        issues.Add(call.Offset, "unsupported optional field selection");
        return CelType.Error;
    }

    private CelType List(ListExpr list)
    {
        CelType? element = null;
        for (var i = 0; i < list.Elements.Length; i++)
        {
            var type = Visit(list.Elements[i]);
            if (list.Optional.Length > 0 && list.Optional[i]) type = Unwrapped(list.Elements[i], type);
            element = Join(list.Elements[i], element, type);
        }
        return CelType.List(element ?? types.NewVariable());
    }

    private CelType Map(MapExpr map)
    {
        CelType? key = null, value = null;
        foreach (var entry in map.Entries)
        {
            key = Join(entry.Key, key, Visit(entry.Key));
            var type = Visit(entry.Value);
            if (entry.Optional) type = Unwrapped(entry.Value, type);
            value = Join(entry.Value, value, type);
        }
        return CelType.Map(key ?? types.NewVariable(), value ?? types.NewVariable());
    }

    private CelType Unwrapped(Expr node, CelType type)
    {
        if (type.IsOptional) return type.Parameters[0];
        if (!type.IsDyn) Mismatch(node, CelType.Optional(type), type);
        return type;
    }

    private void Mismatch(Expr node, CelType expected, CelType actual) => issues.Add(node.Offset, $"expected type '{expected}' but found '{actual}'");

    /// <summary>What elements of one list or map have in common; they must have something.</summary>
    private CelType Join(Expr node, CelType? before, CelType type)
    {
        if (before is null) return type;
        if (types.IsAssignable(before, type)) return Unification.MostGeneral(before, type);
        if (environment.MixedLiterals) return CelType.Dyn;
        Mismatch(node, before, type);
        return CelType.Error;
    }

    private CelType Struct(StructExpr made)
    {
        var name = made.TypeName.TrimStart('.');
        if (environment.FindStruct(name) is not { } declared)
        {
            if (environment.FindIdent(name, out _) is not { } other) Undeclared(made.Offset, made.TypeName);
            else issues.Add(made.Offset, other.Kind == CelTypeKind.Type ? $"'{other.Parameters[0].Name}' is not a message type" : $"'{other.Name}' is not a type");
            foreach (var field in made.Fields) Visit(field.Value);
            return CelType.Error;
        }
        made.TypeName = name;
        foreach (var field in made.Fields)
        {
            var type = Visit(field.Value);
            if (field.Optional) type = Unwrapped(field.Value, type);
            if (declared.FieldType(field.Name) is not { } expected) issues.Add(field.Offset, $"undefined field '{field.Name}'");
            else if (!types.IsAssignable(expected, type))
                issues.Add(field.Offset, $"expected type of field '{field.Name}' is '{expected}' but provided type is '{type}'");
        }
        return declared.Type;
    }

    private CelType Fold(FoldExpr fold)
    {
        var range = types.Substitute(Visit(fold.Range), false);
        var accumulator = Visit(fold.Start);
        range = types.Substitute(range, false);
        locals.Push((fold.Accumulator, accumulator));
        var (first, second) = Elements(fold, range);
        locals.Push((fold.Variable, first));
        if (fold.Second is not null) locals.Push((fold.Second, second));
        Expect(fold.Condition, CelType.Bool);
        Expect(fold.Step, accumulator);
        locals.Pop();
        if (fold.Second is not null) locals.Pop();
        var result = Visit(fold.Result);
        locals.Pop();
        return types.Substitute(result, false);
    }

    private void Expect(Expr node, CelType expected)
    {
        var actual = Visit(node);
        if (!types.IsAssignable(expected, actual)) Mismatch(node, expected, actual);
    }

    private (CelType First, CelType Second) Elements(FoldExpr fold, CelType range)
    {
        switch (range.Kind)
        {
            case CelTypeKind.List: return fold.Second is null ? (range.Parameters[0], CelType.Error) : (CelType.Int, range.Parameters[0]);
            case CelTypeKind.Map: return (range.Parameters[0], range.Parameters[1]);
            case CelTypeKind.Dyn or CelTypeKind.Error or CelTypeKind.TypeParam:
                types.IsAssignable(CelType.Dyn, range);
                return (CelType.Dyn, CelType.Dyn);
            default:
                issues.Add(fold.Range.Offset, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
                return (CelType.Error, CelType.Error);
        }
    }
}
