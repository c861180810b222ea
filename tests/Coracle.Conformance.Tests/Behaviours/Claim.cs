using System.Text.RegularExpressions;

namespace Coracle.Conformance.Tests;

/// <summary>A test that says which behaviour it shows, as its source has it: so tests of every project are found without loading them.</summary>
/// <param name="Behaviour">The behaviour's name.</param>
/// <param name="File">Where the test is, from the root of the repository.</param>
/// <param name="Test">"Class.Method".</param>
/// <param name="Runs">Not left out by its own attributes.</param>
internal sealed partial record Claim(string Behaviour, string File, string Test, bool Runs)
{
    public static IReadOnlyList<Claim> ReadAll()
    {
        var tests = Path.Combine(Repository.Root, "tests");
        var files = Directory.EnumerateDirectories(tests).SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories));
        return [.. files.Where(IsSource).Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    private static bool IsSource(string file) =>
        !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj") && System.IO.File.ReadAllText(file).Contains("Behaviour(\"", StringComparison.Ordinal);

    private static IEnumerable<Claim> Read(string file)
    {
        var (path, type) = (Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), "");
        var (names, runs) = (new List<string>(), true);
        foreach (var line in System.IO.File.ReadLines(file).Select(l => l.Trim()))
        {
            if (Type().Match(line) is { Success: true } found) type = found.Groups[1].Value;
            foreach (Match named in Attribute().Matches(line)) names.Add(Regex.Unescape(named.Groups[1].Value));
            if (line.StartsWith('[')) runs &= !LeftOut().IsMatch(line);
            if (Method().Match(line) is not { Success: true } method) continue;
            foreach (var name in names) yield return new(name, path, $"{type}.{method.Groups[1].Value}", runs);
            names.Clear();
            runs = true;
        }
    }

    [GeneratedRegex(@"^(?:public |internal |sealed |partial |abstract )*class (\w+)")] private static partial Regex Type();
    [GeneratedRegex("""(?<=[[,] ?)Behaviour\("((?:[^"\\]|\\.)*)"\)""")] private static partial Regex Attribute();
    [GeneratedRegex(@"\bSkip\w* = |Explicit = true")] private static partial Regex LeftOut();
    [GeneratedRegex(@"^public (?:async )?(?:Task|ValueTask|void) (\w+)\(")] private static partial Regex Method();
}
