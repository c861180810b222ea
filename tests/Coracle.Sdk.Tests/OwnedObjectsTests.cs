using System.Text.Json.Nodes;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class OwnedObjectsTests
{
    private readonly SimulationLoop loop = new(1);
    private readonly FakeServer server;
    private readonly Client client;
    private readonly ReplicaSet set;

    public OwnedObjectsTests()
    {
        server = new(loop);
        client = new(server.NewTransport(), new() { Time = loop.Time, Random = new Random(1) });
        server.Put("replicasets", new() { ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = "set" } });
        set = loop.Run(() => client.GetAsync<ReplicaSet>(new("a", "set")).AsTask());
    }

    private Pod NewPod(string name, string app, string? controller = null)
    {
        var owners = controller is null ? null : new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = "set", ["uid"] = controller, ["controller"] = true });
        var meta = new JsonObject { ["namespace"] = "a", ["name"] = name, ["labels"] = new JsonObject { ["app"] = app } };
        if (owners is not null) meta["ownerReferences"] = owners;
        server.Put("pods", new() { ["metadata"] = meta });
        return loop.Run(() => client.GetAsync<Pod>(new("a", name)).AsTask());
    }

    private IReadOnlyList<Pod> Claim(params Pod[] pods) =>
        loop.Run(() => OwnedObjects.ClaimAsync(client, set, Selector.Parse("app=web"), pods, default).AsTask());

    private IEnumerable<ApiCall> Patches => server.Calls.Where(c => c.Method == "PATCH");

    [Fact]
    public void What_matches_and_is_ones_own_is_kept_without_a_call()
    {
        var claimed = Claim(NewPod("mine", "web", set.Metadata.Uid), NewPod("another's", "web", "other"));
        Assert.Equal("mine", Assert.Single(claimed).Metadata.Name);
        Assert.Empty(Patches);
    }

    [Fact]
    public void An_orphan_that_matches_is_adopted_and_one_that_does_not_is_left()
    {
        var claimed = Claim(NewPod("orphan", "web"), NewPod("stranger", "db"));
        Assert.Equal("orphan", Assert.Single(claimed).Metadata.Name);
        var patch = JsonNode.Parse(Assert.Single(Patches).Body.Span)!["metadata"]!;
        Assert.Equal(claimed[0].Metadata.Uid, patch["uid"]!.ToString());
        Assert.Equal((set.Metadata.Uid, "True", "True"), (patch["ownerReferences"]![0]!["uid"]!.ToString(),
            patch["ownerReferences"]![0]!["controller"]!.GetValue<bool>().ToString(), patch["ownerReferences"]![0]!["blockOwnerDeletion"]!.GetValue<bool>().ToString()));
    }

    [Fact]
    public void What_does_not_match_any_more_is_released()
    {
        Assert.Empty(Claim(NewPod("mine", "db", set.Metadata.Uid)));
        Assert.Contains("\"$patch\":\"delete\"", Assert.Single(Patches).Body.ToString() is var _ ? System.Text.Encoding.UTF8.GetString(Patches.Single().Body.Span) : "");
    }

    [Fact]
    public void An_owner_that_was_replaced_adopts_nothing()
    {
        var orphan = NewPod("orphan", "web");
        server.Remove("replicasets", new("a", "set"));
        server.Put("replicasets", new() { ["metadata"] = new JsonObject { ["namespace"] = "a", ["name"] = "set" } });
        Assert.Throws<ReconcileException>(() => Claim(orphan));
        Assert.Empty(Patches);
    }

    [Fact]
    public void An_owner_on_its_way_out_neither_adopts_nor_releases()
    {
        var leaving = set.DeepCopy();
        leaving.Metadata.DeletionTimestamp = loop.Time.GetUtcNow();
        Pod[] pods = [NewPod("orphan", "web"), NewPod("mine", "db", set.Metadata.Uid), NewPod("kept", "web", set.Metadata.Uid)];
        var claimed = loop.Run(() => OwnedObjects.ClaimAsync(client, leaving, Selector.Parse("app=web"), pods, default).AsTask());
        Assert.Equal("kept", Assert.Single(claimed).Metadata.Name);
        Assert.Empty(Patches);
    }
}
