using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Selectors that are not given select everything, and say so.</summary>
internal static class AdmissionDefaults
{
    internal static void Webhooks(JsonObject obj)
    {
        foreach (var webhook in obj.Items("webhooks")) Selectors(webhook);
    }

    internal static void Match(JsonObject? match)
    {
        if (match is not null) Selectors(match);
    }

    private static void Selectors(JsonObject obj)
    {
        obj.ChildOrNew("namespaceSelector");
        obj.ChildOrNew("objectSelector");
    }
}
