using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>
/// What upstream's tests named "… API operations" ask of a kind, one step after the other: discovery, every verb, a watch that sees the changes, and a collection that is deleted by its label.
/// </summary>
/// <param name="Group">Of the kind.</param>
/// <param name="Resource">Its plural.</param>
/// <param name="Spec">A spec that may be, as JSON.</param>
/// <param name="Status">A sub-resource for its status is offered.</param>
internal sealed record ApiOperations(string Group, string Resource, string Spec, bool Status)
{
    private const string Version = "v1", Selector = "?labelSelector=special-label%3D";

    public string Collection { get; init; } = $"/apis/{Group}/{Version}/{Resource}";

    /// <summary>All of an object but its metadata, as JSON without the braces.</summary>
    public string Content { get; init; } = $"\"spec\":{Spec}";

    /// <summary>Its status has conditions, which are written on the way.</summary>
    public bool Conditions { get; init; } = Status;

    public async Task Run(Cluster cluster, string label, Func<string, Task>? alsoDo = null)
    {
        await AreDiscovered(cluster);
        var created = new List<Answer>();
        while (created.Count < 3) created.Add(await cluster.Create(Collection, $$$"""{"metadata":{"generateName":"{{{label}}}-","labels":{"special-label":"{{{label}}}"} },{{{Content}}}}"""));
        var one = $"{Collection}/{created[0].Name}";
        Assert.Equal(created[0].Uid, (await cluster.Get(one)).Is(200).Uid);
        var list = (await cluster.Get(Collection + Selector + label)).Is(200);
        Assert.Equal(created.Select(c => c.Name).Order(), list.Names.Order());

        await using (var watch = await cluster.Watch($"{Collection}{Selector}{label}&resourceVersion={list.Version}"))
        {
            Assert.Equal("true", (await cluster.Patch(one, """{"metadata":{"annotations":{"patched":"true"}}}""")).Is(200)["metadata.annotations.patched"]);
            var updated = await cluster.Update(one, found => found["metadata"]!["annotations"]!["updated"] = "true");
            Assert.Equal(("true", "true"), (updated["metadata.annotations.patched"], updated["metadata.annotations.updated"]));
            await Sees(watch, created[0].Name, "patched");
            await Sees(watch, created[0].Name, "updated");
        }

        if (Conditions) await StatusIsWritten(cluster, one);
        if (alsoDo is not null) await alsoDo(created[1].Name);
        (await cluster.Delete(one)).Is(200);
        await cluster.Until(one, found => found.Code == 404 || found["metadata.deletionTimestamp"].Length > 0);
        await cluster.Until(Collection + Selector + label, found => found.Items.Count == 2);
        (await cluster.Send("DELETE", Collection + Selector + label)).Is(200);
        await cluster.Until(Collection + Selector + label, found => found.Items.Count == 0);
    }

    private async Task AreDiscovered(Cluster cluster)
    {
        var group = (await cluster.Get("/apis")).Is(200).Json["groups"]!.AsArray().Single(g => g!.Text("name") == Group)!;
        Assert.Contains(Version, group["versions"]!.AsArray().Select(v => v!.Text("version")));
        Assert.Contains($"{Group}/{Version}", (await cluster.Get($"/apis/{Group}")).Is(200).Json["versions"]!.AsArray().Select(v => v!.Text("groupVersion")));
        var resources = (await cluster.Get($"/apis/{Group}/{Version}")).Is(200).Json["resources"]!.AsArray().Select(r => r!.Text("name")).ToList();
        Assert.Contains(Resource, resources);
        Assert.Equal(Status, resources.Contains($"{Resource}/status"));
    }

    private static async Task Sees(Watching watch, string name, string annotation)
    {
        var seen = await watch.Until(e => e.Name == name && e.Object.Text($"metadata.annotations.{annotation}") == "true");
        Assert.Equal("MODIFIED", seen.Type);
    }

    private static async Task StatusIsWritten(Cluster cluster, string one)
    {
        (await cluster.Get(one + "/status")).Is(200);
        var patched = (await cluster.Patch(one + "/status", """{"metadata":{"annotations":{"patchedstatus":"true"}},"status":{"conditions":[]}}""")).Is(200);
        Assert.Equal("true", patched["metadata.annotations.patchedstatus"]);
        var updated = await cluster.Update(one + "/status", found => found["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "StatusUpdate", ["status"] = "False", ["reason"] = "E2E", ["message"] = "Set from an e2e test", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        }) });
        Assert.Contains("StatusUpdate", updated.Json["status"]!["conditions"]!.AsArray().Select(c => c!.Text("type")));
    }
}
