using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Refusals about resources that are known by name alone.</summary>
internal static class Refusals
{
    public static ApiStatus Forbidden(string group, string resource, string name, string cause) =>
        new(403, "Forbidden", Access.Forbidden.ForObject(group, resource, name, cause)) { Group = group, Kind = resource, Name = name };

    public static ApiStatus Forbidden(RequestAttributes attributes, string reason) =>
        new(403, "Forbidden", Access.Forbidden.Message(attributes, reason)) { Group = attributes.ApiGroup, Kind = attributes.Resource, Name = attributes.Name };

    public static ApiStatus NotFound(string group, string resource, string name) =>
        new(404, "NotFound", $"{Qualify(resource, group)} {GoText.Quote(name)} not found") { Group = group, Kind = resource, Name = name };

    public static ApiStatus Conflict(string group, string resource, string name, string cause) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualify(resource, group)} {GoText.Quote(name)}: {cause}") { Group = group, Kind = resource, Name = name };

    private static string Qualify(string resource, string group) => group.Length == 0 ? resource : $"{resource}.{group}";
}
