using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>From a definition to the resource that it defines, and back to nothing.</summary>
public sealed class LifecycleTests
{
    private static readonly string Size = Crds.Widget("""
        "size":{"type":"integer"}
        """);

    [Fact]
    public async Task A_definition_is_established_and_its_objects_are_served_without_a_restart()
    {
        await using var crds = await Crds.StartAsync();
        Assert.Equal(404, (await crds.Api.Get(Crds.Widgets)).Code);
        var created = await crds.Define(Size);
        Assert.Equal("""["v1"]""", created.At("status.storedVersions"));
        Assert.Equal("widget", created.At("spec.names.singular"));
        Assert.Equal("WidgetList", created.At("spec.names.listKind"));
        Assert.Equal("None", created.At("spec.conversion.strategy"));
        var definition = await crds.Api.Get($"{Crds.Definitions}/widgets.example.com");
        Assert.Equal(["NamesAccepted True NoConflicts no conflicts found", "Established True InitialNamesAccepted the initial names have been accepted"],
            definition.Json["status"]!["conditions"]!.AsArray().Select(c => $"{c!["type"]} {c["status"]} {c["reason"]} {c["message"]}"));
        Assert.Equal("widgets", definition.At("status.acceptedNames.plural"));

        var widget = await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"size":3}"""));
        Assert.Equal("1", widget.At("metadata.generation"));
        Assert.Equal("3", widget.At("spec.size"));
        var list = await crds.Api.Get(Crds.Widgets);
        Assert.Equal("WidgetList", (string?)list.Json["kind"]);
        Assert.Equal("Widget", (string?)list.Items[0]["kind"]);
        Assert.Equal("example.com/v1", (string?)list.Items[0]["apiVersion"]);
    }

    [Fact]
    public async Task Definitions_come_back_with_the_store()
    {
        var store = new Store.MemoryStore();
        await using (var crds = await Crds.StartAsync(store))
        {
            await crds.Define(Size);
            await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"size":3}"""));
            await using var again = await Api.OpenAsync(store);
            Assert.Equal("3", (await again.Get($"{Crds.Widgets}/one")).At("spec.size"));
        }
    }

    [Fact]
    public async Task A_definition_takes_its_objects_with_it()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Size);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        await crds.Api.Create(Crds.Widgets, """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        var deleted = await crds.Api.Delete($"{Crds.Definitions}/widgets.example.com");
        Assert.Equal("""["customresourcecleanup.apiextensions.k8s.io"]""", deleted.At("metadata.finalizers"));
        await crds.Gone($"{Crds.Widgets}/one");
        var terminating = await crds.Condition("widgets.example.com", "Terminating", "True");
        Assert.StartsWith("InstanceDeletion", (string?)terminating["reason"]);
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("late", "{}"));
        Assert.Equal((403, "Forbidden", "widgets.example.com \"late\" is forbidden: create not allowed while custom resource definition is terminating"), refused.Status);

        await crds.Api.Patch($"{Crds.Widgets}/held", """{"metadata":{"finalizers":null}}""");
        crds.Api.Time.Advance(TimeSpan.FromSeconds(2));
        await crds.Gone($"{Crds.Definitions}/widgets.example.com");
        Assert.Equal(404, (await crds.Api.Get(Crds.Widgets)).Code);
        // The same name may be used anew.
        await crds.Define(Size);
        Assert.Empty((await crds.Api.Get(Crds.Widgets)).Items);
    }

    [Fact]
    public async Task Names_that_are_in_use_are_not_accepted_until_they_are_free()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Size);
        var other = Size.Replace("\"widgets", "\"gadgets", StringComparison.Ordinal).Replace("\"kind\":\"Widget\"", "\"kind\":\"Widget\",\"singular\":\"gadget\"", StringComparison.Ordinal);
        await crds.Api.Create(Crds.Definitions, other);
        var refused = await crds.Condition("gadgets.example.com", "NamesAccepted", "False");
        Assert.Equal("ListKindConflict", (string?)refused["reason"]);
        Assert.Equal("\"WidgetList\" is already in use", (string?)refused["message"]);
        Assert.Equal("NotAccepted", (string?)(await crds.Condition("gadgets.example.com", "Established", "False"))["reason"]);
        Assert.Equal(404, (await crds.Api.Get("/apis/example.com/v1/gadgets")).Code);
        await crds.Api.Delete($"{Crds.Definitions}/widgets.example.com");
        await crds.Established("gadgets.example.com");
        Assert.Equal(200, (await crds.Api.Get("/apis/example.com/v1/gadgets")).Code);
    }

    [Fact]
    public async Task Changes_of_a_definition_are_seen_by_the_next_request()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Size);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"size":3}"""));
        var path = $"{Crds.Definitions}/widgets.example.com";
        var added = await crds.Api.Patch(path, """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/color","value":{"type":"string","default":"red"}}]""", Api.JsonPatch);
        Assert.True(added.Code == 200, added.Text);
        Assert.Equal("red", (await crds.Api.Get($"{Crds.Widgets}/one")).At("spec.color"));
        var off = await crds.Api.Patch(path, """[{"op":"replace","path":"/spec/versions/0/served","value":false}]""", Api.JsonPatch);
        Assert.True(off.Code == 200, off.Text);
        Assert.Equal(404, (await crds.Api.Get($"{Crds.Widgets}/one")).Code);
    }

    [Fact]
    public async Task A_watch_of_a_resource_ends_with_its_definition()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Size);
        var watch = await crds.Api.Watch(Crds.Widgets + "?watch=true&resourceVersion=0");
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        Assert.Equal(["ADDED one"], watch.Seen());
        await crds.Api.Delete($"{Crds.Definitions}/widgets.example.com");
        await crds.Gone($"{Crds.Definitions}/widgets.example.com");
        Assert.Equal(["DELETED one"], watch.Seen());
        Assert.True(watch.HasEnded);
    }

    [Fact]
    public async Task Discovery_follows_definitions_with_versions_in_their_order_of_preference()
    {
        await using var crds = await Crds.StartAsync();
        var versions = string.Join(',', new[] { "v1alpha1", "v2", "v10", "v1", "v2beta1" }.Select(v =>
            $$$"""{"name":"{{{v}}}","served":true,"storage":{{{(v == "v1" ? "true" : "false")}}},"subresources":{"status":{} },"schema":{"openAPIV3Schema":{"type":"object"} } }"""));
        var before = await crds.Api.Get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        await crds.Define($$$"""
            {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["wi"],"categories":["all"]},"versions":[{{{versions}}}]} }
            """);
        var group = await crds.Api.Get("/apis/example.com");
        Assert.Equal(["v10", "v2", "v1", "v2beta1", "v1alpha1"], group.Json["versions"]!.AsArray().Select(v => (string?)v!["version"]));
        Assert.Equal("v10", group.At("preferredVersion.version"));
        var list = await crds.Api.Get("/apis/example.com/v1");
        Assert.Equal(["widgets", "widgets/status"], list.Json["resources"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.Equal("""["wi"]""", list.At("resources.0.shortNames"));
        var after = await crds.Api.Get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        Assert.NotEqual(before.Header("ETag"), after.Header("ETag"));
        Assert.Equal("example.com", (string?)after.Items[^1]["metadata"]!["name"]);
    }
}
