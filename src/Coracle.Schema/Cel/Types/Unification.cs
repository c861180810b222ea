namespace Coracle.Schema.Cel;

/// <summary>What is known of type parameters while an expression is checked, and whether a type may stand where another is asked for.</summary>
internal sealed class Unification
{
    private readonly Dictionary<string, CelType> bound = new(StringComparer.Ordinal);

    /// <summary>What was bound before, newest last, so that a guess can be taken back.</summary>
    private readonly List<(string Name, CelType? Before)> trail = [];
    private int fresh;

    public CelType NewVariable() => CelType.Param($"_var{fresh++}");

    public bool IsAssignable(CelType to, CelType from) => Try(() => Assignable(to, from));

    public bool AreAssignable(IReadOnlyList<CelType> to, IReadOnlyList<CelType> from) => Try(() => AssignableAll(to, from));

    /// <summary>Keeps what was learnt only when the whole question is answered with yes.</summary>
    private bool Try(Func<bool> question)
    {
        var start = trail.Count;
        if (question()) return true;
        for (var i = trail.Count - 1; i >= start; i--)
        {
            var (name, before) = trail[i];
            if (before is null) bound.Remove(name);
            else bound[name] = before;
        }
        trail.RemoveRange(start, trail.Count - start);
        return false;
    }

    private void Bind(string name, CelType type)
    {
        trail.Add((name, bound.GetValueOrDefault(name)));
        bound[name] = type;
    }

    private bool AssignableAll(IReadOnlyList<CelType> to, IReadOnlyList<CelType> from)
    {
        if (to.Count != from.Count) return false;
        for (var i = 0; i < to.Count; i++)
            if (!Assignable(to[i], from[i]))
                return false;
        return true;
    }

    private bool Assignable(CelType left, CelType right)
    {
        if (right.Kind == CelTypeKind.TypeParam)
        {
            var (valid, known) = Substitutes(left, right);
            if (valid || known) return valid;
        }
        if (left.Kind == CelTypeKind.TypeParam) return Substitutes(right, left).Valid;
        if (left.IsDynOrError || right.IsDynOrError) return true;
        if (left.Kind == CelTypeKind.Null) return IsNullable(right);
        if (right.Kind == CelTypeKind.Null) return IsNullable(left);
        return left.Kind switch
        {
            CelTypeKind.Type => right.Kind == CelTypeKind.Type,
            CelTypeKind.Opaque or CelTypeKind.List or CelTypeKind.Map => left.Kind == right.Kind && left.Name == right.Name && AssignableAll(left.Parameters, right.Parameters),
            _ => left.Kind == right.Kind && left.Name == right.Name,
        };
    }

    private static bool IsNullable(CelType type) => type.Kind is CelTypeKind.Null or CelTypeKind.Opaque or CelTypeKind.Struct or CelTypeKind.Duration or CelTypeKind.Timestamp;

    /// <summary>Whether a parameter may stand for a type, and whether it stood for something already.</summary>
    private (bool Valid, bool Known) Substitutes(CelType type, CelType parameter)
    {
        if (type.Equals(parameter)) return (true, true);
        if (bound.TryGetValue(parameter.Name, out var known))
        {
            if (type.Equals(known)) return (true, true);
            if (!Assignable(type, known)) return (false, true);
            var general = MostGeneral(type, known);
            if (IsFreeOf(parameter, general)) Bind(parameter.Name, general);
            return (true, true);
        }
        if (!IsFreeOf(parameter, type)) return (false, false);
        Bind(parameter.Name, type);
        return (true, false);
    }

    /// <summary>The parameter is no part of the type.</summary>
    private bool IsFreeOf(CelType parameter, CelType type)
    {
        if (parameter.Equals(type)) return false;
        if (type.Kind == CelTypeKind.TypeParam) return !bound.TryGetValue(type.Name, out var known) || IsFreeOf(parameter, known);
        foreach (var part in type.Parameters)
            if (!IsFreeOf(parameter, part))
                return false;
        return true;
    }

    public static CelType MostGeneral(CelType left, CelType right) => IsNoMoreSpecific(left, right) ? left : right;

    private static bool IsNoMoreSpecific(CelType left, CelType right)
    {
        if (left.IsDyn || left.Kind == CelTypeKind.TypeParam) return true;
        if (right.IsDyn || right.Kind == CelTypeKind.TypeParam || left.Kind != right.Kind) return false;
        if (left.Kind == CelTypeKind.Type) return true;
        if (left.Kind is not (CelTypeKind.Opaque or CelTypeKind.List or CelTypeKind.Map)) return left.Equals(right);
        if (left.Name != right.Name || left.Parameters.Count != right.Parameters.Count) return false;
        for (var i = 0; i < left.Parameters.Count; i++)
            if (!IsNoMoreSpecific(left.Parameters[i], right.Parameters[i]))
                return false;
        return true;
    }

    /// <summary>A type with what is known of its parameters put in; what is not known becomes dyn at the end.</summary>
    public CelType Substitute(CelType type, bool unknownToDyn)
    {
        if (type.Kind == CelTypeKind.TypeParam)
            return bound.TryGetValue(type.Name, out var known) ? Substitute(known, unknownToDyn) : unknownToDyn ? CelType.Dyn : type;
        if (type.Parameters.Count == 0) return type;
        return Rebuild(type, p => Substitute(p, unknownToDyn));
    }

    /// <summary>An overload's types with fresh variables for its parameters.</summary>
    public CelType Instantiate(CelType type, Dictionary<string, CelType> variables)
    {
        if (type.Kind == CelTypeKind.TypeParam)
        {
            if (!variables.TryGetValue(type.Name, out var variable)) variables[type.Name] = variable = NewVariable();
            return variable;
        }
        return type.Parameters.Count == 0 ? type : Rebuild(type, p => Instantiate(p, variables));
    }

    private static CelType Rebuild(CelType type, Func<CelType, CelType> part)
    {
        var parts = type.Parameters.Select(part).ToArray();
        return type.Kind switch
        {
            CelTypeKind.List => CelType.List(parts[0]),
            CelTypeKind.Map => CelType.Map(parts[0], parts[1]),
            CelTypeKind.Type => CelType.TypeOf(parts[0]),
            _ => CelType.Opaque(type.Name, parts),
        };
    }
}
