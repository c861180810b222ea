using System.Globalization;
using System.Text;

namespace Coracle.Schema;

internal sealed partial class YamlScanner
{
    private readonly StringBuilder value = new();
    private readonly StringBuilder blanks = new();
    private readonly StringBuilder firstBreak = new();
    private readonly StringBuilder moreBreaks = new();

    /// <summary>A scalar without quotes: up to a colon or comment, over further lines that are indented.</summary>
    private void ScanPlain()
    {
        var line = source.Line;
        var lastLineWasBlank = false;
        value.Clear();
        while (!source.AtDocumentIndicator && source.Current != '#')
        {
            while (!source.IsBlankOrEnd() && !EndsPlain())
            {
                if (lastLineWasBlank) FoldBreaks();
                else value.Append(blanks);
                blanks.Clear();
                lastLineWasBlank = false;
                source.Read(value);
            }
            if (!source.IsBlank() && !source.IsBreak()) break;
            lastLineWasBlank = ScanGap(lastLineWasBlank, indent + 1);
            if (FlowLevel == 0 && source.Column < indent + 1) break;
        }
        ClearGaps();
        queue.Add(new(YamlTokenKind.Scalar, line, value.ToString(), Plain: true));
        if (lastLineWasBlank) keyAllowed = true;
    }

    private bool EndsPlain() =>
        source.Current == ':' && source.IsBlankOrEnd(1) || FlowLevel > 0 && source.Current is ',' or '?' or '[' or ']' or '{' or '}' && FlowLevel > 0;

    /// <summary>Reads blanks and line breaks between words. True when there was a break.</summary>
    private bool ScanGap(bool broken, int minColumn)
    {
        while (source.IsBlank() || source.IsBreak())
        {
            if (source.IsBlank())
            {
                if (broken && source.Column < minColumn && source.Current == '\t') throw Fail("found a tab character that violates indentation");
                if (broken) source.Skip();
                else source.Read(blanks);
            }
            else if (!broken)
            {
                blanks.Clear();
                source.ReadLine(firstBreak);
                broken = true;
            }
            else source.ReadLine(moreBreaks);
        }
        return broken;
    }

    /// <summary>One line break becomes a space; of several the first is dropped.</summary>
    private void FoldBreaks()
    {
        if (firstBreak.Length > 0 && firstBreak[0] == '\n')
        {
            if (moreBreaks.Length == 0) value.Append(' ');
            else value.Append(moreBreaks);
        }
        else value.Append(firstBreak).Append(moreBreaks);
        firstBreak.Clear();
        moreBreaks.Clear();
    }

    private void ClearGaps()
    {
        blanks.Clear();
        firstBreak.Clear();
        moreBreaks.Clear();
    }

    private void ScanQuoted(bool single)
    {
        var line = source.Line;
        var quote = source.Current;
        source.Skip();
        value.Clear();
        ClearGaps();
        while (true)
        {
            if (source.AtDocumentIndicator) throw Fail("found unexpected document indicator");
            if (source.AtEnd) throw Fail("found unexpected end of stream");
            var broken = ScanQuotedWord(single);
            if (source.Current == quote) break;
            if (ScanGap(broken, 0)) FoldBreaks();
            else value.Append(blanks);
            blanks.Clear();
        }
        source.Skip();
        queue.Add(new(YamlTokenKind.Scalar, line, value.ToString()));
    }

    /// <summary>Reads up to a blank or the closing quote. True when a backslash joined the next line.</summary>
    private bool ScanQuotedWord(bool single)
    {
        while (!source.IsBlankOrEnd())
        {
            switch (source.Current)
            {
                case '\'' when single && source[1] == '\'':
                    value.Append('\'');
                    source.Skip(2);
                    break;
                case '\'' when single:
                case '"' when !single:
                    return false;
                case '\\' when !single && source.IsBreak(1):
                    source.Skip();
                    source.SkipLine();
                    return true;
                case '\\' when !single:
                    ScanEscape();
                    break;
                default:
                    source.Read(value);
                    break;
            }
        }
        return false;
    }

    private void ScanEscape()
    {
        var code = source[1];
        var length = code switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (length == 0)
        {
            value.Append(Unescaped(code) ?? throw Fail("found unknown escape character"));
            source.Skip(2);
            return;
        }
        source.Skip(2);
        uint point = 0;
        for (var i = 0; i < length; i++)
        {
            if (!char.IsAsciiHexDigit(source[i])) throw Fail("did not find expected hexdecimal number");
            point = (point << 4) + (uint)int.Parse([source[i]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
        // JSON writes characters beyond 16 bits as a pair of escapes, which upstream's YAML refuses; here the pair is read.
        if (length == 4 && char.IsHighSurrogate((char)point) && source[4] == '\\' && source[5] == 'u' && LowSurrogate() is { } low)
        {
            value.Append((char)point).Append(low);
            source.Skip(10);
            return;
        }
        if (point is >= 0xD800 and <= 0xDFFF or > 0x10FFFF) throw Fail("found invalid Unicode character escape code");
        value.Append(char.ConvertFromUtf32((int)point));
        source.Skip(length);
    }

    private char? LowSurrogate()
    {
        Span<char> digits = [source[6], source[7], source[8], source[9]];
        return ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low) && char.IsLowSurrogate((char)low) ? (char)low : null;
    }

    private static char? Unescaped(char code) => code switch
    {
        '0' => '\0',
        'a' => '\a',
        'b' => '\b',
        't' or '\t' => '\t',
        'n' => '\n',
        'v' => '\v',
        'f' => '\f',
        'r' => '\r',
        'e' => '\u001b',
        ' ' or '"' or '\'' or '\\' or '/' => code,
        'N' => '\u0085',
        '_' => '\u00a0',
        'L' => '\u2028',
        'P' => '\u2029',
        _ => null,
    };

    /// <summary>A scalar behind | or >, with hints for its indentation and its last line breaks.</summary>
    private void ScanBlockScalar(bool literal)
    {
        var line = source.Line;
        source.Skip();
        var (chomping, increment) = ScanBlockHeader();
        var column = increment > 0 ? Math.Max(indent, 0) + increment : 0;

        value.Clear();
        ClearGaps();
        ScanBlockBreaks(ref column);
        var wasBlank = false;
        while (source.Column == column && !source.AtEnd)
        {
            var isBlank = source.IsBlank();
            if (!literal && !wasBlank && !isBlank && firstBreak.Length > 0 && firstBreak[0] == '\n')
            {
                if (moreBreaks.Length == 0) value.Append(' ');
            }
            else value.Append(firstBreak);
            value.Append(moreBreaks);
            ClearGaps();
            wasBlank = isBlank;
            while (!source.IsBreakOrEnd()) source.Read(value);
            source.ReadLine(firstBreak);
            ScanBlockBreaks(ref column);
        }
        if (chomping != '-') value.Append(firstBreak);
        if (chomping == '+') value.Append(moreBreaks);
        ClearGaps();
        queue.Add(new(YamlTokenKind.Scalar, line, value.ToString()));
    }

    private (char Chomping, int Increment) ScanBlockHeader()
    {
        var (chomping, increment) = ('\0', 0);
        for (var i = 0; i < 2; i++)
        {
            if (chomping == '\0' && source.Current is '+' or '-' && chomping == '\0')
            {
                chomping = source.Current;
                source.Skip();
            }
            else if (increment == 0 && char.IsAsciiDigit(source.Current))
            {
                if (source.Current == '0') throw Fail("found an indentation indicator equal to 0");
                increment = source.Current - '0';
                source.Skip();
            }
        }
        source.SkipBlanks();
        source.SkipComment();
        if (!source.IsBreakOrEnd()) throw Fail("did not find expected comment or line break");
        if (source.IsBreak()) source.SkipLine();
        return (chomping, increment);
    }

    /// <summary>Skips indentation and reads empty lines; the first line that is not empty decides the indentation where no hint did.</summary>
    private void ScanBlockBreaks(ref int column)
    {
        var deepest = 0;
        while (true)
        {
            while ((column == 0 || source.Column < column) && source.Current == ' ') source.Skip();
            deepest = Math.Max(deepest, source.Column);
            if ((column == 0 || source.Column < column) && source.Current == '\t') throw Fail("found a tab character where an indentation space is expected");
            if (!source.IsBreak()) break;
            source.ReadLine(moreBreaks);
        }
        if (column == 0) column = Math.Max(Math.Max(deepest, indent + 1), 1);
    }
}
