using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Checks a guarantee over generated cases: the same each time, others with CORACLE_FUZZ_SEED=n. A failure prints the case and the seed that replays it.</summary>
internal static class Property
{
    private static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("CORACLE_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 1;

    public static void Holds<T>(Gen<T> cases, Action<T> guarantee, int count = 200) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(Seed, 0x9E3779B97F4A7C15), FSharpOption<int>.None))),
            Prop.ForAll(Arb.From(cases), guarantee));
}
