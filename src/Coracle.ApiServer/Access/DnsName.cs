namespace Coracle.ApiServer.Access;

/// <summary>The forms of names that Kubernetes takes from RFC 1123.</summary>
internal static class DnsName
{
    public static bool IsLabel(ReadOnlySpan<char> text) => text.Length is > 0 and <= 63 && IsLabelOfAnyLength(text);

    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 253)
            return false;
        foreach (var part in text.Split('.'))
            if (!IsLabelOfAnyLength(text[part]))
                return false;
        return true;
    }

    private static bool IsLabelOfAnyLength(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || text[0] == '-' || text[^1] == '-')
            return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        return true;
    }
}
