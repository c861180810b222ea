using System.Text;

namespace Coracle.Kubectl.Tests;

/// <summary>Expected and printed lines, side by side.</summary>
internal static class Comparison
{
    /// <summary>
    /// How many of the printed lines the expected ones account for, or null when they are not what is printed. With <paramref name="prefix"/> more may follow.
    /// Names given by the expectation are kept in <paramref name="known"/> when all of it holds.
    /// </summary>
    public static int? Consumed(IReadOnlyList<string> expected, IReadOnlyList<string> actual, Dictionary<string, string> known, bool prefix = false)
    {
        var names = new Dictionary<string, string>(known, StringComparer.Ordinal);
        var at = 0;
        var skip = false;
        foreach (var line in expected)
        {
            if (line == LinePattern.AnyLines)
            {
                skip = true;
                continue;
            }
            while (skip && at < actual.Count && !LinePattern.Matches(line, actual[at], names)) at++;
            if (at >= actual.Count || !LinePattern.Matches(line, actual[at], names)) return null;
            at++;
            skip = false;
        }
        if (skip && !prefix) at = actual.Count;
        if (!prefix && at < actual.Count) return null;
        foreach (var (name, value) in names) known[name] = value;
        return at;
    }

    /// <summary>A difference for the eye: "-" is expected and missing, "+" is printed and not expected.</summary>
    public static string Difference(IReadOnlyList<string> expected, IReadOnlyList<string> actual, Dictionary<string, string> known)
    {
        var names = new Dictionary<string, string>(known, StringComparer.Ordinal);
        var same = new int[expected.Count + 1, actual.Count + 1];
        for (var e = expected.Count - 1; e >= 0; e--)
            for (var a = actual.Count - 1; a >= 0; a--)
                same[e, a] = LinePattern.Matches(expected[e], actual[a], new(names, StringComparer.Ordinal)) ? same[e + 1, a + 1] + 1 : Math.Max(same[e + 1, a], same[e, a + 1]);
        var text = new StringBuilder();
        for (int e = 0, a = 0; e < expected.Count || a < actual.Count;)
        {
            if (e < expected.Count && a < actual.Count && LinePattern.Matches(expected[e], actual[a], names)) (e, a) = Line(text, ' ', actual[a], e + 1, a + 1);
            else if (a >= actual.Count || e < expected.Count && same[e + 1, a] >= same[e, a + 1]) (e, a) = Line(text, '-', expected[e], e + 1, a);
            else (e, a) = Line(text, '+', actual[a], e, a + 1);
        }
        return text.ToString();
    }

    private static (int Expected, int Actual) Line(StringBuilder text, char mark, string line, int expected, int actual)
    {
        text.Append("  ").Append(mark).Append(' ').Append(line).Append('\n');
        return (expected, actual);
    }
}
