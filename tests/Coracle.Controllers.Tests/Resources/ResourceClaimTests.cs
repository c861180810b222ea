using Coracle.Controllers.Resources;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Sdk;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Tests.Resources;

/// <summary>Claims of devices come from templates and go with pods (upstream: resourceclaim/controller_test.go).</summary>
public sealed class ResourceClaimTests
{
    private readonly SimulatedCluster cluster = new(1, ResourceClaimReconciler.NewController);

    private static ResourceClaimSpec Spec => new() { Devices = new() { Requests = [new() { Name = "gpu", Exactly = new() { DeviceClassName = "gpu", AllocationMode = "ExactCount", Count = 1 } }] } };

    private void Template() => cluster.Create(new ResourceClaimTemplate
    {
        Metadata = new() { Namespace = "default", Name = "gpu" }, Spec = new() { Metadata = new() { Labels = new() { ["kind"] = "gpu" } }, Spec = Spec },
    });

    private Pod Pod(string name = "p", string? claim = null)
    {
        var pod = Samples.Pod(name);
        pod.Spec.ResourceClaims = [claim is null ? new() { Name = "device", ResourceClaimTemplateName = "gpu" } : new() { Name = "device", ResourceClaimName = claim }];
        return cluster.Create(pod);
    }

    private IReadOnlyList<ResourceClaim> Claims => cluster.List<ResourceClaim>();

    [Fact]
    public void A_pod_gets_a_claim_made_of_its_template_and_its_status_says_which()
    {
        Template();
        var pod = Pod();
        cluster.Until(() => cluster.Get<Pod>("default", "p").Status.ResourceClaimStatuses is [{ Name: "device", ResourceClaimName.Length: > 0 }], 10, "the status");
        var claim = Assert.Single(Claims);
        Assert.StartsWith("p-device-", claim.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(claim.Metadata.Name, cluster.Get<Pod>("default", "p").Status.ResourceClaimStatuses![0].ResourceClaimName);
        Assert.True(Owners.IsControlledBy(claim, pod));
        Assert.Equal(("device", "gpu", "gpu"), (claim.Metadata.Annotations!["resource.kubernetes.io/pod-claim-name"], claim.Metadata.Labels!["kind"], claim.Spec.Devices.Requests![0].Name));
    }

    [Fact]
    public void A_pod_whose_template_comes_late_says_so_and_gets_its_claim_then()
    {
        Pod();
        cluster.Until(() => cluster.List<Event>().Any(e => e.Reason == "FailedResourceClaimCreation" && e.Message.StartsWith("PodResourceClaim device: resource claim template \"gpu\"", StringComparison.Ordinal)), 10, "the event");
        Template();
        cluster.Until(() => Claims.Count == 1, 30, "the claim");
    }

    [Fact]
    public void What_a_pod_held_that_has_ended_is_given_back_and_a_claim_of_its_own_goes()
    {
        Template();
        var pod = Pod();
        cluster.Until(() => Claims.Count == 1, 10, "the claim");
        var name = Claims[0].Metadata.Name;
        cluster.ChangeStatus<ResourceClaim>("default", name, c => c.Status = new()
        {
            Allocation = new() { Devices = new() { Results = [new() { Request = "gpu", Driver = "example.com", Pool = "n", Device = "d0" }] } },
            ReservedFor = [new() { Resource = "pods", Name = "p", Uid = pod.Metadata.Uid }],
        });
        cluster.Pass(5);
        Assert.Single(cluster.Get<ResourceClaim>("default", name).Status.ReservedFor!);
        cluster.ChangeStatus<Pod>("default", "p", p => p.Status.Phase = "Succeeded");
        cluster.Until(() => Claims.Count == 0, 30, "the claim's end");
    }

    [Fact]
    public void A_claim_that_pods_share_stays_and_forgets_those_that_are_gone()
    {
        cluster.Create(new ResourceClaim { Metadata = new() { Namespace = "default", Name = "shared" }, Spec = Spec });
        var (first, second) = (Pod("first", "shared"), Pod("second", "shared"));
        cluster.ChangeStatus<ResourceClaim>("default", "shared", c => c.Status = new()
        {
            Allocation = new() { Devices = new() { Results = [new() { Request = "gpu", Driver = "example.com", Pool = "n", Device = "d0" }] } },
            ReservedFor = [new() { Resource = "pods", Name = "first", Uid = first.Metadata.Uid }, new() { Resource = "pods", Name = "second", Uid = second.Metadata.Uid }],
        });
        cluster.Delete<Pod>("default", "first", Deletion.Now);
        cluster.Until(() => cluster.Get<ResourceClaim>("default", "shared").Status.ReservedFor is [{ Name: "second" }], 10, "one user");
        Assert.NotNull(cluster.Get<ResourceClaim>("default", "shared").Status.Allocation);
    }
}
