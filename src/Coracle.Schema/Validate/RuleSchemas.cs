using System.Text.Json.Nodes;
using Coracle.Schema.Cel;

namespace Coracle.Schema;

/// <summary>The schema of a custom resource as expressions see it.</summary>
internal static class RuleSchemas
{
    public static CelSchema Of(SchemaNode node, ValueChecks checks)
    {
        var isMap = node.Type == SchemaType.Map;
        return new()
        {
            Type = node.Type == SchemaType.IntOrString || checks.Types.Count != 1 ? "" : checks.Types[0],
            Format = checks.Format ?? "",
            Nullable = node.Nullable,
            IntOrString = node.Type == SchemaType.IntOrString,
            PreserveUnknownFields = node.PreserveUnknown,
            EmbeddedResource = node.EmbeddedResource,
            ItemsSource = node.Type == SchemaType.Array && node.Items is { } items ? () => CelSchema.From(items) : null,
            ValuesSource = isMap && node.Items is { Checks.Types.Count: > 0 } or { PreserveUnknown: true } ? () => CelSchema.From(node.Items!) : null,
            PropertiesSource = !isMap && node.Properties.Any(IsDeclared) ? () => Properties(node) : null,
            Required = checks.Required,
            HasDefault = node.NullDefault is not null,
            MaxLength = checks.MaxLength,
            MaxItems = checks.MaxItems,
            MaxProperties = checks.MaxProperties,
            Enum = [.. checks.Enum.Select(value => value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : "").Where(text => text.Length > 0)],
            ListType = node.ListType ?? "",
            ListKeys = node.ListKeys,
        };
    }

    // What every object has is not of the definition's saying.
    private static bool IsDeclared(SchemaProperty property) => property.Node.Checks is not null;

    private static Dictionary<string, CelSchema> Properties(SchemaNode node) =>
        node.Properties.Where(IsDeclared).ToDictionary(p => p.Name, p => CelSchema.From(p.Node), StringComparer.Ordinal);
}
