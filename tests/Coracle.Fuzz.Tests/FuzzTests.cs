using System.Globalization;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Fuzz.Tests.Targets;

namespace Coracle.Fuzz.Tests;

/// <summary>
/// Every decoder of what comes from a client or another machine, on texts that nobody would write. The tests try two rows of texts, the same each time; CORACLE_FUZZ_SEED=n makes the second another.
/// By hand: CORACLE_FUZZ_SECONDS=3600, with CORACLE_FUZZ_TARGETS=json,yaml for some targets alone, and CORACLE_FUZZ_REPLAY=target:seed:number for one text.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int FixedSeed = 1;

    private static readonly IReadOnlyList<FuzzTarget> Targets = [.. ObjectTargets.All, .. CustomTargets.All, .. PatchTargets.All, .. TextTargets.All, .. AccessTargets.All, .. ServerTarget.All, .. NodeTargets.All, .. ClientTargets.All, .. OutsideTargets.All];

    public static TheoryData<string> Names => [.. Targets.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Nothing_that_is_sent_breaks_its_decoder(string name)
    {
        var target = Targets.Single(target => target.Name == name);
        var seed = Environment.GetEnvironmentVariable("CORACLE_FUZZ_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : FixedSeed + 1;
        output.WriteLine($"CORACLE_FUZZ_SEED={seed}");
        Nothing(Fuzzer.Run(target, FixedSeed, 0, target.Iterations));
        Nothing(Fuzzer.Run(target, seed, 0, target.Iterations));
    }

    [Fact]
    public void Every_expression_that_texts_are_put_into_is_one()
    {
        _ = TextTargets.All.Count();
        if (TextTargets.Issues.Count > 0) Assert.Fail(string.Join("\n", TextTargets.Issues));
    }

    [Fact(Explicit = true)]
    public void A_text_is_tried_again()
    {
        var replay = Environment.GetEnvironmentVariable("CORACLE_FUZZ_REPLAY");
        Assert.SkipWhen(string.IsNullOrEmpty(replay), "nothing is to be replayed (CORACLE_FUZZ_REPLAY)");
        var parts = replay!.Split(':');
        var target = Targets.Single(target => target.Name == parts[0]);
        Nothing(Fuzzer.Run(target, int.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture), 1));
    }

    private static void Nothing(Finding? found)
    {
        if (found is not null) Assert.Fail(found.ToString());
    }

    [Fact(Explicit = true)]
    public void Nothing_is_found_for_as_long_as_one_likes()
    {
        var seconds = Environment.GetEnvironmentVariable("CORACLE_FUZZ_SECONDS") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 60;
        var seed = Environment.GetEnvironmentVariable("CORACLE_FUZZ_SEED") is { Length: > 0 } chosen ? int.Parse(chosen, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var wanted = Environment.GetEnvironmentVariable("CORACLE_FUZZ_TARGETS") is { Length: > 0 } some ? some.Split(',') : null;
        Console.Error.WriteLine($"CORACLE_FUZZ_SEED={seed}");
        var found = Fuzzer.RunFor([.. Targets.Where(target => wanted?.Contains(target.Name) ?? true)], TimeSpan.FromSeconds(seconds), seed, Console.Error.WriteLine);
        Assert.Empty(found);
    }
}
