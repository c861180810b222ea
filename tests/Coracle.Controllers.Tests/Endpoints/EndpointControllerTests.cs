using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

public sealed class EndpointControllerTests
{
    private readonly SimulatedCluster cluster = new(5, EndpointSliceReconciler.NewController, EndpointsReconciler.NewController);

    public EndpointControllerTests() => cluster.Create(Parts.Node("n1", "east"));

    private void RunPod(string name, string ip, bool ready = true, string app = "web", string node = "n1")
    {
        cluster.Create(Parts.Pod(name, app, node));
        cluster.ChangeStatus<Pod>("default", name, pod => Parts.Run(pod, ip, ready, cluster.Loop.Time.GetUtcNow()));
    }

    private List<EndpointSlice> Slices(string service = "web") =>
        [.. cluster.List<EndpointSlice>().Where(s => s.Metadata.Labels!.GetValueOrDefault("kubernetes.io/service-name") == service)];

    private EndpointSlice Slice()
    {
        cluster.Pass(0.2);
        return Assert.Single(Slices());
    }

    private static string[] Ready(EndpointSlice slice) => [.. slice.Endpoints!.Where(e => e.Conditions.Ready == true).SelectMany(e => e.Addresses!).Order()];
    private static string[] Ready(Kinds.Core.V1.Endpoints endpoints) => [.. (endpoints.Subsets ?? []).SelectMany(s => s.Addresses ?? []).Select(a => a.Ip).Order()];

    [Fact]
    public void A_services_pods_are_its_endpoints_as_they_become_ready_and_cease_to_be()
    {
        cluster.Create(Parts.Service("web"));
        Assert.Empty(Slice().Endpoints!);
        RunPod("a", "10.1.0.1");
        RunPod("b", "10.1.0.2", ready: false);
        RunPod("c", "10.1.0.3", app: "other");
        Assert.Equal(["10.1.0.1"], Ready(Slice()));
        Assert.Equal(2, Slice().Endpoints!.Count);
        cluster.ChangeStatus<Pod>("default", "b", pod => Parts.Run(pod, "10.1.0.2", ready: true));
        Assert.Equal(["10.1.0.1", "10.1.0.2"], Ready(Slice()));
        Assert.Equal(["10.1.0.1", "10.1.0.2"], Ready(cluster.Get<Kinds.Core.V1.Endpoints>("default", "web")));
        cluster.Delete<Pod>("default", "a", Deletion.Now);
        Assert.Equal(["10.1.0.2"], Ready(Slice()));
        Assert.Equal(["10.1.0.2"], Ready(cluster.Get<Kinds.Core.V1.Endpoints>("default", "web")));
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void A_slice_leads_to_its_service_and_says_who_writes_it()
    {
        cluster.Create(Parts.Service("web", Parts.Port("http", 80, 8080)));
        RunPod("a", "10.1.0.1");
        var slice = Slice();
        var service = cluster.Get<Service>("default", "web");
        Assert.StartsWith("web-", slice.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal("web-", slice.Metadata.GenerateName);
        Assert.Equal("endpointslice-controller.k8s.io", slice.Metadata.Labels!["endpointslice.kubernetes.io/managed-by"]);
        Assert.Equal("IPv4", slice.AddressType);
        Assert.Equal(("http", "TCP", 8080), (slice.Ports![0].Name, slice.Ports[0].Protocol, slice.Ports[0].Port!.Value));
        Assert.True(Owners.IsControlledBy(slice, service));
        Assert.Contains("endpoints.kubernetes.io/last-change-trigger-time", slice.Metadata.Annotations!.Keys);
        Assert.Equal(("n1", "east"), (slice.Endpoints![0].NodeName, slice.Endpoints[0].Zone));
    }

    [Fact]
    public void Nothing_is_written_for_changes_of_pods_that_endpoints_do_not_show()
    {
        cluster.Create(Parts.Service("web"));
        RunPod("a", "10.1.0.1");
        cluster.Pass(3);
        var (slice, endpoints) = (Slice(), cluster.Get<Kinds.Core.V1.Endpoints>("default", "web"));
        cluster.Change<Pod>("default", "a", pod => pod.Metadata.Annotations = new() { ["note"] = "x" });
        cluster.Change<Service>("default", "web", service => service.Metadata.Annotations = new() { ["note"] = "x" });
        cluster.Pass(3);
        Assert.Equal(slice.Metadata.ResourceVersion, Slice().Metadata.ResourceVersion);
        Assert.Equal(endpoints.Metadata.ResourceVersion, cluster.Get<Kinds.Core.V1.Endpoints>("default", "web").Metadata.ResourceVersion);
    }

    [Fact]
    public void A_pod_moves_between_services_with_its_labels()
    {
        cluster.Create(Parts.Service("web"));
        cluster.Create(Parts.Service("api"));
        RunPod("a", "10.1.0.1");
        cluster.Pass(0.2);
        cluster.Change<Pod>("default", "a", pod => pod.Metadata.Labels!["app"] = "api");
        cluster.Pass(0.2);
        Assert.Empty(Slices("web").SelectMany(s => s.Endpoints!));
        Assert.Single(Slices("api").SelectMany(s => s.Endpoints!));
    }

    [Fact]
    public void A_pod_whose_node_is_not_known_is_left_out_until_it_is()
    {
        cluster.Create(Parts.Service("web"));
        RunPod("a", "10.1.0.1", node: "n2");
        Assert.Empty(Slice().Endpoints!);
        cluster.Create(Parts.Node("n2", "west"));
        Assert.Equal("west", Assert.Single(Slice().Endpoints!).Zone);
    }

    [Fact]
    public void Slices_that_others_change_or_delete_are_put_right()
    {
        cluster.Create(Parts.Service("web"));
        RunPod("a", "10.1.0.1");
        cluster.Change<EndpointSlice>("default", Slice().Metadata.Name, slice => slice.Endpoints = []);
        cluster.Pass(2);
        Assert.Equal(["10.1.0.1"], Ready(Slice()));
        cluster.Delete<EndpointSlice>("default", Slice().Metadata.Name);
        cluster.Delete<Kinds.Core.V1.Endpoints>("default", "web");
        cluster.Pass(2);
        Assert.Equal(["10.1.0.1"], Ready(Slice()));
        Assert.Equal(["10.1.0.1"], Ready(cluster.Get<Kinds.Core.V1.Endpoints>("default", "web")));
    }

    [Fact]
    public void Endpoints_go_with_their_service_and_those_without_one_are_let_be()
    {
        cluster.Create(Parts.Service("web"));
        cluster.Pass(0.2);
        cluster.Create(new Kinds.Core.V1.Endpoints { Metadata = new() { Namespace = "default", Name = "lone" } });
        cluster.Delete<Service>("default", "web");
        cluster.Pass(2);
        cluster.RestartControllers(EndpointSliceReconciler.NewController, EndpointsReconciler.NewController);
        cluster.Pass(2);
        Assert.Null(cluster.Find<Kinds.Core.V1.Endpoints>("default", "web"));
        Assert.NotNull(cluster.Find<Kinds.Core.V1.Endpoints>("default", "lone"));
    }

    [Fact]
    public void A_service_without_a_selector_is_somebody_elses()
    {
        var service = Parts.Service("web");
        service.Spec.Selector = null;
        cluster.Create(service);
        cluster.Pass(2);
        Assert.Empty(Slices());
        Assert.Null(cluster.Find<Kinds.Core.V1.Endpoints>("default", "web"));
    }

    [Fact]
    public void Sixty_services_with_many_pods_are_written_few_times()
    {
        const int services = 60, podsEach = 10;
        for (var s = 0; s < services; s++) cluster.Create(Parts.Service($"svc-{s}"));
        cluster.Pass(2);
        var writes = 0;
        cluster.Watch<EndpointSlice>(delta => writes += delta.Initial ? 0 : 1);
        cluster.Pass(0.1);
        for (var p = 0; p < podsEach; p++)
            for (var s = 0; s < services; s++) RunPod($"svc-{s}-{p}", $"10.1.{s}.{p + 1}", app: $"svc-{s}");
        cluster.Pass(2);
        Assert.All(Enumerable.Range(0, services), s => Assert.Equal(podsEach, Assert.Single(Slices($"svc-{s}")).Endpoints!.Count));
        Assert.InRange(writes, services, 2 * services); // all pods came at one moment of virtual time
        Assert.Empty(cluster.Faults);
    }
}
