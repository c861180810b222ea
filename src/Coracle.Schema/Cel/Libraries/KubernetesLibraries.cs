namespace Coracle.Schema.Cel;

/// <summary>What Kubernetes v1.36 adds to the language for every expression (apiserver's cel/environment/base.go).</summary>
internal static class KubernetesLibraries
{
    public static IReadOnlyList<CelLibrary> All { get; } = [Optionals.Library, MapInserts.Library];
}
