using System.Diagnostics;
using System.Globalization;
using Coracle.Kinds.Coordination.V1;
using Coracle.Instance;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Containerd;
using Coracle.Sdk;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>kill -9 of the server, again and again, under load. CORACLE_KILLS=100 says how often; without it, a few times.</summary>
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("CORACLE_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 10;

    private const int Webs = 6;

    [Fact]
    public async Task A_server_that_is_killed_under_load_loses_no_acknowledged_write_and_touches_no_running_container()
    {
        var cancel = TestInstance.Limit(Math.Max(5, Kills / 4));
        await using var cluster = await TestInstance.WithContainers(cancel);
        await CreatePods(cluster.Client, cancel);
        var service = (await cluster.Client.CreateAsync(Samples.Service("web"), cancel)).Spec.ClusterIP;
        await RequestService(service, cancel);
        var before = await Snapshot.Take(cluster, cancel);
        await using var writers = new Writers(cluster.Client, 8);
        var exec = StartExec(cluster);
        var random = new Random(1);
        var downs = new List<TimeSpan>();
        for (var kill = 0; kill < Kills; kill++)
        {
            // 1. Somewhere in the middle of things.
            var acknowledged = writers.Acknowledged;
            await Waiting.Until(() => Task.FromResult(writers.Acknowledged), now => now > acknowledged + random.Next(50), now => $"{now} writes", cancel);
            var leases = await Leases(cluster.Client, writers, cancel);
            // 2.
            await cluster.Kill(cancel);
            await RequestService(service, cancel); // the network needs no server
            var began = Stopwatch.GetTimestamp();
            cluster.Launch();
            await cluster.Ready(cancel);
            downs.Add(Stopwatch.GetElapsedTime(began));
            // 3. What was acknowledged is there; revisions go on.
            await writers.Check(cluster.Client, cancel);
            foreach (var (name, revision) in await Leases(cluster.Client, writers, cancel))
                Assert.True(revision >= leases.GetValueOrDefault(name), $"lease {name} went back from {leases.GetValueOrDefault(name)} to {revision}");
            // 4. What runs goes on, also after the node has been at work again.
            before.MustEqual(await Snapshot.Take(cluster, cancel));
            if (kill % 5 == 4) await RunOneMore(cluster.Client, kill, cancel);
            before.MustEqual(await Snapshot.Take(cluster, cancel));
        }
        await RequestService(service, cancel);
        // The command that ran in a container when the server was first killed has been told that it is over.
        await exec.WaitForExitAsync(cancel);
        Assert.NotEqual(0, exec.ExitCode);
        await Restarts(cluster.Client, cancel);
        output.WriteLine($"{Kills} kills, {writers.Acknowledged} writes acknowledged and kept; ready again after {downs.Average(d => d.TotalSeconds):0.0} s on average, {downs.Max(d => d.TotalSeconds):0.0} s at most");
    }

    private static async Task CreatePods(Client client, CancellationToken cancel)
    {
        var web = Samples.Web();
        // One failure ends it: a probe that is confused by a restart would show.
        web.LivenessProbe = new() { HttpGet = new() { Path = "/hosts", Port = "http" }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 20 };
        await client.CreateAsync(Samples.Deployment("web", Webs, web), cancel);
        var done = Samples.Pod("done", Samples.Shell("done", "exit 0"));
        done.Spec.RestartPolicy = RestartPolicy.Never;
        await client.CreateAsync(done, cancel);
        await client.CreateAsync(Samples.Pod("failing", Samples.Shell("failing", "exit 3")), cancel);
        var sidecar = Samples.Shell("sidecar", "trap 'exit 0' TERM; while :; do sleep 1; done");
        sidecar.RestartPolicy = ContainerRestartPolicy.Always;
        var several = Samples.Pod("several", Samples.Web(), Samples.Shell("idle", "trap 'exit 0' TERM; while :; do sleep 1; done"));
        several.Spec.InitContainers = [Samples.Shell("first", "exit 0"), sidecar];
        await client.CreateAsync(several, cancel);
        await Waiting.Pods(client, "web", pods => pods.Count(Waiting.IsReady) == Webs, cancel);
        await Waiting.Pod(client, "several", Waiting.IsReady, cancel);
        await Waiting.Pod(client, "done", pod => pod.Status.Phase == PodPhase.Succeeded, cancel);
    }

    private static async Task RequestService(string address, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Waiting.Until(async () =>
        {
            try
            {
                return (int)(await http.GetAsync($"http://{address}/hosts", cancel)).StatusCode;
            }
            catch (HttpRequestException)
            {
                return 0; // its rules are not there yet
            }
        }, status => status == 200, status => $"status {status}", cancel);
    }

    private static async Task RunOneMore(Client client, int kill, CancellationToken cancel)
    {
        var name = $"later-{kill}";
        await client.CreateAsync(Samples.Pod(name, Samples.Web()), cancel);
        await Waiting.Pod(client, name, Waiting.IsReady, cancel);
        await client.DeleteAsync<Pod>(new Key("default", name), null, cancel);
        await Waiting.Until(async () => await client.TryGetAsync<Pod>(new Key("default", name), cancel), pod => pod is null, pod => "the pod is there", cancel);
    }

    private static Process StartExec(TestInstance cluster) => TheProgram.Kubectl(cluster.Kubeconfig, "exec", "several", "-c", "idle", "--", "sh", "-c", "while :; do sleep 1; done");

    private static async Task<Dictionary<string, long>> Leases(Client client, Writers writers, CancellationToken cancel)
    {
        var list = await client.ListAsync<Lease>("kube-node-lease", null, cancel);
        writers.Saw(list.ResourceVersion);
        return list.Items.ToDictionary(l => l.Metadata.Name, l => long.Parse(l.Metadata.ResourceVersion, CultureInfo.InvariantCulture));
    }

    // Ten seconds, twenty, forty...: a server that forgot would have started it anew after each kill.
    private static async Task Restarts(Client client, CancellationToken cancel)
    {
        var failing = await client.GetAsync<Pod>(new Key("default", "failing"), cancel);
        var age = DateTimeOffset.UtcNow - failing.Metadata.CreationTimestamp!.Value;
        var (restarts, pause, at) = (1, 10.0, 0.0);
        for (; (at += pause) < age.TotalSeconds; pause = Math.Min(300, pause * 2)) restarts++;
        var actual = failing.Status.ContainerStatuses![0].RestartCount;
        Assert.True(actual <= restarts, $"started again {actual} times in {age.TotalSeconds:0} s, where {restarts} times are due");
    }

    /// <summary>What must be the same after a kill: each container's identity, start and restarts, as the API tells it, and its processes, as the kernel does.</summary>
    private sealed record Snapshot(SortedDictionary<string, string> Told, SortedDictionary<string, string> Kernel)
    {
        public static async Task<Snapshot> Take(TestInstance cluster, CancellationToken cancel)
        {
            var pods = (await cluster.Client.ListAsync<Pod>("default", null, cancel)).Items;
            var (told, kernel) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
            var failing = pods.First(p => p.Metadata.Name == "failing");
            foreach (var pod in pods.Where(p => p != failing))
                foreach (var status in (pod.Status.ContainerStatuses ?? []).Concat(pod.Status.InitContainerStatuses ?? []))
                    told[$"{pod.Metadata.Name}/{status.Name}"] = $"{pod.Metadata.Uid} {pod.Status.PodIP} {status.ContainerID} {status.RestartCount} {status.State.Running?.StartedAt:O} {status.State.Terminated?.FinishedAt:O} ready: {status.Ready}";
            // sleep comes and goes in some of them; the first process does not.
            foreach (var (id, pids) in Containers.Of(new ContainerdLayout(cluster.DataDirectory).CgroupRoot, failing.Metadata.Uid)) kernel[id] = $"process {pids[0]} since {InstanceRecord.StartTimeOf(pids[0])}";
            return new Snapshot(told, kernel);
        }

        public void MustEqual(Snapshot after)
        {
            Assert.Equal(Text(Told), Text(after.Told));
            Assert.Equal(Text(Kernel), Text(after.Kernel));
        }

        private static string Text(SortedDictionary<string, string> map) => string.Join('\n', map.Select(p => $"{p.Key}: {p.Value}"));
    }
}
