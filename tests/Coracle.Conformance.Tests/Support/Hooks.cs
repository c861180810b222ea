namespace Coracle.Conformance.Tests;

/// <summary>A namespace with the sample webhook's service in it, and configurations that send it what happens in that namespace.</summary>
internal sealed class Hooks
{
    public const string Service = "e2e-test-webhook";
    private const string Group = "/apis/admissionregistration.k8s.io/v1";
    public const string Validating = $"{Group}/validatingwebhookconfigurations", Mutating = $"{Group}/mutatingwebhookconfigurations";

    private readonly Cluster _cluster;

    private Hooks(Cluster cluster, string ns) => (_cluster, Namespace) = (cluster, ns);

    public string Namespace { get; }
    public string Path => $"/api/v1/namespaces/{Namespace}";
    public string ConfigMaps => $"{Path}/configmaps";

    public static async Task<Hooks> Deploy(Cluster cluster)
    {
        SampleAnswers.Serve(cluster);
        var ns = await cluster.Namespace();
        await cluster.Update($"/api/v1/namespaces/{ns}", found => found["metadata"]!["labels"]![ns] = "true");
        await SampleWebhook.Deploy(cluster, ns, Service, 8443);
        return new(cluster, ns);
    }

    /// <summary>A rule: "CREATE UPDATE", "configmaps", of the group and version given.</summary>
    public static string Rule(string operations, string resource, string group = "", string version = "v1") =>
        $$$"""{"operations":["{{{operations.Replace(" ", "\",\"", StringComparison.Ordinal)}}}"],"apiGroups":["{{{group}}}"],"apiVersions":["{{{version}}}"],"resources":["{{{resource}}}"]}""";

    /// <summary>One webhook.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="path">Of the service.</param>
    /// <param name="rule">See <see cref="Rule"/>.</param>
    /// <param name="more">More of its fields, from a comma on.</param>
    /// <param name="authority">With the authority's certificate: without it no call succeeds.</param>
    /// <param name="everywhere">Not of this namespace alone: for kinds that are in none.</param>
    public string Hook(string name, string path, string rule, string more = "", bool authority = true, bool everywhere = false) => $$$"""
        {"name":"{{{name}}}","clientConfig":{"service":{"namespace":"{{{Namespace}}}","name":"{{{Service}}}","path":"{{{path}}}","port":8443}{{{(authority ? $",\"caBundle\":\"{SampleWebhook.CaBundle}\"" : "")}}}},
        "rules":[{{{rule}}}],"sideEffects":"None","admissionReviewVersions":["v1","v1beta1"]{{{(everywhere ? "" : $",\"namespaceSelector\":{Selector}")}}}{{{more}}}}
        """;

    private string Selector => $$$"""{"matchLabels":{"{{{Namespace}}}":"true"} }""";

    /// <summary>Creates a configuration; its path.</summary>
    public async Task<string> Configure(string sort, params string[] hooks) =>
        $"{sort}/{(await _cluster.Create(sort, $$$"""{"metadata":{"generateName":"e2e-test-webhook-config-"},"webhooks":[{{{string.Join(',', hooks)}}}]}""")).Name}";

    /// <summary>A definition of whose instances the webhook is asked.</summary>
    public Task<Crd> Define(string schema = Crd.AllowAll, string? versions = null) => Crd.Define(_cluster, "E2eTestCrd", schema, versions);

    public static string NonCompliant(string name) => Samples.ConfigMap(name, "\"webhook-e2e-test\":\"webhook-disallow\"");
    public static string ToBeMutated(string name) => Samples.ConfigMap(name, "\"mutation-start\":\"yes\"");
}
