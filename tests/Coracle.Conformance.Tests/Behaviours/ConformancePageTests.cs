using System.Reflection;

namespace Coracle.Conformance.Tests;

public sealed class ConformancePageTests
{
    [Fact]
    public void Every_claim_is_of_a_behaviour_of_the_list_and_by_a_test_that_runs()
    {
        var known = Behaviour.ReadAll().Select(b => b.Name).ToHashSet();
        Assert.DoesNotContain(Claim.ReadAll(), c => !known.Contains(c.Behaviour) || !c.Runs);
        Assert.DoesNotContain(NotHere.Reasons.Keys, name => !known.Contains(name));
    }

    [Fact]
    public void Names_of_behaviours_are_unique_and_each_is_claimed_once()
    {
        Assert.DoesNotContain(Behaviour.ReadAll().CountBy(b => b.Name), c => c.Value > 1);
        Assert.DoesNotContain(Claim.ReadAll().CountBy(c => c.Behaviour), c => c.Value > 1 || NotHere.Reasons.ContainsKey(c.Key));
    }

    [Fact]
    public void Claims_are_found_in_the_sources_as_they_are_compiled()
    {
        var compiled =
            from type in typeof(ConformancePageTests).Assembly.GetTypes()
            from method in type.GetMethods()
            from claim in method.GetCustomAttributes<BehaviourAttribute>()
            select (claim.Name, $"{type.Name}.{method.Name}");
        Assert.Equal(compiled.Order(), Claim.ReadAll().Where(c => c.File.StartsWith("tests/Coracle.Conformance.Tests/", StringComparison.Ordinal)).Select(c => (c.Behaviour, c.Test)).Order());
    }

    /// <summary>With CORACLE_GOLDEN=write the page is written anew.</summary>
    [Fact]
    public void The_page_says_what_the_tests_show()
    {
        var page = ConformancePage.Write(Behaviour.ReadAll(), Claim.ReadAll());
        if (Environment.GetEnvironmentVariable("CORACLE_GOLDEN") == "write") File.WriteAllText(ConformancePage.File, page);
        Assert.Equal(page, File.ReadAllText(ConformancePage.File));
    }
}
