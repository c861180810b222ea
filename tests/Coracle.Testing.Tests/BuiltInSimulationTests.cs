using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>The built-in controllers together, under faults.</summary>
public sealed class BuiltInSimulationTests
{
    [Fact]
    public Task Whatever_goes_wrong_meanwhile_in_the_end_all_is_as_declared_and_at_rest() => Simulation.RunAsync(Simulation.Seeds(1, 20), Scenario);

    [Fact]
    public Task Whatever_goes_wrong_and_machines_fail_too_in_the_end_all_is_as_declared_and_at_rest() => Simulation.RunAsync(Simulation.Seeds(1, 10), Scenario, machines: true);

    private static async Task Scenario(SimulationRun run)
    {
        var world = new World(run);
        for (var step = 0; step < 12; step++)
        {
            await world.ChangeSomething();
            await run.Cluster.Clock.Advance(TimeSpan.FromSeconds(run.Random.Next(60)));
        }
        await run.HealAsync();
        await world.Check();
    }

    /// <summary>What a user declares, step by step, and what must have become of it.</summary>
    private sealed class World(SimulationRun run)
    {
        private readonly Dictionary<string, int> _deployments = [];
        private readonly HashSet<string> _jobs = [];
        private int _names;

        private Client Client => run.Cluster.Client;

        public Task ChangeSomething() => run.Random.Next(7) switch
        {
            0 or 1 => CreateDeployment(),
            2 => ChangeDeployment(d => d.Spec.Replicas = run.Random.Next(6)),
            3 => ChangeDeployment(d => d.Spec.Template.Spec!.Containers![0].Image = $"web:{run.Random.Next(100)}"),
            4 => DeleteDeployment(),
            5 => CreateJob(),
            _ => DeletePod(),
        };

        private async Task CreateDeployment()
        {
            var name = $"web{++_names}";
            _deployments[name] = run.Random.Next(1, 6);
            await Client.CreateAsync(Samples.Deployment(name, _deployments[name]));
        }

        private async Task CreateJob()
        {
            var name = $"job{++_names}";
            _jobs.Add(name);
            await Client.CreateAsync(new Job
            {
                Metadata = new() { Namespace = "default", Name = name },
                Spec = new()
                {
                    Completions = 3, Parallelism = 2,
                    Template = new()
                    {
                        Metadata = new() { Annotations = new() { ["coracle.dev/simulate-exit-after-seconds"] = "5" } },
                        Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "job:1" }] },
                    },
                },
            });
        }

        private string? Any() => _deployments.Count == 0 ? null : _deployments.Keys.Order(StringComparer.Ordinal).ElementAt(run.Random.Next(_deployments.Count));

        private async Task ChangeDeployment(Action<Deployment> change)
        {
            if (Any() is not { } name) return;
            while (true)
            {
                var deployment = await Client.GetAsync<Deployment>(new("default", name));
                change(deployment);
                _deployments[name] = deployment.Spec.Replicas ?? 1;
                var written = await Client.TryUpdateAsync(deployment);
                if (!written.IsConflict) return;
            }
        }

        private async Task DeleteDeployment()
        {
            if (Any() is not { } name) return;
            _deployments.Remove(name);
            await Client.DeleteAsync<Deployment>(new Key("default", name), run.Random.Next(2) == 0 ? Deletion.Background : Deletion.Foreground);
        }

        private async Task DeletePod()
        {
            var pods = (await Client.ListAsync<Pod>("default")).Items;
            if (pods.Count > 0) await Client.DeleteAsync<Pod>(Key.Of(pods[run.Random.Next(pods.Count)]));
        }

        public async Task Check()
        {
            var pods = (await Client.ListAsync<Pod>("default")).Items;
            var sets = (await Client.ListAsync<ReplicaSet>("default")).Items;
            foreach (var (name, replicas) in _deployments)
            {
                var deployment = await Client.GetAsync<Deployment>(new("default", name));
                Assert.Equal((name, replicas, replicas), (name, deployment.Status.ReadyReplicas, deployment.Status.UpdatedReplicas));
                Assert.Equal(replicas, pods.Count(p => p.Metadata.Labels?.GetValueOrDefault("app") == name));
            }
            foreach (var name in _jobs)
            {
                var job = await Client.GetAsync<Job>(new("default", name));
                Assert.Equal((name, 3), (name, job.Status.Succeeded));
                Assert.Contains(job.Status.Conditions!, c => c is { Type: "Complete", Status: "True" });
            }
            var known = sets.Select(s => s.Metadata.Uid).Concat((await Client.ListAsync<Job>("default")).Items.Select(j => j.Metadata.Uid)).ToHashSet();
            Assert.All(pods, pod => Assert.Contains(Owners.ControllerOf(pod)!.Uid, known));
            Assert.All(pods, pod => Assert.Empty(pod.Metadata.Finalizers ?? []));
            // However often the node's agent was restarted, it found its containers again.
            Assert.All(pods, pod => Assert.All(pod.Status.ContainerStatuses ?? [], c => Assert.Equal(0, c.RestartCount)));
            Assert.Equal(_deployments.Keys.Order(), sets.Select(s => Owners.ControllerOf(s)!.Name).Distinct().Order());
        }
    }
}
