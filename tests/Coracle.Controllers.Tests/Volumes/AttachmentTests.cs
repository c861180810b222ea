using Coracle.Controllers.Tests.Support;
using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Volumes;

public sealed class AttachmentTests
{
    private readonly SimulatedCluster cluster = new(1, VolumeBindingReconciler.NewController, AttachmentReconciler.NewController, SettingsProtectionReconciler.NewController);

    private void PodWithDisk()
    {
        cluster.Create(new Kinds.Core.V1.Node { Metadata = new() { Name = "n" } });
        cluster.Create(Storage.Volume("v", with: v => (v.Spec.HostPath, v.Spec.Csi) = (null, new() { Driver = "disk.example.com", VolumeHandle = "d1" })));
        cluster.Create(Storage.Claim("c"));
        cluster.Until(() => cluster.Get<PersistentVolumeClaim>("default", "c").Status.Phase == "Bound", 30, "the binding");
        var pod = Samples.Pod("p");
        pod.Spec.NodeName = "n";
        pod.Spec.Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = "c" } }];
        cluster.Create(pod);
    }

    [Fact]
    public void A_drivers_volume_is_asked_to_be_attached_where_its_pod_is_and_detached_when_that_is_gone()
    {
        PodWithDisk();
        cluster.Until(() => cluster.List<VolumeAttachment>("").Count == 1, 10, "the attachment");
        var attachment = cluster.List<VolumeAttachment>("")[0];
        Assert.Equal(("disk.example.com", "n", "v"), (attachment.Spec.Attacher, attachment.Spec.NodeName, attachment.Spec.Source.PersistentVolumeName));
        cluster.Delete<Pod>("default", "p", Deletion.Now);
        cluster.Until(() => cluster.List<VolumeAttachment>("").Count == 0, 10, "its end");
    }

    [Fact]
    public void The_attachments_of_a_node_go_with_it_and_a_driver_that_needs_none_gets_none()
    {
        cluster.Create(new CSIDriver { Metadata = new() { Name = "disk.example.com" }, Spec = new() { AttachRequired = false } });
        PodWithDisk();
        cluster.Pass(10);
        Assert.Empty(cluster.List<VolumeAttachment>(""));
    }

    [Fact]
    public void Settings_that_a_claim_names_stay_until_it_is_gone()
    {
        cluster.Create(new VolumeAttributesClass { Metadata = new() { Name = "fast" }, DriverName = "disk.example.com", Parameters = new() { ["iops"] = "1" } });
        cluster.Create(Storage.Claim("c", with: c => c.Spec.VolumeAttributesClassName = "fast"));
        cluster.Until(() => cluster.Get<VolumeAttributesClass>("", "fast").Metadata.Finalizers is ["kubernetes.io/vac-protection"], 10, "the finalizer");
        cluster.Delete<VolumeAttributesClass>("", "fast");
        cluster.Pass(10);
        Assert.NotNull(cluster.Find<VolumeAttributesClass>("", "fast"));
        cluster.Delete<PersistentVolumeClaim>("default", "c");
        cluster.Change<PersistentVolumeClaim>("default", "c", c => c.Metadata.Finalizers = null);
        cluster.Until(() => cluster.Find<VolumeAttributesClass>("", "fast") is null, 10, "its end");
    }
}
