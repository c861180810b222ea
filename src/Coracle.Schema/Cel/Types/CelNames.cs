using System.Text;

namespace Coracle.Schema.Cel;

/// <summary>Property names as identifiers of expressions, and back: what no identifier can hold is written between double underscores.</summary>
public static class CelNames
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while",
    };

    public static bool IsKeyword(string name) => Keywords.Contains(name);

    /// <summary>The identifier for a property; null for one that expressions cannot name.</summary>
    public static string? Escape(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return null;
        if (Keywords.Contains(name)) return $"__{name}__";
        var plain = true;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c is '.' or '-' or '/' || (c == '_' && i > 0 && name[i - 1] == '_')) plain = false;
            else if (!char.IsAsciiLetterOrDigit(c) && c != '_') return null;
        }
        return plain ? name : Escaped(name);
    }

    private static string Escaped(string name)
    {
        var result = new StringBuilder(name.Length + 16);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && name[i + 1] == '_')
            {
                result.Append("__underscores__");
                i++;
            }
            else result.Append(name[i] switch { '.' => "__dot__", '-' => "__dash__", '/' => "__slash__", var c => c.ToString() });
        }
        return result.ToString();
    }

    /// <summary>The property that an identifier stands for; null when it holds what is no escape.</summary>
    public static string? Unescape(string identifier)
    {
        if (!identifier.Contains("__", StringComparison.Ordinal)) return identifier;
        var result = new StringBuilder(identifier.Length);
        for (var i = 0; i < identifier.Length;)
        {
            var end = EscapeEnd(identifier, i);
            if (end < 0)
            {
                result.Append(identifier[i++]);
                continue;
            }
            var word = identifier[(i + 2)..(end - 2)];
            var plain = word switch { "underscores" => "__", "dot" => ".", "dash" => "-", "slash" => "/", _ => null };
            if (plain is null && (!Keywords.Contains(word) || end - i != identifier.Length)) return null;
            result.Append(plain ?? word);
            i = end;
        }
        return result.ToString();
    }

    /// <summary>Where the escape that begins here ends: two underscores, something, two underscores; -1 when none begins here.</summary>
    private static int EscapeEnd(string text, int start)
    {
        if (start + 5 > text.Length || text[start] != '_' || text[start + 1] != '_' || text[start + 2] == '_') return -1;
        var end = text.IndexOf('_', start + 2);
        return end > 0 && end + 1 < text.Length && text[end + 1] == '_' ? end + 2 : -1;
    }
}
