using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>Under which names types are published, and of which kinds they are.</summary>
internal static class PublishedTypes
{
    public const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /// <summary>The body of a patch, whose form depends on its media type.</summary>
    public static SchemaNode Patch { get; } = Opaque(Meta + "Patch", "A change of an object: operations, or a piece of the object as it is to be, depending on the media type.");

    private static readonly SchemaNode FieldsV1 = Opaque(Meta + "FieldsV1", "A set of fields as a tree: \"f:name\" a field, \"k:{...}\" an item by its keys, \"v:...\" an item by its value, \".\" the item itself.");
    private static readonly SchemaNode Raw = Opaque("io.k8s.apimachinery.pkg.runtime.RawExtension", "An object of any kind.");

    private static SchemaNode Opaque(string name, string description) =>
        new() { Type = SchemaType.Any, Definition = name, Description = description, PreserveUnknown = true };

    private static readonly SchemaNode Time = new() { Type = SchemaType.String, Format = "date-time", Description = "A time in RFC 3339, to the second." };
    private static readonly SchemaNode MicroTime = new() { Type = SchemaType.String, Format = "micro-time", Description = "A time in RFC 3339, to the microsecond." };
    private static readonly SchemaNode IntOrString = new() { Type = SchemaType.IntOrString, Description = "A number, or a text such as \"50%\" or the name of a port." };
    private static readonly SchemaNode Quantity = new()
    {
        Type = SchemaType.Quantity, Description = "An amount: a decimal number and a suffix, which is binary (Ki, Mi, Gi...), decimal (m, k, M, G...) or an exponent (e3): \"100m\", \"1.5Gi\".",
    };

    /// <summary>The node to publish in place of this one: for times, quantities and the like the one that describes the type, not the field.</summary>
    public static SchemaNode Canonical(SchemaNode node) => node.Type switch
    {
        SchemaType.IntOrString => IntOrString,
        SchemaType.Quantity => Quantity,
        SchemaType.Any => node.Definition is null ? Raw : node,
        SchemaType.String when node.Format == "date-time" => Time,
        SchemaType.String when node.Format == "micro-time" => MicroTime,
        _ => node.Unrefined,
    };

    /// <summary>The schema of a field as it is published. Two types are opaque here and have names of their own upstream: owned fields, and raw objects.</summary>
    public static SchemaNode Of(SchemaProperty property) =>
        property.Node.Type == SchemaType.Any && property.Name == "fieldsV1" ? FieldsV1 : property.Node;

    /// <summary>The name of a type that is published by itself; null for what is spelled out where it is used.</summary>
    public static string? NameOf(SchemaNode node) => node.Type switch
    {
        SchemaType.Object => node.Definition,
        SchemaType.IntOrString => "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
        SchemaType.Quantity => "io.k8s.apimachinery.pkg.api.resource.Quantity",
        SchemaType.Any => Canonical(node).Definition,
        SchemaType.String when node.Format == "date-time" => Meta + "Time",
        SchemaType.String when node.Format == "micro-time" => Meta + "MicroTime",
        _ => null,
    };

    /// <summary>
    /// Group, version and kind of a type: its own, those of the core group for what only discovery and errors speak, and one for each served version for what all groups
    /// have alike.
    /// </summary>
    public static IEnumerable<GroupVersionKind> KindsOf(SchemaNode node, IReadOnlyList<(string Group, string Version)> versions)
    {
        if (node.GroupVersionKinds.Count > 0) return node.GroupVersionKinds;
        if (node.Definition is not { } name || !name.StartsWith(Meta, StringComparison.Ordinal)) return [];
        var kind = name[Meta.Length..];
        return kind switch
        {
            nameof(Kinds.Meta.V1.DeleteOptions) or nameof(WatchEvent) => versions.Select(v => new GroupVersionKind(v.Group, v.Version, kind)),
            nameof(Status) or nameof(APIVersions) or nameof(APIGroup) or nameof(APIGroupList) or nameof(APIResourceList) => [new("", "v1", kind)],
            _ => [],
        };
    }
}
