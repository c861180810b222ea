using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Which nodes have which images.</summary>
public sealed class ImageIndex
{
    private readonly Dictionary<string, Image> images = new(StringComparer.Ordinal);

    /// <summary>An image by one of its names: its size in bytes and the nodes that have it.</summary>
    public sealed class Image
    {
        internal readonly HashSet<string> On = new(StringComparer.Ordinal);
        public long Size { get; internal set; }
        public int Nodes => On.Count;
        public bool IsOn(string node) => On.Contains(node);
    }

    public bool IsEmpty => images.Count == 0;
    public Image? Get(string name) => images.GetValueOrDefault(name);

    internal void Replace(string node, List<ContainerImage>? old, List<ContainerImage>? now)
    {
        if (ReferenceEquals(old, now)) return;
        foreach (var image in old ?? [])
        {
            foreach (var name in image.Names ?? [])
            {
                if (!images.TryGetValue(name, out var known)) continue;
                known.On.Remove(node);
                if (known.On.Count == 0) images.Remove(name);
            }
        }
        foreach (var image in now ?? [])
        {
            foreach (var name in image.Names ?? [])
            {
                if (!images.TryGetValue(name, out var known)) images[name] = known = new() { Size = image.SizeBytes };
                known.On.Add(node);
            }
        }
    }
}
