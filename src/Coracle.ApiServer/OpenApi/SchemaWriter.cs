using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// Schemas as OpenAPI. The editions differ in two things here: the third one says defaults, and wraps references of fields in allOf, since nothing may stand beside
/// a reference there; and types that are several on the wire can be told in the third one alone.
/// </summary>
internal sealed class SchemaWriter(Utf8JsonWriter writer, Edition edition)
{
    private readonly string _folder = edition == Edition.V2 ? "#/definitions/" : "#/components/schemas/";

    /// <summary>A type by itself.</summary>
    public void Definition(SchemaNode node, IEnumerable<GroupVersionKind> kinds)
    {
        if (node.Published is { } own)
        {
            writer.WriteRawValue(own(edition == Edition.V2), skipInputValidation: true);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("description"u8, node.Description);
        if (node.Type == SchemaType.Object) Fields(node);
        else if (!node.Untyped) Simple(node);
        Kinds([.. kinds]);
        if (node.Atomic) writer.WriteString("x-kubernetes-map-type"u8, "atomic"u8);
        Unions(node.Unions);
        writer.WriteEndObject();
    }

    /// <summary>A type where it is used, in a list, a body or an answer.</summary>
    public void Use(SchemaNode node)
    {
        writer.WriteStartObject();
        if (PublishedTypes.NameOf(node) is { } name) Reference(name);
        else Inline(node);
        writer.WriteEndObject();
    }

    private void Reference(string name) => writer.WriteString("$ref"u8, _folder + name);

    private void Fields(SchemaNode node)
    {
        if (node.Properties.Count > 0)
        {
            writer.WriteStartObject("properties"u8);
            foreach (var property in node.Properties.OrderBy(p => p.Name, StringComparer.Ordinal)) Field(property);
            writer.WriteEndObject();
        }
        if (node.Properties.Any(p => p.Required)) Strings("required"u8, node.Properties.Where(p => p.Required).Select(p => p.Name));
        writer.WriteString("type"u8, "object"u8);
    }

    private void Field(SchemaProperty property)
    {
        var node = PublishedTypes.Of(property);
        writer.WriteStartObject(property.Name);
        if (PublishedTypes.NameOf(node) is not { } name)
        {
            if (edition == Edition.V3) Default(property);
            writer.WriteString("description"u8, property.Description);
            Inline(node);
        }
        else
        {
            // Beside a reference that is not described nothing stands, in either edition.
            if (edition == Edition.V3 && property.Description.Length > 0) Wrapped(name, property);
            else Reference(name);
            if (property.Description.Length > 0) writer.WriteString("description"u8, property.Description);
        }
        // Of an object type the type itself says it.
        if (node is { Atomic: true, Type: SchemaType.Map }) writer.WriteString("x-kubernetes-map-type"u8, "atomic"u8);
        if (node.Granular) writer.WriteString("x-kubernetes-map-type"u8, "granular"u8);
        if (node.ListKeys.Count > 0) Strings("x-kubernetes-list-map-keys"u8, node.ListKeys);
        if (node.ListType is not null) writer.WriteString("x-kubernetes-list-type"u8, node.ListType);
        if (property.PatchMergeKey is not null) writer.WriteString("x-kubernetes-patch-merge-key"u8, property.PatchMergeKey);
        if (property.PatchStrategy is not null) writer.WriteString("x-kubernetes-patch-strategy"u8, property.PatchStrategy);
        writer.WriteEndObject();
    }

    private void Wrapped(string name, SchemaProperty property)
    {
        writer.WriteStartArray("allOf"u8);
        writer.WriteStartObject();
        Reference(name);
        writer.WriteEndObject();
        writer.WriteEndArray();
        Default(property);
    }

    private void Default(SchemaProperty property)
    {
        if (PublishedDefault.Of(property) is not { } value) return;
        writer.WritePropertyName("default"u8);
        writer.WriteRawValue(value);
    }

    private void Inline(SchemaNode node)
    {
        switch (node.Type)
        {
            case SchemaType.Array:
                writer.WritePropertyName("items"u8);
                Use(node.Items!);
                writer.WriteString("type"u8, "array"u8);
                break;
            case SchemaType.Map:
                writer.WritePropertyName("additionalProperties"u8);
                Use(node.Items!);
                writer.WriteString("type"u8, "object"u8);
                break;
            default: Simple(node); break;
        }
    }

    private void Simple(SchemaNode node)
    {
        switch (node.Type)
        {
            case SchemaType.IntOrString when edition == Edition.V3:
                writer.WriteString("format"u8, "int-or-string"u8);
                OneOf("integer"u8, "string"u8);
                return;
            case SchemaType.Quantity when edition == Edition.V3: OneOf("string"u8, "number"u8); return;
        }
        var format = node.Type == SchemaType.IntOrString ? "int-or-string" : node.Format == "micro-time" ? "date-time" : node.Format;
        if (format is not null) writer.WriteString("format"u8, format);
        writer.WriteString("type"u8, node.Type switch
        {
            SchemaType.Integer => "integer"u8,
            SchemaType.Number => "number"u8,
            SchemaType.Boolean => "boolean"u8,
            SchemaType.Any => "object"u8,
            _ => "string"u8,
        });
    }

    private void OneOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        writer.WriteStartArray("oneOf"u8);
        Type(first);
        Type(second);
        writer.WriteEndArray();

        void Type(ReadOnlySpan<byte> type)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteEndObject();
        }
    }

    private void Kinds(IReadOnlyList<GroupVersionKind> kinds)
    {
        if (kinds.Count == 0) return;
        writer.WriteStartArray("x-kubernetes-group-version-kind"u8);
        foreach (var kind in kinds) Kind(writer, kind);
        writer.WriteEndArray();
    }

    public static void Kind(Utf8JsonWriter writer, GroupVersionKind kind)
    {
        writer.WriteStartObject();
        writer.WriteString("group"u8, kind.Group);
        writer.WriteString("kind"u8, kind.Kind);
        writer.WriteString("version"u8, kind.Version);
        writer.WriteEndObject();
    }

    private void Unions(IReadOnlyList<SchemaUnion> unions)
    {
        if (unions.Count == 0) return;
        writer.WriteStartArray("x-kubernetes-unions"u8);
        foreach (var union in unions)
        {
            writer.WriteStartObject();
            if (union.Discriminator is not null) writer.WriteString("discriminator"u8, union.Discriminator);
            writer.WriteStartObject("fields-to-discriminateBy"u8);
            foreach (var (field, value) in union.Members) writer.WriteString(field, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void Strings(ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
