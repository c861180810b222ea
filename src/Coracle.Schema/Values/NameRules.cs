using System.Text;

namespace Coracle.Schema;

/// <summary>
/// The forms that names, keys and labels may have. Each function gives what is wrong with a text, in upstream's words, and nothing when all is well
/// (apimachinery, util/validation and api/validate/content). Lengths are in bytes of UTF-8.
/// </summary>
public static class NameRules
{
    private const string LabelForm = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainForm = LabelForm + @"(\." + LabelForm + ")*";
    private const string UnderscoreForm = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private const string KeyForm = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string KeyMessage = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    /// <summary>A name in lower case with letters, digits and dashes: "my-name".</summary>
    public static IReadOnlyList<string> Dns1123Label(string value)
    {
        if (value.Length <= 63 && IsDns1123Label(value)) return [];
        var errors = new List<string>(2);
        if (Length(value) > 63) errors.Add(MaxLength(63));
        if (IsDns1123Label(value)) return errors;
        errors.Add(IsDns1123Subdomain(value)
            ? "must not contain dots"
            : Regex("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", LabelForm, "my-name", "123-abc"));
        return errors;
    }

    /// <summary>Labels joined by dots: "example.com".</summary>
    public static IReadOnlyList<string> Dns1123Subdomain(string value) => Subdomain(value, MaxLength(253));

    private static IReadOnlyList<string> Subdomain(string value, string tooLong) => Check(value, 253, tooLong, IsDns1123Subdomain(value),
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", SubdomainForm, "example.com");

    /// <summary>A subdomain whose labels may have underscores.</summary>
    public static IReadOnlyList<string> Dns1123SubdomainWithUnderscore(string value) => Check(value, 253, MaxLength(253), AllParts(value, IsUnderscoreLabel),
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
        UnderscoreForm + @"(\." + UnderscoreForm + ")*", "example.com");

    /// <summary>A label that starts with a letter: "abc-123".</summary>
    public static IReadOnlyList<string> Dns1035Label(string value) => Check(value, 63, MaxLength(63), IsDns1035Label(value),
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123");

    /// <summary>A subdomain after "*.": "*.example.com".</summary>
    public static IReadOnlyList<string> WildcardDns1123Subdomain(string value) =>
        Check(value, 253, MaxLength(253), value.StartsWith("*.", StringComparison.Ordinal) && IsDns1123Subdomain(value.AsSpan(2)),
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            @"\*\." + SubdomainForm, "*.example.com");

    /// <summary>The key of a label or an annotation, a resource or finalizer name: "MyName" or "example.com/MyName" (upstream: qualified name).</summary>
    public static IReadOnlyList<string> LabelKey(string value)
    {
        if (IsLabelKey(value)) return [];
        var errors = new List<string>(2);
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && value.IndexOf('/', slash + 1) >= 0)
        {
            errors.Add("a valid label key " + Regex(KeyMessage, KeyForm, "MyName", "my.name", "123-abc") + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return errors;
        }
        if (slash == 0) errors.Add("prefix part must be non-empty");
        else if (slash > 0) errors.AddRange(Subdomain(value[..slash], MaxBytes(253)).Select(e => "prefix part " + e));

        var name = value[(slash + 1)..];
        if (name.Length == 0) errors.Add("name part must be non-empty");
        else if (Length(name) > 63) errors.Add("name part " + MaxBytes(63));
        if (!IsKeyName(name)) errors.Add("name part " + Regex(KeyMessage, KeyForm, "MyName", "my.name", "123-abc"));
        return errors;
    }

    /// <summary>The value of a label; may be empty.</summary>
    public static IReadOnlyList<string> LabelValue(string value) => Check(value, 63, MaxBytes(63), value.Length == 0 || IsKeyName(value),
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        "(" + KeyForm + ")?", "MyValue", "my_value", "12345");

    public static IReadOnlyList<string> CIdentifier(string value) => Check(value, int.MaxValue, "", IsCIdentifier(value),
        "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
        "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName");

    /// <summary>An environment variable's name as it was before names were relaxed.</summary>
    public static IReadOnlyList<string> EnvVarName(string value)
    {
        var valid = value.Length > 0 && !char.IsAsciiDigit(value[0]) && All(value, "-._");
        return Join(
            Check(value, int.MaxValue, "", valid,
                "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
                "[-._a-zA-Z][-._a-zA-Z0-9]*", "my.env-name", "MY_ENV.NAME", "MyEnvName1"),
            NoParentDirectory(value));
    }

    /// <summary>An environment variable's name: any printable ASCII but '='.</summary>
    public static IReadOnlyList<string> RelaxedEnvVarName(string value)
    {
        if (value.Length == 0) return ["environment variable name must be non-empty"];
        return value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || value.Contains('=', StringComparison.Ordinal)
            ? ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
            : [];
    }

    /// <summary>A key of a ConfigMap or Secret, which becomes a file name.</summary>
    public static IReadOnlyList<string> ConfigMapKey(string value) => Join(
        Check(value, 253, MaxLength(253), value.Length > 0 && All(value, "-._"),
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"),
        NoParentDirectory(value));

    /// <summary>What can stand in a URL's path and in a storage key: names of RBAC objects.</summary>
    public static IReadOnlyList<string> PathSegment(string value)
    {
        if (value is "." or "..") return [$"may not be '{value}'"];
        var errors = new List<string>();
        if (value.Contains('/', StringComparison.Ordinal)) errors.Add("may not contain '/'");
        if (value.Contains('%', StringComparison.Ordinal)) errors.Add("may not contain '%'");
        return errors;
    }

    /// <summary>A fixed part of a name to which a suffix will be added may end in a dash: upstream judges it with that end replaced.</summary>
    public static string WithoutTrailingDash(string prefix) => prefix.Length > 1 && prefix[^1] == '-' ? prefix[..^2] + "a" : prefix;

    public static IReadOnlyList<string> PortNumber(long port) => InRange(port, 1, 65535);

    /// <summary>A port's name (an IANA service name): at most 15 of a-z, 0-9 and single dashes, with a letter.</summary>
    public static IReadOnlyList<string> PortName(string value)
    {
        var errors = new List<string>();
        if (Length(value) > 15) errors.Add(MaxLength(15));
        if (value.Length == 0 || !value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            errors.Add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!value.Any(char.IsAsciiLetterLower)) errors.Add("must contain at least one letter (a-z)");
        if (value.Contains("--", StringComparison.Ordinal)) errors.Add("must not contain consecutive hyphens");
        if (value.Length > 0 && (value[0] == '-' || value[^1] == '-')) errors.Add("must not begin or end with a hyphen");
        return errors;
    }

    public static IReadOnlyList<string> InRange(long value, long min, long max) => value >= min && value <= max ? [] : [$"must be between {min} and {max}, inclusive"];

    public static IReadOnlyList<string> UserId(long id) => InRange(id, 0, int.MaxValue);
    public static IReadOnlyList<string> GroupId(long id) => InRange(id, 0, int.MaxValue);

    public static IReadOnlyList<string> Percent(string value) => Check(value, int.MaxValue, "", value.Length > 1 && value[^1] == '%' && value.AsSpan(0, value.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0,
        "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%");

    public static IReadOnlyList<string> HttpHeaderName(string value) => Check(value, int.MaxValue, "", value.Length > 0 && All(value, "-"),
        "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name");

    /// <summary>The characters of RFC 3986's paths; percent signs are not looked into.</summary>
    public static bool IsHttpPath(ReadOnlySpan<char> value) => !value.IsEmpty && All(value, "/-._~%!$&'()*+,;=:");

    /// <summary>"acme.io/foo": a subdomain, and after the first slash an HTTP path. Errors name the part at fault.</summary>
    public static IReadOnlyList<(string BadValue, string Error)> DomainPrefixedPath(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == value.Length - 1) return [(value, "must be a domain-prefixed path (such as \"acme.io/foo\")")];
        var errors = Dns1123Subdomain(value[..slash]).Select(e => (value[..slash], e)).ToList();
        var path = value[(slash + 1)..];
        if (!IsHttpPath(path)) errors.Add((path, @"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')"));
        return errors;
    }

    /// <summary>"acme.io/foo": a label key that has a prefix.</summary>
    public static IReadOnlyList<string> DomainPrefixedKey(string value)
    {
        var errors = LabelKey(value);
        return errors.Count > 0 ? errors : value.Contains('/', StringComparison.Ordinal) ? [] : ["must be a domain-prefixed key (such as \"acme.io/foo\")"];
    }

    /// <summary>A subdomain of at least three labels (signer and controller names).</summary>
    public static IReadOnlyList<string> FullyQualifiedName(string value)
    {
        var errors = Dns1123Subdomain(value);
        if (errors.Count > 0) return [string.Join(",", errors)];
        return value.Count(c => c == '.') < 2 ? ["should be a domain with at least three segments separated by dots"] : [];
    }

    /// <summary>A subdomain of at least two labels; a dot at the end is taken off. Errors name the part at fault.</summary>
    public static IReadOnlyList<(string BadValue, string Error)> FullyQualifiedDomainName(string value)
    {
        var name = value.EndsWith('.') ? value[..^1] : value;
        var errors = Dns1123Subdomain(name);
        if (errors.Count > 0) return [(name, string.Join(",", errors))];
        var labels = name.Split('.');
        if (labels.Length < 2) return [(name, "should be a domain with at least two segments separated by dots")];
        foreach (var label in labels)
            if (Dns1123Label(label) is { Count: > 0 } wrong) return [(label, string.Join(",", wrong))];
        return [];
    }

    /// <summary>An integer as a person would write it: no plus sign, no leading zeros.</summary>
    public static IReadOnlyList<string> DecimalInteger(string value)
    {
        if (value.Length == 0) return ["must be non-empty"];
        var digits = value.AsSpan(value[0] == '-' ? 1 : 0);
        var valid = value == "0" || !digits.IsEmpty && digits[0] != '0' && digits.IndexOfAnyExceptInRange('0', '9') < 0;
        return valid ? [] : ["must be a valid decimal integer in canonical form"];
    }

    public static bool IsDns1123Label(ReadOnlySpan<char> value) =>
        !value.IsEmpty && IsLowerOrDigit(value[0]) && IsLowerOrDigit(value[^1]) && AllLower(value, '-', '-');

    public static bool IsDns1123Subdomain(ReadOnlySpan<char> value)
    {
        var start = true; // the character before was a dot, or there was none
        var dash = false;
        foreach (var c in value)
        {
            if (IsLowerOrDigit(c)) (start, dash) = (false, false);
            else if (c == '-' && !start) dash = true;
            else if (c == '.' && !start && !dash) start = true;
            else return false;
        }
        return !start && !dash;
    }

    public static bool IsDns1035Label(ReadOnlySpan<char> value) => IsDns1123Label(value) && !char.IsAsciiDigit(value[0]);

    public static bool IsLabelKey(ReadOnlySpan<char> value)
    {
        var slash = value.IndexOf('/');
        if (slash == 0 || slash > 253 || slash > 0 && !IsDns1123Subdomain(value[..slash])) return false;
        var name = value[(slash + 1)..];
        return name.Length <= 63 && IsKeyName(name);
    }

    public static bool IsLabelValue(ReadOnlySpan<char> value) => value.Length <= 63 && (value.IsEmpty || IsKeyName(value));

    public static bool IsCIdentifier(ReadOnlySpan<char> value) => !value.IsEmpty && !char.IsAsciiDigit(value[0]) && All(value, "_");

    private static bool IsKeyName(ReadOnlySpan<char> value) =>
        !value.IsEmpty && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1]) && All(value, "-_.");

    private static bool IsUnderscoreLabel(ReadOnlySpan<char> value)
    {
        if (value.StartsWith("_")) value = value[1..];
        return !value.IsEmpty && IsLowerOrDigit(value[0]) && IsLowerOrDigit(value[^1]) && AllLower(value, '-', '_');
    }

    private delegate bool PartRule(ReadOnlySpan<char> part);

    private static bool AllParts(ReadOnlySpan<char> value, PartRule rule)
    {
        foreach (var part in value.Split('.'))
            if (!rule(value[part]))
                return false;
        return true;
    }

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static bool AllLower(ReadOnlySpan<char> value, char also, char orAlso)
    {
        foreach (var c in value)
            if (!IsLowerOrDigit(c) && c != also && c != orAlso)
                return false;
        return true;
    }

    private static bool All(ReadOnlySpan<char> value, ReadOnlySpan<char> besidesAlphanumeric)
    {
        foreach (var c in value)
            if (!char.IsAsciiLetterOrDigit(c) && !besidesAlphanumeric.Contains(c))
                return false;
        return true;
    }

    private static IReadOnlyList<string> NoParentDirectory(string value) => value switch
    {
        "." => ["must not be '.'"],
        ".." => ["must not be '..'"],
        _ when value.StartsWith("..", StringComparison.Ordinal) => ["must not start with '..'"],
        _ => [],
    };

    private static IReadOnlyList<string> Check(string value, int maxBytes, string tooLong, bool valid, string message, string form, params ReadOnlySpan<string> examples)
    {
        var fits = value.Length <= maxBytes / 3 || Length(value) <= maxBytes;
        if (valid) return fits ? [] : [tooLong];
        var wrong = Regex(message, form, examples);
        return fits ? [wrong] : [tooLong, wrong];
    }

    private static IReadOnlyList<string> Join(IReadOnlyList<string> first, IReadOnlyList<string> second) =>
        first.Count == 0 ? second : second.Count == 0 ? first : [.. first, .. second];

    private static int Length(string value) => Encoding.UTF8.GetByteCount(value);

    // Older rules speak of characters where newer ones speak of bytes; both count bytes.
    private static string MaxLength(int length) => length switch
    {
        63 => "must be no more than 63 characters",
        253 => "must be no more than 253 characters",
        _ => $"must be no more than {length} characters",
    };

    private static string MaxBytes(int length) => length == 63 ? "must be no more than 63 bytes" : $"must be no more than {length} bytes";

    private static string Regex(string message, string form, params ReadOnlySpan<string> examples)
    {
        var text = new StringBuilder(message).Append(" (");
        for (var i = 0; i < examples.Length; i++)
            text.Append(i == 0 ? "e.g. '" : " or '").Append(examples[i]).Append("', ");
        return text.Append("regex used for validation is '").Append(form).Append("')").ToString();
    }
}
