using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>The schema of the lists of a kind.</summary>
public static class ListSchema
{
    public static SchemaNode Of(KindInfo kind) => new()
    {
        Type = SchemaType.Object,
        Definition = kind.Schema.Definition + "List",
        Description = $"A list of {kind.Kind} objects.",
        GroupVersionKinds = [kind.GroupVersionKind with { Kind = kind.ListKind }],
        Properties =
        [
            new("kind", PlainSchema.String) { Description = "The name of the kind of list.", Presence = Presence.WhenNotEmpty },
            new("apiVersion", PlainSchema.String) { Description = "The API group and version in whose terms the items are written.", Presence = Presence.WhenNotEmpty },
            new("metadata", static () => ListMeta.Schema) { Description = "Where in time the list was read.", Number = 1, Presence = Presence.Always },
            new("items", new SchemaNode { Type = SchemaType.Array, ItemsSource = () => kind.Schema })
            {
                Description = "The objects.", Number = 2, Required = true, Presence = Presence.Always,
            },
        ],
    };
}
