using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Pods;

/// <summary>
/// Which owners a change of an object calls for: the one that manages it; and, while nobody does, all whose selector it matches, in case one wants to
/// adopt it.
/// </summary>
public static class Callers
{
    /// <summary>A change that matters: any of an object that is managed, and of an orphan those that may make somebody adopt it.</summary>
    public static bool When<T>(Delta<T> delta) where T : class, IKubernetesObject
    {
        if (delta is not { Old: { } old, New: { } current }) return true;
        return Owners.ControllerOf(current) is not null || Owners.ControllerOf(old) is not null || Changed.Labels(delta);
    }

    /// <summary>The keys of the owners, of the kind <typeparamref name="TOwner"/>.</summary>
    public static IEnumerable<Key> Of<TOwner, T>(T obj, Informer<TOwner> owners, Func<TOwner, LabelSelector?> selector)
        where TOwner : class, IKind<TOwner>
        where T : class, IKind<T>
    {
        if (Owners.ControllerOf(obj) is { } manager)
            return manager.Kind == TOwner.Info.Kind && GroupOf(manager.ApiVersion) == TOwner.Info.Group ? [new Key(obj.Metadata.Namespace, manager.Name)] : [];
        if (obj.Metadata.Labels is not { Count: > 0 } labels || obj.Metadata.DeletionTimestamp is not null) return [];
        return owners.List(obj.Metadata.Namespace).Where(owner => Selects(selector(owner), labels)).Select(Key.Of);
    }

    private static string GroupOf(string apiVersion) => apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";

    // A selector that cannot be read selects nothing; its owner's own reconcile says so.
    private static bool Selects(LabelSelector? selector, Dictionary<string, string> labels)
    {
        try
        {
            return Selector.From(selector) is { IsEverything: false } read && read.Matches(labels);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
