using Coracle.Scenarios.Tests.Running;

namespace Coracle.Scenarios.Tests;

/// <summary>
/// What becomes of workloads: scripts in Tables/*.txt, each with the objects, conditions and events that upstream documents for it. With CORACLE_GOLDEN=write the outcomes are written
/// anew, to be read before they are committed.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string, string> All => [.. ScenarioFile.ReadAll().Select(s => new TheoryDataRow<string, string>(s.Table, s.Title))];

    /// <summary>
    /// What could happen next in another order does so with another seed: an outcome that depends on it is not one that upstream documents. CORACLE_SIM_SEEDS=n tries as many.
    /// </summary>
    private static IEnumerable<int> Seeds => Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("CORACLE_SIM_SEEDS"), out var many) ? many : 1);

    [Theory, MemberData(nameof(All))]
    public async Task The_outcome_is_upstreams(string table, string title)
    {
        var scenario = ScenarioFile.Read(table).Single(s => s.Title == title);
        if (Environment.GetEnvironmentVariable("CORACLE_GOLDEN") == "write") ScenarioFile.Write(scenario with { Outcome = await ScenarioRun.Of(scenario, seed: 1) });
        else
            foreach (var seed in Seeds)
                if (await ScenarioRun.Of(scenario, seed) is var outcome && outcome != scenario.Outcome) Assert.Fail($"seed {seed}: {Difference.Of(scenario.Outcome, outcome)}");
    }

    [Fact]
    public void Titles_are_unique() => Assert.DoesNotContain(ScenarioFile.ReadAll().CountBy(s => (s.Table, s.Title)), c => c.Value > 1);
}
