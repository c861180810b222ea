using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Sdk.Tests.Webhooks;

public sealed class ConversionTests
{
    private static Conversion<Stall> Versions() => Conversion.Hub<Stall>()
        .Spoke<V1Beta1.Stall>(
            old => new() { Spec = new() { Owner = old.Spec.Owner, Ports = old.Spec.Port == 0 ? null : [old.Spec.Port] } },
            hub => new() { Spec = new() { Owner = hub.Spec.Owner, Port = hub.Spec.Ports is [var first, ..] ? first : 0 } })
        .Spoke<V1Alpha1.Stall>(
            old => old.Owner == "nobody" ? throw new ConversionException("nobody is no owner") : new() { Spec = new() { Owner = old.Owner } },
            hub => new() { Owner = hub.Spec.Owner });

    private static Stall Full() => new()
    {
        Metadata = new() { Namespace = "default", Name = "fish", Uid = "u1", Labels = new() { ["a"] = "b" }, Annotations = new() { ["note"] = "kept" } },
        Spec = new() { Owner = "ann", Ports = [80, 81, 82], Signs = new() { ["left"] = "Fresh" } },
    };

    [Fact]
    public void What_an_older_version_cannot_say_is_back_in_the_newer_one()
    {
        var old = Versions().Convert<Stall, V1Beta1.Stall>(Full());
        Assert.Equal((80, "ann", "b", "kept"), (old.Spec.Port, old.Spec.Owner, old.Metadata.Labels!["a"], old.Metadata.Annotations!["note"]));
        var again = Versions().Convert<V1Beta1.Stall, Stall>(old);
        Assert.True(again.ContentEquals(Full()));
    }

    [Fact]
    public void What_is_changed_in_an_older_version_is_changed_and_the_rest_is_kept()
    {
        var old = Versions().Convert<Stall, V1Beta1.Stall>(Full());
        old.Spec.Owner = "bob";
        var again = Versions().Convert<V1Beta1.Stall, Stall>(old);
        Assert.Equal("bob", again.Spec.Owner);
        Assert.Equal([80, 81, 82], again.Spec.Ports);
        Assert.Equal("Fresh", again.Spec.Signs!["left"]);

        old.Spec.Port = 8080;
        Assert.Equal([8080], Versions().Convert<V1Beta1.Stall, Stall>(old).Spec.Ports);
    }

    [Fact]
    public void What_a_newer_version_cannot_say_is_back_in_the_older_one()
    {
        var old = new V1Beta1.Stall { Metadata = new() { Name = "fish" }, Spec = new() { Owner = "ann", Port = 80, Colour = "green" } };
        var stored = Versions().Convert<V1Beta1.Stall, Stall>(old);
        stored.Spec.Owner = "bob";
        var again = Versions().Convert<Stall, V1Beta1.Stall>(stored);
        Assert.Equal(("bob", 80, "green"), (again.Spec.Owner, again.Spec.Port, again.Spec.Colour));
        Assert.Null(again.Metadata.Annotations);
    }

    [Fact]
    public void Between_two_versions_that_are_no_hub_nothing_is_lost_either()
    {
        var beta = Versions().Convert<Stall, V1Beta1.Stall>(Full());
        var alpha = Versions().Convert<V1Beta1.Stall, V1Alpha1.Stall>(beta);
        alpha.Owner = "cy";
        var again = Versions().Convert<V1Alpha1.Stall, Stall>(alpha);
        Assert.Equal("cy", again.Spec.Owner);
        Assert.Equal([80, 81, 82], again.Spec.Ports);
        Assert.Equal(["kept"], again.Metadata.Annotations!.Values);
    }

    [Fact]
    public void Whatever_the_content_a_way_there_and_back_changes_nothing()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var stall = new Stall { Metadata = new() { Name = "s" }, Spec = new() { Owner = Text(random), Ports = random.Next(3) == 0 ? null : [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3))] } };
            if (random.Next(2) == 0) stall.Spec.Signs = Enumerable.Range(0, random.Next(3)).ToDictionary(n => "k" + n, _ => Text(random));
            Assert.True(Versions().Convert<V1Beta1.Stall, Stall>(Versions().Convert<Stall, V1Beta1.Stall>(stall)).ContentEquals(stall), Encoding.UTF8.GetString(ApiJson.ToBytes(stall)));
            var old = new V1Beta1.Stall { Metadata = new() { Name = "s" }, Spec = new() { Owner = Text(random), Port = random.Next(3), Colour = Text(random) } };
            Assert.True(Versions().Convert<Stall, V1Beta1.Stall>(Versions().Convert<V1Beta1.Stall, Stall>(old)).ContentEquals(old), Encoding.UTF8.GetString(ApiJson.ToBytes(old)));
        }
    }

    private static string Text(Random random) => random.Next(4) switch { 0 => "", 1 => "ann", 2 => "ä\"\\", _ => "x" };

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"spec":{"ports":"none"}}""")]
    [InlineData("""{"spec":7}""")]
    public void A_memory_that_somebody_has_spoilt_is_passed_over(string memory)
    {
        var old = new V1Beta1.Stall { Metadata = new() { Name = "fish", Annotations = new() { [Conversion.AnnotationOf(Stall.Info)] = memory } }, Spec = new() { Owner = "ann", Port = 80 } };
        var stall = Versions().Convert<V1Beta1.Stall, Stall>(old);
        Assert.Equal("ann", stall.Spec.Owner);
        Assert.Equal([80], stall.Spec.Ports);
    }

    private static async Task<JsonObject> Ask(string body)
    {
        var reply = await new WebhookSet().Convert(Versions()).AnswerAsync("/convert", "application/json", Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
        Assert.Equal(200, reply.Status);
        return (JsonObject)JsonNode.Parse(reply.Body.Span)!;
    }

    private static string Review(string desired, string objects) => $$$"""{"kind":"ConversionReview","apiVersion":"apiextensions.k8s.io/v1","request":{"uid":"q1","desiredAPIVersion":"{{{desired}}}","objects":[{{{objects}}}]}}""";

    [Fact]
    public async Task A_review_is_answered_in_the_order_of_its_objects()
    {
        var answer = await Ask(Review("shop.example.com/v1", """
            {"apiVersion":"shop.example.com/v1beta1","kind":"Stall","metadata":{"name":"a","uid":"1"},"spec":{"owner":"ann","port":80}},
            {"apiVersion":"shop.example.com/v1alpha1","kind":"Stall","metadata":{"name":"b","uid":"2"},"owner":"bob"}
            """));
        Assert.Equal(("ConversionReview", "apiextensions.k8s.io/v1", "q1", "Success"),
            ((string?)answer["kind"], (string?)answer["apiVersion"], (string?)answer["response"]!["uid"], (string?)answer["response"]!["result"]!["status"]));
        var made = (JsonArray)answer["response"]!["convertedObjects"]!;
        Assert.Equal("""{"apiVersion":"shop.example.com/v1","kind":"Stall","metadata":{"name":"a","uid":"1"},"spec":{"owner":"ann","ports":[80]}}""", made[0]!.ToJsonString());
        Assert.Equal(("b", "bob"), ((string?)made[1]!["metadata"]!["name"], (string?)made[1]!["spec"]!["owner"]));
    }

    [Theory]
    [InlineData("shop.example.com/v2", """{"apiVersion":"shop.example.com/v1","kind":"Stall"}""", "failed to convert shop.example.com/v1, Kind=Stall to shop.example.com/v2, Kind=Stall: not convertible")]
    [InlineData("other.example.com/v1", """{"apiVersion":"shop.example.com/v1beta1","kind":"Stall"}""", "failed to convert shop.example.com/v1beta1, Kind=Stall to other.example.com/v1, Kind=Stall: not convertible")]
    [InlineData("shop.example.com/v1", """{"apiVersion":"shop.example.com/v1","kind":"Stall"}""", "conversion is not allowed between same type shop.example.com/v1, Kind=Stall")]
    [InlineData("shop.example.com/v1", """{"apiVersion":"shop.example.com/v1alpha1","kind":"Stall","owner":"nobody"}""", "nobody is no owner")]
    [InlineData("shop.example.com/v1beta1", """{"apiVersion":"shop.example.com/v1alpha1","kind":"Stall","owner":"nobody"}""", "failed to convert spoke shop.example.com/v1alpha1, Kind=Stall to hub shop.example.com/v1, Kind=Stall : nobody is no owner")]
    [InlineData("shop.example.com/v1", """{"apiVersion":"shop.example.com/v1beta1","kind":"Stand"}""", "no kind \"Stand\" is registered for version \"shop.example.com/v1beta1\"")]
    [InlineData("shop.example.com/v1", """{"apiVersion":"shop.example.com/v1beta1"}""", """Object 'Kind' is missing in '{"apiVersion":"shop.example.com/v1beta1"}'""")]
    public async Task What_cannot_be_converted_is_refused_in_upstreams_words(string desired, string obj, string message)
    {
        var answer = await Ask(Review(desired, obj));
        Assert.Equal(("Failure", message), ((string?)answer["response"]!["result"]!["status"], (string?)answer["response"]!["result"]!["message"]));
        Assert.Equal("q1", (string?)answer["response"]!["uid"]);
        Assert.Null(answer["response"]!["convertedObjects"]);
    }

    [Fact]
    public async Task A_conversion_that_throws_is_an_internal_error_and_counted()
    {
        var options = new ClientOptions();
        var webhooks = new WebhookSet(options).Convert(Conversion.Hub<Stall>().Spoke<V1Beta1.Stall>(_ => throw new InvalidOperationException("a secret"), _ => new()));
        var reply = await webhooks.AnswerAsync("/convert", "application/json", Encoding.UTF8.GetBytes(Review("shop.example.com/v1", """{"apiVersion":"shop.example.com/v1beta1","kind":"Stall"}""")), default);
        Assert.Contains("internal error occurred during conversion", Encoding.UTF8.GetString(reply.Body.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(reply.Body.Span), StringComparison.Ordinal);
        Assert.Contains("controller_runtime_conversion_webhook_panics_total 1", options.Metrics.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_asks_nothing_is_a_bad_request()
    {
        var webhooks = new WebhookSet().Convert(Versions());
        foreach (var body in (string[])["", "{", "[]", "{}", """{"request":null}"""])
            Assert.Equal(400, (await webhooks.AnswerAsync("/convert", "application/json", Encoding.UTF8.GetBytes(body), default)).Status);
    }

    [Fact]
    public void Versions_that_do_not_belong_together_are_refused_at_the_start()
    {
        Assert.Throws<ArgumentException>(() => Conversion.Hub<Stall>().Spoke<Kinds.Core.V1.ConfigMap>(_ => new(), _ => new()));
        Assert.Throws<ArgumentException>(() => Conversion.Hub<Stall>().Spoke<Stall>(s => s, s => s));
    }
}
