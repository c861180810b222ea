using System.Diagnostics;
using Coracle.ApiServer.Access;
using Coracle.Controllers.Scheduling;
using Coracle.Hosting;
using Coracle.Store;

namespace Coracle.Bench.Scheduler;

/// <summary>The scheduling cycle for one pod after the other, each counted on the node that was chosen; nothing is written.</summary>
internal static class ChoosingAlone
{
    public static TimeSpan Run(int nodes, int pods, string kind)
    {
        var plane = new ControlPlane(new() { Store = new MemoryStore(), Random = new Random(1) });
        var profile = DefaultProfile.New(plane.Client(new User { Name = "bench" }, "bench"));
        var cluster = new ClusterState();
        for (var i = 0; i < nodes; i++) cluster.SetNode(Samples.Node(i));
        var cycle = new SchedulingCycle(cluster, new Nominations(), new(), new Random(1));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < pods; i++)
        {
            var pod = Samples.Pod(i, kind);
            pod.Metadata.Uid = pod.Metadata.Name;
            var info = new PodInfo(pod);
            var choice = cycle.Find(profile, new CycleState(profile.Plugins.Length) { Cluster = cluster }, info);
            cluster.Assume(info, choice.Node ?? throw new InvalidOperationException(choice.Diagnosis?.Message ?? choice.Error?.Message));
        }
        return Stopwatch.GetElapsedTime(began);
    }
}
