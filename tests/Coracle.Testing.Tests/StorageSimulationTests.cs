using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>Volumes, addresses and autoscalers together, under faults: what is given out is given to one alone, and what nobody has any more is gone.</summary>
public sealed class StorageSimulationTests
{
    [Fact]
    public Task Whatever_goes_wrong_meanwhile_no_volume_and_no_address_is_given_twice_or_left_over() => Simulation.RunAsync(Simulation.Seeds(1, 12), async run =>
    {
        var world = new World(run);
        for (var step = 0; step < 12; step++)
        {
            await world.ChangeSomething();
            await run.Cluster.Clock.Advance(TimeSpan.FromSeconds(run.Random.Next(60)));
        }
        await run.HealAsync();
        await world.Check();
    });

    private sealed class World(SimulationRun run)
    {
        private readonly Dictionary<string, int> _sets = [];
        private readonly HashSet<string> _balancers = [], _pods = [];
        private readonly Dictionary<string, int> _scaled = [];
        private int _names;

        private Client Client => run.Cluster.Client;

        public Task ChangeSomething() => run.Random.Next(10) switch
        {
            0 or 1 => CreateSet(),
            2 => ScaleSet(),
            3 => DeleteSet(),
            4 => DeleteClaim(),
            5 => CreatePod(),
            6 => CreateBalancer(),
            7 => DeleteBalancer(),
            8 => CreateScaled(),
            _ => DeletePod(),
        };

        private string? Any(IEnumerable<string> names) => names.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } all ? all[run.Random.Next(all.Count)] : null;

        private static PersistentVolumeClaimSpec Wanted => new() { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = new() { ["storage"] = Quantity.Parse("1Gi") } } };

        private async Task CreateSet()
        {
            var name = $"set{++_names}";
            _sets[name] = run.Random.Next(1, 4);
            await Client.CreateAsync(new StatefulSet
            {
                Metadata = new() { Namespace = "default", Name = name },
                Spec = new()
                {
                    Replicas = _sets[name], ServiceName = name, Selector = new() { MatchLabels = new() { ["app"] = name } }, PodManagementPolicy = run.Random.Next(2) == 0 ? "Parallel" : "OrderedReady",
                    Template = new() { Metadata = new() { Labels = new() { ["app"] = name } }, Spec = new() { Containers = [new() { Name = "main", Image = "db:1" }] } },
                    VolumeClaimTemplates = [new() { Metadata = new() { Name = "data" }, Spec = Wanted }],
                    PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Delete" },
                },
            });
        }

        private async Task Change<T>(string name, Action<T> change) where T : class, IKind<T>
        {
            while (true)
            {
                var obj = await Client.GetAsync<T>(new("default", name));
                change(obj);
                if (!(await Client.TryUpdateAsync(obj)).IsConflict) return;
            }
        }

        private async Task ScaleSet()
        {
            if (Any(_sets.Keys) is not { } name) return;
            _sets[name] = run.Random.Next(4);
            await Change<StatefulSet>(name, s => s.Spec.Replicas = _sets[name]);
        }

        private async Task DeleteSet()
        {
            if (Any(_sets.Keys) is not { } name) return;
            _sets.Remove(name);
            await Client.DeleteAsync<StatefulSet>(new Key("default", name), run.Random.Next(2) == 0 ? Deletion.Background : Deletion.Foreground);
        }

        private async Task DeleteClaim()
        {
            var claims = (await Client.ListAsync<PersistentVolumeClaim>("default")).Items;
            if (claims.Count > 0) await Client.DeleteAsync<PersistentVolumeClaim>(Key.Of(claims[run.Random.Next(claims.Count)]));
        }

        private async Task CreatePod()
        {
            var name = $"pod{++_names}";
            _pods.Add(name);
            await Client.CreateAsync(new Pod
            {
                Metadata = new() { Namespace = "default", Name = name },
                Spec = new() { Containers = [new() { Name = "main", Image = "main:1" }], Volumes = [new() { Name = "scratch", Ephemeral = new() { VolumeClaimTemplate = new() { Spec = Wanted } } }] },
            });
        }

        private async Task DeletePod()
        {
            var pods = (await Client.ListAsync<Pod>("default")).Items;
            if (pods.Count == 0) return;
            var pod = pods[run.Random.Next(pods.Count)];
            _pods.Remove(pod.Metadata.Name);
            await Client.DeleteAsync<Pod>(Key.Of(pod));
        }

        private async Task CreateBalancer()
        {
            var name = $"lb{++_names}";
            _balancers.Add(name);
            await Client.CreateAsync(new Service { Metadata = new() { Namespace = "default", Name = name }, Spec = new() { Type = "LoadBalancer", Ports = [new() { Port = 80 }] } });
        }

        private async Task DeleteBalancer()
        {
            if (Any(_balancers) is not { } name) return;
            _balancers.Remove(name);
            await Client.DeleteAsync<Service>(new Key("default", name));
        }

        private async Task CreateScaled()
        {
            var name = $"web{++_names}";
            _scaled[name] = run.Random.Next(1, 3);
            await Client.CreateAsync(Samples.Deployment(name, 4));
            await Client.CreateAsync(new HorizontalPodAutoscaler
            {
                Metadata = new() { Namespace = "default", Name = name }, Spec = new() { ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = name }, MaxReplicas = _scaled[name] },
            });
        }

        public async Task Check()
        {
            var pods = (await Client.ListAsync<Pod>("default")).Items;
            var claims = (await Client.ListAsync<PersistentVolumeClaim>("default")).Items;
            var volumes = (await Client.ListAsync<PersistentVolume>()).Items;
            foreach (var (name, replicas) in _sets)
            {
                var set = await Client.GetAsync<StatefulSet>(new("default", name));
                // A claim that was deleted while its pod waited for it is the one thing that leaves a pod without: its set makes it anew only with the pod.
                Assert.Equal((name, replicas), (name, set.Status.Replicas));
            }
            foreach (var pod in pods.Where(p => p.Status.Phase == "Running"))
                foreach (var claim in Claims(pod))
                    Assert.Contains(claims, c => c.Metadata.Name == claim && c.Status.Phase == "Bound");
            // One volume a claim, one claim a volume, and none without.
            foreach (var claim in claims.Where(c => c.Status.Phase == "Bound")) Assert.Equal(claim.Metadata.Uid, volumes.Single(v => v.Metadata.Name == claim.Spec.VolumeName).Spec.ClaimRef!.Uid);
            Assert.All(volumes, v => Assert.Contains(claims, c => c.Metadata.Uid == v.Spec.ClaimRef!.Uid && c.Spec.VolumeName == v.Metadata.Name));
            // What goes with somebody has gone with them. A claim whose pod was refused, and then not wanted any more, goes with nobody: as upstream's.
            var sets = (await Client.ListAsync<StatefulSet>("default")).Items;
            var alive = pods.Select(p => p.Metadata.Uid).Concat(sets.Select(s => s.Metadata.Uid)).ToHashSet();
            Assert.All(claims.SelectMany(c => c.Metadata.OwnerReferences ?? []), owner => Assert.Contains(owner.Uid, alive));
            foreach (var name in _pods.Where(name => pods.Any(p => p.Metadata.Name == name))) Assert.Contains(claims, c => c.Metadata.Name == $"{name}-scratch");
            await CheckAddresses();
            foreach (var (name, most) in _scaled)
                if ((await Client.GetAsync<Deployment>(new("default", name))).Spec.Replicas is var replicas) Assert.Equal((name, most), (name, replicas));
        }

        private async Task CheckAddresses()
        {
            var services = (await Client.ListAsync<Service>()).Items;
            Assert.All(_balancers, name => Assert.Single(services.Single(s => s.Metadata.Name == name).Status.LoadBalancer.Ingress!));
            var given = services.SelectMany(s => s.Status.LoadBalancer.Ingress ?? []).Select(i => i.Ip).ToList();
            Assert.Equal(given.Distinct().Count(), given.Count);
            var addresses = (await Client.ListAsync<IPAddress>()).Items;
            Assert.Equal(services.Select(s => s.Spec.ClusterIP).Where(a => a != "None").Order(StringComparer.Ordinal), addresses.Select(a => a.Metadata.Name).Order(StringComparer.Ordinal));
        }

        private static IEnumerable<string> Claims(Pod pod) => (pod.Spec.Volumes ?? []).Where(v => v.PersistentVolumeClaim is not null || v.Ephemeral is not null)
            .Select(v => v.PersistentVolumeClaim?.ClaimName ?? $"{pod.Metadata.Name}-{v.Name}");
    }
}
