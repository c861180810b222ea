using Coracle.Controllers.Tests.Support;
using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Volumes;

/// <summary>Claims and volumes find each other, and part (upstream: persistentvolume/binder_test.go, recycle_test.go, delete_test.go).</summary>
public sealed class VolumeBindingTests
{
    private readonly SimulatedCluster cluster = new(1, VolumeBindingReconciler.NewController, ClaimProtectionReconciler.NewController, VolumeProtectionReconciler.NewController, ExpansionReconciler.NewController);

    private PersistentVolumeClaim Claim(string name = "c") => cluster.Get<PersistentVolumeClaim>("default", name);
    private PersistentVolume Volume(string name = "v") => cluster.Get<PersistentVolume>("", name);
    private void UntilClaim(string phase, string name = "c") => cluster.Until(() => Claim(name).Status.Phase == phase, 60, $"the claim {name} to be {phase}");
    private void UntilVolume(string phase, string name = "v") => cluster.Until(() => Volume(name).Status.Phase == phase, 60, $"the volume {name} to be {phase}");

    private void UntilTold(string what) =>
        cluster.Until(() => cluster.List<Event>("").Any(e => $"{e.Type} {e.Reason}: {e.Message}" == what), 60, $"the event {what}; there are {string.Join('\n', cluster.List<Event>("").Select(e => $"{e.Type} {e.Reason}: {e.Message}"))}");

    [Fact]
    public void A_claim_and_a_volume_that_suits_it_are_bound_to_each_other()
    {
        cluster.Create(Storage.Volume("v", "5Gi"));
        UntilVolume("Available");
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        var (claim, volume) = (Claim(), Volume());
        Assert.Equal(("v", "yes", "yes"), (claim.Spec.VolumeName, claim.Metadata.Annotations!["pv.kubernetes.io/bind-completed"], claim.Metadata.Annotations["pv.kubernetes.io/bound-by-controller"]));
        Assert.Equal(("5Gi", "ReadWriteOnce"), (claim.Status.Capacity!["storage"].ToString(), claim.Status.AccessModes!.Single()));
        Assert.Equal(("Bound", claim.Metadata.Uid, "yes"), (volume.Status.Phase, volume.Spec.ClaimRef!.Uid, volume.Metadata.Annotations!["pv.kubernetes.io/bound-by-controller"]));
        Assert.Contains("kubernetes.io/pvc-protection", claim.Metadata.Finalizers!);
        Assert.Contains("kubernetes.io/pv-protection", volume.Metadata.Finalizers!);
    }

    [Fact]
    public void A_claim_without_a_class_and_without_a_volume_waits_and_says_so_until_a_volume_comes()
    {
        cluster.Create(Storage.Claim("c"));
        UntilTold("Normal FailedBinding: no persistent volumes available for this claim and no storage class is set");
        Assert.Equal("Pending", Claim().Status.Phase);
        cluster.Create(Storage.Volume("v"));
        UntilClaim("Bound");
    }

    [Fact]
    public void A_claim_that_names_its_volume_gets_it_and_one_that_does_not_fit_is_refused_with_the_reason()
    {
        cluster.Create(Storage.Volume("v", "1Gi"));
        UntilVolume("Available");
        cluster.Create(Storage.Claim("large", "2Gi", c => c.Spec.VolumeName = "v"));
        UntilTold("Warning VolumeMismatch: Cannot bind to requested volume \"v\": requested PV is too small");
        cluster.Create(Storage.Claim("c", "1Gi", c => c.Spec.VolumeName = "v"));
        UntilClaim("Bound");
        Assert.False(Claim().Metadata.Annotations!.ContainsKey("pv.kubernetes.io/bound-by-controller"));
        UntilTold("Warning FailedBinding: volume \"v\" already bound to a different claim.");
        Assert.Equal("Pending", Claim("large").Status.Phase);
    }

    [Fact]
    public void A_volume_kept_for_a_claim_waits_for_it_and_is_given_to_no_other()
    {
        cluster.Create(Storage.Volume("v", with: v => v.Spec.ClaimRef = new() { Namespace = "default", Name = "c" }));
        cluster.Create(Storage.Claim("other"));
        UntilVolume("Available");
        UntilTold("Normal FailedBinding: no persistent volumes available for this claim and no storage class is set");
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        Assert.Equal(Claim().Metadata.Uid, Volume().Spec.ClaimRef!.Uid);
        Assert.Equal("Pending", Claim("other").Status.Phase);
    }

    [Theory]
    [InlineData("Retain", "Released", null)]
    [InlineData("Recycle", "Failed", "Warning VolumeFailedRecycle: No recycler plugin found for the volume!")]
    [InlineData("Delete", "Failed", "Warning VolumeFailedDelete: error getting deleter volume plugin for volume \"v\": no deletable volume plugin matched")]
    public void A_volume_whose_claim_is_gone_is_reclaimed_as_its_policy_says(string policy, string phase, string? told)
    {
        cluster.Create(Storage.Volume("v", with: v => v.Spec.PersistentVolumeReclaimPolicy = policy));
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        cluster.Delete<PersistentVolumeClaim>("default", "c");
        UntilVolume(phase);
        if (told is not null) UntilTold(told);
        cluster.Create(Storage.Claim("c"));
        cluster.Pass(30);
        Assert.Equal(("Pending", phase), (Claim().Status.Phase, Volume().Status.Phase));
    }

    [Fact]
    public void A_volume_made_for_a_claim_that_is_gone_is_left_to_who_made_it()
    {
        cluster.Create(Storage.Volume("v", with: v =>
        {
            v.Spec.PersistentVolumeReclaimPolicy = "Delete";
            v.Metadata.Annotations = new() { ["pv.kubernetes.io/provisioned-by"] = "example.com/maker" };
        }));
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        cluster.Delete<PersistentVolumeClaim>("default", "c");
        UntilVolume("Released");
    }

    [Fact]
    public void A_claim_that_loses_its_volume_is_lost()
    {
        cluster.Create(Storage.Volume("v"));
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        cluster.Delete<PersistentVolume>("", "v");
        cluster.Pass(5);
        Assert.NotNull(Volume().Metadata.DeletionTimestamp); // held for as long as it is bound
        cluster.Change<PersistentVolume>("", "v", v => v.Metadata.Finalizers = null);
        UntilClaim("Lost");
        UntilTold("Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    }

    [Fact]
    public void The_claim_whose_place_at_its_volume_another_has_taken_is_lost()
    {
        cluster.Create(Storage.Volume("v"));
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        cluster.Create(Storage.Claim("second", with: c =>
        {
            c.Spec.VolumeName = "v";
            c.Metadata.Annotations = new() { ["pv.kubernetes.io/bind-completed"] = "yes" };
        }));
        UntilClaim("Lost", "second");
        UntilTold("Warning ClaimMisbound: Two claims are bound to the same volume, this one is bound incorrectly");
        Assert.Equal("Bound", Claim().Status.Phase);
    }

    [Fact]
    public void A_claim_of_before_the_default_class_gets_it_afterwards_and_is_given_to_its_provisioner()
    {
        cluster.Create(Storage.Claim("c", with: c => c.Spec.StorageClassName = null));
        cluster.Create(Storage.Claim("none"));
        UntilTold("Normal FailedBinding: no persistent volumes available for this claim and no storage class is set");
        cluster.Create(Storage.Class("gold", isDefault: true));
        cluster.Until(() => Claim().Spec.StorageClassName == "gold", 60, "the class");
        UntilTold("Normal ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'example.com/maker' or manually by the system administrator. "
            + "If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
        var annotations = Claim().Metadata.Annotations!;
        Assert.Equal(("example.com/maker", "example.com/maker"), (annotations["volume.kubernetes.io/storage-provisioner"], annotations["volume.beta.kubernetes.io/storage-provisioner"]));
        Assert.Equal("", Claim("none").Spec.StorageClassName);
    }

    [Fact]
    public void A_claim_of_a_class_that_is_not_there_says_so()
    {
        cluster.Create(Storage.Claim("c", with: c => c.Spec.StorageClassName = "gold"));
        UntilTold("Warning ProvisioningFailed: storageclass.storage.k8s.io \"gold\" not found");
    }

    [Fact]
    public void A_claim_whose_class_waits_for_a_pod_says_for_what_it_waits()
    {
        cluster.Create(Storage.Class("late", mode: VolumeBindingMode.WaitForFirstConsumer));
        cluster.Create(Storage.Volume("v", with: v => v.Spec.StorageClassName = "late"));
        cluster.Create(Storage.Claim("c", with: c => c.Spec.StorageClassName = "late"));
        UntilTold("Normal WaitForFirstConsumer: waiting for first consumer to be created before binding");
        var pod = Samples.Pod("p");
        pod.Spec.Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = "c" } }];
        cluster.Create(pod);
        UntilTold("Normal WaitForPodScheduled: waiting for pod p to be scheduled");
        Assert.Equal(("Pending", "Available"), (Claim().Status.Phase, Volume().Status.Phase));
    }

    [Fact]
    public void A_claim_that_a_pod_uses_is_deleted_when_the_pod_is_gone()
    {
        cluster.Create(Storage.Volume("v"));
        cluster.Create(Storage.Claim("c"));
        UntilClaim("Bound");
        var pod = Samples.Pod("p");
        pod.Spec.NodeName = "n";
        pod.Spec.Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = "c" } }];
        cluster.Create(pod);
        cluster.Delete<PersistentVolumeClaim>("default", "c");
        cluster.Pass(30);
        Assert.NotNull(Claim().Metadata.DeletionTimestamp);
        cluster.Delete<Pod>("default", "p", Deletion.Now);
        cluster.Until(() => cluster.Find<PersistentVolumeClaim>("default", "c") is null, 60, "the claim's end");
    }

    [Fact]
    public void A_claim_that_is_to_grow_says_that_somebody_else_makes_it_so()
    {
        var type = Storage.Class("gold");
        type.AllowVolumeExpansion = true;
        cluster.Create(type);
        cluster.Create(Storage.Volume("v", "1Gi", v => v.Spec.StorageClassName = "gold"));
        cluster.Create(Storage.Claim("c", "1Gi", c => c.Spec.StorageClassName = "gold"));
        UntilClaim("Bound");
        cluster.Change<PersistentVolumeClaim>("default", "c", c => c.Spec.Resources.Requests!["storage"] = Schema.Quantity.Parse("2Gi"));
        UntilTold("Normal ExternalExpanding: waiting for an external controller to expand this PVC");
    }

    [Fact]
    public void However_many_claims_and_volumes_come_at_once_none_is_given_twice()
    {
        for (var i = 0; i < 12; i++)
        {
            cluster.Create(Storage.Claim($"c{i}", $"{i % 4 + 1}Gi"));
            cluster.Create(Storage.Volume($"v{i}", $"{i % 4 + 1}Gi"));
        }
        cluster.Until(() => cluster.List<PersistentVolumeClaim>().All(c => c.Status.Phase == "Bound"), 120, "all claims to be bound");
        cluster.Until(() => cluster.List<PersistentVolume>("").All(v => v.Status.Phase == "Bound"), 60, "all volumes to be bound");
        Assert.Equal(12, cluster.List<PersistentVolumeClaim>().Select(c => c.Spec.VolumeName).Distinct().Count());
        Assert.All(cluster.List<PersistentVolumeClaim>(), c => Assert.Equal(c.Metadata.Uid, cluster.Get<PersistentVolume>("", c.Spec.VolumeName).Spec.ClaimRef!.Uid));
    }
}
