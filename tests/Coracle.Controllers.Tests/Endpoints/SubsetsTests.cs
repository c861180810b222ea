using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests;

public sealed class SubsetsTests
{
    private static List<EndpointSubset> Pack(Service service, params Pod[] pods) => Subsets.Pack(Subsets.Of(service, pods));
    private static string[] Ips(List<EndpointAddress>? addresses) => [.. (addresses ?? []).Select(a => a.Ip)];

    [Fact]
    public void Ready_and_not_ready_addresses_share_a_subset_of_all_ports()
    {
        var service = Parts.Service("web", Parts.Port("http", 80, 8080), Parts.Port("metrics", 90, 9090));
        var subset = Assert.Single(Pack(service, Parts.Running("a", "10.1.0.2"), Parts.Running("b", "10.1.0.1"), Parts.Running("c", "10.1.0.3", ready: false)));
        Assert.Equal(["10.1.0.1", "10.1.0.2"], Ips(subset.Addresses));
        Assert.Equal(["10.1.0.3"], Ips(subset.NotReadyAddresses));
        Assert.Equal([("http", 8080), ("metrics", 9090)], subset.Ports!.Select(p => (p.Name, p.Port)));
        Assert.Equal("n1", subset.Addresses![0].NodeName);
    }

    [Fact]
    public void Pods_with_other_ports_have_subsets_of_their_own()
    {
        var service = Parts.Service("web", Parts.Port("http", 80, "http"));
        var (a, b) = (Parts.Running("a", "10.1.0.1"), Parts.Running("b", "10.1.0.2"));
        a.Spec.Containers![0].Ports = [new() { Name = "http", ContainerPortValue = 8080, Protocol = "TCP" }];
        b.Spec.Containers![0].Ports = [new() { Name = "http", ContainerPortValue = 9090, Protocol = "TCP" }];
        Assert.Equal([("10.1.0.1", 8080), ("10.1.0.2", 9090)], Pack(service, a, b).Select(s => (s.Addresses![0].Ip, s.Ports![0].Port)));
    }

    [Fact]
    public void Pods_that_end_are_listed_only_where_readiness_does_not_matter()
    {
        var pod = Parts.Running("a", "10.1.0.1");
        pod.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;
        var service = Parts.Service("web");
        Assert.Empty(Pack(service, pod));
        service.Spec.PublishNotReadyAddresses = true;
        Assert.Single(Pack(service, pod)[0].Addresses!);
    }

    [Fact]
    public void A_headless_service_needs_no_ports()
    {
        var service = Parts.Service("web");
        (service.Spec.Ports, service.Spec.ClusterIP) = (null, "None");
        var subset = Assert.Single(Pack(service, Parts.Running("a", "10.1.0.1")));
        Assert.Equal(["10.1.0.1"], Ips(subset.Addresses));
        Assert.Null(subset.Ports);
    }

    [Theory]
    // ready and not ready per subset -> what is kept of each
    [InlineData(new[] { 500, 500 }, new[] { 0, 0 }, new[] { 500, 500 }, new[] { 0, 0 }, false)]
    [InlineData(new[] { 900, 0 }, new[] { 100, 100 }, new[] { 900, 0 }, new[] { 50, 50 }, true)]
    [InlineData(new[] { 1500, 500 }, new[] { 10, 10 }, new[] { 750, 250 }, new[] { 0, 0 }, true)]
    [InlineData(new[] { 0 }, new[] { 1200 }, new[] { 0 }, new[] { 1000 }, true)]
    [InlineData(new[] { 1000 }, new[] { 1 }, new[] { 1000 }, new[] { 0 }, true)]
    public void A_thousand_addresses_at_most_are_listed_the_ready_ones_first(int[] ready, int[] notReady, int[] keptReady, int[] keptNotReady, bool truncated)
    {
        static List<EndpointAddress> Many(int count) => [.. Enumerable.Range(0, count).Select(i => new EndpointAddress { Ip = $"10.1.{i / 250}.{i % 250}" })];
        var subsets = ready.Zip(notReady, (r, n) => new EndpointSubset { Addresses = Many(r), NotReadyAddresses = Many(n) }).ToList();
        Assert.Equal(truncated, Subsets.Truncate(subsets));
        Assert.Equal(keptReady, subsets.Select(s => s.Addresses?.Count ?? 0));
        Assert.Equal(keptNotReady, subsets.Select(s => s.NotReadyAddresses?.Count ?? 0));
    }
}
