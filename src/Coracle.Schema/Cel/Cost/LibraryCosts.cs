namespace Coracle.Schema.Cel;

/// <summary>What Kubernetes' own functions cost (apiserver's library/cost.go).</summary>
internal static class LibraryCosts
{
    /// <summary>By the function's name; null where the language's own costs hold.</summary>
    public static Func<CelValue[], CelValue, long>? Runtime(string function, string overload) => null;
}
