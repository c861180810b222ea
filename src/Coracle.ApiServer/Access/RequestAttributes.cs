namespace Coracle.ApiServer.Access;

/// <summary>What an authorizer knows of a request: upstream's authorizer.Attributes.</summary>
public sealed record RequestAttributes
{
    public required User User { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection or proxy; the HTTP method in lower case for a path that is no resource.</summary>
    public required string Verb { get; init; }

    public string ApiGroup { get; init; } = "";
    public string ApiVersion { get; init; } = "";
    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";
    public string Namespace { get; init; } = "";

    /// <summary>Empty when the request names no single object.</summary>
    public string Name { get; init; } = "";

    public bool IsResourceRequest { get; init; } = true;
    public string Path { get; init; } = "";

    /// <summary>The terms of the field selector of a list, watch or deletecollection; empty when there is none or it does not parse.</summary>
    public IReadOnlyList<FieldRequirement> FieldSelector { get; init; } = [];

    /// <summary>The label selector as it was sent.</summary>
    public string LabelSelector { get; init; } = "";

    public bool IsReadOnly => Verb is "get" or "list" or "watch";
}
