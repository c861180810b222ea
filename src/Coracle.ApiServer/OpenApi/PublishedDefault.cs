using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>The default that a field is published with: the one that its kind names, or the zero value of a field that is always there.</summary>
internal static class PublishedDefault
{
    /// <summary>As JSON text; null for none.</summary>
    public static string? Of(SchemaProperty field)
    {
        if (field.PublishedDefault is not null) return field.PublishedDefault;
        if (field.Pointer || field.Presence != Presence.Always) return null;
        return field.Node.Type switch
        {
            SchemaType.Object => "{}",
            SchemaType.String when field.Node.Format is not ("date-time" or "micro-time" or "byte") => "\"\"",
            SchemaType.Integer or SchemaType.Number => "0",
            SchemaType.Boolean => "false",
            _ => null,
        };
    }
}
