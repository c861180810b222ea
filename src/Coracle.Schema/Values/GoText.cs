using System.Globalization;
using System.Text;

namespace Coracle.Schema;

/// <summary>Text as Go prints it, because error texts are part of the API.</summary>
public static class GoText
{
    /// <summary>A string as Go's %q: quotes, backslashes and what does not print escaped.</summary>
    public static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
            Append(builder, rune);
        return builder.Append('"').ToString();
    }

    private static void Append(StringBuilder builder, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': builder.Append("\\\""); break;
            case '\\': builder.Append("\\\\"); break;
            case '\n': builder.Append("\\n"); break;
            case '\r': builder.Append("\\r"); break;
            case '\t': builder.Append("\\t"); break;
            case '\a': builder.Append("\\a"); break;
            case '\b': builder.Append("\\b"); break;
            case '\f': builder.Append("\\f"); break;
            case '\v': builder.Append("\\v"); break;
            case < 0x20 or 0x7f: builder.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
            case > 0x7f and < 0x10000 when !Prints(rune): builder.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture)); break;
            case >= 0x10000 when !Prints(rune): builder.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture)); break;
            default: builder.Append(rune.ToString()); break;
        }
    }

    /// <summary>Letters, marks, numbers, punctuation and symbols print; separators, controls and unassigned code points do not.</summary>
    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
