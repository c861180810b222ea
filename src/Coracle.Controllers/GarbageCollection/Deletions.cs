using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.GarbageCollection;

/// <summary>What a deleted object asks the collector for, by the finalizers that the server put on it.</summary>
internal static class Deletions
{
    public const string Orphan = "orphan";
    public const string Foreground = "foregroundDeletion";

    /// <summary>The object goes once its dependents have lost their references to it.</summary>
    public static bool IsOrphaning(IKubernetesObject obj) => Finalizers.IsDue(obj, Orphan);

    /// <summary>The object goes once the dependents that block it have gone.</summary>
    public static bool IsForeground(IKubernetesObject obj) => Finalizers.IsDue(obj, Foreground);

    /// <summary>How an object that is collected passes deletion on: as it was told already, if so.</summary>
    public static Propagation HowToPassOn(IKubernetesObject obj) =>
        Finalizers.Has(obj, Orphan) ? Propagation.Orphan : Finalizers.Has(obj, Foreground) ? Propagation.Foreground : Propagation.Background;

    /// <summary>The dependent keeps the owner from going in the foreground.</summary>
    public static bool Blocks(IKubernetesObject dependent, string owner) =>
        dependent.Metadata.OwnerReferences?.Exists(o => o.Uid == owner && o.BlockOwnerDeletion == true) == true;
}
