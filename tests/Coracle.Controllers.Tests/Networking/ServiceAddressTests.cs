using Coracle.Controllers.Networking;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Networking;

/// <summary>Ranges, addresses and load balancers of services.</summary>
public sealed class ServiceAddressTests
{
    private readonly SimulatedCluster cluster = new(1, ServiceCidrReconciler.NewController, ServiceAddressReconciler.NewController,
        informers => LoadBalancerReconciler.NewController(informers, System.Net.IPNetwork.Parse("10.128.0.0/30")));

    private Service Create(string name, string type = "ClusterIP", string asked = "") => cluster.Create(new Service
    {
        Metadata = new() { Namespace = "default", Name = name }, Spec = new() { Type = type, LoadBalancerIP = asked, Ports = [new() { Port = 80 }] },
    });

    private string? Ingress(string name) => cluster.Get<Service>("default", name).Status.LoadBalancer.Ingress is [var one] ? one.Ip : null;

    private bool Told(string reason) => cluster.List<Event>().Any(e => e.Reason == reason);

    [Fact]
    public void An_address_that_a_service_has_is_an_object_for_as_long()
    {
        var service = Create("web");
        cluster.Until(() => cluster.Find<IPAddress>("", service.Spec.ClusterIP) is not null, 10, "the address");
        var address = cluster.Get<IPAddress>("", service.Spec.ClusterIP);
        Assert.Equal(("", "services", "default", "web"), (address.Spec.ParentRef!.Group, address.Spec.ParentRef.Resource, address.Spec.ParentRef.Namespace, address.Spec.ParentRef.Name));
        Assert.Equal(("IPv4", "ipallocator.k8s.io"), (address.Metadata.Labels!["ipaddress.kubernetes.io/ip-family"], address.Metadata.Labels["ipaddress.kubernetes.io/managed-by"]));
        cluster.Delete<IPAddress>("", service.Spec.ClusterIP);
        cluster.Until(() => cluster.Find<IPAddress>("", service.Spec.ClusterIP) is not null, 10, "the address again");
        cluster.Delete<Service>("default", "web");
        cluster.Until(() => cluster.Find<IPAddress>("", service.Spec.ClusterIP) is null, 10, "its end");
    }

    [Fact]
    public void A_headless_service_has_no_address_and_one_of_somebody_else_is_left_alone()
    {
        cluster.Create(new Service { Metadata = new() { Namespace = "default", Name = "none" }, Spec = new() { ClusterIP = "None", Ports = [new() { Port = 80 }] } });
        cluster.Create(new IPAddress { Metadata = new() { Name = "192.0.2.1" }, Spec = new() { ParentRef = new() { Group = "example.com", Resource = "gateways", Name = "g" } } });
        cluster.Pass(10);
        Assert.Equal("192.0.2.1", Assert.Single(cluster.List<IPAddress>("")).Metadata.Name);
    }

    [Fact]
    public void A_range_is_ready_and_stays_for_as_long_as_addresses_of_it_are_used()
    {
        cluster.Create(new ServiceCIDR { Metadata = new() { Name = "kubernetes" }, Spec = new() { Cidrs = ["10.96.0.0/16"] } });
        cluster.Until(() => cluster.Get<ServiceCIDR>("", "kubernetes").Status.Conditions is [{ Type: "Ready", Status: "True", Message: "Kubernetes Service CIDR is ready" }], 10, "the condition");
        Assert.Contains("networking.k8s.io/service-cidr-finalizer", cluster.Get<ServiceCIDR>("", "kubernetes").Metadata.Finalizers!);
        Create("web");
        cluster.Until(() => cluster.List<IPAddress>("").Count == 1, 10, "the address");
        cluster.Delete<ServiceCIDR>("", "kubernetes");
        cluster.Until(() => cluster.Get<ServiceCIDR>("", "kubernetes").Status.Conditions is
            [{ Status: "False", Reason: "Terminating", Message: "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR" }], 10, "the condition");
        cluster.Delete<Service>("default", "web");
        cluster.Until(() => cluster.Find<ServiceCIDR>("", "kubernetes") is null, 60, "the range's end");
    }

    [Fact]
    public void A_range_whose_addresses_another_holds_too_goes_at_once()
    {
        cluster.Create(new ServiceCIDR { Metadata = new() { Name = "large" }, Spec = new() { Cidrs = ["10.96.0.0/16"] } });
        cluster.Create(new ServiceCIDR { Metadata = new() { Name = "larger" }, Spec = new() { Cidrs = ["10.96.0.0/12"] } });
        Create("web");
        cluster.Until(() => cluster.List<ServiceCIDR>("").All(r => r.Metadata.Finalizers is { Count: 1 }), 10, "the finalizers");
        cluster.Delete<ServiceCIDR>("", "large");
        cluster.Until(() => cluster.Find<ServiceCIDR>("", "large") is null, 60, "its end");
        Assert.NotNull(cluster.Find<ServiceCIDR>("", "larger"));
    }

    [Fact]
    public void A_range_that_is_added_gives_addresses_to_services()
    {
        var refused = cluster.Do(() => cluster.Client.TryCreateAsync(Wanting("192.168.7.1")));
        Assert.Equal("Service \"wants\" is invalid: spec.clusterIPs: Invalid value: [\"192.168.7.1\"]: failed to allocate IP 192.168.7.1: the provided network does not match the current range", refused.Failure!.Message);
        cluster.Create(new ServiceCIDR { Metadata = new() { Name = "more" }, Spec = new() { Cidrs = ["192.168.7.0/24"] } });
        cluster.Until(() => cluster.Get<ServiceCIDR>("", "more").Status.Conditions is [{ Status: "True" }], 10, "the range");
        cluster.Create(Wanting("192.168.7.1"));
        cluster.Until(() => cluster.Find<IPAddress>("", "192.168.7.1") is not null, 10, "the address");
    }

    private static Service Wanting(string address) => new() { Metadata = new() { Namespace = "default", Name = "wants" }, Spec = new() { ClusterIP = address, Ports = [new() { Port = 80 }] } };

    [Fact]
    public void Load_balancers_get_addresses_of_the_pool_until_there_are_none_and_give_them_back()
    {
        Create("a", "LoadBalancer");
        cluster.Until(() => Ingress("a") == "10.128.0.1", 10, "the first address");
        Create("b", "LoadBalancer", "10.128.0.2");
        cluster.Until(() => Ingress("b") == "10.128.0.2", 10, "the address that was asked for");
        Assert.True(Told("EnsuringLoadBalancer") && Told("EnsuredLoadBalancer"));
        Create("c", "LoadBalancer");
        cluster.Until(() => Told("SyncLoadBalancerFailed"), 10, "the failure");
        Assert.Null(Ingress("c"));
        cluster.Change<Service>("default", "a", s => s.Spec.Type = "ClusterIP");
        cluster.Until(() => Ingress("a") is null && Ingress("c") == "10.128.0.1", 10, "the address to move on");
    }

    [Fact]
    public void A_load_balancer_of_another_class_is_left_to_others()
    {
        cluster.Create(new Service { Metadata = new() { Namespace = "default", Name = "x" }, Spec = new() { Type = "LoadBalancer", LoadBalancerClass = "example.com/cloud", Ports = [new() { Port = 80 }] } });
        cluster.Pass(10);
        Assert.Null(Ingress("x"));
    }
}
