using System.Text.Json.Nodes;
using Coracle.Controllers.Jobs;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Jobs;

/// <summary>A cluster that runs jobs, and a node as far as they notice: tests say how pods end. The pods have no node, so that deleting one takes no time.</summary>
public sealed class JobFixture : IAsyncDisposable
{
    private JobFixture(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public static async Task<JobFixture> StartAsync(params Func<InformerSet, Controller>[] more) =>
        new(await TestCluster.StartAsync([JobReconciler.NewController, OrphanedPodReconciler.NewController, FinishedJobReconciler.NewController, .. more]));

    public static Job Make(string name, Action<JobSpec>? change = null)
    {
        var job = new Job
        {
            Metadata = new() { Name = name, Namespace = "default" },
            Spec = new() { Template = new() { Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "work:1" }] } } },
        };
        change?.Invoke(job.Spec);
        return job;
    }

    public Task<Job> CreateAsync(string name, Action<JobSpec>? change = null) => Cluster.CreateAsync(Make(name, change));

    public JobStatus Status(string name) => Cluster.Seen<Job>(name)?.Status ?? new();

    public bool Has(string name, string condition, string? reason = null) =>
        Status(name).Conditions?.Exists(c => c.Type == condition && c.Status == "True" && (reason is null || c.Reason == reason)) == true;

    public List<Pod> Active(string job) => [.. All(job).Where(Controllers.Pods.PodState.IsActive)];

    public List<Pod> All(string job) =>
        [.. Cluster.Cache<Pod>().List("default").Where(p => Owners.ControllerOf(p)?.Name == job).OrderBy(p => JobPods.Index(p)).ThenBy(p => p.Metadata.Name)];

    public async Task<List<Pod>> ActiveAsync(string job, int count)
    {
        await Cluster.UntilAsync(() => Active(job).Count == count && Status(job).Active == count, $"{count} active pods of {job}, of {All(job).Count}; {Text(job)}");
        return Active(job);
    }

    public Task UntilAsync(string job, Func<JobStatus, bool> holds) => Cluster.UntilAsync(() => holds(Status(job)), $"a status of {job}; {Text(job)}");
    public Task UntilAsync(string job, string condition) => Cluster.UntilAsync(() => Has(job, condition), $"{job} to be {condition}; {Text(job)}");

    private string Text(string job) => System.Text.Encoding.UTF8.GetString(Schema.ApiJson.ToBytes(Status(job)));

    public Task SucceedAsync(Pod pod) => EndAsync(pod, "Succeeded", 0);
    public Task FailAsync(Pod pod, int code = 1) => EndAsync(pod, "Failed", code);

    public async Task EndAsync(Pod pod, string phase, int code)
    {
        var ended = new JsonObject
        {
            ["name"] = "main", ["image"] = "work:1", ["imageID"] = "", ["ready"] = false, ["restartCount"] = 0,
            ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = code, ["finishedAt"] = Cluster.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) } },
        };
        var status = new JsonObject { ["status"] = new JsonObject { ["phase"] = phase, ["containerStatuses"] = new JsonArray(ended) } };
        await Cluster.Client.PatchStatusAsync<Pod>(Key.Of(pod), Patch.Merge(status));
    }

    public async Task<List<string>> EventsAsync(string name) =>
        [.. (await Cluster.ListAsync<Event>()).Where(e => e.InvolvedObject.Name == name).Select(e => e.Reason)];

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
