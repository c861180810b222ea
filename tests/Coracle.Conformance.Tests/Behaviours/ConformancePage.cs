using System.Text;

namespace Coracle.Conformance.Tests;

/// <summary>docs/conformance.md: which behaviours are shown, and by which test.</summary>
internal static class ConformancePage
{
    public static string File => Path.Combine(Repository.Root, "docs", "conformance.md");

    public static string Write(IReadOnlyList<Behaviour> behaviours, IReadOnlyList<Claim> claims)
    {
        var shown = claims.ToDictionary(c => c.Behaviour);
        var page = new StringBuilder("""
            # Conformance

            What makes a Kubernetes conformant, and the test that shows it here. Generated from the list of behaviours of v1.36 and from the `[Behaviour]` attributes of the tests; a test fails when it is out of date. To write it anew:

            ```
            CORACLE_GOLDEN=write dotnet tests/Coracle.Conformance.Tests/bin/Debug/net10.0/Coracle.Conformance.Tests.dll --filter-class "*ConformancePageTests"
            ```

            | SIG | Behaviours | Shown |
            |---|---|---|

            """);
        var groups = behaviours.GroupBy(b => b.Group).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        foreach (var group in groups) page.Append($"| {group.Key} | {group.Count()} | {group.Count(b => shown.ContainsKey(b.Name))} |\n");
        page.Append($"| all | {behaviours.Count} | {shown.Count} |\n");
        foreach (var group in groups)
        {
            page.Append($"\n## {group.Key}\n\n| Behaviour | Release | Shown by |\n|---|---|---|\n");
            foreach (var behaviour in group) page.Append($"| {Cell(behaviour.Name)} | {behaviour.Release} | {By(behaviour, shown)} |\n");
        }
        return page.ToString();
    }

    private static string By(Behaviour behaviour, Dictionary<string, Claim> shown) =>
        shown.TryGetValue(behaviour.Name, out var claim) ? $"[{claim.Test}](../{claim.File})" : NotHere.Reasons.GetValueOrDefault(behaviour.Name, "not yet");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
