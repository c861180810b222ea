using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests;

/// <summary>Checks a guarantee over generated cases. A failure prints the shrunk case and the seed that replays it.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> cases, Action<T> guarantee, int count = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true), Prop.ForAll(Arb.From(cases), guarantee));
}
