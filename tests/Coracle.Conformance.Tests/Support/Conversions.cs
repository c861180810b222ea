namespace Coracle.Conformance.Tests;

/// <summary>Definitions of which one version is converted to the other by the sample webhook: "hostPort" of v1 is "host" and "port" of v2.</summary>
internal static class Conversions
{
    private const string V1 = """{"type":"object","properties":{"hostPort":{"type":"string"}}}""", V2 = """{"type":"object","properties":{"host":{"type":"string"},"port":{"type":"string"}}}""";

    private const string Selectable1 = """
        ,"selectableFields":[{"jsonPath":".hostPort"}]
        """;
    private const string Selectable2 = """
        ,"selectableFields":[{"jsonPath":".host"},{"jsonPath":".port"}]
        """;

    /// <summary>Both versions, of which one is stored.</summary>
    public static string Versions(string stored, bool selectable = false) =>
        $"[{Crd.VersionOf("v1", V1, stored == "v1", more: selectable ? Selectable1 : "")},{Crd.VersionOf("v2", V2, stored == "v2", more: selectable ? Selectable2 : "")}]";

    public static async Task<Crd> Define(Cluster cluster, string ns, bool selectable = false)
    {
        SampleAnswers.Serve(cluster);
        await SampleWebhook.Deploy(cluster, ns, "e2e-test-crd-conversion-webhook", 9443);
        var crd = await Crd.Define(cluster, "E2eTestCrdWebhook", versions: Versions("v1", selectable), more: $$$"""
            ,"conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1","v1beta1"],"clientConfig":{"caBundle":"{{{SampleWebhook.CaBundle}}}",
            "service":{"namespace":"{{{ns}}}","name":"e2e-test-crd-conversion-webhook","path":"/crdconvert","port":9443}} } }
            """);
        var second = crd with { Version = "v2" };
        (await cluster.Post(second.In(ns), second.Instance("stub"))).Is(201);
        (await cluster.Delete($"{second.In(ns)}/stub")).Is(200);
        return crd;
    }
}
