using System.Net;
using System.Text;
using Coracle.Hosting;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Webhooks;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Sdk.Webhooks;
using Coracle.Testing;
using V1Beta1 = Coracle.Samples.Chaos.Kinds.V1Beta1;

namespace Coracle.Samples.Chaos.Tests;

/// <summary>The operator's webhooks: within a test's cluster without a socket, and over HTTPS.</summary>
public sealed class WebhookTests
{
    private static readonly Key Place = new("default", "cron");

    private static async Task<TestCluster> WithWebhooks()
    {
        var cluster = await TestCluster.StartAsync();
        await cluster.InstallAsync(ChaosOperator.KindsAt(TestCluster.WebhooksAt()));
        await cluster.AttachAsync(ChaosOperator.Webhooks());
        await cluster.RunAsync((host, informers) => ChaosOperator.AddTo(host, informers));
        return cluster;
    }

    private static ChaosCron Rich()
    {
        var cron = World.Cron("cron", "*/10 * * * *", acts: 3, victims: 2);
        (cron.Spec.TimeZone, cron.Spec.Concurrency, cron.Spec.Suspend) = ("Europe/Vienna", "Allow", true);
        return cron;
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_read_is_refused_with_its_field()
    {
        await using var cluster = await WithWebhooks();
        var refused = await cluster.Client.TryCreateAsync(World.Cron("cron", "every now and then"));
        Assert.Equal((422, "Invalid"), (refused.Failure!.Code, refused.Failure.Reason));
        Assert.Equal(
            """admission webhook "vchaoscron-v1.chaos.coracle.dev" denied the request: ChaosCron.chaos.coracle.dev "cron" is invalid: spec.schedule: Invalid value: "every now and then": must be a cron expression of five fields""",
            refused.Failure.Message);
        Assert.Equal(("FieldValueInvalid", "spec.schedule"), (refused.Failure.Causes.Single().Reason, refused.Failure.Causes.Single().Field));
        var zone = Rich();
        zone.Spec.TimeZone = "Atlantis";
        Assert.Contains("spec.timeZone: Invalid value: \"Atlantis\"", (await cluster.Client.TryCreateAsync(zone)).Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_was_there_before_the_rule_can_still_be_changed_elsewhere()
    {
        await using var cluster = await TestCluster.StartAsync();
        await World.BeginAsync(cluster);
        var cron = await cluster.Client.CreateAsync(World.Cron("cron", "every now and then"));
        await cluster.AttachAsync(ChaosOperator.Webhooks());
        cron = await cluster.Client.GetAsync<ChaosCron>(Place);
        cron.Metadata.Labels = new() { ["a"] = "b" };
        cron = await cluster.Client.UpdateAsync(cron);
        cron.Spec.Suspend = true;
        Assert.True((await cluster.Client.TryUpdateAsync(cron)).IsInvalid);
    }

    [Fact]
    public async Task Who_asked_for_chaos_is_written_down_whatever_they_say()
    {
        await using var cluster = await WithWebhooks();
        var cron = Rich();
        cron.Metadata.Annotations = new() { [ChaosCronDefaulter.Author] = "somebody else", ["mine"] = "kept" };
        var made = await cluster.ClientAs("ann", "system:masters").CreateAsync(cron);
        Assert.Equal(("ann", "kept"), (made.Metadata.Annotations![ChaosCronDefaulter.Author], made.Metadata.Annotations["mine"]));
    }

    [Fact]
    public async Task An_empty_selector_is_warned_of()
    {
        await using var cluster = await WithWebhooks();
        var cron = Rich();
        cron.Spec.Template.Template.Selector = new();
        var reply = await cluster.Client.SendAsync(new() { Method = "POST", Path = "/apis/chaos.coracle.dev/v1/namespaces/default/chaoscrons", ContentType = "application/json", Body = ApiJson.ToBytes(cron) }, TestContext.Current.CancellationToken);
        Assert.Equal(201, reply.Status);
        Assert.Contains(reply.Warnings, w => w.Contains("spec.template.template.selector is empty: every pod of the namespace may be struck", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_changed_through_the_older_version_leaves_alone_what_it_cannot_say()
    {
        await using var cluster = await WithWebhooks();
        await cluster.Client.CreateAsync(Rich());
        var old = await cluster.Client.GetAsync<V1Beta1.ChaosCron>(Place);
        Assert.Equal(("*/10 * * * *", true, "web", 2), (old.Spec.Schedule, old.Spec.Paused, old.Spec.App, old.Spec.Victims));
        (old.Spec.Victims, old.Metadata.Labels) = (5, new() { ["a"] = "b" });
        await cluster.Client.UpdateAsync(old);
        var cron = await cluster.Client.GetAsync<ChaosCron>(Place);
        Assert.Equal((5, 3, "Europe/Vienna", "Allow", "b"), (cron.Spec.Template.Template.Victims, cron.Spec.Template.Acts, cron.Spec.TimeZone, cron.Spec.Concurrency, cron.Metadata.Labels!["a"]));
        Assert.DoesNotContain(cron.Metadata.Annotations!.Keys, key => key.StartsWith("conversion.", StringComparison.Ordinal));
        Assert.Equal(5, (await cluster.Client.ListAsync<V1Beta1.ChaosCron>("default")).Items.Single().Spec.Victims);
    }

    [Fact]
    public async Task Writing_back_what_was_read_in_the_older_version_changes_nothing()
    {
        await using var cluster = await WithWebhooks();
        await cluster.Client.CreateAsync(Rich());
        var before = await cluster.UntilAsync<ChaosCron>("default/cron", c => c.Status.Conditions is { Count: > 0 });
        await cluster.Client.UpdateAsync(await cluster.Client.GetAsync<V1Beta1.ChaosCron>(Place));
        var after = await cluster.Client.GetAsync<ChaosCron>(Place);
        Assert.Equal(Yaml.Write(ApiJson.ToBytes(before.Spec)), Yaml.Write(ApiJson.ToBytes(after.Spec)));
        Assert.Equal(before.Metadata.Annotations, after.Metadata.Annotations);
    }

    [Fact]
    public async Task A_schedule_in_the_older_version_is_checked_and_works()
    {
        await using var cluster = await WithWebhooks();
        await cluster.Client.CreateAsync(World.Pod("web-0"));
        var old = new V1Beta1.ChaosCron { Metadata = new() { Namespace = "default", Name = "cron" }, Spec = new() { Schedule = "every now and then", App = "web" } };
        Assert.True((await cluster.Client.TryCreateAsync(old)).IsInvalid);
        old.Spec.Schedule = "*/10 * * * *";
        await cluster.Client.CreateAsync(old);
        await cluster.UntilGoneAsync<Pod>("default/web-0", TimeSpan.FromMinutes(15));
        Assert.NotNull((await cluster.Client.GetAsync<V1Beta1.ChaosCron>(Place)).Status.LastTime);
    }

    [Fact]
    public void Whatever_a_schedule_says_the_way_through_the_older_version_loses_nothing()
    {
        var random = new Random(3);
        for (var i = 0; i < 1000; i++)
        {
            var cron = Rich();
            cron.Spec.TimeZone = random.Next(2) == 0 ? "UTC" : "Asia/Tokyo";
            cron.Spec.HistoryLimit = random.Next(5);
            cron.Spec.Template.Acts = random.Next(1, 4);
            var target = cron.Spec.Template.Template;
            target.Selector = random.Next(4) switch
            {
                0 => new(),
                1 => new() { MatchLabels = new() { ["app"] = "web", ["tier"] = "db" } },
                2 => new() { MatchExpressions = [new() { Key = "app", Operator = "In", Values = ["a", "b"] }] },
                _ => target.Selector,
            };
            target.Victims = random.Next(3) == 0 ? null : random.Next(1, 9);
            if (random.Next(2) == 0) cron.Status = new() { Active = random.Next(3), LastTime = DateTimeOffset.UnixEpoch.AddMinutes(random.Next(1000)), Conditions = [new() { Type = "Valid", Status = "True", Reason = "R" }] };
            var again = ChaosCronVersions.All.Convert<V1Beta1.ChaosCron, ChaosCron>(ChaosCronVersions.All.Convert<ChaosCron, V1Beta1.ChaosCron>(cron));
            Assert.True(again.ContentEquals(cron), Encoding.UTF8.GetString(ApiJson.ToBytes(cron)));
        }
    }

    [Fact]
    public async Task The_roles_that_the_operator_declares_are_enough_for_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.InstallAsync(ChaosOperator.KindsAt(TestCluster.WebhooksAt(ChaosOperator.Name)));
        await cluster.AttachAsync(ChaosOperator.Webhooks(), ChaosOperator.Name);
        await cluster.Client.CreateAsync(new Namespace { Metadata = new() { Name = ChaosOperator.Home } });
        await Rbac.InstallAsync(cluster.Client, ChaosOperator.Name, ChaosOperator.Home, ChaosOperator.Rules, TestContext.Current.CancellationToken);
        await cluster.RunAsync($"system:serviceaccount:{ChaosOperator.Home}:{ChaosOperator.Name}", (host, informers) =>
            ChaosOperator.AddTo(host, informers).Add(ChaosOperator.Certificates(informers, ChaosOperator.InCluster.DnsNames).Controller));

        for (var i = 0; i < 4; i++) await cluster.Client.CreateAsync(World.Pod($"web-{i}"));
        await cluster.Client.CreateAsync(World.Chaos("given-up", victims: 1, delaySeconds: 3600));
        var cron = World.Cron("cron", "*/5 * * * *");
        cron.Spec.HistoryLimit = 1;
        await cluster.Client.CreateAsync(cron);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(16));
        await cluster.Client.DeleteAsync<Kinds.Chaos>(new Key("default", "given-up"));
        await cluster.UntilGoneAsync<Kinds.Chaos>("default/given-up");
        await cluster.UntilAllAsync<ChaosSet>(sets => sets.Count == 1 && Conditions.IsTrue(sets[0].Status.Conditions, "Complete"));
        var definition = await cluster.UntilAsync<CustomResourceDefinition>(ChaosCron.Info.GroupResource, d => d.Spec.Conversion?.Webhook?.ClientConfig?.CaBundle is { Length: > 0 });
        Assert.Equal("Webhook", definition.Spec.Conversion!.Strategy);
        Assert.Contains((await cluster.Client.ListAsync<Event>("default")).Items, e => e.Reason is "Struck" or "SetMade");
        Assert.DoesNotContain(cluster.Faults, fault => fault.ToString().Contains("forbidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_lacks_what_the_operator_does_is_found_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.InstallAsync(ChaosOperator.Kinds);
        await cluster.Client.CreateAsync(new Namespace { Metadata = new() { Name = ChaosOperator.Home } });
        var lacking = ChaosOperator.Rules.Where(rule => !rule.Resources.Contains("pods") || rule.Verbs.Contains("list"));
        await Rbac.InstallAsync(cluster.Client, ChaosOperator.Name, ChaosOperator.Home, lacking, TestContext.Current.CancellationToken);
        await cluster.RunAsync($"system:serviceaccount:{ChaosOperator.Home}:{ChaosOperator.Name}", (host, informers) => ChaosOperator.AddTo(host, informers));
        await cluster.Client.CreateAsync(World.Pod("web-0"));
        await cluster.Client.CreateAsync(World.Chaos("act", victims: 1));
        await cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(cluster.Faults, fault => fault.ToString().Contains("""cannot patch resource "pods" in API group""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_whole_of_it_over_HTTPS_with_a_certificate_that_the_operator_keeps()
    {
        using var network = new HttpWebhookTransport();
        // The network's clock is the machine's.
        await using var cluster = await TestCluster.StartAsync(new() { Webhooks = network, Start = DateTimeOffset.UtcNow });
        await cluster.Client.CreateAsync(new Namespace { Metadata = new() { Name = ChaosOperator.Home } });
        WebhookCertificates? certificates = null;
        await cluster.InstallAsync(ChaosOperator.Kinds);
        await cluster.RunAsync((host, informers) => ChaosOperator.AddTo(host, informers).Add((certificates = ChaosOperator.Certificates(informers, ["localhost"])).Controller));
        await using var server = await WebhookServer.StartAsync(ChaosOperator.Webhooks(), certificates!, new(IPAddress.Loopback, 0));
        var place = WebhookPlace.Url($"https://localhost:{server.Port}");
        await cluster.InstallAsync(ChaosOperator.KindsAt(place));
        await WebhookConfigurations.InstallAsync(cluster.Client, ChaosOperator.Webhooks(), ChaosOperator.Name, place, TestContext.Current.CancellationToken);
        await cluster.UntilAsync<CustomResourceDefinition>(ChaosCron.Info.GroupResource, d => d.Spec.Conversion?.Webhook?.ClientConfig?.CaBundle is { Length: > 0 });
        await cluster.UntilAsync<Coracle.Kinds.AdmissionRegistration.V1.MutatingWebhookConfiguration>("chaos", c => c.Webhooks![0].ClientConfig.CaBundle is { Length: > 0 });
        await cluster.UntilAsync<Coracle.Kinds.AdmissionRegistration.V1.ValidatingWebhookConfiguration>("chaos", c => c.Webhooks![0].ClientConfig.CaBundle is { Length: > 0 });

        Assert.True((await cluster.Client.TryCreateAsync(World.Cron("cron", "every now and then"))).IsInvalid);
        Assert.Equal("kubernetes-admin", (await cluster.Client.CreateAsync(Rich())).Metadata.Annotations![ChaosCronDefaulter.Author]);
        var old = await cluster.Client.GetAsync<V1Beta1.ChaosCron>(Place);
        old.Spec.Paused = false;
        await cluster.Client.UpdateAsync(old);
        var cron = await cluster.Client.GetAsync<ChaosCron>(Place);
        Assert.Equal((false, 3, "Europe/Vienna"), (cron.Spec.Suspend, cron.Spec.Template.Acts, cron.Spec.TimeZone));
    }
}
