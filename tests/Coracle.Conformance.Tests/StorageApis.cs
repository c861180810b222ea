namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/storage, the kinds that nothing has to be mounted for.</summary>
public sealed class StorageApis(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Group = "/apis/storage.k8s.io/v1";

    [Fact, Behaviour("StorageClass, lifecycle")]
    public Task StorageClass_lifecycle() => new Lifecycle($"{Group}/storageclasses", """ "provisioner":"e2e-fake-provisioner" """).Run(cluster, "e2e-sc");

    [Fact, Behaviour("CSINode, lifecycle")]
    public Task CSINode_lifecycle() => new Lifecycle($"{Group}/csinodes", """ "spec":{"drivers":[]} """).Run(cluster, "e2e-csinode");

    [Fact, Behaviour("VolumeAttachment, lifecycle")]
    public Task VolumeAttachment_lifecycle() =>
        new Lifecycle($"{Group}/volumeattachments", """ "spec":{"attacher":"e2e-test.example.com","nodeName":"sim-0","source":{"persistentVolumeName":"e2e-pv"}} """).Run(cluster, "e2e-va");

    [Fact, Behaviour("VolumeAttributesClass, lifecycle")]
    public Task VolumeAttributesClass_lifecycle() => new Lifecycle($"{Group}/volumeattributesclasses", """ "driverName":"e2e-fake-csi","parameters":{"foo":"bar"} """).Run(cluster, "e2e-vac");

    [Fact, Behaviour("CSIStorageCapacity API")]
    public async Task CSIStorageCapacity_API_operations()
    {
        var ns = await cluster.Namespace();
        await new ApiOperations("storage.k8s.io", "csistoragecapacities", "", Status: false)
        {
            Collection = $"{Group}/namespaces/{ns}/csistoragecapacities", Content = """ "storageClassName":"e2e","capacity":"1Gi" """,
        }.Run(cluster, "e2e-example-csisc");
    }
}
