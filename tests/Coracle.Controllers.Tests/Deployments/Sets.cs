using Coracle.Controllers.Deployments;
using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Tests.Deployments;

/// <summary>Replica sets in few words, for tables.</summary>
internal static class Sets
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="size">Pods it is to have.</param>
    /// <param name="available">Pods that are available; all of them unless given.</param>
    /// <param name="pods">Pods that exist; as many as it is to have unless given.</param>
    /// <param name="max">What its deployment could have had when it got its size.</param>
    /// <param name="age">Creation, in seconds after the first.</param>
    public static ReplicaSet Of(string name, int size, int? available = null, int? pods = null, int? max = null, int age = 0)
    {
        var set = new ReplicaSet
        {
            Metadata = new() { Name = name, CreationTimestamp = Epoch.AddSeconds(age) },
            Spec = new() { Replicas = size },
            Status = new() { Replicas = pods ?? size, AvailableReplicas = available ?? size },
        };
        if (max is { } count) set.Metadata.Annotations = new() { [Revisions.Max] = Revisions.Text(count) };
        return set;
    }
}
