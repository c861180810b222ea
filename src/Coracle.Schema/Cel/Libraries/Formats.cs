using System.Text.RegularExpressions;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>A form that strings may have, by name.</summary>
internal sealed class NamedFormat(string name, int patternSize, Func<string, IReadOnlyList<string>> check) : CelObject
{
    public static readonly T FormatType = T.Struct("kubernetes.NamedFormat");

    public string Name => name;

    /// <summary>The length of the pattern that upstream reckons with.</summary>
    public int PatternSize => patternSize;
    public override T Type => FormatType;
    public IReadOnlyList<string> Check(string text) => check(text);
    public override bool SameAs(CelObject other) => other is NamedFormat theirs && theirs.Name == name;
    public override string ToString() => name;
}

/// <summary><c>!format.dns1123Label().validate(self.name).hasValue()</c></summary>
internal static partial class Formats
{
    private const int UuidPattern = 77, DateTimePattern = 155;

    private static readonly Dictionary<string, NamedFormat> All = new(StringComparer.Ordinal)
    {
        ["dns1123Label"] = new("DNS1123Label", 30, NameRules.Dns1123Label),
        ["dns1123Subdomain"] = new("DNS1123Subdomain", 60, NameRules.Dns1123Subdomain),
        ["dns1035Label"] = new("DNS1035Label", 30, NameRules.Dns1035Label),
        ["qualifiedName"] = new("QualifiedName", 60, NameRules.LabelKey),
        ["dns1123LabelPrefix"] = new("DNS1123LabelPrefix", 30, s => NameRules.Dns1123Label(NameRules.WithoutTrailingDash(s))),
        ["dns1123SubdomainPrefix"] = new("DNS1123SubdomainPrefix", 60, s => NameRules.Dns1123Subdomain(NameRules.WithoutTrailingDash(s))),
        ["dns1035LabelPrefix"] = new("DNS1035LabelPrefix", 30, s => NameRules.Dns1035Label(NameRules.WithoutTrailingDash(s))),
        ["labelValue"] = new("LabelValue", 40, NameRules.LabelValue),
        ["uri"] = new("URI", 1103, s => GoUrl.TryParseRequest(s, out var error) ? [] : [error!]),
        ["uuid"] = new("uuid", UuidPattern, s => Uuid().IsMatch(s) ? [] : ["does not match the UUID format"]),
        ["byte"] = new("byte", 84, s => Base64().IsMatch(s) ? [] : ["invalid base64"]),
        ["date"] = new("date", DateTimePattern, s => s.Length == 10 && TimeText.TryParseTimestamp(s + "T00:00:00Z", out _, out _) ? [] : ["invalid date"]),
        ["datetime"] = new("datetime", DateTimePattern, s => s.Length > 0 && OpenApiText.TryDateTime(s, out _, out _) ? [] : ["invalid datetime"]),
    };

    [GeneratedRegex("^(?:[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12})\\z")]
    private static partial Regex Uuid();

    [GeneratedRegex("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\\z")]
    private static partial Regex Base64();

    public static CelLibrary Library { get; } = new("kubernetes.format",
    [
        new("validate", CelOverload.Member("format-validate", [NamedFormat.FormatType, T.String], T.Optional(T.List(T.String)), Validate)),
        new("format.named", CelOverload.Function("format-named", [T.String], T.Optional(NamedFormat.FormatType),
            name => All.TryGetValue(name.AsString, out var format) ? CelValue.Optional(CelValue.Object(format)) : CelValue.None)),
        .. All.Select(f => new CelFunction("format." + f.Key, CelOverload.Function("format." + f.Key, [], NamedFormat.FormatType, (CelValue[] _) => CelValue.Object(f.Value)))),
    ])
    {
        Types = [NamedFormat.FormatType],
    };

    private static CelValue Validate(CelValue format, CelValue text)
    {
        var errors = ((NamedFormat)format.AsObject).Check(text.AsString);
        return errors.Count == 0 ? CelValue.None : CelValue.Optional(CelValue.List([.. errors.Select(CelValue.String)]));
    }
}
