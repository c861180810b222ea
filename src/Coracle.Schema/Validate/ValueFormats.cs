using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Coracle.Schema;

/// <summary>The formats that are checked (apiextensions-apiserver, pkg/apiserver/validation/formats.go, and kube-openapi, pkg/validation/strfmt). Others are ignored.</summary>
public static partial class ValueFormats
{
    private static readonly HashSet<string> OfTexts = new(StringComparer.Ordinal)
    {
        "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor",
        "rgbcolor", "byte", "password", "date", "duration", "datetime", "k8sshortname", "k8slongname",
    };

    /// <summary>Whether a schema of this type may have the format. The type is "" where there is none.</summary>
    public static bool IsKnown(string type, string format) => type switch
    {
        "" or "string" => IsOfTexts(format),
        "integer" => format is "int32" or "int64",
        "number" => format is "float" or "double",
        _ => false,
    };

    internal static bool IsOfTexts(string format) => OfTexts.Contains(Normal(format));

    private static string Normal(string format) => format.Replace("-", "", StringComparison.Ordinal);

    public static bool Fits(string format, string text) => Normal(format) switch
    {
        "bsonobjectid" => text.Length == 24 && text.All(char.IsAsciiHexDigit),
        "uri" => IsRequestUri(text),
        "email" => IsEmail(text),
        "hostname" => text.Length <= 255 && Hostname().IsMatch(text) && text.Split('.').All(part => part.Length <= 63),
        "ipv4" => text.Contains('.', StringComparison.Ordinal) && IsAddress(text),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && IsAddress(text),
        "cidr" => IsCidr(text),
        "mac" => Mac().IsMatch(text),
        "uuid" => Uuid().IsMatch(text),
        "uuid3" => Uuid3().IsMatch(text),
        "uuid4" => Uuid4().IsMatch(text),
        "uuid5" => Uuid5().IsMatch(text),
        "isbn" => IsIsbn10(text) || IsIsbn13(text),
        "isbn10" => IsIsbn10(text),
        "isbn13" => IsIsbn13(text),
        "creditcard" => IsCreditCard(text),
        "ssn" => Ssn().IsMatch(text),
        "hexcolor" => HexColor().IsMatch(text),
        "rgbcolor" => RgbColor().IsMatch(text),
        "byte" => text.Length > 0 && Base64().IsMatch(text),
        "date" => IsDate(text),
        "datetime" => IsDateTime(text),
        "duration" => IsDuration(text),
        "k8sshortname" => NameRules.IsDns1123Label(text),
        "k8slongname" => NameRules.Dns1123Subdomain(text).Count == 0,
        _ => true,
    };

    private static bool IsRequestUri(string text) => text.Length > 0 && !text.Any(c => c < ' ' || c == 0x7f) && (text[0] == '/' || Scheme().IsMatch(text)) && !BadEscape().IsMatch(text);

    // An address as in a mail's head: "a@b" or "Name <a@b>".
    private static bool IsEmail(string text)
    {
        var address = text.Trim();
        if (address.EndsWith('>') && address.LastIndexOf('<') is >= 0 and var at) address = address[(at + 1)..^1];
        return Email().IsMatch(address);
    }

    private static bool IsAddress(string text) => !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) && (text.Contains(':', StringComparison.Ordinal)
        ? IPAddress.TryParse(text, out _)
        : text.Split('.') is { Length: 4 } parts && parts.All(part => part.Length is > 0 and <= 16 && part.All(char.IsAsciiDigit) && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 255));

    private static bool IsCidr(string text)
    {
        var slash = text.LastIndexOf('/');
        if (slash < 0 || !IsAddress(text[..slash])) return false;
        var bits = text[(slash + 1)..];
        return bits.Length is > 0 and <= 3 && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= (text.Contains(':', StringComparison.Ordinal) ? 128 : 32);
    }

    private static bool IsDate(string text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsDateTime(string text)
    {
        var parts = text.ToLowerInvariant().Split('t');
        if (parts.Length < 2 || !IsDate(parts[0])) return false;
        var time = Time().Match(parts[1]);
        return time.Success && string.CompareOrdinal(time.Groups[1].Value, "23") <= 0 && string.CompareOrdinal(time.Groups[2].Value, "59") <= 0 && string.CompareOrdinal(time.Groups[3].Value, "59") <= 0;
    }

    private static bool IsDuration(string text)
    {
        if (GoDurationText().IsMatch(text)) return true;
        foreach (Match part in LooseDuration().Matches(text))
        {
            var unit = part.Groups[2].Value.ToLowerInvariant();
            if (unit is "ns" or "us" or "µs" or "ms" or "s" or "m" or "h" or "hr" or "d" or "w" or "wk"
                || LongUnits.Any(known => unit.StartsWith(known, StringComparison.Ordinal))) return true;
        }
        return false;
    }

    private static readonly string[] LongUnits = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];

    private static bool IsIsbn10(string text)
    {
        var digits = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (!Isbn10().IsMatch(digits)) return false;
        var sum = 0;
        for (var i = 0; i < 10; i++) sum += (i + 1) * (digits[i] == 'X' ? 10 : digits[i] - '0');
        return sum % 11 == 0;
    }

    private static bool IsIsbn13(string text)
    {
        var digits = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length != 13 || !digits.All(char.IsAsciiDigit)) return false;
        var sum = 0;
        for (var i = 0; i < 12; i++) sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
        return (10 - sum % 10) % 10 == digits[12] - '0';
    }

    private static bool IsCreditCard(string text)
    {
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        if (!CreditCard().IsMatch(digits)) return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    [GeneratedRegex(@"^([a-zA-Z0-9\p{L}]((-?[a-zA-Z0-9\p{L}]{0,62})?)|(\.(([a-zA-Z0-9\p{L}](-?[a-zA-Z0-9\p{L}]{0,62})?)|([a-zA-Z0-9\p{L}](([a-zA-Z0-9-\p{L}]{0,61}[a-zA-Z0-9\p{L}])?)))))+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^([0-9a-fA-F]{2}([:-])([0-9a-fA-F]{2}\2){4}([0-9a-fA-F]{2}\2){0,2}[0-9a-fA-F]{2}|([0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4})\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid3();

    [GeneratedRegex(@"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid4();

    [GeneratedRegex(@"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid5();

    [GeneratedRegex(@"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex Ssn();

    [GeneratedRegex(@"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)\z")]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Base64();

    [GeneratedRegex(@"^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[+-]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex GoDurationText();

    [GeneratedRegex(@"([0-9]+)\s*([A-Za-zµ]+)", RegexOptions.NonBacktracking)]
    private static partial Regex LooseDuration();

    [GeneratedRegex(@"^[0-9]{9}[0-9X]\z")]
    private static partial Regex Isbn10();

    [GeneratedRegex(@"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11})\z")]
    private static partial Regex CreditCard();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadEscape();

    [GeneratedRegex(@"^[^\s@<>(),;:\\""\[\]]+@[^\s@<>(),;:\\""\[\]]+\z")]
    private static partial Regex Email();
}
