namespace Coracle.Conformance.Tests;

/// <summary>Objects as upstream's tests make them, as JSON.</summary>
internal static class Samples
{
    private const string Container = """{"name":"nginx","image":"nginx:latest"}""";

    private static string Template(string app, string container) => $$$"""{"metadata":{"labels":{"app":"{{{app}}}"} },"spec":{"containers":[{{{container}}}]} }""";

    public static string Deployment(string name, int replicas, string more = "") => Workload("Deployment", name, replicas, more);
    public static string ReplicaSet(string name, int replicas, string more = "") => Workload("ReplicaSet", name, replicas, more);

    private static string Workload(string kind, string name, int replicas, string more) => $$$"""
        {"apiVersion":"apps/v1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","labels":{"app":"{{{name}}}"}{{{more}}}},
        "spec":{"replicas":{{{replicas}}},"selector":{"matchLabels":{"app":"{{{name}}}"}},"template":{{{Template(name, Container)}}}}}
        """;

    public static string ReplicationController(string name, int replicas) => $$$"""
        {"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"{{{name}}}"},"spec":{"replicas":{{{replicas}}},"selector":{"app":"{{{name}}}"},"template":{{{Template(name, Container)}}}}}
        """;

    /// <summary>A pod of one container.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="meta">More of its metadata, from a comma on.</param>
    /// <param name="spec">More of its spec, from a comma on.</param>
    /// <param name="container">More of the container, from a comma on.</param>
    public static string Pod(string name, string meta = "", string spec = "", string container = "") =>
        $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}"{{{meta}}}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"{{{container}}}}]{{{spec}}}}}""";

    public static string ConfigMap(string name, string data = "") => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{ {{{data}}} } }""";
}
