using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>The types that paths refer to, and those that these refer to.</summary>
internal static class Definitions
{
    public static SortedDictionary<string, SchemaNode> Of(IEnumerable<PublishedPath> paths)
    {
        var found = new SortedDictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var operation in paths.SelectMany(path => path.Operations))
        {
            if (operation.Body is { } body) Add(body, found);
            if (operation.Content is { } content) Add(content, found);
        }
        return found;
    }

    private static void Add(SchemaNode node, SortedDictionary<string, SchemaNode> found)
    {
        if (PublishedTypes.NameOf(node) is { } name && !found.TryAdd(name, PublishedTypes.Canonical(node))) return;
        if (node.Items is { } items) Add(items, found);
        foreach (var property in node.Properties) Add(PublishedTypes.Of(property), found);
    }
}
