using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk.Tests.Fakes;

/// <summary>Replays deltas, and fails the test on one that does not fit what was replayed before.</summary>
internal sealed class Mirror<T> where T : class, IKubernetesObject
{
    public Dictionary<Key, T> Objects { get; } = [];
    public List<Delta<T>> Deltas { get; } = [];

    public void Apply(Delta<T> delta)
    {
        Deltas.Add(delta);
        var had = Objects.TryGetValue(delta.Key, out var old);
        switch (delta.Type)
        {
            case DeltaType.Added:
                Assert.False(had, $"{delta.Key} added twice");
                Objects[delta.Key] = delta.New!;
                break;
            case DeltaType.Updated:
                Assert.True(had, $"{delta.Key} updated without having been added");
                Assert.Same(old, delta.Old);
                Assert.Equal(old!.Metadata.Uid, delta.New!.Metadata.Uid);
                if (!delta.Resync) Assert.NotEqual(old.Metadata.ResourceVersion, delta.New.Metadata.ResourceVersion);
                Objects[delta.Key] = delta.New;
                break;
            default:
                Assert.True(had, $"{delta.Key} deleted without having been added");
                Assert.Equal(old!.Metadata.Uid, delta.Old!.Metadata.Uid);
                Objects.Remove(delta.Key);
                break;
        }
    }
}
