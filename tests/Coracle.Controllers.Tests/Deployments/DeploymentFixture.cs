using Coracle.Controllers.Deployments;
using Coracle.Controllers.Pods;
using Coracle.Controllers.ReplicaSets;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Deployments;

/// <summary>Deployments and replica sets on a cluster with a node.</summary>
public abstract class DeploymentFixture : IAsyncLifetime
{
    protected TestCluster Cluster { get; private set; } = null!;
    protected TestNode Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await TestCluster.StartAsync(ReplicaSetReconciler.NewController, DeploymentReconciler.NewController);
        Node = new TestNode(Cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Deployment Web => Cluster.Seen<Deployment>("web")!;
    protected DeploymentCondition? Condition(string type) => Cluster.Seen<Deployment>("web")?.Status.Conditions?.Find(c => c.Type == type);
    protected string Reason(string type) => Condition(type)?.Reason ?? "";

    protected List<ReplicaSet> Sets => [.. Cluster.Cache<ReplicaSet>().List("default").OrderBy(s => s.Metadata.Annotations?.GetValueOrDefault(Revisions.Revision), StringComparer.Ordinal)];
    protected ReplicaSet SetOf(string image) => Sets.Single(s => s.Spec.Template.Spec.Containers![0].Image == image);
    protected List<Pod> Pods(string? image = null) =>
        [.. Cluster.Cache<Pod>().List("default").Where(p => PodState.IsActive(p) && (image is null || p.Spec.Containers![0].Image == image))];

    protected async Task CreateAsync(int replicas, Action<Deployment>? with = null)
    {
        var deployment = Samples.Deployment("web", replicas);
        with?.Invoke(deployment);
        await Cluster.CreateAsync(deployment);
        await Cluster.UntilAsync(() => Cluster.Seen<Deployment>("web") is not null, "the deployment to be seen");
    }

    protected async Task ChangeAsync(Action<Deployment> change)
    {
        var changed = await Cluster.ChangeAsync("web", change);
        await Cluster.UntilAsync(() => Web.Metadata.Generation >= changed.Metadata.Generation, "the change to be seen");
    }

    protected Task SetImageAsync(string image) => ChangeAsync(d => d.Spec.Template.Spec.Containers![0].Image = image);

    /// <summary>The rollout of what is asked for now is complete, as `kubectl rollout status` judges it.</summary>
    protected Task CompleteAsync(string image) => Cluster.UntilAsync(
        () => Cluster.Seen<Deployment>("web") is { } d && d.Spec.Template.Spec.Containers![0].Image == image && Progress.IsComplete(d, d.Status)
            && Reason("Progressing") == Progress.Complete && Pods().Count == d.Spec.Replicas,
        $"the rollout of {image}");

    protected async Task<List<string>> EventsAsync() => [.. (await Cluster.ListAsync<Event>()).Where(e => e.InvolvedObject.Kind == "Deployment").Select(e => $"{e.Type} {e.Reason}: {e.Message}")];
}
