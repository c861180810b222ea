using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Coracle.ApiServer;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Hosting;
using Coracle.Store;
using Coracle.Store.Encryption;
using LogSeverity = Coracle.Sdk.LogSeverity;
using VirtualTime = Coracle.Sdk.VirtualTime;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>What others answer when the server asks them, and what lies sealed on disk.</summary>
internal static class OutsideTargets
{
    public static IEnumerable<FuzzTarget> All =>
    [
        new("webhook-answers", Answers, Answered)
        {
            Shape = Shape.Json, Iterations = 300, AllocatedMax = 64 * 1024 * 1024,
            Words = ["response", "uid", "UID", "allowed", "patch", "patchType", "JSONPatch", "status", "message", "reason", "code", "details", "causes", "warnings", "auditAnnotations", "convertedObjects", "OBJECT", "result", "Success", "Failure", "apiVersion", "kind", "W10=", "null"],
        },
        new("sealed", Sealed, Open) { Iterations = 600 },
    ];

    // ---- webhooks

    private const string Widget = """{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"y"},"spec":{"a":1}}""";

    /// <summary>What is asked of the server, so that it asks a webhook: of changes, of checks, of another version.</summary>
    private static readonly (string Path, string Body)[] Asked =
    [
        ("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"y"},"data":{"k":"v"}}"""),
        ("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"y"},"data":{"k":"dg=="}}"""),
        ("/apis/example.com/v2/namespaces/default/widgets", Widget),
    ];

    private static readonly Lock Gate = new();
    private static readonly List<string> Failures = [];
    private static readonly Echo Webhook = new();
    private static readonly Lazy<Server> Server = new(Start);

    /// <summary>Answers with what it was told to, but for the marks, which stand for what only the question tells.</summary>
    private sealed class Echo : WebhookTransport
    {
        public byte[] Text { get; set; } = [];

        public override ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
        {
            var request = JsonNode.Parse(call.Body.Span)!["request"]!;
            var text = Utf8.GetString(Text).Replace("UID", (string?)request["uid"], StringComparison.Ordinal);
            if (request["objects"]?[0] is { } asked) text = text.Replace("\"OBJECT\"", asked.ToJsonString().Replace("example.com/v2", "example.com/v1", StringComparison.Ordinal), StringComparison.Ordinal);
            return new(new WebhookAnswer(200, Utf8.GetBytes(text)));
        }
    }

    private static IReadOnlyList<Seed> Answers() =>
    [
        new(0, Utf8.GetBytes("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"UID","allowed":true,"patchType":"JSONPatch","patch":"W3sib3AiOiJhZGQiLCJwYXRoIjoiL2RhdGEvYSIsInZhbHVlIjoiYiJ9XQ==","warnings":["w"],"auditAnnotations":{"k":"v"}}}""")),
        new(0, Utf8.GetBytes("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"UID","allowed":false,"status":{"status":"Failure","message":"no","reason":"Forbidden","code":403,"details":{"name":"y","kind":"k","causes":[{"reason":"r","message":"m","field":"f"}],"retryAfterSeconds":1}}}}""")),
        new(1, Utf8.GetBytes("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"UID","allowed":true,"warnings":["w"]}}""")),
        new(2, Utf8.GetBytes("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Success"},"convertedObjects":["OBJECT"]}}""")),
        new(2, Utf8.GetBytes("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":{"uid":"UID","result":{"status":"Failure","message":"cannot"},"convertedObjects":[]}}""")),
    ];

    private static void Answered(Seed seed)
    {
        lock (Gate)
        {
            var server = Server.Value;
            Webhook.Text = seed.Bytes;
            var (path, body) = Asked[seed.Tag];
            var (status, answer) = Post(server, path, body, "dryRun=All");
            if (Failures.Count > 0)
            {
                var failure = Failures[0];
                Failures.Clear();
                throw new UnsoundException("the server failed: " + failure);
            }
            Sound.True(status is >= 200 and < 1000 && answer.Length > 0, "a request is answered whatever a webhook says");
        }
    }

    private static Server Start()
    {
        var plane = new ControlPlane(new ControlPlaneOptions
        {
            Store = new MemoryStore(), Clock = new VirtualTime(), Random = new Random(1), Webhooks = Webhook,
            Log = entry => { if (entry.Severity == LogSeverity.Error) Failures.Add(entry.Failure is { } e ? Finding.Describe(e) : entry.Message); },
        });
        const string rest = "\"clientConfig\":{\"url\":\"https://a.b.c/\"},\"sideEffects\":\"None\",\"admissionReviewVersions\":[\"v1\"]";
        Post(plane.Server, "/api/v1/namespaces", """{"metadata":{"name":"default"}}""");
        Post(plane.Server, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
            "conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"https://a.b.c/"}}},"versions":[
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"integer"}}}}}}},
            {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"integer"}}}}}}}]}}
            """);
        ServerTarget.Established(plane.Server);
        foreach (var (kind, resource) in (ReadOnlySpan<(string, string)>)[("mutating", "configmaps"), ("validating", "secrets")])
            Post(plane.Server, $"/apis/admissionregistration.k8s.io/v1/{kind}webhookconfigurations",
                $$$"""{"metadata":{"name":"w"},"webhooks":[{"name":"a.b.c",{{{rest}}},"rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["{{{resource}}}"]}]}]}""");
        Failures.Clear();
        return plane.Server;
    }

    private static (int, byte[]) Post(Server server, string path, string body, string query = "") =>
        ServerTarget.Answer(server, new FuzzRequest("POST", path, query, [new("Content-Type", "application/json")], Utf8.GetBytes(body)));

    // ---- values on disk

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly ValueTransformer[] Ways = [new AesGcmTransformer(Key), new AesCbcTransformer(Key), new SecretBoxTransformer(Key)];
    private static byte[] Value => "{\"kind\":\"Secret\",\"data\":{\"k\":\"dg==\"}}"u8.ToArray();

    // With first blocks that are always the same, so that texts can be tried again. A box is given as nothing but zeros: nobody has its tag.
    private static IReadOnlyList<Seed> Sealed()
    {
        var (cipher, tag, nonce) = (new byte[Value.Length], new byte[16], new byte[12]);
        using var gcm = new AesGcm(Key, tag.Length);
        gcm.Encrypt(nonce, Value, cipher, tag, Place);
        using var cbc = Aes.Create();
        cbc.Key = Key;
        return [new(0, [.. nonce, .. cipher, .. tag]), new(1, [.. new byte[16], .. cbc.EncryptCbc(Value, new byte[16])]), new(2, new byte[80])];
    }

    private static ReadOnlySpan<byte> Place => "/registry/secrets/default/y"u8;

    private static void Open(Seed seed)
    {
        var opened = Ways[seed.Tag].Open(seed.Bytes, Place, out var error);
        Sound.True(opened is not null || error.Length > 0, "what does not open is told why");
        // Of a mode without authentication nothing else can be said.
        if (opened is not null && seed.Tag != 1) Sound.Same(Value, opened, "what was changed does not open");
    }
}
