using System.Net;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>
/// Rewrites the links in a page of HTML. Text, comments and scripts pass as they are; tags are written anew with their names in lower case and their attributes in double
/// quotes (as upstream's html tokenizer does).
/// </summary>
internal sealed class HtmlLinks(string page, Func<string, string> rewrite)
{
    private static readonly Dictionary<string, string[]> Linking = new(StringComparer.Ordinal)
    {
        ["a"] = ["href"], ["applet"] = ["codebase"], ["area"] = ["href"], ["audio"] = ["src"], ["base"] = ["href"], ["blockquote"] = ["cite"], ["body"] = ["background"],
        ["button"] = ["formaction"], ["command"] = ["icon"], ["del"] = ["cite"], ["embed"] = ["src"], ["form"] = ["action"], ["frame"] = ["longdesc", "src"], ["head"] = ["profile"],
        ["html"] = ["manifest"], ["iframe"] = ["longdesc", "src"], ["img"] = ["longdesc", "src", "usemap"], ["input"] = ["src", "usemap", "formaction"], ["ins"] = ["cite"],
        ["link"] = ["href"], ["object"] = ["classid", "codebase", "data", "usemap"], ["q"] = ["cite"], ["script"] = ["src"], ["source"] = ["src"], ["video"] = ["poster", "src"],
    };

    // Their content is text up to their end, whatever it looks like.
    private static readonly HashSet<string> Raw = new(StringComparer.Ordinal) { "iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp" };

    private readonly StringBuilder _text = new(page.Length + 256);
    private int _at;

    public static string Rewrite(string page, Func<string, string> rewrite) => new HtmlLinks(page, rewrite).Run();

    private string Run()
    {
        while (_at < page.Length)
        {
            var open = page.IndexOf('<', _at);
            if (open < 0 || open + 1 >= page.Length) break;
            Copy(open);
            var next = page[open + 1];
            if (char.IsAsciiLetter(next)) Tag();
            else if (string.CompareOrdinal(page, open, "<!--", 0, 4) == 0) Copy(After("-->", open + 4));
            else if (next is '!' or '?' or '/') Copy(After(">", open));
            else Copy(open + 1);
        }
        Copy(page.Length);
        return _text.ToString();
    }

    private void Copy(int end)
    {
        _text.Append(page, _at, end - _at);
        _at = end;
    }

    private int After(string mark, int from) => page.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var found ? found + mark.Length : page.Length;

    private void Tag()
    {
        var start = _at++;
        var name = Word("/>").ToLowerInvariant();
        var links = Linking.GetValueOrDefault(name, []);
        var tag = new StringBuilder("<").Append(name);
        var closes = false;
        while (true)
        {
            SkipBlanks();
            if (_at >= page.Length)
            {
                // A tag that does not end is none.
                _at = start;
                Copy(page.Length);
                return;
            }
            if (page[_at] == '>') break;
            if (page[_at] == '/')
            {
                closes = _at + 1 < page.Length && page[_at + 1] == '>';
                _at++;
                continue;
            }
            Attribute(tag, links);
        }
        _at++;
        _text.Append(tag).Append(closes ? "/>" : ">");
        if (closes || !Raw.Contains(name)) return;
        var end = page.IndexOf("</" + name, _at, StringComparison.OrdinalIgnoreCase);
        Copy(end < 0 ? page.Length : end);
    }

    private void Attribute(StringBuilder tag, string[] links)
    {
        var key = Word("/>=").ToLowerInvariant();
        if (key.Length == 0) key = page[_at++].ToString();
        SkipBlanks();
        var value = "";
        if (_at < page.Length && page[_at] == '=')
        {
            _at++;
            SkipBlanks();
            value = Value();
        }
        value = links.Contains(key) ? Escaped(rewrite(WebUtility.HtmlDecode(value))) : value.Replace("\"", "&#34;", StringComparison.Ordinal);
        tag.Append(' ').Append(key).Append("=\"").Append(value).Append('"');
    }

    private string Value()
    {
        if (_at >= page.Length || page[_at] is not ('"' or '\'')) return Word(">");
        var quote = page[_at++];
        var end = page.IndexOf(quote, _at);
        var value = page[_at..(end < 0 ? page.Length : end)];
        _at = end < 0 ? page.Length : end + 1;
        return value;
    }

    private string Word(string ends)
    {
        var start = _at;
        while (_at < page.Length && !IsBlank(page[_at]) && !ends.Contains(page[_at], StringComparison.Ordinal)) _at++;
        return page[start.._at];
    }

    private void SkipBlanks()
    {
        while (_at < page.Length && IsBlank(page[_at])) _at++;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    // The page is read byte by byte, and so are characters beyond a byte written as references.
    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length + 16);
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': text.Append("&amp;"); break;
                case '<': text.Append("&lt;"); break;
                case '>': text.Append("&gt;"); break;
                case '\'' or '"' or > 0xff: text.Append(System.Globalization.CultureInfo.InvariantCulture, $"&#{rune.Value};"); break;
                default: text.Append((char)rune.Value); break;
            }
        }
        return text.ToString();
    }
}
