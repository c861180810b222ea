using Coracle.Controllers.GarbageCollection;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.GarbageCollection;

public sealed class GarbageTests
{
    private static ConfigMap Map(string name, params OwnerReference[] owners) => new()
    {
        Metadata = new() { Name = name, Namespace = "default", OwnerReferences = owners.Length == 0 ? null : [.. owners] },
    };

    private static OwnerReference To(ConfigMap owner, bool block = false) => new()
    {
        ApiVersion = "v1", Kind = "ConfigMap", Name = owner.Metadata.Name, Uid = owner.Metadata.Uid, BlockOwnerDeletion = block ? true : null,
    };

    private static Task<TestCluster> StartAsync() => TestCluster.StartAsync(GarbageReconciler.NewController);

    private static Task GoneAsync(TestCluster cluster, string name) =>
        cluster.UntilAsync(async () => await cluster.Client.TryGetAsync<ConfigMap>(new("default", name)) is null, $"{name} to go");

    [Fact]
    public async Task What_an_object_owned_goes_after_it_and_what_that_owned_too()
    {
        await using var cluster = await StartAsync();
        var owner = await cluster.CreateAsync(Map("owner"));
        var child = await cluster.CreateAsync(Map("child", To(owner)));
        await cluster.CreateAsync(Map("grandchild", To(child)));
        await cluster.CreateAsync(Map("stranger"));
        await cluster.DeleteAsync<ConfigMap>("owner", Deletion.Background);
        await GoneAsync(cluster, "grandchild");
        await GoneAsync(cluster, "child");
        await cluster.GetAsync<ConfigMap>("stranger");
    }

    [Fact]
    public async Task An_object_whose_owner_never_was_goes()
    {
        await using var cluster = await StartAsync();
        var owner = await cluster.CreateAsync(Map("owner"));
        var wrong = To(owner);
        wrong.Uid = "11111111-2222-3333-4444-555555555555";
        await cluster.CreateAsync(Map("child", wrong));
        await GoneAsync(cluster, "child");
        await cluster.GetAsync<ConfigMap>("owner");
    }

    [Fact]
    public async Task An_object_with_an_owner_left_stays_and_loses_the_reference_to_the_other()
    {
        await using var cluster = await StartAsync();
        var (one, two) = (await cluster.CreateAsync(Map("one")), await cluster.CreateAsync(Map("two")));
        await cluster.CreateAsync(Map("child", To(one), To(two)));
        await cluster.DeleteAsync<ConfigMap>("one", Deletion.Background);
        await cluster.UntilAsync(async () => (await cluster.GetAsync<ConfigMap>("child")).Metadata.OwnerReferences is [{ Name: "two" }], "the reference to go");
    }

    [Fact]
    public async Task Deletion_in_the_foreground_waits_for_dependents_that_block_it()
    {
        await using var cluster = await StartAsync();
        var owner = await cluster.CreateAsync(Map("owner"));
        var held = Map("held", To(owner, block: true));
        held.Metadata.Finalizers = ["tests.coracle/hold"];
        await cluster.CreateAsync(held);
        await cluster.CreateAsync(Map("free", To(owner)));
        await cluster.DeleteAsync<ConfigMap>("owner", Deletion.Foreground);
        await cluster.UntilAsync(async () => (await cluster.GetAsync<ConfigMap>("held")).Metadata.DeletionTimestamp is not null, "the dependent to be deleted");
        Assert.Equal(["foregroundDeletion"], (await cluster.GetAsync<ConfigMap>("owner")).Metadata.Finalizers);

        await cluster.ChangeAsync<ConfigMap>("held", map => map.Metadata.Finalizers = null);
        await GoneAsync(cluster, "owner");
        await GoneAsync(cluster, "free");
    }

    [Fact]
    public async Task Orphans_stay_and_belong_to_nobody()
    {
        await using var cluster = await StartAsync();
        var owner = await cluster.CreateAsync(Map("owner"));
        await cluster.CreateAsync(Map("child", To(owner)));
        await cluster.UntilAsync(() => cluster.Informers.Metadata<ConfigMap>().Get(new("default", "child")) is not null, "the cache to show the child");
        await cluster.DeleteAsync<ConfigMap>("owner", Deletion.Orphan);
        await GoneAsync(cluster, "owner");
        Assert.Null((await cluster.GetAsync<ConfigMap>("child")).Metadata.OwnerReferences);
    }

    [Fact]
    public async Task An_owner_in_another_namespace_is_none_and_an_event_says_so()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(new Namespace { Metadata = new() { Name = "other" } });
        var owner = Map("owner");
        owner.Metadata.Namespace = "other";
        owner = await cluster.CreateAsync(owner);
        await cluster.UntilAsync(() => cluster.Informers.Metadata<ConfigMap>().Get(new("other", "owner")) is not null, "the cache to show the owner");
        await cluster.CreateAsync(Map("child", To(owner)));
        await GoneAsync(cluster, "child");
        await cluster.UntilAsync(async () => (await cluster.ListAsync<Event>()).Any(e => e.Reason == "OwnerRefInvalidNamespace"), "an event");
    }

    [Fact]
    public async Task Two_that_own_each_other_do_not_wait_for_each_other_for_ever()
    {
        await using var cluster = await StartAsync();
        var one = await cluster.CreateAsync(Map("one"));
        await cluster.CreateAsync(Map("two", To(one, block: true)));
        var two = await cluster.GetAsync<ConfigMap>("two");
        await cluster.ChangeAsync<ConfigMap>("one", map => map.Metadata.OwnerReferences = [To(two, block: true)]);
        await cluster.UntilAsync(() => cluster.Informers.Metadata<ConfigMap>().Get(new("default", "one"))?.Metadata.OwnerReferences is not null, "the cache to show the circle");
        await cluster.DeleteAsync<ConfigMap>("one", Deletion.Foreground);
        await GoneAsync(cluster, "one");
        await GoneAsync(cluster, "two");
    }
}
