using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;

namespace Coracle.Controllers.Tests;

/// <summary>Endpoints that people write are said in slices, too (upstream: endpointslicemirroring/reconciler_test.go).</summary>
public sealed class SliceMirroringTests
{
    private readonly SimulatedCluster cluster = new(1, SliceMirroringReconciler.NewController);

    private static Service Service(bool selects = false) => new()
    {
        Metadata = new() { Namespace = "default", Name = "db" }, Spec = new() { Selector = selects ? new() { ["app"] = "db" } : null, Ports = [new() { Port = 5432 }] },
    };

    private static Endpoints Endpoints(params string[] addresses) => new()
    {
        Metadata = new() { Namespace = "default", Name = "db", Labels = new() { ["tier"] = "data" }, Annotations = new() { ["endpoints.kubernetes.io/last-change-trigger-time"] = "2026-01-01T00:00:00Z", ["note"] = "mine" } },
        Subsets = [new() { Addresses = [.. addresses.Select(a => new EndpointAddress { Ip = a })], NotReadyAddresses = [new() { Ip = "10.9.9.9" }], Ports = [new() { Name = "sql", Port = 5432 }] }],
    };

    private List<EndpointSlice> Slices => [.. cluster.List<EndpointSlice>().OrderBy(s => s.AddressType, StringComparer.Ordinal)];

    [Fact]
    public void What_is_said_of_a_service_without_a_selector_is_mirrored_by_kind_of_address()
    {
        cluster.Create(Service());
        var endpoints = cluster.Create(Endpoints("10.0.0.1", "2001:db8::1"));
        cluster.Until(() => Slices.Count == 2, 10, "two slices");
        var (four, six) = (Slices[0], Slices[1]);
        Assert.Equal(("IPv4", "10.0.0.1 10.9.9.9", "True False"), (four.AddressType, string.Join(' ', four.Endpoints!.Select(e => e.Addresses![0])), string.Join(' ', four.Endpoints!.Select(e => e.Conditions.Ready))));
        Assert.Equal(("IPv6", "2001:db8::1"), (six.AddressType, six.Endpoints!.Single().Addresses![0]));
        Assert.Equal(("sql", 5432), (four.Ports!.Single().Name, four.Ports!.Single().Port));
        Assert.Equal(("db", "endpointslicemirroring-controller.k8s.io", "data"),
            (four.Metadata.Labels!["kubernetes.io/service-name"], four.Metadata.Labels["endpointslice.kubernetes.io/managed-by"], four.Metadata.Labels["tier"]));
        Assert.Equal(["note"], four.Metadata.Annotations!.Keys);
        Assert.Equal(endpoints.Metadata.Uid, four.Metadata.OwnerReferences!.Single().Uid);
    }

    [Fact]
    public void A_change_keeps_the_slice_and_what_others_do_to_it_is_put_right()
    {
        cluster.Create(Service());
        cluster.Create(Endpoints("10.0.0.1"));
        cluster.Until(() => Slices.Count == 1, 10, "a slice");
        var name = Slices[0].Metadata.Name;
        cluster.Change<Endpoints>("default", "db", e => e.Subsets![0].Addresses!.Add(new() { Ip = "10.0.0.2" }));
        cluster.Until(() => Slices is [{ Endpoints.Count: 3 }], 10, "the change");
        cluster.Change<EndpointSlice>("default", name, s => s.Endpoints!.Clear());
        cluster.Until(() => Slices is [{ Endpoints.Count: 3 }], 10, "the repair");
        Assert.Equal(name, Slices[0].Metadata.Name);
    }

    [Theory]
    [InlineData("selector")]
    [InlineData("label")]
    [InlineData("leader")]
    [InlineData("no service")]
    public void What_is_no_endpoint_of_a_service_is_not_mirrored(string why)
    {
        if (why != "no service") cluster.Create(Service(selects: why == "selector"));
        var endpoints = Endpoints("10.0.0.1");
        if (why == "label") endpoints.Metadata.Labels!["endpointslice.kubernetes.io/skip-mirror"] = "true";
        if (why == "leader") endpoints.Metadata.Annotations!["control-plane.alpha.kubernetes.io/leader"] = "{}";
        cluster.Create(endpoints);
        cluster.Pass(10);
        Assert.Empty(Slices);
    }

    [Fact]
    public void Slices_go_when_the_service_begins_to_select_pods()
    {
        cluster.Create(Service());
        cluster.Create(Endpoints("10.0.0.1"));
        cluster.Until(() => Slices.Count == 1, 10, "a slice");
        cluster.Change<Service>("default", "db", s => s.Spec.Selector = new() { ["app"] = "db" });
        cluster.Until(() => Slices.Count == 0, 10, "no slice");
    }
}
