using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Printing;

/// <summary>The contents of columns of volumes and claims.</summary>
internal static class VolumeCells
{
    private static readonly (string Mode, string Short)[] Known =
    [
        (PersistentVolumeAccessMode.ReadWriteOnce, "RWO"), (PersistentVolumeAccessMode.ReadOnlyMany, "ROX"),
        (PersistentVolumeAccessMode.ReadWriteMany, "RWX"), (PersistentVolumeAccessMode.ReadWriteOncePod, "RWOP"),
    ];

    /// <summary>"RWO,ROX", in this order whatever the object's is.</summary>
    internal static string Modes(IReadOnlyCollection<string>? modes) =>
        string.Join(',', Known.Where(k => modes?.Contains(k.Mode) == true).Select(k => k.Short));

    internal static string Size(IReadOnlyDictionary<string, Quantity>? capacity) =>
        capacity is not null && capacity.TryGetValue("storage", out var size) ? size.ToString() : "0";
}
