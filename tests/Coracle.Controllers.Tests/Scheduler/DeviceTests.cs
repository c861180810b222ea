using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Schema;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>Pods that claim devices (upstream: dynamicresources_test.go and structured/allocator_test.go).</summary>
public sealed class DeviceTests
{
    private const string Driver = "gpu.example.com";
    private readonly SchedulerSimulation s = new();

    public DeviceTests() => s.Cluster.Create(new DeviceClass
    {
        Metadata = new() { Name = "gpu" }, Spec = new() { Selectors = [new() { Cel = new() { Expression = $"device.driver == '{Driver}'" } }] },
    });

    private static Device Device(string name, string model = "a", int gigabytes = 8) => new()
    {
        Name = name, Attributes = new() { ["model"] = new() { StringValue = model }, ["driverVersion"] = new() { VersionValue = "1.2.3" } }, Capacity = new() { ["memory"] = new() { Value = Quantity.Parse($"{gigabytes}Gi") } },
    };

    private void Publish(string node, params Device[] devices) => s.Cluster.Create(new ResourceSlice
    {
        Metadata = new() { Name = node }, Spec = new() { Driver = Driver, NodeName = node, Pool = new() { Name = node, Generation = 1, ResourceSliceCount = 1 }, Devices = [.. devices] },
    });

    private void Claim(string name, string? selector = null, long count = 1, string mode = "ExactCount", Action<DeviceClaim>? change = null)
    {
        var request = new ExactDeviceRequest { DeviceClassName = "gpu", AllocationMode = mode, Count = mode == "All" ? 0 : count, Selectors = selector is null ? null : [new() { Cel = new() { Expression = selector } }] };
        var devices = new DeviceClaim { Requests = [new() { Name = "r", Exactly = request }] };
        change?.Invoke(devices);
        s.Cluster.Create(new ResourceClaim { Metadata = new() { Namespace = "default", Name = name }, Spec = new() { Devices = devices } });
    }

    private static Pod With(string name, params string[] claims)
    {
        var pod = Objects.Pod(name, change: spec => spec.ResourceClaims = [.. claims.Select(c => new PodResourceClaim { Name = c, ResourceClaimName = c })]);
        return pod;
    }

    private ResourceClaim Get(string claim) => s.Cluster.Get<ResourceClaim>("default", claim);
    private string[] DevicesOf(string claim) => [.. (Get(claim).Status.Allocation?.Devices.Results ?? []).Select(r => $"{r.Pool}/{r.Device}").Order()];

    private string Refused(string pod)
    {
        s.Settle();
        s.Cluster.Pass(1);
        Assert.Equal("", s.NodeOf(pod));
        return s.Failures(pod)[^1];
    }

    [Fact]
    public void A_pod_goes_where_the_device_is_that_it_claims_and_the_claim_says_which_it_got()
    {
        s.Add(Objects.Node("n1"));
        s.Add(Objects.Node("n2"));
        Publish("n1", Device("d0", "a"));
        Publish("n2", Device("d0", "b", 80), Device("d1", "b"));
        Claim("c", $"device.attributes['{Driver}'].model == 'b' && device.capacity['{Driver}'].memory.isGreaterThan(quantity('40Gi')) && device.attributes['{Driver}'].driverVersion.isLessThan(semver('2.0.0'))");
        var pod = With("p", "c");
        s.Place(pod);
        Assert.Equal("n2", s.NodeOf("p"));
        var claim = Get("c");
        Assert.Equal(["n2/d0"], DevicesOf("c"));
        Assert.Equal(("r", Driver), (claim.Status.Allocation!.Devices.Results![0].Request, claim.Status.Allocation.Devices.Results[0].Driver));
        Assert.Equal(["resource.kubernetes.io/delete-protection"], claim.Metadata.Finalizers);
        Assert.Equal([("pods", "p", s.Get("p").Metadata.Uid)], claim.Status.ReservedFor!.Select(r => (r.Resource, r.Name, r.Uid)));
        var term = Assert.Single(claim.Status.Allocation.NodeSelector!.NodeSelectorTerms!);
        Assert.Equal(("metadata.name", "In", "n2"), (term.MatchFields![0].Key, term.MatchFields[0].Operator, term.MatchFields[0].Values![0]));
    }

    [Fact]
    public void A_device_is_one_claims_alone_and_another_waits_until_it_is_given_back()
    {
        s.Add(Objects.Node("n1"));
        Publish("n1", Device("d0"));
        Claim("first");
        Claim("second");
        s.Place(With("p", "first"));
        s.Create(With("q", "second"));
        Assert.Equal("0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.", Refused("q"));
        s.End("p");
        s.Cluster.ChangeStatus<ResourceClaim>("default", "first", c => (c.Status.ReservedFor, c.Status.Allocation) = (null, null));
        s.Cluster.Until(() => s.NodeOf("q") == "n1", 30, "the device");
        Assert.Equal(["n1/d0"], DevicesOf("second"));
    }

    [Fact]
    public void Pods_may_share_a_claim_and_then_share_its_node()
    {
        s.Add(Objects.Node("n1"));
        s.Add(Objects.Node("n2"));
        Publish("n1", Device("d0"));
        Claim("c");
        s.Place(With("p", "c"));
        s.Place(With("q", "c"));
        Assert.Equal(("n1", "n1"), (s.NodeOf("p"), s.NodeOf("q")));
        Assert.Equal(["p", "q"], Get("c").Status.ReservedFor!.Select(r => r.Name).Order());
    }

    [Theory]
    [InlineData("ExactCount", 2, "n1/d0 n1/d1")]
    [InlineData("All", 0, "n1/d0 n1/d1 n1/d2")]
    public void As_many_are_given_as_are_asked_for(string mode, long count, string expected)
    {
        s.Add(Objects.Node("n1"));
        Publish("n1", Device("d0"), Device("d1"), Device("d2"));
        Claim("c", mode: mode, count: count);
        s.Place(With("p", "c"));
        Assert.Equal(expected, string.Join(' ', DevicesOf("c")));
    }

    [Fact]
    public void Devices_that_must_be_alike_are_looked_for_until_some_are()
    {
        s.Add(Objects.Node("n1"));
        Publish("n1", Device("d0", "a"), Device("d1", "b"), Device("d2", "c"), Device("d3", "b"));
        Claim("c", count: 2, change: d => d.Constraints = [new() { MatchAttribute = $"{Driver}/model" }]);
        s.Place(With("p", "c"));
        Assert.Equal(["n1/d1", "n1/d3"], DevicesOf("c"));
    }

    [Fact]
    public void Of_several_alternatives_the_first_that_is_there_is_taken()
    {
        s.Add(Objects.Node("n1"));
        Publish("n1", Device("d0", "small"));
        Claim("c", change: d => d.Requests = [new() { Name = "r", FirstAvailable = [Of("big", "large"), Of("little", "small")] }]);
        s.Place(With("p", "c"));
        Assert.Equal("r/little", Get("c").Status.Allocation!.Devices.Results![0].Request);

        static DeviceSubRequest Of(string name, string model) => new() { Name = name, DeviceClassName = "gpu", AllocationMode = "ExactCount", Count = 1, Selectors = [new() { Cel = new() { Expression = $"device.attributes['{Driver}'].model == '{model}'" } }] };
    }

    [Fact]
    public void What_is_missing_is_said_and_comes_to_be_noticed()
    {
        s.Add(Objects.Node("n1"));
        s.Create(With("p", "c"));
        Assert.StartsWith("0/1 nodes are available: resourceclaim.resource.k8s.io \"c\" not found.", Refused("p"), StringComparison.Ordinal);
        Claim("c", change: d => d.Requests![0].Exactly!.DeviceClassName = "late");
        s.Cluster.Until(() => s.Failures("p")[^1].StartsWith("0/1 nodes are available: request r: device class late does not exist.", StringComparison.Ordinal), 30, "the missing class");
        s.Cluster.Create(new DeviceClass { Metadata = new() { Name = "late" } });
        s.Cluster.Until(() => s.Failures("p")[^1].StartsWith("0/1 nodes are available: 1 cannot allocate all claims.", StringComparison.Ordinal), 30, "the missing device");
        Publish("n1", Device("d0"));
        s.Cluster.Until(() => s.NodeOf("p") == "n1", 30, "the device");
    }

    [Fact]
    public void A_pool_that_is_being_published_is_not_used_yet()
    {
        s.Add(Objects.Node("n1"));
        s.Cluster.Create(new ResourceSlice { Metadata = new() { Name = "half" }, Spec = new() { Driver = Driver, NodeName = "n1", Pool = new() { Name = "n1", Generation = 1, ResourceSliceCount = 2 }, Devices = [Device("d0")] } });
        Claim("c");
        s.Create(With("p", "c"));
        Assert.Contains("cannot allocate all claims", Refused("p"), StringComparison.Ordinal);
        s.Cluster.Create(new ResourceSlice { Metadata = new() { Name = "rest" }, Spec = new() { Driver = Driver, NodeName = "n1", Pool = new() { Name = "n1", Generation = 1, ResourceSliceCount = 2 }, Devices = [Device("d1")] } });
        s.Cluster.Until(() => s.NodeOf("p") == "n1", 30, "the rest");
    }
}
