using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Where the objects of a kind are found: what paths need, for kinds known when compiling and those found by discovery alike.</summary>
public sealed record ApiResource(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    /// <summary>The resource of a kind that is known when compiling.</summary>
    public static ApiResource Of<T>() where T : class, IKind<T> => Cache<T>.Resource;
    /// <summary>The resource of a kind that its description tells of.</summary>
    public static ApiResource Of(KindInfo info) => new(info.Group, info.Version, info.Plural, info.Kind, info.Namespaced);

    /// <summary>Group and version as objects name them: "apps/v1", "v1".</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>"deployments.apps", or "pods".</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The path of the collection (<paramref name="ns"/> null or "": of all namespaces).</summary>
    public string CollectionPath(string? ns)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return Namespaced && !string.IsNullOrEmpty(ns) ? $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <summary>The path of one object or one of its sub-resources.</summary>
    public string ObjectPath(Key key, string subresource = "")
    {
        if (key.Name.Length == 0) throw new ArgumentException($"a name is needed to address one of the {GroupResource}", nameof(key));
        if (Namespaced && key.Namespace.Length == 0) throw new ArgumentException($"a namespace is needed to address one of the {GroupResource}", nameof(key));
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource.Length == 0 ? path : $"{path}/{subresource}";
    }

    private static class Cache<T> where T : class, IKind<T>
    {
        public static readonly ApiResource Resource = Of(T.Info);
    }
}
