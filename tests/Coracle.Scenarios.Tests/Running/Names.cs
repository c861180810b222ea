using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>What is drawn by lot in names, told in words: replica sets by their revision ("web-&lt;1&gt;"), made pods by a star ("web-&lt;1&gt;-*").</summary>
internal sealed class Names
{
    private readonly Dictionary<string, string> _sets = [];
    private readonly HashSet<string> _prefixes = [];

    /// <summary>Remembers objects as they are now; some of them are gone when the story is told.</summary>
    public void Note(IEnumerable<JsonNode> sets, IEnumerable<JsonNode> pods)
    {
        foreach (var set in sets)
        {
            if (set["metadata"]!["ownerReferences"]?[0]?["name"]?.GetValue<string>() is not { } owner || set["metadata"]!["annotations"]?["deployment.kubernetes.io/revision"] is not { } revision) continue;
            _sets.TryAdd(set["metadata"]!["name"]!.GetValue<string>(), $"{owner}-<{revision.GetValue<string>()}>");
        }
        foreach (var pod in pods)
            if (pod["metadata"]!["generateName"]?.GetValue<string>() is { } prefix) _prefixes.Add(prefix);
    }

    // Of jobs by the minute and of pods by their index there are more than are still there.
    private static string Pattern(string prefix) => Regex.Match(prefix, @"^(.*-)\d+-$") is { Success: true } numbered ? Regex.Escape(numbered.Groups[1].Value) + @"\d+-" : Regex.Escape(prefix);

    public string Plain(string text)
    {
        foreach (var prefix in _prefixes.OrderByDescending(p => p.Length)) text = Regex.Replace(text, $"({Pattern(prefix)})[bcdfghjklmnpqrstvwxz2456789]{{5}}\\b", "$1*");
        text = Regex.Replace(text, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>");
        foreach (var (name, plain) in _sets) text = text.Replace(name, plain, StringComparison.Ordinal);
        return text;
    }
}
