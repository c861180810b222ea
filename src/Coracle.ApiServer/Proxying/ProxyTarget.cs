using System.Net;

namespace Coracle.ApiServer;

/// <summary>Where a request is passed on to.</summary>
internal sealed record ProxyTarget
{
    /// <summary>"http" or "https".</summary>
    public required string Scheme { get; init; }

    public required EndPoint Place { get; init; }

    /// <summary>The path there, decoded; empty when the request named none.</summary>
    public required string Path { get; init; }

    /// <summary>As the query there.</summary>
    public string Query { get; init; } = "";

    /// <summary>The other server is told the host that the client asked for, not its own.</summary>
    public bool KeepsHost { get; init; }

    /// <summary>Said besides what the client says: who it is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public BackendTrust Trust { get; init; } = BackendTrust.Anyone;

    /// <summary>How the client is told that there is no answer.</summary>
    public Func<ApiStatus, ApiResponse> Refuse { get; init; } = ApiResponse.Of;
}
