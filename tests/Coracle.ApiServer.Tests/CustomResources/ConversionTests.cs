using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Admission;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>Versions that a webhook turns into each other.</summary>
public sealed class ConversionTests
{
    private const string V2 = "/apis/example.com/v2/namespaces/default/widgets";

    private const string Definition = """
        {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
        "conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"https://converter.example.com/convert"}}},"versions":[
        {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"host":{"type":"string"},"port":{"type":"string"}}}}}}},
        {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"address":{"type":"string"}}}}}}}]}}
        """;

    [Fact]
    public async Task Objects_are_read_and_written_in_the_version_that_is_asked_for()
    {
        var webhook = new Converter();
        await using var crds = await Crds.StartAsync(webhooks: webhook);
        await crds.Define(Definition);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        var read = await crds.Api.Get($"{V2}/one");
        Assert.Equal(("example.com/v2", """{"address":"a:1"}"""), (read.At("apiVersion"), read.Json["spec"]!.ToJsonString()));
        Assert.Equal("https://converter.example.com/convert?timeout=30s", webhook.Last!.Url.ToString());
        var written = await crds.Api.Create(V2, """{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"two","labels":{"a":"b"}},"spec":{"address":"b:2"}}""");
        Assert.Equal("b:2", written.At("spec.address"));
        var stored = await crds.Api.Get($"{Crds.Widgets}/two");
        Assert.Equal(("""{"host":"b","port":"2"}""", "b"), (stored.Json["spec"]!.ToJsonString(), stored.At("metadata.labels.a")));
        Assert.Equal(["a:1", "b:2"], (await crds.Api.Get(V2)).Items.Select(i => (string?)i["spec"]!["address"]));
        var patched = await crds.Api.Patch($"{V2}/one", """{"spec":{"address":"c:3"}}""");
        Assert.Equal(("c:3", "2"), (patched.At("spec.address"), patched.At("metadata.generation")));
        Assert.Equal("c", (await crds.Api.Get($"{Crds.Widgets}/one")).At("spec.host"));
    }

    [Fact]
    public async Task A_watch_shows_objects_in_its_version()
    {
        await using var crds = await Crds.StartAsync(webhooks: new Converter());
        await crds.Define(Definition);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        var response = await crds.Api.Watch($"{V2}?watch=true&resourceVersion=0");
        Assert.True(await response.Ready());
        Assert.Equal(["a:1"], response.Take().Select(e => (string?)e.Object["spec"]!["address"]));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", """{"host":"b","port":"2"}"""));
        Assert.True(await response.Ready());
        Assert.Equal(["b:2"], response.Take().Select(e => (string?)e.Object["spec"]!["address"]));
    }

    [Fact]
    public async Task Fields_are_selected_as_the_version_that_is_asked_for_has_them()
    {
        await using var crds = await Crds.StartAsync(webhooks: new Converter());
        await crds.Define(Definition.Replace("{\"name\":\"v2\",", "{\"name\":\"v2\",\"selectableFields\":[{\"jsonPath\":\".spec.address\"}],", StringComparison.Ordinal));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", """{"host":"b","port":"2"}"""));
        const string selected = $"{V2}?fieldSelector=spec.address%3Da%3A1";
        Assert.Equal(["one"], (await crds.Api.Get(selected)).Names);

        // A watch knows what an object was before, too.
        var watch = await crds.Api.Watch($"{selected}&watch=true&resourceVersion=0");
        Assert.Empty(watch.Take()); // not before the webhook has been asked
        Assert.True(await watch.Ready());
        Assert.Equal(["ADDED one"], watch.Seen());
        await crds.Api.Patch($"{Crds.Widgets}/two", """{"spec":{"host":"a","port":"1"}}""");
        await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"port":"3"}}""");
        Assert.True(await watch.Ready());
        Assert.Equal(["ADDED two", "DELETED one"], watch.Seen());
        await crds.Api.Delete(selected);
        Assert.Equal(["one"], (await crds.Api.Get(V2)).Names);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"Status"}""", "failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got v1, Kind=Status")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview"}""", "failed: no response provided")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Failure","message":"not today"}}}""", "failed: not today")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Failure"}}}""", "failed: response.result.status was 'Failure', not 'Success'")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Success"},"convertedObjects":[]}}""", "returned 0 objects, expected 1")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Success"},"convertedObjects":[{"apiVersion":"example.com/v3","kind":"Widget"}]}}""",
        "returned invalid object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v3)")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Success"},"convertedObjects":[{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"other"}}]}}""",
        "returned invalid object: must have the same name: one != other")]
    public async Task An_answer_that_is_none_is_told_in_upstreams_words(string answer, string expected)
    {
        var webhook = new Converter();
        await using var crds = await Crds.StartAsync(webhooks: webhook);
        await crds.Define(Definition);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        webhook.Answer = answer;
        var failed = await crds.Api.Get($"{V2}/one");
        Assert.Equal((500, $"conversion webhook for example.com/v1, Kind=Widget {expected}"), (failed.Code, failed.Message));
        // Who asks for the stored version needs no webhook.
        Assert.Equal(200, (await crds.Api.Get($"{Crds.Widgets}/one")).Code);
    }

    [Fact]
    public async Task A_webhook_that_is_not_there_is_told_with_its_address()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Definition);
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        Assert.Equal("conversion webhook for example.com/v1, Kind=Widget failed: Post \"https://converter.example.com/convert?timeout=30s\": dial tcp: lookup converter.example.com: no such host",
            (await crds.Api.Get($"{V2}/one")).Message);
    }

    [Fact]
    public async Task Who_owns_a_field_of_one_version_owns_it_until_it_changes_in_another()
    {
        await using var crds = await Crds.StartAsync(webhooks: new Converter());
        await crds.Define(Definition);
        var applied = await crds.Api.Send("PATCH", $"{Crds.Widgets}/one?fieldManager=ann", Crds.Object("one", """{"host":"a","port":"1"}"""), new How { ContentType = Api.Apply });
        Assert.Equal(201, applied.Code);
        Assert.Equal("""ann v1 {"f:spec":{"f:host":{},"f:port":{}}}""", Owner(applied, "ann"));

        // Nothing of hers changes.
        var labelled = await crds.Api.Patch($"{V2}/one?fieldManager=bob", """{"metadata":{"labels":{"a":"b"}}}""");
        Assert.Equal("""ann v1 {"f:spec":{"f:host":{},"f:port":{}}}""", Owner(labelled, "ann"));
        Assert.Equal("""bob v2 {"f:metadata":{"f:labels":{".":{},"f:a":{}}}}""", Owner(labelled, "bob"));

        // An address in the other version is a host and a port, of which one changes.
        var conflict = await crds.Api.Send("PATCH", $"{V2}/one?fieldManager=eve", V2Object("c:1"), new How { ContentType = Api.Apply });
        Assert.Equal((409, "Conflict", "Apply failed with 1 conflict: conflict with \"ann\": .spec.host"), conflict.Status);
        var moved = await crds.Api.Patch($"{V2}/one?fieldManager=bob", """{"spec":{"address":"c:1"}}""");
        Assert.Equal("""ann v1 {"f:spec":{"f:port":{}}}""", Owner(moved, "ann"));
        Assert.Equal("""bob v2 {"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:address":{}}}""", Owner(moved, "bob"));
    }

    private static string V2Object(string address) => $$$"""{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"one"},"spec":{"address":"{{{address}}}"}}""";

    private static string? Owner(Answer answer, string manager) => answer.Json["metadata"]!["managedFields"]!.AsArray().Where(m => (string?)m!["manager"] == manager)
        .Select(m => $"{manager} {((string?)m!["apiVersion"])!.Split('/')[1]} {m["fieldsV1"]!.ToJsonString()}").SingleOrDefault();

    private static string Hook(string sort) => $$$"""
        {"metadata":{"name":"h"},"webhooks":[{"name":"h.example.com","clientConfig":{"url":"https://admit.example.com/"},"sideEffects":"None","admissionReviewVersions":["v1"],"matchPolicy":"Equivalent",
        "matchConditions":[{"name":"c","expression":"object.spec.address != 'skip:1'"}],"rules":[{"operations":["*"],"apiGroups":["example.com"],"apiVersions":["v2"],"resources":["widgets"]}]}]}
        """;

    [Fact]
    public async Task A_webhook_that_asks_for_another_version_sees_the_object_in_it_and_may_change_it_there()
    {
        var both = new Converter { Review = request => FakeWebhooks.Patch("""[{"op":"replace","path":"/spec/address","value":"changed:9"}]""") };
        await using var crds = await Crds.StartAsync(webhooks: both);
        await crds.Define(Definition);
        await crds.Api.Create("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", Hook("mutating"));
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        Assert.Equal(("changed", "9"), (created.At("spec.host"), created.At("spec.port")));
        var seen = Assert.Single(both.Reviewed);
        Assert.Equal(("example.com/v2", "a:1", "v2", "v1"), ((string?)seen["object"]!["apiVersion"], (string?)seen["object"]!["spec"]!["address"], (string?)seen["resource"]!["version"], (string?)seen["requestResource"]!["version"]));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", """{"host":"skip","port":"1"}"""));
        Assert.Single(both.Reviewed);
    }

    [Fact]
    public async Task A_webhook_and_a_policy_see_old_and_new_in_the_version_that_they_ask_for()
    {
        var both = new Converter { Review = _ => FakeWebhooks.Allow() };
        await using var crds = await Crds.StartAsync(webhooks: both);
        await crds.Define(Definition);
        await crds.Api.Create("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", Hook("validating"));
        await crds.Api.Create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", """
            {"metadata":{"name":"p"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["example.com"],"apiVersions":["v2"],"operations":["CREATE","UPDATE"],"resources":["widgets"]}]},
             "validations":[{"expression":"object.spec.address != 'bad:1'","messageExpression":"'not ' + object.spec.address"}]}}
            """);
        await crds.Api.Create("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", """{"metadata":{"name":"b"},"spec":{"policyName":"p","validationActions":["Deny"]}}""");
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        Assert.Equal(200, (await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"port":"2"}}""")).Code);
        Assert.Equal(("a:2", "a:1"), ((string?)both.Reviewed[^1]["object"]!["spec"]!["address"], (string?)both.Reviewed[^1]["oldObject"]!["spec"]!["address"]));
        var refused = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"host":"bad","port":"1"}}""");
        Assert.Equal("widgets.example.com \"one\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not bad:1", refused.Message);
    }

    [Fact]
    public async Task What_cannot_be_converted_for_a_webhook_is_not_written()
    {
        var both = new Converter { Review = _ => FakeWebhooks.Allow() };
        await using var crds = await Crds.StartAsync(webhooks: both);
        await crds.Define(Definition);
        await crds.Api.Create("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", Hook("validating").Replace("\"matchPolicy\":\"Equivalent\",", "\"failurePolicy\":\"Ignore\",", StringComparison.Ordinal));
        both.Answer = """{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Failure","message":"not today"}}}""";
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("one", """{"host":"a","port":"1"}"""));
        Assert.Equal((500, "InternalError", "Internal error occurred: conversion webhook for example.com/v1, Kind=Widget failed: not today"), refused.Status);
        Assert.Empty(both.Reviewed);
    }

    /// <summary>Turns host and port into an address and back.</summary>
    private sealed class Converter : WebhookTransport
    {
        private readonly List<JsonObject> _reviewed = [];

        /// <summary>What it answers when it is asked for admission.</summary>
        public Func<JsonObject, string>? Review { get; init; }

        /// <summary>What it was asked so.</summary>
        public IReadOnlyList<JsonObject> Reviewed => _reviewed;

        public string? Answer { get; set; }
        public WebhookCall? Last { get; private set; }

        public override ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
        {
            Last = call;
            var request = JsonNode.Parse(call.Body.Span)!["request"]!;
            var uid = (string)request["uid"]!;
            if (call.Url.Host == "admit.example.com")
            {
                _reviewed.Add((JsonObject)request.DeepClone());
                var response = (JsonObject)JsonNode.Parse(Review!((JsonObject)request))!;
                response["uid"] = uid;
                return new(new WebhookAnswer(200, Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["response"] = response }.ToJsonString())));
            }
            var text = Answer?.Replace("UID", uid, StringComparison.Ordinal) ?? new JsonObject
            {
                ["apiVersion"] = "apiextensions.k8s.io/v1", ["kind"] = "ConversionReview",
                ["response"] = new JsonObject
                {
                    ["uid"] = uid, ["result"] = new JsonObject { ["status"] = "Success" },
                    ["convertedObjects"] = new JsonArray([.. request["objects"]!.AsArray().Select(o => (JsonNode)Converted((JsonObject)o!.DeepClone(), (string)request["desiredAPIVersion"]!))]),
                },
            }.ToJsonString();
            return new(new WebhookAnswer(200, Encoding.UTF8.GetBytes(text)));
        }

        private static JsonObject Converted(JsonObject obj, string version)
        {
            var spec = obj["spec"] as JsonObject ?? [];
            obj["apiVersion"] = version;
            if (version == "example.com/v2") obj["spec"] = new JsonObject { ["address"] = $"{spec["host"]}:{spec["port"]}" };
            else if (((string?)spec["address"])?.Split(':') is [var host, var port]) obj["spec"] = new JsonObject { ["host"] = host, ["port"] = port };
            return obj;
        }
    }
}
