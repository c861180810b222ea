using System.Text;

namespace Coracle.ApiServer;

/// <summary>Warnings as headers: code 299, no agent, each once, and only so much text that clients still take the answer (upstream: endpoints/filters/warning.go).</summary>
internal static class WarningHeaders
{
    private const int AllRunesMax = 4 * 1024;
    private const int OneRunesMax = 256;

    public static List<string> Of(IReadOnlyList<string> warnings)
    {
        var texts = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var written = 0;
        var cutting = false;
        foreach (var warning in warnings)
        {
            if (cutting && written >= AllRunesMax) break;
            if (warning.Length == 0 || !seen.Add(warning)) continue;
            var text = Clean(warning);
            texts.Add(text);
            written += Runes(cutting ? Cut(text) : text);
            if (cutting || written <= AllRunesMax) continue;
            // Too much: from here on, and for those before, only the beginning of each.
            cutting = true;
            written = texts.Sum(t => Runes(Cut(t)));
        }
        return texts.ConvertAll(text => Header(cutting ? Cut(text) : text));
    }

    private static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c))]);

    private static int Runes(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    private static string Cut(string text)
    {
        if (text.Length <= OneRunesMax) return text;
        var cut = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(OneRunesMax)) cut.Append(rune.ToString());
        return cut.ToString();
    }

    private static string Header(string text) =>
        $"299 - \"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
