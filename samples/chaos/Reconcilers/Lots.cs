namespace Coracle.Samples.Chaos.Reconcilers;

/// <summary>Draws lots without a dice: the same seed draws the same, which makes what was drawn a fact that can be found again.</summary>
internal static class Lots
{
    public static IEnumerable<T> Draw<T>(IEnumerable<T> from, Func<T, string> name, string seed, int count) =>
        from.OrderBy(item => Hash(seed, name(item))).ThenBy(name, StringComparer.Ordinal).Take(count);

    // FNV-1a.
    private static ulong Hash(string seed, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in seed) hash = (hash ^ c) * 1099511628211UL;
        foreach (var c in name) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
