using System.Globalization;

namespace Coracle.ApiServer;

/// <summary>The encodings that an answer can have.</summary>
public enum WireFormat { Json, Yaml, Protobuf }

/// <summary>The shapes into which an answer can be brought for the client.</summary>
public enum Transform { None, Table, PartialMetadata }

/// <summary>What the client accepts, settled: the first form in its Accept header that is served.</summary>
/// <param name="Pretty">Indented JSON.</param>
public sealed record Accepted(WireFormat Format, Transform Transform, string Version, bool Pretty)
{
    public static Accepted Json { get; } = new(WireFormat.Json, Transform.None, "", false);

    public const string ProtobufType = "application/vnd.kubernetes.protobuf";

    /// <summary>What answers of a kind can be encoded in: custom resources have no protobuf.</summary>
    public static IReadOnlyList<WireFormat> Objects(bool builtIn) => builtIn ? [WireFormat.Json, WireFormat.Yaml, WireFormat.Protobuf] : [WireFormat.Json, WireFormat.Yaml];

    /// <summary>And the events of a watch: YAML knows no streams here, as upstream.</summary>
    public static IReadOnlyList<WireFormat> Events(bool builtIn) => builtIn ? [WireFormat.Json, WireFormat.Protobuf] : [WireFormat.Json];

    /// <summary>The media types of these, as a refusal lists them.</summary>
    public static string Types(IReadOnlyList<WireFormat> served, bool stream) => string.Join(", ", served.Select(format => TypeOf(format) + (stream ? ";stream=watch" : "")));

    public string ContentType => TypeOf(Format);

    private static string TypeOf(WireFormat format) => format switch
    {
        WireFormat.Yaml => "application/yaml",
        WireFormat.Protobuf => ProtobufType,
        _ => "application/json",
    };

    /// <summary>Null when nothing that the client accepts is served.</summary>
    /// <param name="accept">The header.</param>
    /// <param name="pretty">The parameter of that name.</param>
    /// <param name="served">The encodings that there are.</param>
    /// <param name="asTable">The answer can be shown as a table: reviews, which are never stored, cannot.</param>
    public static Accepted? Parse(string? accept, string? pretty, IReadOnlyList<WireFormat> served, bool asTable = true)
    {
        if (string.IsNullOrWhiteSpace(accept)) return Json with { Pretty = IsTrue(pretty) };
        foreach (var clause in InOrderOfWish(accept))
        {
            if (ParseOne(clause) is { } accepted && served.Contains(accepted.Format) && (asTable || accepted.Transform != Transform.Table))
                return accepted with { Pretty = accepted.Format == WireFormat.Json && IsTrue(pretty) };
        }
        return null;
    }

    // By weight, then the precise before the vague. Nearly always what is there is one clause, or stands in order.
    private static IEnumerable<string> InOrderOfWish(string accept)
    {
        var clauses = accept.Split(',', StringSplitOptions.TrimEntries);
        if (clauses.Length == 1 || !accept.Contains("q=", StringComparison.Ordinal) && !accept.Contains('*')) return clauses;
        return clauses.OrderByDescending(Weight).ThenBy(clause => clause.StartsWith("*/", StringComparison.Ordinal) ? 2 : clause.Contains("/*", StringComparison.Ordinal) ? 1 : 0);
    }

    private static double Weight(string clause)
    {
        foreach (var part in clause.Split(';', StringSplitOptions.TrimEntries))
            if (part.StartsWith("q=", StringComparison.Ordinal) && double.TryParse(part.AsSpan(2), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)) return weight;
        return 1;
    }

    private static bool IsTrue(string? value) => value is "1" or "true";

    private static Accepted? ParseOne(ReadOnlySpan<char> clause)
    {
        WireFormat? format = null;
        var (transform, version, group) = (Transform.None, "", "");
        var first = true;
        foreach (var range in clause.Split(';'))
        {
            var part = clause[range].Trim();
            if (first)
            {
                format = part switch
                {
                    "application/json" or "*/*" or "application/*" => WireFormat.Json,
                    "application/yaml" => WireFormat.Yaml,
                    ProtobufType => WireFormat.Protobuf,
                    _ => null,
                };
                first = false;
            }
            else if (part.StartsWith("as="))
            {
                transform = part[3..] switch
                {
                    "Table" => Transform.Table,
                    "PartialObjectMetadata" or "PartialObjectMetadataList" => Transform.PartialMetadata,
                    _ => (Transform)(-1),
                };
            }
            else if (part.StartsWith("sv=") && part.Length > 3 && part[3..] is not "v1" || part.StartsWith("stream=") && part.Length > 7 && part[7..] is not "watch") return null;
            else if (part.StartsWith("v=")) version = part[2..].ToString();
            else if (part.StartsWith("g=")) group = part[2..].ToString();
        }
        if (format is null || !Enum.IsDefined(transform)) return null;
        // Upstream has no tables in protobuf either.
        if (transform == Transform.Table && format == WireFormat.Protobuf) return null;
        if (transform != Transform.None && (group != "meta.k8s.io" || version is not ("v1" or "v1beta1"))) return null;
        return new(format.Value, transform, version, false);
    }
}
