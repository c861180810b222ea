using System.Globalization;
using System.Text.RegularExpressions;

namespace Coracle.Schema.Cel;

/// <summary>What begins with a backslash.</summary>
internal sealed partial class Re2Pattern
{
    private void Escape()
    {
        var start = at;
        if (at + 1 >= pattern.Length)
        {
            Fail("trailing backslash at end of expression", "");
            return;
        }
        var c = pattern[at + 1];
        switch (c)
        {
            case 'A': Atom("\\A"); break;
            case 'z': Atom("\\z"); break;
            case 'b': Atom("\\b"); break;
            case 'B': Atom("\\B"); break;
            case 'Q':
                Quoted();
                return;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W': Atom($"[{(char.IsUpper(c) ? "^" : "")}{Perl(char.ToLowerInvariant(c))}]"); break;
            case 'p' or 'P':
                if (Property() is { } property) Atom($"[{property}]");
                return;
            default:
                if (Character() is { } value) Atom(value);
                else Fail("invalid escape sequence", pattern[start..Math.Min(start + 2, pattern.Length)]);
                return;
        }
        at += 2;
    }

    private void Quoted()
    {
        var end = pattern.IndexOf("\\E", at + 2, StringComparison.Ordinal);
        var text = end < 0 ? pattern[(at + 2)..] : pattern[(at + 2)..end];
        foreach (var c in text) Atom(Regex.Escape(c.ToString()));
        at = end < 0 ? pattern.Length : end + 2;
    }

    private static string Perl(char c) => c switch { 'd' => "0-9", 's' => "\\t\\n\\f\\r ", _ => "0-9A-Za-z_" };

    /// <summary>An escaped character, as .NET takes it inside and outside of classes; null when it is none.</summary>
    private string? Character()
    {
        var c = pattern[at + 1];
        at += 2;
        switch (c)
        {
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v': return "\\" + c;
            case 'x': return Hex();
            case >= '0' and <= '7':
                if (c != '0' && Peek() is < '0' or > '7') return null;
                var value = c - '0';
                for (var i = 1; i < 3 && Peek() is >= '0' and <= '7'; i++, at++) value = value * 8 + (Peek() - '0');
                return $"\\u{value:x4}";
            default: return c < 0x80 && !char.IsAsciiLetterOrDigit(c) ? Regex.Escape(c.ToString()) is { Length: 2 } escaped ? escaped : "\\" + c : null;
        }
    }

    private string? Hex()
    {
        var digits = "";
        if (Peek() == '{')
        {
            var close = pattern.IndexOf('}', at);
            if (close < 0) return null;
            digits = pattern[(at + 1)..close];
            at = close + 1;
        }
        else if (at + 2 <= pattern.Length)
        {
            digits = pattern.Substring(at, 2);
            at += 2;
        }
        if (digits.Length is 0 or > 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0x10ffff) return null;
        return value <= 0xffff ? $"\\u{value:x4}" : string.Concat(char.ConvertFromUtf32(value).Select(c => $"\\u{(int)c:x4}"));
    }

    /// <summary>What \p{...} names, for use within brackets.</summary>
    private string? Property()
    {
        var start = at;
        var negative = pattern[at + 1] == 'P';
        at += 2;
        var name = Peek() == '{' ? pattern[(at + 1)..Math.Max(at + 1, pattern.IndexOf('}', at))] : Peek().ToString();
        at += Peek() == '{' ? name.Length + 2 : 1;
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }
        if (name is "L" or "Lu" or "Ll" or "Lt" or "Lm" or "Lo" or "M" or "Mn" or "Mc" or "Me" or "N" or "Nd" or "Nl" or "No" or "P" or "Pc" or "Pd" or "Ps" or "Pe" or "Pi"
            or "Pf" or "Po" or "S" or "Sm" or "Sc" or "Sk" or "So" or "Z" or "Zs" or "Zl" or "Zp" or "C" or "Cc" or "Cf" or "Co") return $"\\{(negative ? 'P' : 'p')}{{{name}}}";
        var script = name switch
        {
            "Greek" => "\\u0370-\\u03ff\\u1f00-\\u1fff",
            "Cyrillic" => "\\u0400-\\u052f\\u1c80-\\u1c8f\\u2de0-\\u2dff\\ua640-\\ua69f",
            "Latin" => "A-Za-z\\u00aa\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02b8\\u1e00-\\u1eff",
            "Han" => "\\u2e80-\\u2fd5\\u3005\\u3007\\u3021-\\u3029\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufad9",
            "Hiragana" => "\\u3041-\\u3096\\u309d-\\u309f",
            "Katakana" => "\\u30a1-\\u30fa\\u30fd-\\u30ff\\u31f0-\\u31ff",
            _ => null,
        };
        if (script is not null && !negative) return script;
        Fail("invalid character class range", pattern[start..Math.Min(at, pattern.Length)]);
        return null;
    }
}
