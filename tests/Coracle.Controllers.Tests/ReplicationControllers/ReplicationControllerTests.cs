using Coracle.Controllers.Pods;
using Coracle.Controllers.ReplicationControllers;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.ReplicationControllers;

public sealed class ReplicationControllerTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(ReplicationControllerReconciler.NewController);
        node = new TestNode(cluster);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private List<Pod> Active => [.. cluster.Cache<Pod>().List("default").Where(PodState.IsActive)];
    private ReplicationControllerStatus Status => cluster.Seen<ReplicationController>("web")?.Status ?? new();
    private Task AvailableAsync(int count) => cluster.UntilAsync(() => Status is var s && s.AvailableReplicas == count && s.Replicas == count, $"{count} available pods");

    private static ReplicationController Sample(int replicas) => new()
    {
        Metadata = new() { Name = "web", Namespace = "default" }, Spec = new() { Replicas = replicas, Selector = new() { ["app"] = "web" }, Template = Samples.Template() },
    };

    [Fact]
    public async Task A_replication_controller_keeps_its_pods_and_counts_them()
    {
        var rc = await cluster.CreateAsync(Sample(3));
        await AvailableAsync(3);
        Assert.Equal((3, 3, rc.Metadata.Generation), (Status.ReadyReplicas, Status.FullyLabeledReplicas, Status.ObservedGeneration));
        Assert.All(Active, pod =>
        {
            var owner = Assert.Single(pod.Metadata.OwnerReferences!);
            Assert.Equal(("v1", "ReplicationController", rc.Metadata.Uid), (owner.ApiVersion, owner.Kind, owner.Uid));
        });
        var gone = Active[0];
        await cluster.DeleteAsync<Pod>(gone.Metadata.Name);
        await cluster.UntilAsync(() => Active.Count == 3 && Active.TrueForAll(p => p.Metadata.Uid != gone.Metadata.Uid) && Status.AvailableReplicas == 3, "a replacement");
        await cluster.ChangeAsync<ReplicationController>("web", c => c.Spec.Replicas = 1);
        await AvailableAsync(1);
    }

    [Fact]
    public async Task Pods_are_adopted_by_their_labels_and_released_when_those_change()
    {
        await cluster.CreateAsync(Samples.Pod("lone", ("app", "web")));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("lone") is not null, "the pod to be seen");
        var rc = await cluster.CreateAsync(Sample(1));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("lone")?.Metadata.OwnerReferences?[0].Uid == rc.Metadata.Uid, "the adoption");
        await cluster.ChangeAsync<Pod>("lone", p => p.Metadata.Labels!["app"] = "other");
        await cluster.UntilAsync(() => cluster.Seen<Pod>("lone")?.Metadata.OwnerReferences is null && Active.Count == 2, "the release, and a pod in its place");
    }
}
