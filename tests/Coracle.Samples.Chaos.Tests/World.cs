using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

/// <summary>What tests declare, and the cluster that it is declared to.</summary>
internal static class World
{
    /// <summary>The definitions are there, the operator runs.</summary>
    public static async Task BeginAsync(TestCluster cluster)
    {
        await InstallAsync(cluster);
        await RunAsync(cluster);
    }

    public static Task InstallAsync(TestCluster cluster) => cluster.InstallAsync(ChaosOperator.Kinds);
    public static Task RunAsync(TestCluster cluster) => cluster.RunAsync((host, informers) => ChaosOperator.AddTo(host, informers));

    /// <summary>A pod that nothing replaces.</summary>
    public static Pod Pod(string name, string app = "web") => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Labels = new() { ["app"] = app } },
        Spec = new() { Containers = [new() { Name = "main", Image = "web:1" }] },
    };

    public static ChaosSpec Spec(int victims, int delaySeconds = 10, string app = "web") =>
        new() { Selector = new() { MatchLabels = new() { ["app"] = app } }, Victims = victims, DelaySeconds = delaySeconds };

    public static Kinds.Chaos Chaos(string name, int victims, int delaySeconds = 10) => new() { Metadata = new() { Namespace = "default", Name = name }, Spec = Spec(victims, delaySeconds) };

    public static ChaosSet Set(string name, int acts, int parallelism = 1, int victims = 1) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new() { Acts = acts, Parallelism = parallelism, Template = Spec(victims) },
    };

    public static ChaosCron Cron(string name, string schedule, int acts = 1, int victims = 1) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new() { Schedule = schedule, Template = Set("", acts, victims: victims).Spec },
    };

    public static bool IsMarked(Pod pod) => pod.Metadata.Annotations?.ContainsKey(ChaosReconciler.Mark) == true;
}
