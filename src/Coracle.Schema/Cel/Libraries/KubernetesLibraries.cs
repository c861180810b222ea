namespace Coracle.Schema.Cel;

/// <summary>What Kubernetes v1.36 adds to the language for every expression (apiserver's cel/environment/base.go).</summary>
internal static class KubernetesLibraries
{
    public static IReadOnlyList<CelLibrary> All { get; } =
    [
        Urls.Library, Patterns.Library, Lists.Kubernetes, CelAuthorization.Library, Optionals.Library, Quantities.Library, Strings.Library, Lists.Sets, Addresses.Library,
        Formats.Library, MapInserts.Library, Semvers.Library, Lists.Library,
    ];
}
