namespace Coracle.ApiServer;

/// <summary>What another API server publishes of a version that it serves.</summary>
public sealed record PublishedApi
{
    /// <summary>Its entry in aggregated discovery, an APIVersionDiscovery in JSON without its freshness; empty when none could be had.</summary>
    public ReadOnlyMemory<byte> Discovery { get; init; }

    /// <summary>The last attempt to get it succeeded.</summary>
    public bool IsFresh { get; init; }

    /// <summary>The name of its document of OpenAPI v3: "apis/example.com/v1".</summary>
    public string Document { get; init; } = "";

    /// <summary>Its documents of OpenAPI v3: "apis/example.com/v1" and the address that the server gives.</summary>
    public IReadOnlyDictionary<string, string> OpenApiV3 { get; init; } = new Dictionary<string, string>();

    /// <summary>Its document of OpenAPI v2 in JSON; empty when there is none.</summary>
    public ReadOnlyMemory<byte> OpenApiV2 { get; init; }

    internal bool Same(PublishedApi other) => IsFresh == other.IsFresh && Document == other.Document && Discovery.Span.SequenceEqual(other.Discovery.Span) && OpenApiV2.Span.SequenceEqual(other.OpenApiV2.Span)
        && OpenApiV3.Count == other.OpenApiV3.Count && OpenApiV3.All(path => other.OpenApiV3.GetValueOrDefault(path.Key) == path.Value);
}
