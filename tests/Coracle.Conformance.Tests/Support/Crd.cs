namespace Coracle.Conformance.Tests;

/// <summary>A definition that is served: a group of its own, so that tests do not meet.</summary>
internal sealed record Crd(string Group, string Kind, string Version)
{
    public const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    public const string AllowAll = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""";
    private static int _groups;

    public string Singular => Kind.ToLowerInvariant();
    public string Plural => Singular + "s";
    public string Name => $"{Plural}.{Group}";
    public string Definition => $"{Definitions}/{Name}";

    /// <summary>The path of its instances in a namespace.</summary>
    public string In(string ns) => $"/apis/{Group}/{Version}/namespaces/{ns}/{Plural}";

    /// <summary>An instance, as far as its metadata.</summary>
    public string Instance(string name, string more = "") => $$$"""{"apiVersion":"{{{Group}}}/{{{Version}}}","kind":"{{{Kind}}}","metadata":{"name":"{{{name}}}"}{{{more}}}}""";

    /// <summary>Creates a definition and waits until its instances are served.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="kind">Plural and singular come from it.</param>
    /// <param name="schema">Of the one version, unless <paramref name="versions"/> are given.</param>
    /// <param name="versions">The list of versions as JSON; null for "v1" alone.</param>
    /// <param name="more">More of the spec, from a comma on.</param>
    /// <param name="scope">"Cluster" or "Namespaced".</param>
    /// <param name="group">Null for one of its own.</param>
    public static async Task<Crd> Define(Cluster cluster, string kind, string schema = AllowAll, string? versions = null, string more = "", string scope = "Namespaced", string? group = null)
    {
        var crd = Named(kind, group);
        await cluster.Create(Definitions, crd.Body(schema, versions, more, scope));
        await crd.Established(cluster);
        return crd;
    }

    public static Crd Named(string kind, string? group = null) => new(group ?? $"group{Interlocked.Increment(ref _groups)}.example.com", kind, "v1");

    public string Body(string schema = AllowAll, string? versions = null, string more = "", string scope = "Namespaced") => $$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{Name}}}"},"spec":{"group":"{{{Group}}}","scope":"{{{scope}}}",
        "names":{"plural":"{{{Plural}}}","singular":"{{{Singular}}}","kind":"{{{Kind}}}","listKind":"{{{Kind}}}List"}{{{more}}},"versions":{{{versions ?? $"[{VersionOf("v1", schema)}]"}}}}}
        """;

    /// <summary>One of several versions.</summary>
    public static string VersionOf(string name, string schema = AllowAll, bool storage = true, bool served = true, string more = "") =>
        $$$"""{"name":"{{{name}}}","served":{{{(served ? "true" : "false")}}},"storage":{{{(storage ? "true" : "false")}}}{{{more}}},"schema":{"openAPIV3Schema":{{{schema}}}}}""";

    public Task Established(Cluster cluster) => cluster.Until(Definition, found => found.Json["status"]?["conditions"]?.AsArray().Any(c => c!.Text("type") == "Established" && c!.Text("status") == "True") == true);
}
