namespace Coracle.Schema.Cel;

/// <summary>Which overloads a call can mean.</summary>
internal sealed partial class Checker
{
    private CelType Call(CallExpr call)
    {
        if (call.Function == Operators.OptSelect) return OptionalSelect(call);
        var args = new List<CelType>(call.Args.Length + 1);
        foreach (var arg in call.Args) args.Add(Visit(arg));
        if (call.Target is null)
        {
            if (environment.FindFunction(call.Function.TrimStart('.')) is { } plain) return Resolve(call, plain, args);
            Undeclared(call.Offset, call.Function);
            return CelType.Error;
        }
        if (Qualified(call.Target) is { } prefix && environment.FindFunction($"{prefix.TrimStart('.')}.{call.Function}") is { } qualified)
        {
            call.Function = qualified.Name;
            call.Target = null;
            return Resolve(call, qualified, args);
        }
        args.Insert(0, Visit(call.Target));
        if (environment.FindFunction(call.Function) is { } member) return Resolve(call, member, args);
        Undeclared(call.Offset, call.Function);
        return CelType.Error;
    }

    private CelType Resolve(CallExpr call, CelFunction function, List<CelType> args)
    {
        call.Function = function.Name;
        if (function.Name is Operators.And or Operators.Or) return Logical(call, function, args);
        CelType? result = null;
        foreach (var overload in function.Overloads)
        {
            if (overload.IsMember != call.Target is not null || overload.Args.Count != args.Count) continue;
            var variables = new Dictionary<string, CelType>(StringComparer.Ordinal);
            var candidates = overload.Args.Select(a => types.Instantiate(a, variables)).ToArray();
            if (!types.AreAssignable(args, candidates)) continue;
            call.Overloads.Add(overload);
            var found = types.Substitute(types.Instantiate(overload.Result, variables), false);
            if (result is null) result = found;
            else if (!result.IsDyn && !found.Equals(result)) result = CelType.Dyn;
        }
        return result ?? NoOverload(call, args);
    }

    private CelType NoOverload(CallExpr call, List<CelType> args)
    {
        var shown = args.Select(a => types.Substitute(a, unknownToDyn: true).ToString()).ToList();
        var signature = call.Target is null ? $"({string.Join(", ", shown)})" : $"{shown[0]}.({string.Join(", ", shown.Skip(1))})";
        issues.Add(call.Offset, $"found no matching overload for '{call.Function}' applied to '{signature}'");
        return CelType.Error;
    }

    private CelType Logical(CallExpr call, CelFunction function, List<CelType> args)
    {
        call.Overloads.Add(function.Overloads[0]);
        var fits = true;
        for (var i = 0; i < args.Count; i++)
        {
            if (types.IsAssignable(args[i], CelType.Bool)) continue;
            Mismatch(call.Args[i], CelType.Bool, args[i]);
            fits = false;
        }
        return fits ? CelType.Bool : CelType.Error;
    }
}
