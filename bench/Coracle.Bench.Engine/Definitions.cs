using System.Text.Json.Nodes;

namespace Coracle.Bench.Engine;

/// <summary>Definitions, made and established.</summary>
internal static class Definitions
{
    private const string All = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    public static JsonObject Of(string group, string plural, string kind, JsonObject schema) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1", ["kind"] = "CustomResourceDefinition", ["metadata"] = new JsonObject { ["name"] = $"{plural}.{group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = group, ["scope"] = "Namespaced", ["names"] = Names(plural, kind),
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = "v1", ["served"] = true, ["storage"] = true, ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
                ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
            }),
        },
    };

    private static JsonObject Names(string plural, string kind) => new() { ["plural"] = plural, ["singular"] = kind.ToLowerInvariant(), ["kind"] = kind, ["listKind"] = kind + "List" };

    /// <summary>Creates a definition and says of it what the control plane's loop would say.</summary>
    public static async Task Establish(Engine engine, byte[] definition)
    {
        await engine.Send("POST", All, definition);
        var names = JsonNode.Parse(definition)!["spec"]!["names"]!;
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["acceptedNames"] = names.DeepClone(), ["storedVersions"] = new JsonArray("v1"),
                ["conditions"] = new JsonArray(Condition("NamesAccepted", "NoConflicts"), Condition("Established", "InitialNamesAccepted")),
            },
        };
        await engine.Send("PATCH", $"{All}/{(string?)JsonNode.Parse(definition)!["metadata"]!["name"]}/status", System.Text.Encoding.UTF8.GetBytes(status.ToJsonString()), "application/merge-patch+json");
    }

    private static JsonObject Condition(string type, string reason) =>
        new() { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = reason, ["lastTransitionTime"] = "2026-01-01T00:00:00Z" };
}
