using Coracle.Controllers.Scheduling;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Scheduling;

/// <summary>Whatever happens in whatever order, no node is promised more than it has.</summary>
public sealed class OvercommitTests
{
    private const int Nodes = 5;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_node_is_ever_given_more_than_it_has(int seed)
    {
        var random = new Random(seed);
        var s = new SchedulerSimulation(seed, new() { MaxBindings = random.Next(1, 20) });
        var room = new Dictionary<string, (long Cpu, int Pods)>();
        for (var i = 0; i < Nodes; i++)
        {
            var (cpu, pods) = (random.Next(1, 5), random.Next(2, 7));
            room["n" + i] = (1000 * cpu, pods);
            s.Add(Objects.Node("n" + i, cpu: $"{cpu}", pods: $"{pods}"));
        }
        var there = new Dictionary<string, Pod>();
        s.Cluster.Watch<Pod>(delta =>
        {
            if (delta.New is { Spec.NodeName.Length: > 0 } pod) there[pod.Metadata.Uid] = pod;
            else there.Remove(delta.Object.Metadata.Uid);
            foreach (var node in there.Values.GroupBy(p => p.Spec.NodeName))
            {
                var (cpu, pods) = room[node.Key];
                Assert.True(node.Sum(p => PodRequests.Of(p, nonZero: false).MilliCpu) <= cpu && node.Count() <= pods, $"{node.Key} is given more than it has");
            }
        });

        var made = 0;
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(10))
            {
                case < 6:
                    var count = random.Next(1, 6);
                    for (var i = 0; i < count; i++) s.Create(Objects.Pod("p" + made++, cpu: $"{100 * random.Next(0, 12)}m"));
                    break;
                case < 8 when there.Count > 0:
                    s.End(there.Values.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal).ElementAt(random.Next(there.Count)).Metadata.Name);
                    break;
                case 8:
                    s.Stop();
                    s.Start();
                    break;
                default:
                    s.Cluster.Pass(random.NextDouble() * 3);
                    break;
            }
        }
        s.Cluster.Pass(60);
        s.Settle();

        // Nor is room left that somebody waits for.
        var waiting = s.Cluster.List<Pod>().Where(p => p.Spec.NodeName.Length == 0).ToList();
        foreach (var pod in waiting)
            Assert.All(room, node => Assert.False(
                there.Values.Where(p => p.Spec.NodeName == node.Key).Sum(p => PodRequests.Of(p, nonZero: false).MilliCpu) + PodRequests.Of(pod, nonZero: false).MilliCpu <= node.Value.Cpu
                && there.Values.Count(p => p.Spec.NodeName == node.Key) < node.Value.Pods, $"{pod.Metadata.Name} waits although {node.Key} has room"));
        Assert.Empty(s.Cluster.Faults);
    }
}
