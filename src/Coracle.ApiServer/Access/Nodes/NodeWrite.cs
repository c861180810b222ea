using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>A write as admission sees it.</summary>
public sealed record NodeWrite
{
    public required User User { get; init; }

    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public required string Operation { get; init; }
    public string Group { get; init; } = "";
    public required string Resource { get; init; }
    public string Subresource { get; init; } = "";
    public string Namespace { get; init; } = "";

    /// <summary>The name in the path. May be empty for a create: the object's own is then taken.</summary>
    public string Name { get; init; } = "";

    /// <summary>The object as it would be stored; none for a delete.</summary>
    public JsonElement Object { get; init; }

    /// <summary>The stored object; none for a create.</summary>
    public JsonElement Old { get; init; }

    internal string ObjectName => Name.Length > 0 ? Name : Object.Text("metadata", "name");

    internal ApiStatus Forbidden(string cause)
    {
        var name = ObjectName.Length > 0 ? ObjectName : Object.Text("metadata", "generateName") is { Length: > 0 } generated ? generated : "Unknown";
        return Refusals.Forbidden(Group, Resource, name, cause);
    }
}
