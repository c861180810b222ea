using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;

namespace Coracle.Controllers.Tests;

public sealed class NamespaceTests
{
    private readonly SimulatedCluster cluster = new(12, NamespaceReconciler.NewController);

    public NamespaceTests()
    {
        cluster.Create(new Namespace { Metadata = new() { Name = "shop" } });
        cluster.Create(new ServiceAccount { Metadata = new() { Namespace = "shop", Name = "default" } });
    }

    private void Fill(string name, params string[] finalizers) =>
        cluster.Create(new ConfigMap { Metadata = new() { Namespace = "shop", Name = name, Finalizers = [.. finalizers] } });

    private NamespaceCondition Condition(string type) => cluster.Get<Namespace>("", "shop").Status.Conditions!.Find(c => c.Type == type)!;

    [Fact]
    public void A_new_namespace_is_active_and_is_held_by_its_finalizer()
    {
        var ns = cluster.Get<Namespace>("", "shop");
        Assert.Equal("Active", ns.Status.Phase);
        Assert.Equal(["kubernetes"], ns.Spec.Finalizers);
    }

    [Fact]
    public void A_namespace_goes_with_all_that_is_in_it()
    {
        for (var i = 0; i < 30; i++) Fill($"map-{i}");
        cluster.Create(new Secret { Metadata = new() { Namespace = "shop", Name = "s" } });
        cluster.Create(new EndpointSlice { Metadata = new() { Namespace = "shop", Name = "e" }, AddressType = "IPv4", Endpoints = [], Ports = [] });
        cluster.Delete<Namespace>("", "shop");
        Assert.Equal("Terminating", cluster.Get<Namespace>("", "shop").Status.Phase);
        cluster.Pass(2);
        Assert.Null(cluster.Find<Namespace>("", "shop"));
        Assert.Empty(cluster.List<ConfigMap>("shop"));
        Assert.Empty(cluster.List<Secret>("shop"));
        Assert.Empty(cluster.List<EndpointSlice>("shop"));
        Assert.Empty(cluster.Faults);
        cluster.Create(new Namespace { Metadata = new() { Name = "shop" } }); // the name is free
    }

    [Fact]
    public void What_holds_up_a_namespace_is_told_in_its_conditions()
    {
        Fill("free");
        Fill("held", "example.com/wait");
        cluster.Delete<Namespace>("", "shop");
        cluster.Pass(2);
        Assert.Equal("held", Assert.Single(cluster.List<ConfigMap>("shop")).Metadata.Name);
        var (content, finalizers) = (Condition("NamespaceContentRemaining"), Condition("NamespaceFinalizersRemaining"));
        Assert.Equal(("True", "SomeResourcesRemain", "Some resources are remaining: configmaps. has 1 resource instances"), (content.Status, content.Reason, content.Message));
        Assert.Equal(("True", "SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: example.com/wait in 1 resource instances"),
            (finalizers.Status, finalizers.Reason, finalizers.Message));
        Assert.Equal(("False", "ResourcesDiscovered", "All resources successfully discovered"),
            (Condition("NamespaceDeletionDiscoveryFailure").Status, Condition("NamespaceDeletionDiscoveryFailure").Reason, Condition("NamespaceDeletionDiscoveryFailure").Message));
        cluster.Change<ConfigMap>("shop", "held", map => map.Metadata.Finalizers = null);
        cluster.Pass(10);
        Assert.Null(cluster.Find<Namespace>("", "shop"));
    }

    [Fact]
    public void Pods_go_first_and_nothing_else_goes_while_one_is_left()
    {
        Fill("config");
        var pod = Parts.Pod("web", "web", "n1");
        (pod.Metadata.Namespace, pod.Metadata.Finalizers) = ("shop", ["example.com/wait"]);
        cluster.Create(pod);
        cluster.Delete<Namespace>("", "shop");
        cluster.Pass(5);
        Assert.NotNull(cluster.Find<ConfigMap>("shop", "config"));
        Assert.NotNull(cluster.Get<Pod>("shop", "web").Metadata.DeletionTimestamp);
        Assert.Equal("Some resources are remaining: pods. has 1 resource instances", Condition("NamespaceContentRemaining").Message);
        cluster.Change<Pod>("shop", "web", p => p.Metadata.Finalizers = null);
        if (cluster.Find<Pod>("shop", "web") is not null) cluster.Delete<Pod>("shop", "web", Sdk.Deletion.Now);
        cluster.Pass(5);
        Assert.Null(cluster.Find<Namespace>("", "shop"));
    }

    [Fact]
    public void A_namespace_that_others_hold_stays_until_they_let_go()
    {
        cluster.Create(new Namespace { Metadata = new() { Name = "held" }, Spec = new() { Finalizers = ["example.com/hold"] } });
        cluster.Delete<Namespace>("", "held");
        cluster.Pass(2);
        var held = cluster.Get<Namespace>("", "held");
        Assert.Equal(["example.com/hold"], held.Spec.Finalizers);
        held.Spec.Finalizers = null;
        cluster.Do(() => cluster.Client.For<Namespace>().TryUpdateSubresourceAsync(held, "finalize")).OrThrow();
        cluster.Pass(1);
        Assert.Null(cluster.Find<Namespace>("", "held"));
    }

    [Fact]
    public void The_finalizers_of_a_namespace_are_not_changed_by_an_update()
    {
        cluster.Change<Namespace>("", "shop", ns => ns.Spec.Finalizers = null);
        Assert.Equal(["kubernetes"], cluster.Get<Namespace>("", "shop").Spec.Finalizers);
    }
}
