using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Which volume suits a claim. Pure (upstream: component-helpers/storage/volume, FindMatchingVolume; persistentvolume/index.go).</summary>
internal static class VolumeMatch
{
    /// <summary>
    /// The volume for a claim as the controller chooses it: among those with the fewest modes beyond those asked for, the one kept for the claim, or else the
    /// smallest that is large enough. A claim whose class waits for a pod gets only what is kept for it.
    /// </summary>
    public static PersistentVolume? Find(PersistentVolumeClaim claim, IEnumerable<PersistentVolume> volumes, bool waits)
    {
        var byModes = volumes.Where(v => OffersModes(v, claim)).GroupBy(ModesText, StringComparer.Ordinal)
            .OrderBy(static g => g.First().Spec.AccessModes?.Distinct().Count() ?? 0).ThenBy(static g => g.Key, StringComparer.Ordinal);
        foreach (var group in byModes)
            if (Best(claim, group, null, null, waits) is { } found) return found;
        return null;
    }

    /// <summary>The volume for a claim on a node, as the scheduler chooses it, but for those taken.</summary>
    public static PersistentVolume? FindOn(Node node, PersistentVolumeClaim claim, IEnumerable<PersistentVolume> volumes, IReadOnlySet<string> taken) =>
        Best(claim, volumes, node, taken, waits: false);

    private static PersistentVolume? Best(PersistentVolumeClaim claim, IEnumerable<PersistentVolume> volumes, Node? node, IReadOnlySet<string>? taken, bool waits)
    {
        var (wanted, type) = (VolumeFacts.Size(claim), VolumeFacts.ClassOf(claim));
        var selector = claim.Spec.Selector is { } asked ? Selector.From(asked) : null;
        PersistentVolume? best = null;
        foreach (var volume in volumes)
        {
            if (taken?.Contains(volume.Metadata.Name) == true || ModeDiffers(claim, volume) || SettingsDiffer(claim, volume) || volume.Metadata.DeletionTimestamp is not null) continue;
            var reached = node is null || IsReachable(volume, node);
            if (VolumeFacts.IsBoundTo(volume, claim))
            {
                if (VolumeFacts.Size(volume).CompareTo(wanted) < 0) continue;
                return reached ? volume : null;
            }
            if (waits || volume.Spec.ClaimRef is not null || !reached) continue;
            // One that is on its way out or has failed is not given to anybody.
            if (volume.Status.Phase != PersistentVolumePhase.Available) continue;
            if (selector?.Matches(volume.Metadata.Labels) == false || VolumeFacts.ClassOf(volume) != type) continue;
            if (node is not null && !OffersModes(volume, claim)) continue;
            if (VolumeFacts.Size(volume).CompareTo(wanted) >= 0 && (best is null || IsBetter(volume, best))) best = volume;
        }
        return best;
    }

    private static bool IsBetter(PersistentVolume volume, PersistentVolume than)
    {
        var bySize = VolumeFacts.Size(volume).CompareTo(VolumeFacts.Size(than));
        return bySize != 0 ? bySize < 0 : string.CompareOrdinal(volume.Metadata.Name, than.Metadata.Name) < 0;
    }

    /// <summary>Why the claim cannot have the volume that it names; null when it can.</summary>
    public static string? Refusal(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        if (volume.Metadata.DeletionTimestamp is not null) return $"the volume is marked for deletion \"{volume.Metadata.Name}\"";
        if (VolumeFacts.Size(volume).CompareTo(VolumeFacts.Size(claim)) < 0) return "requested PV is too small";
        if (VolumeFacts.ClassOf(volume) != VolumeFacts.ClassOf(claim)) return "storageClassName does not match";
        if (SettingsDiffer(claim, volume)) return "VolumeAttributesClassName does not match";
        if (ModeDiffers(claim, volume)) return "incompatible volumeMode";
        return OffersModes(volume, claim) ? null : "incompatible accessMode";
    }

    /// <summary>The node can use the volume.</summary>
    public static bool IsReachable(PersistentVolume volume, Node node) =>
        volume.Spec.NodeAffinity?.Required is not { } required || (required.NodeSelectorTerms ?? []).Exists(term => NodeMatch.Matches(term, node));

    public static bool ModeDiffers(PersistentVolumeClaim claim, PersistentVolume volume) =>
        (claim.Spec.VolumeMode ?? PersistentVolumeMode.Filesystem) != (volume.Spec.VolumeMode ?? PersistentVolumeMode.Filesystem);

    private static bool SettingsDiffer(PersistentVolumeClaim claim, PersistentVolume volume) =>
        (claim.Spec.VolumeAttributesClassName ?? "") != (volume.Spec.VolumeAttributesClassName ?? "");

    private static bool OffersModes(PersistentVolume volume, PersistentVolumeClaim claim) =>
        (claim.Spec.AccessModes ?? []).TrueForAll(mode => volume.Spec.AccessModes?.Contains(mode) == true);

    private static string ModesText(PersistentVolume volume) => string.Join(',', (volume.Spec.AccessModes ?? []).Distinct().Order(StringComparer.Ordinal));
}
