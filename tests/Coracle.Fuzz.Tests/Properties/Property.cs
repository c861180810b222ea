using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Checks a guarantee over generated cases. A failure prints the case and the seed that replays it.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> cases, Action<T> guarantee, int count = 200) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true), Prop.ForAll(Arb.From(cases), guarantee));
}
