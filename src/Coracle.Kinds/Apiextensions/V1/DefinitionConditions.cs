using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>The conditions in the status of a definition.</summary>
public static class DefinitionConditions
{
    /// <summary>The condition of this type, or null.</summary>
    public static JsonObject? Find(JsonObject definition, string type) => definition.Child("status").Items("conditions").FirstOrDefault(condition => condition.Text("type") == type);

    public static bool IsTrue(JsonObject definition, string type) => Find(definition, type).Text("status") == "True";

    /// <summary>Sets a condition. The time is that of the change where the status changes, and stays otherwise.</summary>
    public static void Set(JsonObject definition, string type, string status, string reason, string message, string time)
    {
        var found = Find(definition, type);
        if (found is null)
        {
            var holder = definition.ChildOrNew("status");
            if (holder["conditions"] is not JsonArray conditions) holder["conditions"] = conditions = [];
            found = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)found);
        }
        if (found.Text("status") != status || found.Text("lastTransitionTime").Length == 0) found["lastTransitionTime"] = time;
        found["status"] = status;
        found["reason"] = reason;
        found["message"] = message;
    }

    public static void Remove(JsonObject definition, string type)
    {
        if (Find(definition, type) is { } found) ((JsonArray)definition["status"]!["conditions"]!).Remove(found);
    }
}
