using System.Globalization;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>
/// What of the server can be turned on and off, under upstream's names and with its defaults of v1.36 (component-base, featuregate). Only what makes a difference here is known.
/// </summary>
public sealed class FeatureGates
{
    public const string ComponentFlagz = "ComponentFlagz";
    public const string ComponentStatusz = "ComponentStatusz";
    public const string RemoteRequestHeaderUid = "RemoteRequestHeaderUID";
    public const string StorageVersionHash = "StorageVersionHash";
    public const string WatchList = "WatchList";

    private sealed record Feature(bool Default, string Stage, bool IsLocked = false);

    private static readonly SortedDictionary<string, Feature> Known = new(StringComparer.Ordinal)
    {
        ["AllAlpha"] = new(false, "ALPHA"),
        ["AllBeta"] = new(false, "BETA"),
        ["AggregatedDiscoveryRemoveBetaType"] = new(true, "DEPRECATED", IsLocked: true),
        [ComponentFlagz] = new(true, "BETA"),
        [ComponentStatusz] = new(true, "BETA"),
        [RemoteRequestHeaderUid] = new(true, "BETA"),
        [StorageVersionHash] = new(true, "BETA"),
        [WatchList] = new(true, "BETA"),
    };

    private readonly SortedDictionary<string, bool> _enabled = new(StringComparer.Ordinal);

    private FeatureGates(IReadOnlyDictionary<string, bool> given)
    {
        foreach (var (name, feature) in Known) _enabled[name] = given.TryGetValue(name, out var set) ? set : AllOf(feature, given) ?? feature.Default;
    }

    /// <summary>As upstream has them.</summary>
    public static FeatureGates Defaults { get; } = new(new Dictionary<string, bool>());

    public bool IsEnabled(string name) => _enabled[name];

    /// <summary>As they were set, for telling: "A=true,B=false"; empty for the defaults.</summary>
    public string Given { get; private init; } = "";

    private static bool? AllOf(Feature feature, IReadOnlyDictionary<string, bool> given) => feature.IsLocked ? null : feature.Stage switch
    {
        "ALPHA" when given.TryGetValue("AllAlpha", out var all) => all,
        "BETA" when given.TryGetValue("AllBeta", out var all) => all,
        _ => null,
    };

    /// <summary>Reads "A=true,B=false". Null, with what is wrong in upstream's words, when it cannot be.</summary>
    public static FeatureGates? Parse(string text, out string error)
    {
        var given = new Dictionary<string, bool>(StringComparer.Ordinal);
        error = "";
        foreach (var part in text.Split(',').Where(p => p.Length > 0))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).Trim();
            if (equals < 0) error = $"missing bool value for {name}";
            else if (GoBool(part[(equals + 1)..].Trim()) is not { } value) error = $"invalid value of {name}={part[(equals + 1)..].Trim()}, err: strconv.ParseBool: parsing {Schema.GoText.Quote(part[(equals + 1)..].Trim())}: invalid syntax";
            else if (!Known.TryGetValue(name, out var feature)) error = $"unrecognized feature gate: {name}";
            else if (feature.IsLocked && value != feature.Default) error = $"cannot set feature gate {name} to {Word(value)}, feature is locked to {Word(feature.Default)}";
            else given[name] = value;
            if (error.Length > 0) return null;
        }
        return new FeatureGates(given) { Given = string.Join(',', given.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}={Word(g.Value)}")) };
    }

    private static bool? GoBool(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    private static string Word(bool value) => value ? "true" : "false";

    internal void Render(StringBuilder text)
    {
        text.Append("# HELP kubernetes_feature_enabled Which features are on, and how far they are.\n# TYPE kubernetes_feature_enabled gauge\n");
        foreach (var (name, enabled) in _enabled)
            text.Append(CultureInfo.InvariantCulture, $"kubernetes_feature_enabled{{name=\"{name}\",stage=\"{Known[name].Stage}\"}} {(enabled ? 1 : 0)}\n");
    }
}
