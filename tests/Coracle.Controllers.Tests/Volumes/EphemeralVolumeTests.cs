using Coracle.Controllers.Tests.Support;
using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Volumes;

public sealed class EphemeralVolumeTests
{
    private readonly SimulatedCluster cluster = new(1, EphemeralVolumeReconciler.NewController);

    private static Pod Pod()
    {
        var pod = Samples.Pod("p");
        pod.Spec.Volumes =
        [
            new() { Name = "scratch", Ephemeral = new() { VolumeClaimTemplate = new() { Metadata = new() { Labels = new() { ["kind"] = "scratch" } }, Spec = Storage.Claim("x").Spec } } },
        ];
        return pod;
    }

    [Fact]
    public void A_pod_gets_a_claim_of_its_own_made_of_its_template_and_again_when_it_is_taken_away()
    {
        var pod = cluster.Create(Pod());
        cluster.Until(() => cluster.Find<PersistentVolumeClaim>("default", "p-scratch") is not null, 10, "the claim");
        var claim = cluster.Get<PersistentVolumeClaim>("default", "p-scratch");
        Assert.True(Owners.IsControlledBy(claim, pod));
        Assert.Equal(("scratch", "1Gi"), (claim.Metadata.Labels!["kind"], claim.Spec.Resources.Requests!["storage"].ToString()));
        cluster.Delete<PersistentVolumeClaim>("default", "p-scratch");
        cluster.Change<PersistentVolumeClaim>("default", "p-scratch", c => c.Metadata.Finalizers = null);
        cluster.Until(() => cluster.Find<PersistentVolumeClaim>("default", "p-scratch") is { } again && again.Metadata.Uid != claim.Metadata.Uid, 10, "another claim");
    }

    [Fact]
    public void A_claim_of_that_name_that_is_somebody_elses_is_left_alone()
    {
        var other = cluster.Create(Storage.Claim("p-scratch"));
        cluster.Create(Pod());
        cluster.Until(() => cluster.Faults.Any(f => f.Contains("PVC default/p-scratch was not created for pod default/p (pod is not owner)", StringComparison.Ordinal)), 10, "the refusal");
        Assert.Equal(other.Metadata.ResourceVersion, cluster.Get<PersistentVolumeClaim>("default", "p-scratch").Metadata.ResourceVersion);
    }
}
