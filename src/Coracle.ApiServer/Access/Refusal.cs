using System.Globalization;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Why a request is refused, ready to become a Status: code, machine-readable reason, message and what it is about.</summary>
public sealed record Refusal(int Code, string Reason, string Message)
{
    public string Group { get; init; } = "";

    /// <summary>The resource ("pods"), or the kind ("TokenRequest") where the object itself is invalid: what upstream puts in the status' details as kind.</summary>
    public string Resource { get; init; } = "";
    public string Name { get; init; } = "";
    public IReadOnlyList<FieldError> Causes { get; init; } = [];

    public static Refusal Forbidden(string group, string resource, string name, string cause) =>
        new(403, "Forbidden", Access.Forbidden.ForObject(group, resource, name, cause)) { Group = group, Resource = resource, Name = name };

    public static Refusal Forbidden(RequestAttributes attributes, string reason) =>
        new(403, "Forbidden", Access.Forbidden.Message(attributes, reason)) { Group = attributes.ApiGroup, Resource = attributes.Resource, Name = attributes.Name };

    public static Refusal NotFound(string group, string resource, string name) =>
        new(404, "NotFound", $"{Qualify(resource, group)} {GoText.Quote(name)} not found") { Group = group, Resource = resource, Name = name };

    public static Refusal BadRequest(string message) => new(400, "BadRequest", message);

    public static Refusal Unauthorized { get; } = new(401, "Unauthorized", "Unauthorized");

    public static Refusal Conflict(string group, string resource, string name, string cause) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualify(resource, group)} {GoText.Quote(name)}: {cause}")
        { Group = group, Resource = resource, Name = name };

    public static Refusal Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var texts = errors.Select(error => error.ToString()).Distinct().ToList();
        var list = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        return new(422, "Invalid", string.Create(CultureInfo.InvariantCulture, $"{Qualify(kind, group)} {GoText.Quote(name)} is invalid: {list}"))
        {
            Group = group, Resource = kind, Name = name, Causes = errors,
        };
    }

    private static string Qualify(string resource, string group) => group.Length == 0 ? resource : $"{resource}.{group}";
}
