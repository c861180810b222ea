using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests;

public sealed class PodEndpointTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // pod ready, terminating, published anyway -> ready, serving, terminating
    [InlineData(true, false, false, true, true, false)]
    [InlineData(false, false, false, false, false, false)]
    [InlineData(true, true, false, false, true, true)]
    [InlineData(false, true, false, false, false, true)]
    [InlineData(false, false, true, true, false, false)]
    [InlineData(true, true, true, true, true, true)]
    public void The_conditions_say_whether_a_pod_serves_and_whether_it_ends(bool podReady, bool deleted, bool publish, bool ready, bool serving, bool terminating)
    {
        var pod = Parts.Running("a", "10.1.0.1", podReady);
        if (deleted) pod.Metadata.DeletionTimestamp = Noon;
        var service = Parts.Service("web");
        service.Spec.PublishNotReadyAddresses = publish;
        var conditions = PodEndpoint.Of(pod, Parts.Node("n1"), service, "IPv4")!.Conditions;
        Assert.Equal((ready, serving, terminating), (conditions.Ready!.Value, conditions.Serving!.Value, conditions.Terminating!.Value));
    }

    [Theory]
    [InlineData("Running", "10.1.0.1", false, true, true)]
    [InlineData("Pending", "", false, true, false)]
    [InlineData("Succeeded", "10.1.0.1", false, true, false)]
    [InlineData("Failed", "10.1.0.1", false, true, false)]
    [InlineData("Running", "10.1.0.1", true, true, true)]
    [InlineData("Running", "10.1.0.1", true, false, false)]
    public void A_pod_is_behind_its_service_while_it_runs_and_has_an_address(string phase, string ip, bool deleted, bool includeTerminating, bool expected)
    {
        var pod = Parts.Running("a", ip);
        pod.Status.Phase = phase;
        if (ip.Length == 0) pod.Status.PodIPs = null;
        if (deleted) pod.Metadata.DeletionTimestamp = Noon;
        Assert.Equal(expected, PodEndpoint.Has(pod, includeTerminating));
    }

    [Fact]
    public void An_endpoint_names_its_pod_node_zone_and_host()
    {
        var pod = Parts.Running("web-0", "10.1.0.1");
        (pod.Spec.Hostname, pod.Spec.Subdomain) = ("web-0", "web");
        var endpoint = PodEndpoint.Of(pod, Parts.Node("n1", "east"), Parts.Service("web"), "IPv4")!;
        Assert.Equal(("Pod", "default", "web-0", "uid-web-0"), (endpoint.TargetRef!.Kind, endpoint.TargetRef.Namespace, endpoint.TargetRef.Name, endpoint.TargetRef.Uid));
        Assert.Equal(("n1", "east", "web-0"), (endpoint.NodeName, endpoint.Zone, endpoint.Hostname));
        Assert.Null(PodEndpoint.Of(pod, null, Parts.Service("other"), "IPv4")!.Hostname);
    }

    [Theory]
    [InlineData(null, 0, 0)]
    [InlineData("PreferClose", 1, 0)]
    [InlineData("PreferSameZone", 1, 0)]
    [InlineData("PreferSameNode", 1, 1)]
    public void Hints_follow_the_services_traffic_distribution(string? distribution, int zones, int nodes)
    {
        var service = Parts.Service("web");
        service.Spec.TrafficDistribution = distribution;
        var hints = PodEndpoint.Of(Parts.Running("a", "10.1.0.1"), Parts.Node("n1", "east"), service, "IPv4")!.Hints;
        Assert.Equal((zones, nodes), (hints?.ForZones?.Count ?? 0, hints?.ForNodes?.Count ?? 0));
    }

    [Theory]
    [InlineData("IPv4", new[] { "10.1.0.1" })]
    [InlineData("IPv6", new[] { "fd00::1" })]
    public void A_slice_has_addresses_of_its_own_family(string family, string[] expected)
    {
        var pod = Parts.Running("a", "10.1.0.1");
        pod.Status.PodIPs!.Add(new() { Ip = "fd00::1" });
        Assert.Equal(expected, PodEndpoint.Of(pod, null, Parts.Service("web"), family)!.Addresses);
    }

    [Theory]
    [InlineData("10.0.0.1", null, new[] { "IPv4" })]
    [InlineData("fd00::1", null, new[] { "IPv6" })]
    [InlineData("None", null, new[] { "IPv4", "IPv6" })]
    [InlineData("10.0.0.1", new[] { "IPv6", "IPv4" }, new[] { "IPv6", "IPv4" })]
    public void A_service_has_slices_for_each_of_its_families(string clusterIP, string[]? families, string[] expected)
    {
        var service = Parts.Service("web");
        (service.Spec.ClusterIP, service.Spec.IpFamilies) = (clusterIP, families is null ? null : [.. families]);
        Assert.Equal(expected, PodEndpoint.AddressTypes(service));
    }

    [Fact]
    public void A_sidecars_named_port_counts_and_an_init_containers_does_not()
    {
        var pod = Parts.Pod("a", "web");
        var port = new ContainerPort { Name = "http", ContainerPortValue = 81, Protocol = "TCP" };
        pod.Spec.InitContainers = [new() { Name = "init", Ports = [port] }];
        Assert.Null(TargetPort.Find(pod, Parts.Port("", 80, "http")));
        pod.Spec.InitContainers[0].RestartPolicy = "Always";
        Assert.Equal(81, TargetPort.Find(pod, Parts.Port("", 80, "http")));
        Assert.Equal(8080, TargetPort.Find(pod, Parts.Port("", 80, 8080)));
    }
}
