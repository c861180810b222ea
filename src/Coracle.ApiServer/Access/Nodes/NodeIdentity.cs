namespace Coracle.ApiServer.Access;

/// <summary>Which node a user is.</summary>
public static class NodeIdentity
{
    /// <summary>The node's name; empty for a node that does not say which; null for a user that is no node.</summary>
    public static string? Of(User user) =>
        user.Name.StartsWith(WellKnown.NodeUserPrefix, StringComparison.Ordinal) && user.IsIn(WellKnown.Nodes) ? user.Name[WellKnown.NodeUserPrefix.Length..] : null;
}
