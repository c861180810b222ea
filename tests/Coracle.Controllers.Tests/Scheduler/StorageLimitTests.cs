using Coracle.Controllers.Tests.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>What drivers of storage can attach to a node, and how much room they have.</summary>
public sealed class StorageLimitTests
{
    private const string Driver = "disk.example.com";
    private readonly SchedulerSimulation s = new();

    private void Bound(string name)
    {
        s.Cluster.Create(Storage.Volume(name, with: v =>
        {
            (v.Spec.HostPath, v.Spec.Csi) = (null, new() { Driver = Driver, VolumeHandle = name });
            v.Spec.ClaimRef = new() { Namespace = "default", Name = name };
        }));
        s.Cluster.Create(Storage.Claim(name, with: c =>
        {
            c.Spec.VolumeName = name;
            c.Metadata.Annotations = new() { ["pv.kubernetes.io/bind-completed"] = "yes" };
        }));
        s.Cluster.ChangeStatus<PersistentVolumeClaim>("default", name, c => c.Status.Phase = "Bound");
    }

    private static Pod With(string name, params string[] claims) =>
        Objects.Pod(name, change: spec => spec.Volumes = [.. claims.Select(c => new Volume { Name = c, PersistentVolumeClaim = new() { ClaimName = c } })]);

    private void CanAttach(string node, int count) => s.Cluster.Create(new CSINode { Metadata = new() { Name = node }, Spec = new() { Drivers = [new() { Name = Driver, NodeID = node, Allocatable = new() { Count = count } }] } });

    [Fact]
    public void A_node_takes_as_many_volumes_of_a_driver_as_that_can_attach()
    {
        s.Add(Objects.Node("n1"));
        CanAttach("n1", 2);
        foreach (var name in (string[])["x", "y", "z"]) Bound(name);
        s.Place(With("first", "x", "y"));
        s.Place(With("same", "x")); // a volume counts once
        s.Create(With("more", "z"));
        s.Settle();
        s.Cluster.Pass(1);
        Assert.StartsWith("0/1 nodes are available: 1 node(s) exceed max volume count.", s.Failures("more")[^1], StringComparison.Ordinal);

        s.End("first"); // which leaves x, and room for one
        s.Cluster.Until(() => s.NodeOf("more") == "n1", 30, "the room");
    }

    [Fact]
    public void What_is_attached_counts_whoever_uses_it_and_until_it_is_detached()
    {
        s.Add(Objects.Node("n1"));
        CanAttach("n1", 1);
        foreach (var name in (string[])["x", "y"]) Bound(name);
        s.Cluster.Create(new VolumeAttachment { Metadata = new() { Name = "a" }, Spec = new() { Attacher = Driver, NodeName = "n1", Source = new() { PersistentVolumeName = "x" } } });
        s.Create(With("p", "y"));
        s.Settle();
        s.Cluster.Pass(1);
        Assert.StartsWith("0/1 nodes are available: 1 node(s) exceed max volume count.", s.Failures("p")[^1], StringComparison.Ordinal);
        s.Cluster.Delete<VolumeAttachment>("", "a");
        s.Cluster.Until(() => s.NodeOf("p") == "n1", 30, "the room");
    }

    [Fact]
    public void A_volume_is_asked_for_only_where_its_driver_has_room()
    {
        s.Add(Objects.Node("n1", labels: ("rack", "1")));
        s.Add(Objects.Node("n2", labels: ("rack", "2")));
        s.Cluster.Create(new CSIDriver { Metadata = new() { Name = Driver }, Spec = new() { StorageCapacity = true } });
        s.Cluster.Create(Storage.Class("late", Driver, "WaitForFirstConsumer"));
        s.Cluster.Create(Storage.Claim("data", "10Gi", c => c.Spec.StorageClassName = "late"));
        Room("small", "1", "5Gi");
        s.Create(With("p", "data"));
        s.Settle();
        s.Cluster.Pass(1);
        Assert.StartsWith("0/2 nodes are available: 2 node(s) did not have enough free storage.", s.Failures("p")[^1], StringComparison.Ordinal);

        Room("large", "2", "20Gi");
        s.Cluster.Until(() => s.Cluster.Get<PersistentVolumeClaim>("default", "data").Metadata.Annotations?.GetValueOrDefault("volume.kubernetes.io/selected-node") == "n2", 30, "the node with room");
    }

    private void Room(string name, string rack, string size) => s.Cluster.Create(new CSIStorageCapacity
    {
        Metadata = new() { Namespace = "default", Name = name }, StorageClassName = "late", Capacity = Quantity.Parse(size), NodeTopology = new LabelSelector { MatchLabels = new() { ["rack"] = rack } },
    });
}
