using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Who owns an object.</summary>
public static class Owners
{
    /// <summary>The owner that manages the object, or null.</summary>
    public static OwnerReference? ControllerOf(IKubernetesObject obj) => obj.Metadata.OwnerReferences?.Find(static o => o.Controller == true);

    /// <summary>The object is managed by this very owner, by uid.</summary>
    public static bool IsControlledBy(IKubernetesObject obj, IKubernetesObject owner) => ControllerOf(obj) is { } reference && reference.Uid == owner.Metadata.Uid;

    /// <summary>A reference that says: this owner manages the object, and waits for its end when deleted in the foreground (meta/v1 NewControllerRef).</summary>
    public static OwnerReference ControllerReference(IKubernetesObject owner) => Reference(owner, controller: true, block: true);

    /// <summary>A reference to an owner that does not manage the object.</summary>
    public static OwnerReference Reference(IKubernetesObject owner) => Reference(owner, controller: null, block: null);

    private static OwnerReference Reference(IKubernetesObject owner, bool? controller, bool? block) => new()
    {
        ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = owner.Metadata.Name, Uid = owner.Metadata.Uid, Controller = controller, BlockOwnerDeletion = block,
    };

    /// <summary>Makes the owner the object's controller. Throws InvalidOperationException when another is.</summary>
    public static void SetController(IKubernetesObject obj, IKubernetesObject owner)
    {
        if (ControllerOf(obj) is { } other && other.Uid != owner.Metadata.Uid)
            throw new InvalidOperationException($"{Key.Of(obj)} is managed by {other.Kind} {other.Name} already");
        var list = obj.Metadata.OwnerReferences ??= [];
        list.RemoveAll(o => o.Uid == owner.Metadata.Uid);
        list.Add(ControllerReference(owner));
    }
}
