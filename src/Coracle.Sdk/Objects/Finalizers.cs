using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Names of those who must finish before an object may go. They change the object given, which must not be a cached one.</summary>
public static class Finalizers
{
    /// <summary>The object is held by this finalizer.</summary>
    public static bool Has(IKubernetesObject obj, string name) => obj.Metadata.Finalizers?.Contains(name) == true;

    /// <summary>Adds a finalizer; false when it was there. The name must be qualified by a domain: "example.com/cleanup".</summary>
    public static bool Add(IKubernetesObject obj, string name)
    {
        if (!name.Contains('/', StringComparison.Ordinal)) throw new ArgumentException($"the finalizer \"{name}\" is not qualified by a domain", nameof(name));
        if (Has(obj, name)) return false;
        (obj.Metadata.Finalizers ??= []).Add(name);
        return true;
    }

    /// <summary>Removes a finalizer; false when it was not there.</summary>
    public static bool Remove(IKubernetesObject obj, string name) => obj.Metadata.Finalizers?.Remove(name) == true;

    /// <summary>Deletion was asked for, and this finalizer still holds the object.</summary>
    public static bool IsDue(IKubernetesObject obj, string name) => obj.Metadata.DeletionTimestamp is not null && Has(obj, name);
}
