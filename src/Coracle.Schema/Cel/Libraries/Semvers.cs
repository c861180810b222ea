using System.Globalization;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>A semantic version, 2.0.0. Build metadata are no part of its order.</summary>
internal sealed class SemverValue(ulong major, ulong minor, ulong patch, string[] pre, string build) : CelObject, IComparable<SemverValue>
{
    public static readonly T SemverType = T.Struct("kubernetes.Semver");

    public ulong Major => major;
    public ulong Minor => minor;
    public ulong Patch => patch;
    private string[] Pre => pre;
    public override T Type => SemverType;
    public override bool SameAs(CelObject other) => other is SemverValue theirs && CompareTo(theirs) == 0;

    public int CompareTo(SemverValue? other)
    {
        if (other is null) return 1;
        var order = (major, minor, patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0) return Math.Sign(order);
        if (pre.Length == 0 || other.Pre.Length == 0) return Math.Sign(other.Pre.Length - pre.Length) * (pre.Length == 0 && other.Pre.Length == 0 ? 0 : 1);
        for (var i = 0; i < Math.Min(pre.Length, other.Pre.Length); i++)
            if (Compare(pre[i], other.Pre[i]) is not 0 and var part)
                return part;
        return Math.Sign(pre.Length - other.Pre.Length);
    }

    private static int Compare(string left, string right)
    {
        var numbers = (ulong.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var a), ulong.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var b));
        return numbers switch
        {
            (true, true) => a.CompareTo(b),
            (true, false) => -1,
            (false, true) => 1,
            _ => Math.Sign(string.CompareOrdinal(left, right)),
        };
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}{(pre.Length > 0 ? "-" + string.Join('.', pre) : "")}{(build.Length > 0 ? "+" + build : "")}");
}

/// <summary><c>semver("1.2.3").isLessThan(semver("v1.3", true))</c></summary>
internal static class Semvers
{
    private static readonly T V = SemverValue.SemverType;

    public static CelLibrary Library { get; } = new("kubernetes.Semver",
        new("semver",
            CelOverload.Function("string_to_semver", [T.String], V, s => Value(s.AsString, false)),
            CelOverload.Function("string_bool_to_semver", [T.String, T.Bool], V, (s, normalize) => Value(s.AsString, normalize.AsBool))),
        new("isSemver",
            CelOverload.Function("is_semver_string", [T.String], T.Bool, s => CelValue.Bool(!Value(s.AsString, false).IsError)),
            CelOverload.Function("is_semver_string_bool", [T.String, T.Bool], T.Bool, (s, normalize) => CelValue.Bool(!Value(s.AsString, normalize.AsBool).IsError))),
        new("isGreaterThan", CelOverload.Member("semver_is_greater_than", [V, V], T.Bool, (a, b) => CelValue.Bool(Of(a).CompareTo(Of(b)) > 0))),
        new("isLessThan", CelOverload.Member("semver_is_less_than", [V, V], T.Bool, (a, b) => CelValue.Bool(Of(a).CompareTo(Of(b)) < 0))),
        new("compareTo", CelOverload.Member("semver_compare_to", [V, V], T.Int, (a, b) => CelValue.Int(Of(a).CompareTo(Of(b))))),
        new("major", CelOverload.Member("semver_major", [V], T.Int, v => CelValue.Int((long)Of(v).Major))),
        new("minor", CelOverload.Member("semver_minor", [V], T.Int, v => CelValue.Int((long)Of(v).Minor))),
        new("patch", CelOverload.Member("semver_patch", [V], T.Int, v => CelValue.Int((long)Of(v).Patch))))
    {
        Types = [V],
    };

    private static SemverValue Of(CelValue value) => (SemverValue)value.AsObject;

    internal static CelValue Value(string text, bool normalize)
    {
        if (normalize && Normalize(ref text) is { } wrong) return CelValue.Error(wrong);
        return Parse(text, out var error) is { } version ? CelValue.Object(version) : CelValue.Error(error!);
    }

    /// <summary>Without a leading v or zeros, and with the parts that are missing.</summary>
    private static string? Normalize(ref string text)
    {
        if (text.StartsWith('v')) text = text[1..];
        var parts = text.Split('.', 3).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Length < 2) continue;
            var trimmed = parts[i].TrimStart('0');
            parts[i] = trimmed.Length == 0 || !char.IsAsciiDigit(trimmed[0]) ? "0" + trimmed : trimmed;
        }
        if (parts.Count < 3 && parts[^1].AsSpan().IndexOfAny('+', '-') >= 0) return "short version cannot contain PreRelease/Build meta data";
        while (parts.Count < 3) parts.Add("0");
        text = string.Join('.', parts);
        return null;
    }

    private static SemverValue? Parse(string text, out string? error)
    {
        if (text.Length == 0)
        {
            error = "Version string empty";
            return null;
        }
        var parts = text.Split('.', 3);
        if (parts.Length != 3)
        {
            error = "No Major.Minor.Patch elements found";
            return null;
        }
        error = null;
        var (patch, pre, build) = (parts[2], "", "");
        bool hasPre = false, hasBuild = false;
        if (patch.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus) (patch, build, hasBuild) = (patch[..plus], patch[(plus + 1)..], true);
        if (patch.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash) (patch, pre, hasPre) = (patch[..dash], patch[(dash + 1)..], true);
        if (Number("Major", parts[0], ref error) is not { } major || Number("Minor", parts[1], ref error) is not { } minor || Number("Patch", patch, ref error) is not { } third) return null;
        string[] identifiers = hasPre ? pre.Split('.') : [];
        foreach (var identifier in identifiers) Identifier(identifier, "PreRelease", "Prerelease", ref error, numeric: true);
        foreach (var identifier in hasBuild ? build.Split('.') : []) Identifier(identifier, "Build meta data", "Build meta data", ref error, numeric: false);
        return error is null ? new(major, minor, third, identifiers, build) : null;
    }

    private static ulong? Number(string part, string text, ref string? error)
    {
        if (text.Length == 0 || text.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0) error = $"Invalid character(s) found in {part.ToLowerInvariant()} number {GoText.Quote(text)}";
        else if (text.Length > 1 && text[0] == '0') error = $"{part} number must not contain leading zeroes {GoText.Quote(text)}";
        else if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        else error = $"strconv.ParseUint: parsing {GoText.Quote(text)}: value out of range";
        return null;
    }

    private static void Identifier(string text, string part, string empty, ref string? error, bool numeric)
    {
        if (text.Length == 0) error ??= empty + " is empty";
        else if (!text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) error ??= numeric ? $"Invalid character(s) found in prerelease {GoText.Quote(text)}" : $"Invalid character(s) found in build meta data {GoText.Quote(text)}";
        else if (numeric && text.Length > 1 && text[0] == '0' && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0) error ??= $"Numeric {part} version must not contain leading zeroes {GoText.Quote(text)}";
    }
}
