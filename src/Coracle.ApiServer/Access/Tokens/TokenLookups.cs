namespace Coracle.ApiServer.Access;

/// <summary>What of an object matters to the tokens bound to it.</summary>
public sealed record BoundObject(string Uid, DateTimeOffset? DeletionTimestamp = null)
{
    /// <summary>Of a pod: the service account that it runs as.</summary>
    public string ServiceAccountName { get; init; } = "";

    /// <summary>Of a pod: the node that it is bound to; empty before.</summary>
    public string NodeName { get; init; } = "";
}

/// <summary>Where tokens find the objects they are bound to. Each answers null for an object that does not exist. Called on every request with a token.</summary>
public sealed record TokenLookups
{
    /// <summary>By namespace and name.</summary>
    public required Func<string, string, BoundObject?> ServiceAccount { get; init; }
    public required Func<string, string, BoundObject?> Pod { get; init; }
    public required Func<string, string, BoundObject?> Secret { get; init; }
    public required Func<string, BoundObject?> Node { get; init; }
}
