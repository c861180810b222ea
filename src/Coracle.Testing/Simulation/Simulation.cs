using System.Globalization;

namespace Coracle.Testing;

/// <summary>
/// Runs a scenario again and again, each time by another seed: in virtual time, on one thread, with calls that are slow, lost, refused or in conflict, watches that break, expire
/// or lag, and controllers that end between any two writes. First there are faults; then they stop, and the scenario says what must have come right. A seed that fails prints itself, and fails
/// the same way when it is run again.
/// <code>
/// await Simulation.RunAsync(Simulation.Seeds(1, 100), async run =>
/// {
///     await run.Cluster.Client.CreateAsync(deployment);
///     await run.Cluster.Clock.Advance(TimeSpan.FromMinutes(5));
///     await run.HealAsync();
///     Assert.Equal(3, (await run.Cluster.Client.ListAsync&lt;Pod&gt;("default")).Items.Count);
/// });
/// </code>
/// </summary>
public static class Simulation
{
    /// <summary>
    /// So many seeds from <paramref name="first"/> on; or those that the environment names instead: CORACLE_SIM_SEEDS = a number of them, CORACLE_SIM_FIRST = from which on,
    /// CORACLE_SIM_SEED = one, to see it fail again. For long runs see <see cref="SeedSweep"/>.
    /// </summary>
    public static IEnumerable<int> Seeds(int first, int count)
    {
        if (SeedSweep.Number("CORACLE_SIM_SEED") is { } one) return [one];
        return Enumerable.Range(SeedSweep.Number("CORACLE_SIM_FIRST") ?? first, SeedSweep.Number("CORACLE_SIM_SEEDS") ?? count);
    }

    /// <summary>Runs the scenario by each seed. Throws <see cref="SimulationException"/> for the first that fails.</summary>
    /// <param name="seeds">By which it is run.</param>
    /// <param name="scenario">What is declared, broken and asked.</param>
    /// <param name="options">The cluster; three nodes unless said.</param>
    /// <param name="prepare">
    /// What every run begins with: done once, without faults, and every run goes on from there, as a cluster does whose processes were all restarted. Installs definitions, for one.
    /// </param>
    /// <param name="machines">Machines fail too: disks fill up, leases are lost, clocks jump.</param>
    public static async Task RunAsync(
        IEnumerable<int> seeds, Func<SimulationRun, Task> scenario, TestClusterOptions? options = null, Func<TestCluster, Task>? prepare = null, bool machines = false)
    {
        options ??= new() { Nodes = 3 };
        var beginning = await BeginningAsync(options, prepare);
        await SeedSweep.RunAsync(seeds, seed => RunAsync(seed, scenario, options, beginning, machines));
    }

    // A cluster takes longer to start than many a scenario to run, and its start is the same each time: nothing goes wrong in it yet.
    private static async Task<ClusterSnapshot> BeginningAsync(TestClusterOptions options, Func<TestCluster, Task>? prepare)
    {
        await using var cluster = await TestCluster.StartAsync(options with { Faults = null });
        if (prepare is not null) await prepare(cluster);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        return await cluster.SnapshotAsync();
    }

    private static async Task RunAsync(int seed, Func<SimulationRun, Task> scenario, TestClusterOptions options, ClusterSnapshot beginning, bool machines)
    {
        var plan = new FaultPlan(new Random(seed), machines) { Active = false };
        await using var cluster = await TestCluster.StartAsync(beginning, options with { Seed = seed, Faults = plan });
        await cluster.AtRest(() => plan.Active = true);
        try
        {
            await scenario(new SimulationRun(cluster, plan, seed));
        }
        catch (Exception failure)
        {
            throw new SimulationException(seed, plan, failure);
        }
    }
}

/// <summary>One run of a simulation.</summary>
public sealed class SimulationRun
{
    private readonly FaultPlan _plan;

    internal SimulationRun(TestCluster cluster, FaultPlan plan, int seed) => (Cluster, _plan, Seed, Random) = (cluster, plan, seed, new Random(seed));

    /// <summary>By which it runs.</summary>
    public int Seed { get; }

    /// <summary>The test's own calls have no faults; those of controllers have.</summary>
    public TestCluster Cluster { get; }

    /// <summary>For what the scenario itself decides by chance.</summary>
    public Random Random { get; }

    /// <summary>
    /// Faults stop; complete when the cluster has come to rest: nothing but heartbeats and events is written for five minutes of its time. Throws <see cref="TestClusterException"/> when it does not within
    /// two hours.
    /// </summary>
    public async Task HealAsync()
    {
        await Cluster.AtRest(() => _plan.Active = false);
        await Cluster.UntilQuietAsync(TimeSpan.FromMinutes(5), TimeSpan.FromHours(2));
    }
}

/// <summary>A scenario failed by a seed.</summary>
public sealed class SimulationException(int seed, FaultPlan plan, Exception failure)
    : Exception($"seed {seed.ToString(CultureInfo.InvariantCulture)} fails (again with CORACLE_SIM_SEED={seed.ToString(CultureInfo.InvariantCulture)}): {failure.Message}\nfaults: {plan}", failure)
{
    public int Seed { get; } = seed;
}
