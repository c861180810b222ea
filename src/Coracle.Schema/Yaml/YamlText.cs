using System.Text;

namespace Coracle.Schema;

/// <summary>A YAML text and a position in it, with the classes of characters of YAML 1.1. Past the end everything reads as NUL.</summary>
internal sealed class YamlText(string text)
{
    public YamlMark Mark { get; private set; }

    public int Line => Mark.Line;
    public int Column => Mark.Column;

    /// <summary>The character so many places ahead.</summary>
    public char this[int ahead] => Mark.Index + ahead < text.Length ? text[Mark.Index + ahead] : '\0';

    public char Current => this[0];
    public bool AtEnd => Mark.Index >= text.Length;

    public static bool IsBreakChar(char c) => c is '\r' or '\n' or '\u0085' or '\u2028' or '\u2029';
    public bool IsBlank(int ahead = 0) => this[ahead] is ' ' or '\t';
    public bool IsBreak(int ahead = 0) => IsBreakChar(this[ahead]);
    public bool IsBreakOrEnd(int ahead = 0) => this[ahead] == '\0' || IsBreak(ahead);
    public bool IsBlankOrEnd(int ahead = 0) => IsBlank(ahead) || IsBreakOrEnd(ahead);
    public bool IsWord(int ahead = 0) => char.IsAsciiLetterOrDigit(this[ahead]) || this[ahead] is '_' or '-';

    /// <summary>"---" or "..." alone at the start of a line.</summary>
    public bool AtDocumentIndicator =>
        Column == 0 && (Current == '-' && this[1] == '-' && this[2] == '-' || Current == '.' && this[1] == '.' && this[2] == '.') && IsBlankOrEnd(3);

    /// <summary>Goes on by one character; the second half of a pair takes no column.</summary>
    public void Skip() => Mark = new(Mark.Index + 1, Mark.Line, char.IsLowSurrogate(Current) ? Mark.Column : Mark.Column + 1);

    public void Skip(int count)
    {
        for (; count > 0; count--) Skip();
    }

    public void SkipBlanks()
    {
        while (IsBlank()) Skip();
    }

    public void SkipComment()
    {
        if (Current != '#') return;
        while (!IsBreakOrEnd()) Skip();
    }

    /// <summary>Goes past a line break.</summary>
    public void SkipLine()
    {
        var length = Current == '\r' && this[1] == '\n' ? 2 : 1;
        Mark = new(Mark.Index + length, Mark.Line + 1, 0);
    }

    public void Read(StringBuilder into)
    {
        into.Append(Current);
        Skip();
    }

    /// <summary>Reads a line break: those of ASCII and NEL become a newline, the others stay.</summary>
    public void ReadLine(StringBuilder into)
    {
        if (!IsBreak()) return;
        into.Append(Current is '\u2028' or '\u2029' ? Current : '\n');
        SkipLine();
    }

    /// <summary>The text since an earlier place.</summary>
    public string Since(YamlMark start) => text[start.Index..Mark.Index];

    /// <summary>The end of the text counts as the start of a line.</summary>
    public void EndLine()
    {
        if (Column != 0) Mark = new(Mark.Index, Mark.Line + 1, 0);
    }
}
