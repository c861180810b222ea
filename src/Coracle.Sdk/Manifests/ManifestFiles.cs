namespace Coracle.Sdk;

/// <summary>
/// Manifests as files beside the code: written by the build, and compared with those that are kept, so that a change of the types is seen by whoever reviews it.
/// <code>
/// if (args is ["manifests", ..]) return ManifestFiles.Run(Manifests, args[1..]);
/// </code>
/// </summary>
public static class ManifestFiles
{
    /// <summary>"FOLDER" writes the manifests there; "--check FOLDER" tells what is not there as it should be, in the form in which a build shows errors.</summary>
    /// <param name="manifests">Each by its file's name.</param>
    /// <param name="args">What the program was given.</param>
    /// <returns>The program's exit code: 0 done, 1 something differs, 2 wrong usage.</returns>
    public static int Run(IReadOnlyDictionary<string, string> manifests, IReadOnlyList<string> args)
    {
        switch (args)
        {
            case ["--check", var kept]:
                var differences = Differences(manifests, kept);
                foreach (var difference in differences) Console.Out.WriteLine(difference);
                return differences.Count == 0 ? 0 : 1;
            case [var folder] when !folder.StartsWith('-'):
                Write(manifests, folder);
                return 0;
            default:
                Console.Error.WriteLine("usage: manifests [--check] FOLDER");
                return 2;
        }
    }

    /// <summary>Writes all manifests; those that are the same are not touched.</summary>
    public static void Write(IReadOnlyDictionary<string, string> manifests, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in manifests)
            if (Kept(folder, name) != text) File.WriteAllText(Path.Combine(folder, name), text);
    }

    /// <summary>What is not as it should be: a line for each file that is missing, that differs (at which line first), or that nobody writes.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> manifests, string folder)
    {
        var found = new List<string>();
        foreach (var (name, text) in manifests.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (Kept(folder, name) is not { } kept) found.Add($"{path} : error MANIFEST1: there is no such file; {Remedy}");
            else if (kept != text) found.Add($"{path}({FirstDifference(kept, text)}): error MANIFEST2: this is not what the code says; {Remedy}");
        }
        if (!Directory.Exists(folder)) return found;
        foreach (var path in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
            if (!manifests.ContainsKey(Path.GetFileName(path))) found.Add($"{path} : error MANIFEST3: nothing in the code makes this file");
        return found;
    }

    private const string Remedy = "'dotnet build -p:AcceptManifests=true' writes it";

    private static string? Kept(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;

    private static int FirstDifference(string kept, string text)
    {
        var (ours, theirs) = (kept.Split('\n'), text.Split('\n'));
        for (var i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
            if (ours[i] != theirs[i]) return i + 1;
        return Math.Min(ours.Length, theirs.Length);
    }
}
