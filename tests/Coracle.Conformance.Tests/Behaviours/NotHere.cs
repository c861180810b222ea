namespace Coracle.Conformance.Tests;

/// <summary>Why a behaviour has no test; those that are neither here nor claimed are "not yet".</summary>
internal static class NotHere
{
    private const string Containers = "needs containers: a program in the pod reads the volume";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["Service Account Tokens Must AutoMount"] = Containers,
        ["TokenRequestProjection should mount a projected volume with token using TokenRequest API."] = Containers,
    };
}
