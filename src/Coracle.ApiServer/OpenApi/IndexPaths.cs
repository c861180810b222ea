using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>The paths that are no resources: what there is, the server's version, and what is told to those who check service accounts' tokens.</summary>
internal static class IndexPaths
{
    public static PublishedPath CoreVersions { get; } = Index("/api/", "getCoreAPIVersions", "core", APIVersions.Schema, "The versions of the core group.");
    public static PublishedPath Groups { get; } = Index("/apis/", "getAPIVersions", "apis", APIGroupList.Schema, "The groups of the API.");

    public static PublishedPath Group(string group) =>
        Index($"/apis/{group}/", $"get{OperationNames.Group(group)}APIGroup", OperationNames.GroupTag(group), APIGroup.Schema, "The versions of the group.");

    public static PublishedPath Version(string group, string version)
    {
        var path = group.Length == 0 ? $"/api/{version}/" : $"/apis/{group}/{version}/";
        var operation = new PublishedOperation("get", $"get{OperationNames.GroupVersion(group, version)}APIResources", "The resources of the version.")
        {
            Tag = OperationNames.Tag(group, version), Consumes = MediaTypes.Objects, Produces = MediaTypes.Objects, Content = APIResourceList.Schema,
        };
        return new(path, [operation]);
    }

    public static PublishedPath ServerVersion { get; } = new("/version/",
        [new("get", "getCodeVersion", "The server's version.") { Tag = "version", Consumes = MediaTypes.Json, Produces = MediaTypes.Json, Content = Kinds.Meta.V1.ServerVersion.Schema }]);

    /// <summary>By the path as it is served; the published one has a slash at its end.</summary>
    public static IReadOnlyDictionary<string, PublishedPath> Plain { get; } = new Dictionary<string, PublishedPath>(StringComparer.Ordinal)
    {
        ["/.well-known/openid-configuration"] = Text("/.well-known/openid-configuration/", "getServiceAccountIssuerOpenIDConfiguration", "WellKnown", "application/json",
            "Who issues the tokens of service accounts, and where the keys are."),
        ["/openid/v1/jwks"] = Text("/openid/v1/jwks/", "getServiceAccountIssuerOpenIDKeyset", "openid", "application/jwk-set+json", "The keys that the tokens of service accounts are signed with."),
    };

    private static PublishedPath Index(string path, string id, string tag, SchemaNode content, string description) =>
        new(path, [new("get", id, description) { Tag = tag, Consumes = MediaTypes.Discovery, Produces = MediaTypes.Discovery, Content = content }]);

    private static PublishedPath Text(string path, string id, string tag, string type, string description) =>
        new(path, [new("get", id, description) { Tag = tag, Produces = [type], Content = PlainSchema.String }]);
}
