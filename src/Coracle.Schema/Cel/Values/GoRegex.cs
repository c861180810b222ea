using System.Text.RegularExpressions;

namespace Coracle.Schema.Cel;

/// <summary>
/// Regular expressions in RE2's syntax (Go's regexp), run by .NET's engine without backtracking: in time linear in the text, as upstream.
/// </summary>
/// <remarks>
/// What is refused is refused with Go's words. Where the engines differ: <c>.</c> and negated classes count surrogates singly beyond U+FFFF; <c>\b</c>
/// and <c>(?i)</c> know all of Unicode, where Go's know ASCII words and simple folding; of <c>\p{...}</c> general categories are known, and of
/// scripts Greek, Cyrillic, Latin, Han, Hiragana and Katakana by their main ranges.
/// </remarks>
public sealed class GoRegex
{
    private const int Remembered = 256;

    /// <summary>Compiled, each character of a pattern takes some kilobytes. Go's own limit is on what it compiles to.</summary>
    private const int LengthMax = 16 * 1024;
    private static readonly Dictionary<string, GoRegex> Compiled = new(StringComparer.Ordinal);
    private readonly Regex regex;

    private GoRegex(Regex regex) => this.regex = regex;

    public bool IsMatch(string text) => regex.IsMatch(text);

    /// <summary>The first match, or null.</summary>
    public string? Find(string text) => regex.Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>The matches, no more than <paramref name="limit"/> unless that is negative.</summary>
    public IEnumerable<string> FindAll(string text, long limit = -1)
    {
        var ended = -1;
        foreach (var match in regex.EnumerateMatches(text).ToList())
        {
            if (limit-- == 0) yield break;
            // Go takes no empty match right behind another.
            if (match.Length == 0 && match.Index == ended)
            {
                limit++;
                continue;
            }
            ended = match.Index + match.Length;
            yield return text.Substring(match.Index, match.Length);
        }
    }

    /// <summary>Reads a pattern; otherwise <paramref name="error"/> is Go's message ("error parsing regexp: ...").</summary>
    public static bool TryCompile(string pattern, out GoRegex? regex, out string? error)
    {
        lock (Compiled)
            if (Compiled.TryGetValue(pattern, out regex))
            {
                error = null;
                return true;
            }
        regex = null;
        if (pattern.Length > LengthMax)
        {
            error = "error parsing regexp: expression too large: ``";
            return false;
        }
        if (!new Re2Pattern(pattern).TryTranslate(out var translated, out error)) return false;
        try
        {
            regex = new(new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InsufficientExecutionStackException)
        {
            error = $"error parsing regexp: expression is not supported: `{pattern}`";
            return false;
        }
        lock (Compiled)
        {
            if (Compiled.Count >= Remembered) Compiled.Clear();
            Compiled[pattern] = regex;
        }
        return true;
    }
}

file static class Matches
{
    public static List<(int Index, int Length)> ToList(this Regex.ValueMatchEnumerator matches)
    {
        var list = new List<(int, int)>();
        foreach (var match in matches) list.Add((match.Index, match.Length));
        return list;
    }
}
