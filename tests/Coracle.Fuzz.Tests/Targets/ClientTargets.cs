using System.Text;
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
        new("webhooks", () => Corpus.Of(
            """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"q","kind":{"group":"","version":"v1","kind":"ConfigMap"},"resource":{"resource":"configmaps"},"name":"m","namespace":"n","operation":"UPDATE","userInfo":{"username":"a","groups":["g"],"extra":{"k":["v"]}},"object":{"metadata":{"name":"m"},"data":{"a":"1"},"x":[1,{"y":null}]},"oldObject":{"data":{}},"dryRun":false,"options":{}}}""",
            """{"kind":"ConversionReview","apiVersion":"apiextensions.k8s.io/v1","request":{"uid":"q","desiredAPIVersion":"autoscaling/v2","objects":[{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h","annotations":{"conversion.autoscaling/v2":"{\"spec\":{\"maxReplicas\":3}}"}},"spec":{"maxReplicas":2}}]}}"""), Reviews)
        { Shape = Shape.Json, Words = ["request", "uid", "object", "oldObject", "operation", "CREATE", "DELETE", "objects", "metadata", "annotations", "apiVersion", "kind", "userInfo", "null"], Iterations = 800 },
    ];

    private static readonly WebhookSet Webhooks = new WebhookSet().Default(new Doubling()).Validate(new Doubling()).Convert(Conversion.Hub<Kinds.Autoscaling.V2.HorizontalPodAutoscaler>()
        .Spoke<Kinds.Autoscaling.V1.HorizontalPodAutoscaler>(one => new() { Spec = new() { MaxReplicas = one.Spec.MaxReplicas } }, two => new() { Spec = new() { MaxReplicas = two.Spec.MaxReplicas } }));

    private sealed class Doubling : IDefaulter<ConfigMap>, IValidator<ConfigMap>
    {
        public ValueTask DefaultAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel)
        {
            (obj.Data ??= [])["b"] = "2";
            return default;
        }

        public ValueTask<Verdict> ValidateCreateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);
        public ValueTask<Verdict> ValidateUpdateAsync(ConfigMap old, ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);
    }

    private static void Reviews(Seed seed)
    {
        foreach (var path in (string[])["/mutate--v1-configmap", "/validate--v1-configmap", "/convert"])
        {
            var reply = Webhooks.AnswerAsync(path, "application/json", seed.Bytes, default).Result;
            Sound.True(reply.Status is 200 or 400, "an answer is given");
            var text = Encoding.UTF8.GetString(reply.Body.Span);
            Sound.True(!text.Contains("panic: ", StringComparison.Ordinal), text);
            Sound.True(!text.Contains("internal error", StringComparison.Ordinal), text);
        }
    }

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
