using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coracle.Schema;

namespace Coracle.Conformance.Tests;

/// <summary>What makes a Kubernetes conformant: one of the list's.</summary>
/// <param name="Name">What tests and the page call it: see <see cref="BehaviourAttribute"/>.</param>
/// <param name="Group">"sig-api-machinery".</param>
/// <param name="Release">Since which releases it is asked for, or changed: "v1.17, v1.21".</param>
internal sealed partial record Behaviour(string Name, string Group, string Release)
{
    /// <summary>All of them, in the list's order.</summary>
    public static IReadOnlyList<Behaviour> ReadAll()
    {
        var read = Yaml.TryRead(File.ReadAllBytes(Repository.Reference("conformance.yaml")), strict: true, out var json, out var error);
        Assert.True(read, error);
        var entries = json!.AsArray().Select(entry => (Test: Text(entry, "testname"), Code: Text(entry, "codename"), Release: Text(entry, "release"))).ToList();
        var shared = entries.CountBy(e => e.Test).Where(c => c.Value > 1).Select(c => c.Key).ToHashSet();
        return [.. entries.Select(e => new Behaviour(shared.Contains(e.Test) ? OutsideBrackets(e.Code) : e.Test, GroupOf().Match(e.Code).Groups[1].Value, e.Release))];
    }

    private static string Text(JsonNode? entry, string name) => entry![name]!.GetValue<string>().Trim();

    private static string OutsideBrackets(string code) => Spaces().Replace(Brackets().Replace(code, " "), " ").Trim();

    [GeneratedRegex(@"^\[(sig-[a-z-]+)\]")] private static partial Regex GroupOf();
    [GeneratedRegex(@"\[[^\]]*\]")] private static partial Regex Brackets();
    [GeneratedRegex(" +")] private static partial Regex Spaces();
}
