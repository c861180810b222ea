using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>What a client reads of servers, and of its own configuration.</summary>
internal static class ClientTargets
{
    public static IEnumerable<FuzzTarget> All =>
    [
        new("kubeconfig", () => Corpus.Of("""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: k, cluster: {server: "https://a:6443", certificate-authority-data: YQ==, proxy-url: "http://p", tls-server-name: x, insecure-skip-tls-verify: true}}]
            users: [{name: u, user: {token: t, client-certificate-data: YQ==, client-key-data: Yg==, username: n, password: p, as: o, as-groups: [g], tokenFile: f}}, {name: e, user: {exec: {command: x/y, args: [a], apiVersion: v, env: [{name: a, value: b}], provideClusterInfo: true}}}]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: n}}, {name: d, context: {cluster: k, user: e}}]
            """), Kubeconfigs) { Words = ["clusters", "users", "contexts", ": ", "- ", "\n", "{", "}", "null", "https://", "data", "\"\\0\"", "YQ==", "[", "]"], Iterations = 800 },
        new("watch-events", () => Corpus.Of("""{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","resourceVersion":"1"},"spec":{"containers":[{"name":"a"}]}}}""", """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"2","annotations":{"k8s.io/initial-events-end":"true"}}}}""",
            """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","details":{"causes":[{"reason":"a"}],"retryAfterSeconds":1}}}"""), Events) { Shape = Shape.Json, Words = ["type", "object", "ADDED", "ERROR", "BOOKMARK", "kind", "Status", "code", "details", "causes"], Iterations = 800 },
    ];

    private static void Kubeconfigs(Seed seed)
    {
        try
        {
            var config = Kubeconfig.Parse(Corpus.Text(seed), "/nowhere");
            foreach (var context in config.Contexts)
                AccessTargets.Tolerated<ClusterConfigException>(() => config.ToConfig(context));
            AccessTargets.Tolerated<ClusterConfigException>(() => config.ToConfig());
        }
        catch (FormatException) { }
    }

    private static void Events(Seed seed)
    {
        AccessTargets.Tolerated<System.Text.Json.JsonException>(() => Watcher<Pod>.Parse(seed.Bytes, ApiResource.Of<Pod>(), KindCodec<Pod>.Instance));
        AccessTargets.Tolerated<System.Text.Json.JsonException>(() => Watcher<DynamicObject>.Parse(seed.Bytes, ApiResource.Of<Pod>(), DynamicCodec.Instance));
        _ = ApiStatus.Parse(500, seed.Bytes);
    }
}
