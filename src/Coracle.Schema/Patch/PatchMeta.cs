namespace Coracle.Schema;

/// <summary>What the schema says of merging one field: the schema below it, "merge", "replace" or nothing, and by which key lists merge.</summary>
internal readonly record struct PatchMeta(SchemaNode? Schema, string Strategy, bool RetainKeys, string MergeKey)
{
    public bool Merges => Strategy == "merge";
    public bool Replaces => Strategy == "replace";

    /// <summary>For a field whose value is an object.</summary>
    public static PatchMeta OfObject(SchemaNode? parent, string name) => Of(parent, name, static node => node);

    /// <summary>For a field whose value is a list; the schema is that of its items.</summary>
    public static PatchMeta OfList(SchemaNode? parent, string name) => Of(parent, name, static node => node?.Type == SchemaType.Array ? node.Items : null);

    private static PatchMeta Of(SchemaNode? parent, string name, Func<SchemaNode?, SchemaNode?> below)
    {
        // Below maps and untyped data there are no strategies; upstream has none there either, and refuses some of it.
        if (parent is null || parent.Type != SchemaType.Object) return new(below(parent?.Type == SchemaType.Map ? parent.Items : null), "", false, "");
        if (parent.Property(name) is not { } property)
            return parent.PreserveUnknown || parent.EmbeddedResource
                ? new(null, "", false, "")
                : throw new PatchException(PatchFault.Internal, $"unable to find api field in struct {StructName(parent)} for the json field {GoText.Quote(name)}");
        var strategies = property.PatchStrategy ?? "";
        var retain = strategies.Split(',').Contains("retainKeys");
        var strategy = strategies.Split(',').FirstOrDefault(s => s != "retainKeys") ?? "";
        return new(below(property.Node), strategy, retain, property.PatchMergeKey ?? "");
    }

    private static string StructName(SchemaNode node) => node.Definition is { } name ? name[(name.LastIndexOf('.') + 1)..] : "";
}
