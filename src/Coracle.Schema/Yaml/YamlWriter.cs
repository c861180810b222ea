using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Coracle.Schema;

/// <summary>
/// Writes JSON as go-yaml v2 does: block style, keys sorted naturally, lists at their key's indentation, text quoted only where it would be read as
/// something else, long text folded after 80 columns.
/// </summary>
internal sealed class YamlWriter
{
    private const int Width = 80;
    private const int Step = 2;

    /// <summary>Longer keys are written behind a question mark.</summary>
    private const int MaxSimpleKeyBytes = 128;

    private readonly StringBuilder text = new();
    private int column;
    private bool afterBlank = true; // no blank is needed before the next token
    private bool atIndent = true; // only indentation and indicators stand on this line

    public string Write(JsonElement root)
    {
        Node(root, -1, ofMapping: false);
        NewLine(0);
        return text.ToString();
    }

    private void Node(JsonElement value, int indent, bool ofMapping)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any(): Mapping(value, indent < 0 ? 0 : indent + Step); break;
            case JsonValueKind.Array when value.GetArrayLength() > 0: Sequence(value, indent < 0 ? 0 : ofMapping && !atIndent ? indent : indent + Step); break;
            case JsonValueKind.Object: Indicator("{}"); break;
            case JsonValueKind.Array: Indicator("[]"); break;
            case JsonValueKind.String: Text(value.GetString()!, indent < 0 ? Step : indent + Step, key: false); break;
            case JsonValueKind.Number: Plain(Number(value.GetRawText()), 0, fold: false); break;
            default: Plain(value.GetRawText(), 0, fold: false); break;
        }
    }

    private void Mapping(JsonElement value, int indent)
    {
        foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, YamlKeyOrder.Instance))
        {
            NewLine(indent);
            var key = property.Name;
            var simple = Encoding.UTF8.GetByteCount(key) <= MaxSimpleKeyBytes && key.AsSpan().IndexOfAny(Breaks) < 0;
            if (!simple) Indicator("?", keepsIndent: true);
            Text(key, indent + Step, key: simple);
            if (simple)
            {
                Put(":");
                (afterBlank, atIndent) = (false, false);
            }
            else
            {
                NewLine(indent);
                Indicator(":", keepsIndent: true);
            }
            Node(property.Value, indent, ofMapping: true);
        }
    }

    private void Sequence(JsonElement value, int indent)
    {
        foreach (var item in value.EnumerateArray())
        {
            NewLine(indent);
            Indicator("-", keepsIndent: true);
            Node(item, indent, ofMapping: false);
        }
    }

    private void Text(string value, int indent, bool key)
    {
        var analysis = YamlTextAnalysis.Of(value);
        // Upstream writes a key "<<" as it is, which reads back as a merge.
        var resolves = value == "<<" || YamlScalar.Resolve(value).Type != YamlScalar.Str || YamlTextAnalysis.IsBase60(value);
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            if (analysis.AllowsBlock && !key) Literal(value, indent);
            else DoubleQuoted(value, indent, fold: !key);
        }
        else if (resolves) DoubleQuoted(value, indent, fold: !key);
        else if (analysis.AllowsPlain) Plain(value, indent, fold: !key);
        else if (analysis.AllowsSingleQuotes) SingleQuoted(value, indent, fold: !key);
        else DoubleQuoted(value, indent, fold: !key);
    }

    private void Plain(string value, int indent, bool fold)
    {
        Blank();
        Fold(value, indent, fold, i => i + 1 == value.Length || value[i + 1] != ' ');
        (afterBlank, atIndent) = (false, false);
    }

    private void SingleQuoted(string value, int indent, bool fold)
    {
        Indicator("'");
        var doubled = value.Replace("'", "''", StringComparison.Ordinal);
        Fold(doubled, indent, fold, i => i > 0 && i < doubled.Length - 1 && doubled[i + 1] != ' ');
        Put("'");
        (afterBlank, atIndent) = (false, false);
    }

    /// <summary>Writes words; a single blank past the width becomes a line break. Breaks other than newlines stay, and indentation follows them.</summary>
    private void Fold(string value, int indent, bool fold, Func<int, bool> mayBreak)
    {
        var (spaces, broken) = (false, false);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == ' ')
            {
                if (fold && !spaces && column > Width && mayBreak(i)) NewLine(indent);
                else Put(' ');
                spaces = true;
            }
            else if (YamlText.IsBreakChar(value[i]))
            {
                text.Append(value[i]);
                (column, atIndent, broken) = (0, true, true);
            }
            else
            {
                if (broken) NewLine(indent);
                Put(value[i]);
                (atIndent, spaces, broken) = (false, false, false);
            }
        }
    }

    private void DoubleQuoted(string value, int indent, bool fold)
    {
        Indicator("\"");
        var spaces = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == ' ')
            {
                if (fold && !spaces && column > Width && i > 0 && i < value.Length - 1)
                {
                    NewLine(indent);
                    if (value[i + 1] == ' ') Put('\\');
                }
                else Put(' ');
                spaces = true;
                continue;
            }
            spaces = false;
            if (YamlTextAnalysis.IsPrintable(c) && !YamlText.IsBreakChar(c) && c is not ('"' or '\\')) Put(c);
            else if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])) Escape(char.ConvertToUtf32(c, value[++i]));
            else Escape(c);
        }
        Put("\"");
        (afterBlank, atIndent) = (false, false);
    }

    private void Escape(int point)
    {
        var name = point switch
        {
            0 => "0",
            7 => "a",
            8 => "b",
            9 => "t",
            10 => "n",
            11 => "v",
            12 => "f",
            13 => "r",
            27 => "e",
            '"' => "\"",
            '\\' => "\\",
            0x85 => "N",
            0xa0 => "_",
            0x2028 => "L",
            0x2029 => "P",
            <= 0xff => "x" + point.ToString("X2", CultureInfo.InvariantCulture),
            <= 0xffff => "u" + point.ToString("X4", CultureInfo.InvariantCulture),
            _ => "U" + point.ToString("X8", CultureInfo.InvariantCulture),
        };
        Put('\\');
        Put(name);
    }

    /// <summary>Lines as they are behind a bar; hints say an indentation that the text's own blanks would hide, and what happens to the last breaks.</summary>
    private void Literal(string value, int indent)
    {
        Indicator("|");
        if (value[0] == ' ' || YamlText.IsBreakChar(value[0])) Put("2");
        if (!YamlText.IsBreakChar(value[^1])) Put("-");
        else if (value.Length == 1 || YamlText.IsBreakChar(value[^2])) Put("+");
        Break();
        (afterBlank, atIndent) = (true, true);
        var breaks = true;
        foreach (var c in value)
        {
            if (YamlText.IsBreakChar(c))
            {
                if (c == '\n') Break();
                else
                {
                    text.Append(c);
                    column = 0;
                }
                (atIndent, breaks) = (true, true);
                continue;
            }
            if (breaks) NewLine(indent);
            Put(c);
            (atIndent, breaks) = (false, false);
        }
    }

    /// <summary>An integer as it is; everything else as the double that upstream makes of it.</summary>
    private static string Number(string json)
    {
        if (YamlScalar.Resolve(json).Value is double d) return GoText.Float(d);
        return json == "-0" ? "0" : json;
    }

    /// <summary>Starts a line at an indentation, unless this one is just there.</summary>
    private void NewLine(int indent)
    {
        if (!atIndent || column > indent || column == indent && !afterBlank) Break();
        while (column < indent) Put(' ');
        (afterBlank, atIndent) = (true, true);
    }

    private void Indicator(string indicator, bool keepsIndent = false)
    {
        Blank();
        Put(indicator);
        afterBlank = false;
        atIndent &= keepsIndent;
    }

    private void Blank()
    {
        if (!afterBlank) Put(' ');
    }

    private void Break()
    {
        text.Append('\n');
        column = 0;
    }

    private void Put(char c)
    {
        text.Append(c);
        column++;
    }

    private void Put(string s)
    {
        text.Append(s);
        column += s.Length;
    }

    private static readonly System.Buffers.SearchValues<char> Breaks = System.Buffers.SearchValues.Create("\r\n\u0085\u2028\u2029");
}
