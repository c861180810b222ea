namespace Coracle.ApiServer.OpenApi;

/// <summary>A parameter in the path or the query.</summary>
/// <param name="Type">"string", "integer" or "boolean".</param>
/// <param name="Shared">Under which name documents of the second edition hold it once for all operations; null where each operation spells it out.</param>
internal sealed record PublishedParameter(string Name, string Type, string Description, string? Shared = null, string In = "query")
{
    /// <summary>Parameters in paths, and only they, must be there.</summary>
    public bool Required => In == "path";
}
