using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A sub-resource as it is told to clients: by discovery and in the published schema.</summary>
internal sealed record ServedSubresource(string Name, GroupVersionKind Kind, IReadOnlyList<string> Verbs)
{
    private static readonly string[] ObjectVerbs = ["get", "patch", "update"];

    private static readonly Dictionary<string, Subresource> NoOthers = [];

    /// <summary>Those of a kind, ordered by name; of a definition the status comes first.</summary>
    public static IEnumerable<ServedSubresource> Of(KindInfo kind, IReadOnlyDictionary<string, Subresource> others)
    {
        var found = new List<ServedSubresource>();
        if (!kind.BuiltIn) others = NoOthers;
        if (kind.HasStatus) found.Add(new("status", kind.GroupVersionKind, ObjectVerbs));
        if (kind.HasScale) found.Add(new("scale", ScaleSubresource.Kind.GroupVersionKind, ObjectVerbs));
        foreach (var (path, sub) in others)
            if (path.StartsWith(kind.Plural + "/", StringComparison.Ordinal)) found.Add(new(path[(kind.Plural.Length + 1)..], sub.Kind, sub.Verbs));
        if (!kind.BuiltIn) return found;
        return found.OrderBy(s => s.Name, StringComparer.Ordinal);
    }
}
