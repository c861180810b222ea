namespace Coracle.Sdk;

/// <summary>One request to an API server, independent of how it gets there.</summary>
public sealed record ApiCall
{
    /// <summary>"GET", "POST", "PUT", "PATCH" or "DELETE".</summary>
    public required string Method { get; init; }

    /// <summary>From the root, percent-encoded: "/api/v1/namespaces/default/pods".</summary>
    public required string Path { get; init; }

    /// <summary>Percent-encoded, without the question mark; "" for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Media type of <see cref="Body"/>; null when there is none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Belongs to the call: neither side changes it afterwards, so an in-process server may keep it.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the answer may be.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Who calls, as the server logs it: "replicaset-controller".</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>In whose name the call is made, where that is not the transport's own identity. HTTP sends it as impersonation headers.</summary>
    public ApiUser? User { get; init; }

    /// <summary>Further headers, rarely any.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>An identity: a user's name and groups.</summary>
public sealed record ApiUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>The uid of who is impersonated; "" for none.</summary>
    public string Uid { get; init; } = "";
}
