using System.Text;
using System.Text.RegularExpressions;

namespace Coracle.Kubectl.Tests;

/// <summary>
/// Whether a printed line is the expected one. What varies from run to run is written as &lt;age&gt;, &lt;ip&gt; and the like; &lt;hash:rs&gt; gives what stood there a name, and the same
/// name later, in an expected line or a command, means the same text. Words in angle brackets that are not in the table (kubectl prints "&lt;none&gt;") mean themselves.
/// Two blanks or more within a line stand for any number of them: how wide a column is depends on what varies.
/// </summary>
internal static partial class LinePattern
{
    private const string Duration = @"(?:\d+y\d+d|\d+y|\d+d\d+h|\d+d|\d+h\d+m|\d+h|\d+m\d+s|\d+m|\d+s)";

    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["age"] = $@"{Duration}(?: \(x\d+ over {Duration}\))?",
        ["ip"] = @"\d+\.\d+\.\d+\.\d+",
        ["uid"] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ["hash"] = "[a-z0-9]+",
        ["time"] = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
        ["date"] = @"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}",
        ["int"] = @"\d+",
        ["node"] = "sim-[0-9]",
        ["id"] = @"[a-z0-9]+://[0-9a-f]{64}",
        ["base64"] = "[A-Za-z0-9+/=]+",
        ["token"] = @"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
        ["any"] = ".*",
    };

    /// <summary>An expected line for any number of lines.</summary>
    public const string AnyLines = "<lines>";

    /// <summary>True when the line is as expected; names that the expectation gives are then added to <paramref name="known"/>.</summary>
    public static bool Matches(string expected, string actual, Dictionary<string, string> known)
    {
        var names = new List<string>();
        var match = Regex.Match(actual.TrimEnd(), Pattern(expected.TrimEnd(), known, names), RegexOptions.CultureInvariant);
        if (!match.Success) return false;
        for (var i = 0; i < names.Count; i++) known[names[i]] = match.Groups[i + 1].Value;
        return true;
    }

    private static string Pattern(string expected, Dictionary<string, string> known, List<string> names)
    {
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (Match part in Placeholder().Matches(expected))
        {
            var name = part.Groups[2].Value;
            if (known.TryGetValue(part.Value.Trim('<', '>'), out var literal) || known.TryGetValue(name, out literal)) Append(pattern, expected[at..part.Index]).Append(Regex.Escape(literal));
            else if (!Parts.TryGetValue(part.Groups[1].Value, out var regex)) continue;
            else if (name.Length == 0) Append(pattern, expected[at..part.Index]).Append("(?:").Append(regex).Append(')');
            else if (names.IndexOf(name) is >= 0 and var earlier) Append(pattern, expected[at..part.Index]).Append('\\').Append(earlier + 1);
            else
            {
                Append(pattern, expected[at..part.Index]).Append('(').Append(regex).Append(')');
                names.Add(name);
            }
            at = part.Index + part.Length;
        }
        return Append(pattern, expected[at..]).Append('$').ToString();
    }

    // Indentation is exact; blanks between columns are not.
    private static StringBuilder Append(StringBuilder pattern, string literal)
    {
        var start = pattern.Length == 1 ? literal.Length - literal.TrimStart(' ').Length : 0;
        pattern.Append(' ', start);
        var at = start;
        foreach (Match gap in Gap().Matches(literal, start))
        {
            pattern.Append(Regex.Escape(literal[at..gap.Index])).Append(@"(?: {2,}|\t+)");
            at = gap.Index + gap.Length;
        }
        return pattern.Append(Regex.Escape(literal[at..]));
    }

    [GeneratedRegex("<([a-z0-9]+)(?::([a-z0-9]+))?>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@" {2,}|\t+")]
    private static partial Regex Gap();
}
