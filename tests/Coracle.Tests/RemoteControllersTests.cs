using System.Text;
using System.Text.Json.Nodes;
using Coracle.Hosting;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>
/// The controllers and the scheduler against an API server that is another process, over HTTPS, each under its own identity. CORACLE_TEST_KUBECONFIG names a server
/// of somebody else's, whose own controllers have been stopped and whose nodes are there.
/// </summary>
public sealed class RemoteControllersTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestInstance.Limit(8);
    private readonly string _namespace = $"remote-{Guid.NewGuid():n}"[..16];
    private readonly CancellationTokenSource _stopping = new();
    private TestInstance? _server;
    private Client _client = null!;
    private HttpTransport? _transport;
    private RemoteControllers? _controllers;
    private Task _running = Task.CompletedTask;

    private static string? Given => Environment.GetEnvironmentVariable("CORACLE_TEST_KUBECONFIG") is { Length: > 0 } file ? file : null;

    public async ValueTask InitializeAsync()
    {
        if (Given is { } file)
        {
            _client = new Client(_transport = new HttpTransport(ClusterConfig.FromFile(file)), new() { UserAgent = "test" });
            return;
        }
        var policy = Path.GetTempFileName();
        await File.WriteAllTextAsync(policy, """{"apiVersion":"audit.k8s.io/v1","kind":"Policy","omitStages":["RequestReceived"],"rules":[{"level":"Metadata"}]}""", _cancel);
        _server = TestInstance.New("sim:3", "--without-controllers", "--audit-policy-file", policy);
        await _server.Start(_cancel);
        File.Delete(policy);
        _client = _server.Client;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(_running);
        if (_controllers is not null) await _controllers.DisposeAsync();
        if (_transport is not null) await _transport.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task Control(bool impersonate = false)
    {
        _controllers = await RemoteControllers.ConnectAsync(new() { Cluster = ClusterConfig.FromFile(Given ?? _server!.Kubeconfig), Impersonate = impersonate, RootAuthority = Given is null ? "the authority" : null }, _cancel);
        _running = _controllers.RunAsync(_stopping.Token);
        await _controllers.WaitForSyncAsync(_cancel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_that_they_care_for_comes_to_be_and_goes_and_not_one_request_is_forbidden(bool impersonate)
    {
        var before = await Forbidden();
        await Control(impersonate);
        await _client.CreateAsync(new Namespace { Metadata = new() { Name = _namespace } }, _cancel);
        await Until<ServiceAccount>("default", _ => true);
        await _client.CreateAsync(new Deployment { Metadata = Named("web"), Spec = new() { Replicas = 3, Selector = Selects("web"), Template = Template("web") } }, _cancel);
        await _client.CreateAsync(new Service { Metadata = Named("web"), Spec = new() { Selector = new() { ["app"] = "web" }, Ports = [new() { Port = 80 }] } }, _cancel);
        await _client.CreateAsync(new StatefulSet { Metadata = Named("data"), Spec = new() { Replicas = 2, ServiceName = "data", Selector = Selects("data"), Template = Template("data") } }, _cancel);
        await _client.CreateAsync(new DaemonSet { Metadata = Named("everywhere"), Spec = new() { Selector = Selects("everywhere"), Template = Template("everywhere") } }, _cancel);
        await _client.CreateAsync(new Job { Metadata = Named("once"), Spec = new() { Completions = 3, Parallelism = 2, Template = Ending() } }, _cancel);

        await Until<Deployment>("web", d => d.Status is { ReadyReplicas: 3, UpdatedReplicas: 3 });
        await Until<StatefulSet>("data", s => s.Status.ReadyReplicas == 2);
        await Until<DaemonSet>("everywhere", d => d.Status.NumberReady > 0 && d.Status.NumberReady == d.Status.DesiredNumberScheduled);
        await Until<Job>("once", j => j.Status.Succeeded == 3 && j.Status.CompletionTime is not null);
        await Until<Endpoints>("web", e => e.Subsets is [{ Addresses.Count: 3 }]);

        // A rollout, and what it leaves goes with its owner.
        var next = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["version"] = "2" } } } } };
        (await _client.TryPatchAsync<Deployment>(new Key(_namespace, "web"), Patch.Merge(next), null, _cancel)).OrThrow();
        await Until<Deployment>("web", d => d.Status is { ObservedGeneration: 2, Replicas: 3, ReadyReplicas: 3, UpdatedReplicas: 3 });
        await _client.DeleteAsync<Deployment>(new Key(_namespace, "web"), Deletion.Foreground, _cancel);
        await Gone<Deployment>(new(_namespace, "web"));
        Assert.Empty((await _client.ListAsync<ReplicaSet>(_namespace, cancel: _cancel)).Items);

        await _client.DeleteAsync<Namespace>(new Key(_namespace), null, _cancel);
        await Gone<Namespace>(new(_namespace));
        Assert.Equal(before, await Forbidden());
        if (_server is not null) Assert.Empty((await Audited()).Where(e => Writes(e) && Agent(e).EndsWith("-controller", StringComparison.Ordinal) && Caller(e) != Account(Agent(e))).Select(e => $"{Agent(e)}: {Caller(e)}"));
    }

    private static bool Writes(JsonObject audited) => (string?)audited["verb"] is "create" or "update" or "patch" or "delete";
    private static string Agent(JsonObject audited) => (string?)audited["userAgent"] ?? "";
    private static string? Caller(JsonObject audited) => (string?)(audited["impersonatedUser"] ?? audited["user"])?["username"];

    // Two controllers have no account of their own upstream either.
    private static string Account(string agent) => $"system:serviceaccount:kube-system:{(agent is "taint-eviction-controller" or "node-ipam-controller" ? "node-controller" : agent)}";

    [Fact]
    public async Task A_right_that_is_taken_away_is_missed_and_the_controller_goes_on_when_it_has_it_again()
    {
        Assert.SkipWhen(Given is not null, "rights are taken away from our own server only");
        await Control();
        var key = new Key("system:controller:replicaset-controller");
        var binding = await _client.GetAsync<ClusterRoleBinding>(key, _cancel);
        await _client.DeleteAsync<ClusterRoleBinding>(key, null, _cancel);
        await _client.CreateAsync(new Namespace { Metadata = new() { Name = _namespace } }, _cancel);
        await _client.CreateAsync(new Deployment { Metadata = Named("web"), Spec = new() { Replicas = 1, Selector = Selects("web"), Template = Template("web") } }, _cancel);
        await Waiting.Until(Forbidden, refused => refused.Contains($"replicaset-controller create /api/v1/namespaces/{_namespace}/pods", StringComparison.Ordinal), refused => refused, _cancel);
        // The deployment's controller has its own rights still, and nobody else's serve the set's.
        Assert.Single((await _client.ListAsync<ReplicaSet>(_namespace, cancel: _cancel)).Items);
        Assert.Empty((await _client.ListAsync<Pod>(_namespace, cancel: _cancel)).Items);

        await _client.CreateAsync(new ClusterRoleBinding { Metadata = new() { Name = binding.Metadata.Name }, RoleRef = binding.RoleRef, Subjects = binding.Subjects }, _cancel);
        await Until<Deployment>("web", d => d.Status.ReadyReplicas == 1);
    }

    [Fact]
    public async Task Who_is_neither_the_controller_manager_nor_may_be_it_is_told_so()
    {
        Assert.SkipWhen(Given is not null, "of our own server only");
        await _client.CreateAsync(new ServiceAccount { Metadata = new() { Namespace = "default", Name = "nobody" } }, _cancel);
        var cluster = ClusterConfig.FromFile(_server!.Kubeconfig) with { Credentials = Credentials.None, Impersonate = null };
        var refused = await Assert.ThrowsAsync<ClusterConfigException>(() => RemoteControllers.ConnectAsync(new() { Cluster = cluster }, _cancel));
        Assert.StartsWith("this is not system:kube-controller-manager, and may not impersonate it: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_works_as_a_process_of_its_own_and_one_that_stands_by_takes_over()
    {
        Assert.SkipWhen(Given is not null, "of our own server only");
        var first = TheProgram.Start("controllers", "--kubeconfig", _server!.Kubeconfig);
        using var second = TheProgram.Start("controllers", "--kubeconfig", _server.Kubeconfig);
        await _client.CreateAsync(new Namespace { Metadata = new() { Name = _namespace } }, _cancel);
        await _client.CreateAsync(new Deployment { Metadata = Named("web"), Spec = new() { Replicas = 2, Selector = Selects("web"), Template = Template("web") } }, _cancel);
        await Until<Deployment>("web", d => d.Status.ReadyReplicas == 2);
        first.Kill();
        await first.WaitForExitAsync(_cancel);
        await _client.CreateAsync(new Deployment { Metadata = Named("next"), Spec = new() { Replicas = 2, Selector = Selects("next"), Template = Template("next") } }, _cancel);
        await Until<Deployment>("next", d => d.Status.ReadyReplicas == 2);
        second.Kill();
        await second.WaitForExitAsync(_cancel);
    }

    // What was refused for want of rights. What is refused for other reasons, as pods in a namespace that ends, is answered with 403 as well: of our own server the
    // audit log tells them apart, of another how often its authorizers did not say yes.
    private async Task<string> Forbidden()
    {
        if (_server is not null)
        {
            var all = (await Audited()).Where(e => (string?)e["annotations"]?["authorization.k8s.io/decision"] == "forbid");
            return string.Join('\n', all.Select(e => $"{e["user"]?["username"]} as {e["impersonatedUser"]?["username"]} {e["userAgent"]} {e["verb"]} {e["requestURI"]}"));
        }
        var metrics = Encoding.UTF8.GetString((await _client.SendAsync(new() { Method = "GET", Path = "/metrics" }, _cancel)).Body.Span);
        return string.Join('\n', metrics.Split('\n').Where(l => l.StartsWith("authorization_attempts_total{", StringComparison.Ordinal) && !l.Contains("\"allowed\"", StringComparison.Ordinal)));
    }

    private async Task<IEnumerable<JsonObject>> Audited()
    {
        await using var file = new FileStream(Path.Combine(_server!.DataDirectory, "audit.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(_cancel);
        // The last line may still be being written.
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private Task<T?> Until<T>(string name, Func<T, bool> holds) where T : class, IKind<T> => Waiting.Until(
        async () => await _client.TryGetAsync<T>(new(_namespace, name), _cancel), found => found is not null && holds(found), found => found is null ? "nothing" : Describe(found), _cancel);

    private Task Gone<T>(Key key) where T : class, IKind<T> =>
        Waiting.Until(async () => await _client.TryGetAsync<T>(key, _cancel), found => found is null, found => found is null ? "nothing" : Describe(found), _cancel);

    private static string Describe<T>(T found) where T : class, IKind<T> => Encoding.UTF8.GetString(ApiJson.ToBytes(found));

    private ObjectMeta Named(string name) => new() { Namespace = _namespace, Name = name };
    private static LabelSelector Selects(string app) => new() { MatchLabels = new() { ["app"] = app } };

    private static PodTemplateSpec Template(string app) => new()
    {
        Metadata = new() { Labels = new() { ["app"] = app } }, Spec = new() { Containers = [new() { Name = "main", Image = "registry.k8s.io/pause:3.10" }] },
    };

    // A simulated container ends when told; a real one by itself.
    private static PodTemplateSpec Ending() => new()
    {
        Metadata = new() { Annotations = new() { ["coracle.dev/simulate-exit-after-seconds"] = "1" } },
        Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "busybox:1.36", Command = ["true"] }] },
    };
}
