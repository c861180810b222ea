using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests;

public sealed class NamespaceFurnitureTests
{
    private static Controller RootCa(InformerSet informers) => RootCaReconciler.NewController(informers, "-----BEGIN CERTIFICATE-----");

    [Fact]
    public void A_namespace_has_a_default_service_account_from_its_first_moment_and_again_when_it_is_deleted()
    {
        var cluster = new SimulatedCluster(1, DefaultAccountReconciler.NewController);
        cluster.Create(new Namespace { Metadata = new() { Name = "shop" } });
        cluster.Pass(0.1);
        var first = cluster.Get<ServiceAccount>("shop", "default");
        cluster.Delete<ServiceAccount>("shop", "default");
        cluster.Pass(0.1);
        Assert.NotEqual(first.Metadata.Uid, cluster.Get<ServiceAccount>("shop", "default").Metadata.Uid);
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void Every_namespace_has_the_clusters_certificate_authority()
    {
        var cluster = new SimulatedCluster(2, RootCa);
        cluster.Create(new Namespace { Metadata = new() { Name = "shop" } });
        cluster.Pass(0.1);
        foreach (var ns in (string[])["default", "kube-system", "shop"])
        {
            var map = cluster.Get<ConfigMap>(ns, "kube-root-ca.crt");
            Assert.Equal("-----BEGIN CERTIFICATE-----", Assert.Single(map.Data!).Value);
            Assert.Contains("kubernetes.io/description", map.Metadata.Annotations!.Keys);
        }
    }

    [Fact]
    public void What_others_write_into_the_authority_is_put_right_and_what_they_delete_comes_back()
    {
        var cluster = new SimulatedCluster(3, RootCa);
        cluster.Change<ConfigMap>("default", "kube-root-ca.crt", map => map.Data = new() { ["ca.crt"] = "forged", ["more"] = "x" });
        cluster.Pass(0.1);
        Assert.Equal("-----BEGIN CERTIFICATE-----", Assert.Single(cluster.Get<ConfigMap>("default", "kube-root-ca.crt").Data!).Value);
        cluster.Delete<ConfigMap>("default", "kube-root-ca.crt");
        cluster.Pass(0.1);
        Assert.NotNull(cluster.Find<ConfigMap>("default", "kube-root-ca.crt"));
    }

    [Fact]
    public void A_namespace_that_is_going_gets_nothing_new()
    {
        var cluster = new SimulatedCluster(4, DefaultAccountReconciler.NewController, RootCa);
        cluster.Create(new Namespace { Metadata = new() { Name = "shop" } });
        cluster.Pass(0.1);
        cluster.Delete<Namespace>("", "shop"); // nobody empties it here
        cluster.Delete<ServiceAccount>("shop", "default");
        cluster.Delete<ConfigMap>("shop", "kube-root-ca.crt");
        cluster.Pass(1);
        Assert.Empty(cluster.List<ServiceAccount>("shop"));
        Assert.Empty(cluster.List<ConfigMap>("shop"));
        Assert.Empty(cluster.Faults);
    }
}
