using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Volumes of drivers that are gone, and files that would be written over each other.</summary>
internal sealed partial class PodWarnings
{
    private void Volumes()
    {
        for (var i = 0; i < (spec.Volumes?.Count ?? 0); i++)
        {
            var (volume, at) = (spec.Volumes![i], (path / "volumes")[i]);
            Gone(volume.PhotonPersistentDisk, at / "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
            Gone(volume.GitRepo, at / "gitRepo", "deprecated in v1.11");
            Gone(volume.ScaleIO, at / "scaleIO", "deprecated in v1.16, non-functional in v1.22+");
            Gone(volume.Flocker, at / "flocker", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Storageos, at / "storageOS", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Quobyte, at / "quobyte", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Glusterfs, at / "glusterfs", "deprecated in v1.25, non-functional in v1.26+");
            Gone(volume.Cephfs, at / "cephfs", "deprecated in v1.28, non-functional in v1.31+");
            Gone(volume.Rbd, at / "rbd", "deprecated in v1.28, non-functional in v1.31+");
        }
        foreach (var volume in spec.Volumes ?? []) Files(volume);
    }

    private void Gone(object? source, FieldPath at, string message)
    {
        if (source is not null) Add(at, message);
    }

    private void Files(Volume volume)
    {
        var name = GoText.Quote(volume.Name);
        if (volume.ConfigMap is { Items: { } config }) Overlaps(config.Select(f => f.Path), $"volume {name} (ConfigMap {GoText.Quote(volume.ConfigMap.Name)})");
        if (volume.Secret is { Items: { } secret }) Overlaps(secret.Select(f => f.Path), $"volume {name} (Secret {GoText.Quote(volume.Secret.SecretName)})");
        if (volume.DownwardAPI is { Items: { } downward }) Overlaps(downward.Select(f => f.Path), $"volume {name} (DownwardAPI)");
        if (volume.Projected is null) return;
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in volume.Projected.Sources ?? [])
        {
            if (source.IsZero)
            {
                warnings.Add($"volume {name} (Projected) has no sources provided");
                continue;
            }
            if (Paths(source) is not ({ Count: > 0 } paths, var what)) continue;
            Overlaps(paths, $"volume {name} (Projected {what})");
            var together = paths.Distinct().Concat(all).Order(StringComparer.Ordinal).ToList();
            Overlaps(together, $"volume {name} (Projected {what})");
            all.UnionWith(paths);
        }
    }

    private static (List<string> Paths, string What) Paths(VolumeProjection source) => source switch
    {
        { ConfigMap.Items: { } items } => ([.. items.Select(f => f.Path)], $"ConfigMap {GoText.Quote(source.ConfigMap.Name)}"),
        { Secret.Items: { } items } => ([.. items.Select(f => f.Path)], $"Secret {GoText.Quote(source.Secret.Name)}"),
        { DownwardAPI.Items: { } items } => ([.. items.Select(f => f.Path)], "DownwardAPI"),
        { ServiceAccountToken: { } token } => ([token.Path], "ServiceAccountToken"),
        { ClusterTrustBundle: { } bundle } => ([bundle.Path], $"ClusterTrustBundle {GoText.Quote(bundle.Name ?? bundle.SignerName ?? "")}"),
        _ => ([], ""),
    };

    // A path that is another, or is a folder in which another lies.
    private void Overlaps(IEnumerable<string> paths, string where)
    {
        var seen = new List<string>();
        foreach (var file in paths.Select(p => p.TrimEnd('/')))
        {
            var other = seen.Find(s => s.Length > 0 && file.Length > 0 && (s + "/").StartsWith(file + "/", StringComparison.Ordinal))
                ?? seen.Find(s => s.Length > 0 && file.StartsWith(s + "/", StringComparison.Ordinal));
            if (other is not null) warnings.Add($"{where}: overlapping paths: {GoText.Quote(file)} with {GoText.Quote(other)}");
            if (!seen.Contains(file)) seen.Add(file);
        }
    }
}
