using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Prefers nodes that have the pod's images, the larger the better; less so for images that few nodes have, lest all pods go there.</summary>
public sealed class ImageLocality : Plugin, IPreScore, IScore
{
    private const long Megabyte = 1024 * 1024;
    private const long MinBytes = 23 * Megabyte;
    private const long MaxBytesPerContainer = 1000 * Megabyte;

    public override string Name => "ImageLocality";

    private sealed record Wanted(ImageIndex.Image[] Images, long[] Bytes, int Containers);

    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes)
    {
        var cluster = state.Cluster;
        if (cluster is null || cluster.Images.IsEmpty) return Verdict.Skip;
        List<ImageIndex.Image>? images = null;
        var containers = 0;
        Collect(pod.Pod.Spec.InitContainers);
        Collect(pod.Pod.Spec.Containers);
        if (images is null) return Verdict.Skip;
        var total = cluster.Nodes.Length;
        state.Set(this, new Wanted([.. images], [.. images.Select(i => (long)(i.Size * ((double)i.Nodes / total)))], containers));
        return Verdict.Ok;

        void Collect(List<Container>? list)
        {
            foreach (var container in list ?? [])
            {
                containers++;
                if (cluster.Images.Get(Tagged(container.Image)) is { } image) (images ??= []).Add(image);
            }
        }
    }

    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        if (state.Get<Wanted>(this) is not { } wanted) return 0;
        long bytes = 0;
        for (var i = 0; i < wanted.Images.Length; i++)
            if (wanted.Images[i].IsOn(node.Name)) bytes += wanted.Bytes[i];
        var max = MaxBytesPerContainer * wanted.Containers;
        return Scores.Max * (Math.Clamp(bytes, MinBytes, max) - MinBytes) / (max - MinBytes);
    }

    /// <summary>Images without a tag are those tagged latest.</summary>
    private static string Tagged(string image) => image.LastIndexOf(':') <= image.LastIndexOf('/') ? image + ":latest" : image;
}
