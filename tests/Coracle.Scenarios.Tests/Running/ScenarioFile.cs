using System.Text;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>
/// Tables of scenarios as text: a title behind "# ", steps, a line "---", and the outcome until the next title.
/// </summary>
internal static class ScenarioFile
{
    private static readonly Lock Writing = new();
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Tables");

    public static IReadOnlyList<Scenario> ReadAll() => [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(file => Read(Path.GetFileNameWithoutExtension(file)))];

    public static IReadOnlyList<Scenario> Read(string table) => Read(table, File.ReadAllText(Path.Combine(Folder, table + ".txt")));

    private static List<Scenario> Read(string table, string text)
    {
        var scenarios = new List<Scenario>();
        foreach (var part in ("\n" + text).Split("\n# ").Skip(1))
        {
            var lines = part.Split('\n');
            var rule = Array.IndexOf(lines, "---");
            if (rule < 0) rule = lines.Length;
            scenarios.Add(new(table, lines[0].Trim(), string.Join('\n', lines[1..rule]).Trim('\n'), string.Join('\n', lines.Skip(rule + 1)).Trim('\n')));
        }
        return scenarios;
    }

    /// <summary>Puts the scenario in the place of the one of the same title, in the sources.</summary>
    public static void Write(Scenario scenario)
    {
        lock (Writing)
        {
            var file = Path.Combine(Sources(), scenario.Table + ".txt");
            var text = new StringBuilder(Before(File.ReadAllText(file)));
            foreach (var s in Read(scenario.Table, File.ReadAllText(file)).Select(s => s.Title == scenario.Title ? scenario : s))
                text.Append("# ").Append(s.Title).Append('\n').Append(s.Steps).Append("\n---\n").Append(s.Outcome).Append("\n\n");
            File.WriteAllText(file, text.ToString().TrimEnd('\n') + "\n");
        }
    }

    // What a file says before its first scenario.
    private static string Before(string text) => text.StartsWith("# ", StringComparison.Ordinal) || !text.Contains("\n# ", StringComparison.Ordinal) ? "" : text[..(text.IndexOf("\n# ", StringComparison.Ordinal) + 1)];

    private static string Sources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Coracle.slnx"))) return Path.Combine(folder.FullName, "tests", "Coracle.Scenarios.Tests", "Tables");
        throw new InvalidOperationException("these tests run in the repository");
    }
}
