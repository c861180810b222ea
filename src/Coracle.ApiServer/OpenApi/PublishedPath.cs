using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>A path and what can be done there, in terms that both editions of OpenAPI can tell.</summary>
internal sealed record PublishedPath(string Path, IReadOnlyList<PublishedOperation> Operations)
{
    /// <summary>The parameters that all operations have: they are told once for the path.</summary>
    public IReadOnlyList<PublishedParameter> Common { get; } =
        [.. Operations[0].Parameters.Where(parameter => Operations.All(operation => operation.Parameters.Contains(parameter)))];

    /// <summary>What an operation takes besides.</summary>
    public IEnumerable<PublishedParameter> Own(PublishedOperation operation) => operation.Parameters.Where(parameter => !Common.Contains(parameter));
}

/// <summary>One method of a path.</summary>
/// <param name="Method">In lower case: "get".</param>
/// <param name="Id">"listCoreV1NamespacedPod".</param>
internal sealed record PublishedOperation(string Method, string Id, string Description)
{
    public required string Tag { get; init; }

    /// <summary>x-kubernetes-action; null for what is no operation on a resource.</summary>
    public string? Action { get; init; }
    public GroupVersionKind? Kind { get; init; }

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<PublishedParameter> Parameters { get; init => field = [.. value.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.In, StringComparer.Ordinal)]; } = [];
    public SchemaNode? Body { get; init; }
    public bool BodyRequired { get; init; }
    public IReadOnlyList<string> Consumes { get; init; } = [];
    public IReadOnlyList<string> Produces { get; init; } = [];

    /// <summary>What is answered on success; all answers have the same content. Anybody may be told 401 besides.</summary>
    public IReadOnlyList<int> Codes { get; init; } = [200];
    public SchemaNode? Content { get; init; }
}
