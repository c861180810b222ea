namespace Coracle.Schema;

/// <summary>Which texts go-yaml takes for a time: those are text in JSON, but need quotes when they are strings.</summary>
internal static class YamlTimestamp
{
    /// <summary>A date of year-month-day, or that with a time: after T or t with a zone, after a space without.</summary>
    public static bool IsTimestamp(string text)
    {
        var at = 0;
        if (Number(text, ref at, 4, 4) is not { } year || !Take(text, ref at, '-')) return false;
        if (Number(text, ref at, 1, 2) is not { } month || !Take(text, ref at, '-')) return false;
        if (Number(text, ref at, 1, 2) is not { } day) return false;
        if (month is < 1 or > 12 || day < 1 || day > (year == 0 ? DateTime.DaysInMonth(4, month) : DateTime.DaysInMonth(year, month))) return false;
        if (at == text.Length) return true;
        var separator = text[at++];
        return separator is 'T' or 't' or ' ' && IsTime(text, ref at) && (separator == ' ' ? at == text.Length : IsZone(text, at));
    }

    private static bool IsTime(string text, ref int at)
    {
        if (Number(text, ref at, 1, 2) is not <= 23 || !Take(text, ref at, ':')) return false;
        if (Number(text, ref at, 1, 2) is not <= 59 || !Take(text, ref at, ':')) return false;
        if (Number(text, ref at, 1, 2) is not <= 59) return false;
        if (at >= text.Length || text[at] is not ('.' or ',')) return true;
        at++;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at > start;
    }

    private static bool IsZone(string text, int at)
    {
        if (at == text.Length - 1) return text[at] == 'Z';
        if (at >= text.Length || text[at++] is not ('+' or '-')) return false;
        return Number(text, ref at, 2, 2) is <= 24 && Take(text, ref at, ':') && Number(text, ref at, 2, 2) is <= 60 && at == text.Length;
    }

    private static bool Take(string text, ref int at, char expected)
    {
        if (at >= text.Length || text[at] != expected) return false;
        at++;
        return true;
    }

    private static int? Number(string text, ref int at, int min, int max)
    {
        var (start, number) = (at, 0);
        while (at < text.Length && at - start < max && char.IsAsciiDigit(text[at])) number = number * 10 + text[at++] - '0';
        return at - start >= min ? number : null;
    }
}
