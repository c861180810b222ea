using System.Runtime.CompilerServices;

namespace Coracle.Schema.Cel;

public sealed partial class CelSchema
{
    private static readonly ConditionalWeakTable<SchemaNode, CelSchema> Known = [];

    /// <summary>
    /// The schema of a built-in kind or of a custom resource. Of a custom resource's metadata expressions see the name and the prefix of a generated
    /// one, and nothing else.
    /// </summary>
    public static CelSchema From(SchemaNode node) => Known.GetValue(node, Convert);

    private static CelSchema Convert(SchemaNode node)
    {
        if (node.Checks is { } checks) return RuleSchemas.Of(node, checks);
        var (type, format) = TypeOf(node);
        return new()
        {
            Type = type,
            Format = format,
            Nullable = node.Nullable,
            IntOrString = node.Type is SchemaType.IntOrString or SchemaType.Quantity,
            PreserveUnknownFields = node.PreserveUnknown || node.Type == SchemaType.Any,
            EmbeddedResource = node.EmbeddedResource,
            ItemsSource = node.Type == SchemaType.Array && node.Items is not null ? () => From(node.Items) : null,
            ValuesSource = node.Type == SchemaType.Map && node.Items is not null ? () => From(node.Items) : null,
            PropertiesSource = node.Type == SchemaType.Object && node.Properties.Count > 0 ? () => PropertiesOf(node) : null,
            Required = [.. node.Properties.Where(p => p.Required && p.Default is null).Select(p => p.Name)],
            MaxLength = type == "string" ? (long?)node.Maximum : null,
            MaxItems = type == "array" ? (long?)node.Maximum : null,
            Enum = node.Enum ?? [],
            ListType = node.ListType ?? "",
            ListKeys = node.ListKeys,
        };
    }

    private static Dictionary<string, CelSchema> PropertiesOf(SchemaNode node)
    {
        var all = new Dictionary<string, CelSchema>(node.Properties.Count, StringComparer.Ordinal);
        foreach (var property in node.Properties) all.Add(property.Name, From(property.Node));
        return all;
    }

    private static (string Type, string Format) TypeOf(SchemaNode node) => node.Type switch
    {
        SchemaType.Object or SchemaType.Map => ("object", ""),
        SchemaType.Array => ("array", ""),
        SchemaType.String => ("string", node.Format == "micro-time" ? "date-time" : node.Format ?? ""),
        SchemaType.Integer => ("integer", ""),
        SchemaType.Number => ("number", ""),
        SchemaType.Boolean => ("boolean", ""),
        _ => ("", ""),
    };
}
