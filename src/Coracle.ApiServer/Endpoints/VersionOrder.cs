using System.Globalization;

namespace Coracle.ApiServer;

/// <summary>Which of two API versions is to be preferred: stable before beta before alpha, newer before older (apimachinery, version.CompareKubeAwareVersionStrings).</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Parse(x!), Parse(y!));
        if (a is null || b is null) return a is null && b is null ? string.CompareOrdinal(y, x) : a is null ? -1 : 1;
        return a.Value.CompareTo(b.Value);
    }

    // v2beta1 -> (stability 1, major 2, minor 1); stable versions have stability 2.
    private static (int Stability, int Major, int Minor)? Parse(string version)
    {
        if (version.Length < 2 || version[0] != 'v') return null;
        var digits = 1;
        while (digits < version.Length && char.IsAsciiDigit(version[digits])) digits++;
        if (!int.TryParse(version.AsSpan(1, digits - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var major)) return null;
        var rest = version.AsSpan(digits);
        if (rest.IsEmpty) return (2, major, 0);
        var (stability, length) = rest.StartsWith("beta") ? (1, 4) : rest.StartsWith("alpha") ? (0, 5) : (-1, 0);
        if (stability < 0 || !int.TryParse(rest[length..], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return null;
        return (stability, major, minor);
    }
}
