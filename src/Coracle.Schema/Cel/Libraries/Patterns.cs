using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>find and findAll.</summary>
internal static class Patterns
{
    public static CelLibrary Library { get; } = new("k8s.regex",
        new("find", CelOverload.Member("string_find_string", [T.String, T.String], T.String, (text, pattern) =>
            GoRegex.TryCompile(pattern.AsString, out var regex, out var error) ? CelValue.String(regex!.Find(text.AsString) ?? "") : Illegal(error))),
        new("findAll",
            CelOverload.Member("string_find_all_string", [T.String, T.String], T.List(T.String), (text, pattern) => FindAll(text, pattern, -1)),
            CelOverload.Member("string_find_all_string_int", [T.String, T.String, T.Int], T.List(T.String), args => FindAll(args[0], args[1], args[2].AsInt))));

    private static CelValue FindAll(CelValue text, CelValue pattern, long limit) => GoRegex.TryCompile(pattern.AsString, out var regex, out var error)
        ? CelValue.List(new CelArray([.. regex!.FindAll(text.AsString, limit).Select(CelValue.String)]))
        : Illegal(error);

    private static CelValue Illegal(string? error) => CelValue.Error("Illegal regex: " + error);
}
