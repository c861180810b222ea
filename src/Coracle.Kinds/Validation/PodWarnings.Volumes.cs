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
            var volume = spec.Volumes![i];
            Gone(volume.PhotonPersistentDisk, i, "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
            Gone(volume.GitRepo, i, "gitRepo", "deprecated in v1.11");
            Gone(volume.ScaleIO, i, "scaleIO", "deprecated in v1.16, non-functional in v1.22+");
            Gone(volume.Flocker, i, "flocker", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Storageos, i, "storageOS", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Quobyte, i, "quobyte", "deprecated in v1.22, non-functional in v1.25+");
            Gone(volume.Glusterfs, i, "glusterfs", "deprecated in v1.25, non-functional in v1.26+");
            Gone(volume.Cephfs, i, "cephfs", "deprecated in v1.28, non-functional in v1.31+");
            Gone(volume.Rbd, i, "rbd", "deprecated in v1.28, non-functional in v1.31+");
        }
        foreach (var volume in spec.Volumes ?? []) Files(volume);
    }

    private void Gone(object? source, int volume, string field, string message)
    {
        if (source is not null) Add((path / "volumes")[volume] / field, message);
    }

    private void Files(Volume volume)
    {
        var name = volume.Name;
        if (volume.ConfigMap is { Items: { } config }) Overlaps(config.Select(f => f.Path), name, "ConfigMap", volume.ConfigMap.Name);
        if (volume.Secret is { Items: { } secret }) Overlaps(secret.Select(f => f.Path), name, "Secret", volume.Secret.SecretName);
        if (volume.DownwardAPI is { Items: { } downward }) Overlaps(downward.Select(f => f.Path), name, "DownwardAPI");
        if (volume.Projected is null) return;
        var all = new List<string>();
        foreach (var source in volume.Projected.Sources ?? [])
        {
            if (source.IsZero)
            {
                warnings.Add($"volume {GoText.Quote(name)} (Projected) has no sources provided");
                continue;
            }
            if (Paths(source) is not ({ Count: > 0 } paths, var kind, var of)) continue;
            if (paths.Count > 1) Overlaps(paths, name, kind, of);
            if (paths.Exists(path => all.Exists(other => Meet(path, other)))) Overlaps(paths.Distinct().Concat(all.Distinct()).Order(StringComparer.Ordinal), name, kind, of);
            all.AddRange(paths);
        }
    }

    private static (List<string> Paths, string Kind, string? Of) Paths(VolumeProjection source) => source switch
    {
        { ConfigMap.Items: { } items } => ([.. items.Select(f => f.Path)], "Projected ConfigMap", source.ConfigMap.Name),
        { Secret.Items: { } items } => ([.. items.Select(f => f.Path)], "Projected Secret", source.Secret.Name),
        { DownwardAPI.Items: { } items } => ([.. items.Select(f => f.Path)], "Projected DownwardAPI", null),
        { ServiceAccountToken: { } token } => ([token.Path], "Projected ServiceAccountToken", null),
        { ClusterTrustBundle: { } bundle } => ([bundle.Path], "Projected ClusterTrustBundle", bundle.Name ?? bundle.SignerName ?? ""),
        _ => ([], "", null),
    };

    // A path that is another, or is a folder in which another lies.
    private static bool Meet(ReadOnlySpan<char> path, ReadOnlySpan<char> other)
    {
        path = path.TrimEnd('/');
        other = other.TrimEnd('/');
        return path.SequenceEqual(other) || IsBelow(path, other) || IsBelow(other, path);
    }

    private static bool IsBelow(ReadOnlySpan<char> path, ReadOnlySpan<char> folder) => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder);

    private void Overlaps(IEnumerable<string> paths, string volume, string kind, string? of = null)
    {
        var seen = new List<string>();
        foreach (var file in paths.Select(p => p.TrimEnd('/')))
        {
            var other = seen.Find(s => s.Length > 0 && file.Length > 0 && (s == file || IsBelow(s, file))) ?? seen.Find(s => s.Length > 0 && IsBelow(file, s));
            if (other is not null) warnings.Add($"volume {GoText.Quote(volume)} ({kind}{(of is null ? "" : " " + GoText.Quote(of))}): overlapping paths: {GoText.Quote(file)} with {GoText.Quote(other)}");
            if (!seen.Contains(file)) seen.Add(file);
        }
    }
}
