namespace Coracle.Schema;

/// <summary>In which styles a text can be written so that it reads back the same.</summary>
internal readonly record struct YamlTextAnalysis(bool AllowsPlain, bool AllowsSingleQuotes, bool AllowsBlock)
{
    public static YamlTextAnalysis Of(string value)
    {
        if (value.Length == 0) return new(true, true, false);
        var special = false; // needs escapes
        var (breaks, breakThenSpace, spaceThenBreak) = (false, false, false);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            special |= !IsPrintable(c);
            if (YamlText.IsBreakChar(c))
            {
                breaks = true;
                spaceThenBreak |= i > 0 && value[i - 1] == ' ';
            }
            else if (c == ' ') breakThenSpace |= i > 0 && YamlText.IsBreakChar(value[i - 1]);
        }
        var edges = IsSpaceOrBreak(value[0]) || IsSpaceOrBreak(value[^1]);
        var escapes = special || spaceThenBreak;
        return new(
            AllowsPlain: !edges && !breaks && !escapes && !HasIndicators(value),
            AllowsSingleQuotes: !escapes && !breakThenSpace,
            AllowsBlock: !escapes && value[^1] != ' ');
    }

    /// <summary>What means something in block context: an indicator in front, ": ", " #", or a document marker.</summary>
    private static bool HasIndicators(string value)
    {
        if (value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal)) return true;
        var first = value[0];
        if ("#,[]{}&*!|>'\"%@`".Contains(first, StringComparison.Ordinal)) return true;
        if (first is '?' or '-' && IsBlankOrEnd(value, 1)) return true;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == ':' && IsBlankOrEnd(value, i + 1)) return true;
            if (value[i] == '#' && i > 0 && (IsBlankOrEnd(value, i - 1) || YamlText.IsBreakChar(value[i - 1]))) return true;
        }
        return false;
    }

    private static bool IsBlankOrEnd(string value, int at) => at >= value.Length || value[at] is ' ' or '\t';
    private static bool IsSpaceOrBreak(char c) => c == ' ' || YamlText.IsBreakChar(c);

    /// <summary>What go-yaml writes as it is. Characters beyond 16 bits are not among it.</summary>
    public static bool IsPrintable(char c) =>
        c is '\n' or >= ' ' and <= '~' or >= '\u00a0' and <= '\ud7ff' or >= '\ue000' and not ('\ufeff' or '\ufffe' or '\uffff');

    /// <summary>Numbers of base 60 (1:30), which other readers of YAML 1.1 take for such.</summary>
    public static bool IsBase60(string value)
    {
        var at = value.Length > 0 && value[0] is '+' or '-' ? 1 : 0;
        if (at >= value.Length || !char.IsAsciiDigit(value[at])) return false;
        while (at < value.Length && (char.IsAsciiDigit(value[at]) || value[at] == '_')) at++;
        var groups = 0;
        while (at < value.Length && value[at] == ':')
        {
            var digits = 0;
            at++;
            while (at + digits < value.Length && digits < 3 && char.IsAsciiDigit(value[at + digits])) digits++;
            if (digits is 0 or > 2 || digits == 2 && value[at] > '5') return false;
            at += digits;
            groups++;
        }
        if (groups == 0) return false;
        if (at < value.Length && value[at] == '.')
        {
            at++;
            while (at < value.Length && (char.IsAsciiDigit(value[at]) || value[at] == '_')) at++;
        }
        return at == value.Length;
    }
}

/// <summary>Keys in natural order: letters after everything else, and numbers in them by value.</summary>
internal sealed class YamlKeyOrder : IComparer<string>
{
    public static readonly YamlKeyOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] == b[i]) continue;
            var (leftLetter, rightLetter) = (char.IsLetter(a[i]), char.IsLetter(b[i]));
            if (leftLetter && rightLetter) return a[i].CompareTo(b[i]);
            if (leftLetter || rightLetter) return leftLetter ? 1 : -1;
            return CompareNumbers(a, b, i);
        }
        return a.Length.CompareTo(b.Length);
    }

    /// <summary>Compares at the first difference of two texts, neither of which has a letter there.</summary>
    private static int CompareNumbers(string a, string b, int at)
    {
        long left = 0, right = 0;
        if (a[at] == '0' || b[at] == '0')
            for (var j = at - 1; j >= 0 && char.IsDigit(a[j]); j--)
                if (a[j] != '0')
                {
                    // A zero inside of a number is not a leading one.
                    left = right = 1;
                    break;
                }
        var leftEnd = Digits(a, at, ref left);
        var rightEnd = Digits(b, at, ref right);
        if (left != right) return left.CompareTo(right);
        return leftEnd != rightEnd ? leftEnd.CompareTo(rightEnd) : a[at].CompareTo(b[at]);
    }

    private static int Digits(string text, int at, ref long number)
    {
        for (; at < text.Length && char.IsDigit(text[at]); at++) number = unchecked(number * 10 + (text[at] - '0'));
        return at;
    }
}
