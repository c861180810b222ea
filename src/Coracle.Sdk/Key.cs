using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Names one object of a kind: its namespace ("" for kinds outside of namespaces) and its name.</summary>
public readonly record struct Key(string Namespace, string Name) : IComparable<Key>
{
    /// <summary>The key of an object outside of namespaces.</summary>
    public Key(string name) : this("", name) { }

    /// <summary>The key of an object.</summary>
    public static Key Of(IKubernetesObject obj) => new(obj.Metadata.Namespace, obj.Metadata.Name);

    /// <summary>Reads "namespace/name" or "name".</summary>
    public static Key Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new(text) : new(text[..slash], text[(slash + 1)..]);
    }

    /// <summary>By namespace, then name, in ordinal order: the order in which servers list.</summary>
    public int CompareTo(Key other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>By namespace, then by name.</summary>
    public static bool operator <(Key left, Key right) => left.CompareTo(right) < 0;
    /// <summary>By namespace, then by name.</summary>
    public static bool operator >(Key left, Key right) => left.CompareTo(right) > 0;
    /// <summary>By namespace, then by name.</summary>
    public static bool operator <=(Key left, Key right) => left.CompareTo(right) <= 0;
    /// <summary>By namespace, then by name.</summary>
    public static bool operator >=(Key left, Key right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
