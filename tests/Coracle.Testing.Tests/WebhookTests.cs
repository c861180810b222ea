using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>Webhooks that live in the test, without a socket.</summary>
public sealed class WebhookTests
{
    private sealed class Labels(string value) : IDefaulter<ConfigMap>
    {
        public ValueTask DefaultAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel)
        {
            (obj.Metadata.Labels ??= []).TryAdd("team", value);
            return default;
        }
    }

    private sealed class Rules : IValidator<ConfigMap>
    {
        public ValueTask<Verdict> ValidateCreateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) =>
            new(obj.Data?.ContainsKey("secret") == true ? Verdict.Deny($"{request.User.Username} may not") : Verdict.Allow.Warn("labelled by " + obj.Metadata.Labels?["team"]));

        public ValueTask<Verdict> ValidateUpdateAsync(ConfigMap old, ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);
    }

    private sealed class Slow : IValidator<ConfigMap>
    {
        public async ValueTask<Verdict> ValidateCreateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel)
        {
            var never = new TaskCompletionSource<Verdict>();
            await using var stop = cancel.Register(() => never.TrySetCanceled(cancel));
            return await never.Task;
        }

        public ValueTask<Verdict> ValidateUpdateAsync(ConfigMap old, ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);
    }

    private static ConfigMap Map(string name, string key = "a") => new() { Metadata = new() { Namespace = "default", Name = name }, Data = new() { [key] = "1" } };

    [Fact]
    public async Task Webhooks_attached_to_a_cluster_change_refuse_and_warn_as_a_server_asks_them()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await cluster.AttachAsync(new WebhookSet().Default(new Labels("blue")).Validate(new Rules()));
        Assert.Equal("blue", (await cluster.Client.CreateAsync(Map("m"))).Metadata.Labels!["team"]);
        var refused = await cluster.ClientAs("ann", "system:masters").TryCreateAsync(Map("n", key: "secret"));
        Assert.Equal((403, "Forbidden", """admission webhook "vconfigmap-v1.core.k8s.io" denied the request: ann may not"""), (refused.Failure!.Code, refused.Failure.Reason, refused.Failure.Message));
    }

    [Fact]
    public async Task Webhooks_attached_again_take_the_place_of_the_former_ones()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await cluster.AttachAsync(new WebhookSet().Default(new Labels("blue")).Validate(new Rules()));
        await cluster.AttachAsync(new WebhookSet().Default(new Labels("red")));
        Assert.Equal("red", (await cluster.Client.CreateAsync(Map("m", key: "secret"))).Metadata.Labels!["team"]);
        Assert.Empty((await cluster.Client.ListAsync<ValidatingWebhookConfiguration>()).Items);
    }

    [Fact]
    public async Task Clusters_that_go_on_from_a_snapshot_ask_the_same_webhooks()
    {
        await using var first = await TestCluster.StartAsync(new() { Nodes = 0 });
        await first.AttachAsync(new WebhookSet().Default(new Labels("blue")));
        await using var second = await TestCluster.StartAsync(await first.SnapshotAsync());
        Assert.Equal("blue", (await second.Client.CreateAsync(Map("m"))).Metadata.Labels!["team"]);
    }

    [Fact]
    public async Task A_webhook_that_does_not_answer_is_given_up_in_the_clusters_time()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await cluster.AttachAsync(new WebhookSet().Validate(new Slow()));
        var created = cluster.Client.TryCreateAsync(Map("m"));
        await cluster.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("""Internal error occurred: failed calling webhook "vconfigmap-v1.core.k8s.io": failed to call webhook: Post "https://webhooks.webhooks.test/validate--v1-configmap?timeout=10s": context deadline exceeded""", (await created).Failure?.Message);
    }
}
