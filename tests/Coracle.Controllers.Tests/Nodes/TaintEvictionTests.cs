using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

public sealed class TaintEvictionTests
{
    [Fact]
    public void Nothing_is_remembered_of_a_pod_that_goes_before_its_time_is_up()
    {
        TaintEvictionReconciler reconciler = null!;
        var cluster = new SimulatedCluster(1, informers => TaintEvictionReconciler.NewController(informers, out reconciler));
        var node = cluster.Create(Parts.Node("n1"));
        cluster.Change<Coracle.Kinds.Core.V1.Node>("", "n1", n => n.Spec.Taints = [new() { Key = "k", Effect = "NoExecute" }]);
        var pod = Parts.Pod("a", "web", node.Metadata.Name);
        pod.Spec.Tolerations = [new() { Key = "k", Operator = "Exists", Effect = "NoExecute", TolerationSeconds = 300 }];
        cluster.Create(pod);
        cluster.Until(() => reconciler.ScheduledCount == 1, 10, "the eviction to be scheduled");
        cluster.Delete<Pod>("default", "a", Deletion.Now);
        cluster.Until(() => reconciler.ScheduledCount == 0, 10, "nothing to be remembered");

        // Another of its name has its own time.
        cluster.Create(pod);
        cluster.Until(() => reconciler.ScheduledCount == 1, 10, "the eviction of the second");
        cluster.Pass(290);
        Assert.Null(cluster.Get<Pod>("default", "a").Metadata.DeletionTimestamp);
        cluster.Until(() => cluster.Find<Pod>("default", "a") is null or { Metadata.DeletionTimestamp: not null }, 30, "the eviction");
    }
}
