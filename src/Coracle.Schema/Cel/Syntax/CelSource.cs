using System.Globalization;
using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>One thing wrong with an expression. <see cref="ToString"/> gives cel-go's text with the line and a caret below the place.</summary>
public sealed class CelIssue
{
    internal CelIssue(CelSource source, int offset, string message)
    {
        Message = message;
        (Line, Column) = offset < 0 ? (-1, -1) : source.Place(offset);
        text = new Lazy<string>(() => source.Render(this));
    }

    private readonly Lazy<string> text;

    public string Message { get; }

    /// <summary>From 1; -1 when the whole expression is meant.</summary>
    public int Line { get; }

    /// <summary>In code points, from 0.</summary>
    public int Column { get; }

    public override string ToString() => text.Value;
}

/// <summary>The text of an expression: offsets (in UTF-16 units) become lines and columns (in code points).</summary>
internal sealed class CelSource(string text)
{
    private const int MaxSnippet = 16384;
    private int[]? lines;

    public string Text { get; } = text;

    private int[] Lines => lines ??= FindLines();

    public (int Line, int Column) Place(int offset)
    {
        offset = Math.Min(offset, Text.Length);
        var line = Array.BinarySearch(Lines, offset);
        if (line < 0) line = ~line - 1;
        return (line + 1, CodePoints(Text.AsSpan(Lines[line]..offset)));
    }

    public string Render(CelIssue issue)
    {
        var result = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"ERROR: <input>:{issue.Line}:{issue.Column + 1}: {issue.Message}"));
        if (issue.Line < 1) return result.ToString();
        var start = Lines[issue.Line - 1];
        var end = issue.Line < Lines.Length ? Lines[issue.Line] - 1 : Text.Length;
        var snippet = Text[start..end].Replace('\t', ' ');
        if (snippet.Length > MaxSnippet) return result.ToString();
        result.Append("\n | ").Append(snippet).Append("\n | ");
        var column = 0;
        var wide = false;
        foreach (var rune in snippet.EnumerateRunes())
        {
            wide = rune.Value > 0x7f;
            if (column++ == issue.Column) return result.Append(wide ? '\uff3e' : '^').ToString();
            result.Append(wide ? '\uff0e' : '.');
        }
        return result.Append('^').ToString();
    }

    public static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++, count++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
        return count;
    }

    private int[] FindLines()
    {
        var found = new List<int> { 0 };
        for (var i = 0; i < Text.Length; i++)
            if (Text[i] == '\n')
                found.Add(i + 1);
        return [.. found];
    }
}

/// <summary>Collects what is wrong, as cel-go does: by place, no more than a hundred.</summary>
internal sealed class CelIssues(CelSource source)
{
    private const int MaxReported = 100;
    private readonly List<CelIssue> list = [];
    private int dropped;

    public int Count => list.Count;

    public void Add(int offset, string message)
    {
        if (list.Count < MaxReported) list.Add(new CelIssue(source, offset, message));
        else dropped++;
    }

    public IReadOnlyList<CelIssue> Sorted() => [.. list.OrderBy(i => i.Line).ThenBy(i => i.Column)];

    public string Text()
    {
        var lines = Sorted().Select(i => i.ToString());
        return string.Join('\n', dropped == 0 ? lines : lines.Append(string.Create(CultureInfo.InvariantCulture, $"{dropped} more errors were truncated")));
    }
}
