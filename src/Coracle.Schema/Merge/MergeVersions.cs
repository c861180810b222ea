using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// The versions of a kind whose fields entries of managedFields may name. Fields named in a version that is not served any more are forgotten, as
/// upstream does.
/// </summary>
/// <param name="Schema">The schema of an apiVersion, or null when it is not served.</param>
/// <param name="Convert">An object as another version's: the object, its apiVersion and the wanted one; null when there is no such version.</param>
public sealed record MergeVersions(Func<string, SchemaNode?> Schema, Func<JsonObject, string, string, JsonObject?> Convert)
{
    /// <summary>A kind that is served in one version.</summary>
    public static MergeVersions Only(string apiVersion, SchemaNode schema) =>
        new(version => version == apiVersion ? schema : null, (obj, from, to) => from == to ? obj : null);
}
