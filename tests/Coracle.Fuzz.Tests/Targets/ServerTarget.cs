using System.Globalization;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Hosting;
using ApiStatus = Coracle.ApiServer.ApiStatus;
using LogEntry = Coracle.Sdk.LogEntry;
using LogSeverity = Coracle.Sdk.LogSeverity;
using VirtualTime = Coracle.Sdk.VirtualTime;
using Coracle.Store;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>
/// Whole requests against a whole server: line, headers and body stand in one text, as in HTTP. The server must answer each as it answers clients: never with an error of its own, and always at once. Most requests change nothing,
/// so that a text alone decides what happens.
/// </summary>
internal static class ServerTarget
{
    private static readonly string[] Types =
    [
        "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/json-patch+json", "application/apply-patch+yaml",
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("server", Requests, Run)
        {
            Words = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "/api/v1", "/apis/", "/namespaces/default", "/pods", "/x", "/status", "/scale", "?", "&dryRun=All", "&watch=1", "&limit=1", "&fieldValidation=Strict", "&fieldManager=m", "&force=1", "&continue=", "&resourceVersion=1", "&labelSelector=a", "&fieldSelector=metadata.name=x",
                "Content-Type: ", "Accept: ", .. Types, "application/json;as=Table;v=v1;g=meta.k8s.io", "Impersonate-User: a\n", "{", "}", "[", "]", "null", "\"a\":", "1e999", "\n\n"],
            Iterations = 250, AllocatedMax = 200 * 1024 * 1024,
        },
        new("bodies", Bodies, RunBody) { Shape = Shape.Json, Words = ["metadata", "name", "namespace", "labels", "spec", "status", "x", "default", "generateName", "resourceVersion", "managedFields", "deletionTimestamp", "finalizers", "ownerReferences", "$patch", "op", "path", "value", "preconditions", "propagationPolicy", "replicas", "selector"], Iterations = 250, AllocatedMax = 200 * 1024 * 1024 },
    ];

    private static readonly List<string> Failures = [];
    private static readonly VirtualTime Time = new();
    private static readonly Lazy<Server> Server = new(Start);

    /// <summary>What there is to be asked for: an object of every kind that a fixture, or what is close to it, can make.</summary>
    private static readonly (string Path, string Body)[] Objects =
    [
        ("/api/v1/namespaces", """{"metadata":{"name":"default"}}"""),
        ("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}"""),
        ("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"x","labels":{"a":"b"},"finalizers":["a/b"]},"data":{"k":"v"}}"""),
        ("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"x"},"data":{"k":"dg=="}}"""),
        ("/api/v1/namespaces/default/pods", """{"metadata":{"name":"x","labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"i","ports":[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}],"env":[{"name":"E","value":"1"}],"resources":{"limits":{"cpu":"100m"}}},{"name":"b","image":"i"}],"volumes":[{"name":"v","emptyDir":{}}]}}"""),
        ("/api/v1/namespaces/default/services", """{"metadata":{"name":"x"},"spec":{"selector":{"a":"b"},"ports":[{"port":80,"name":"p"},{"port":53,"protocol":"UDP","name":"q"}]}}"""),
        ("/api/v1/nodes", """{"metadata":{"name":"x"},"spec":{"podCIDR":"10.0.0.0/24"}}"""),
        ("/api/v1/namespaces/default/events", """{"metadata":{"name":"x"},"involvedObject":{"namespace":"default"},"reason":"r","type":"Normal"}"""),
        ("/apis/apps/v1/namespaces/default/deployments", """{"metadata":{"name":"x"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""),
        ("/apis/batch/v1/namespaces/default/cronjobs", """{"metadata":{"name":"x"},"spec":{"schedule":"*/5 * * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}"""),
        ("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", """{"metadata":{"name":"x"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"x","apiVersion":"apps/v1"},"minReplicas":1,"maxReplicas":3,"metrics":[{"type":"Resource","resource":{"name":"memory","target":{"type":"Utilization","averageUtilization":50}}}]}}"""),
        ("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"x"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]},"rules":[]}"""),
        ("/apis/networking.k8s.io/v1/namespaces/default/ingresses", """{"metadata":{"name":"x"},"spec":{"rules":[{"host":"a.b","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"x","port":{"number":80}}}}]}}]}}"""),
        ("/apis/policy/v1/namespaces/default/poddisruptionbudgets", """{"metadata":{"name":"x"},"spec":{"minAvailable":"50%","selector":{"matchLabels":{"a":"b"}}}}"""),
        ("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", """{"metadata":{"name":"x"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["example.org"],"apiVersions":["*"],"operations":["CREATE"],"resources":["y"]}]},"validations":[{"expression":"object.metadata.name != 'a'","messageExpression":"'no ' + object.metadata.name"}],"variables":[{"name":"v","expression":"1"}]}}"""),
        ("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", """{"metadata":{"name":"x"},"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://x/y"},"rules":[{"apiGroups":["example.org"],"apiVersions":["*"],"operations":["CREATE"],"resources":["y"]}],"sideEffects":"None","admissionReviewVersions":["v1"],"matchConditions":[{"name":"m","expression":"true"}]}]}"""),
        ("/apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"x"},"provisioner":"a/b"}"""),
        ("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Corpus.Text(Corpus.Definitions[0])),
        ("/apis/authorization.k8s.io/v1/subjectaccessreviews", """{"spec":{"user":"a","resourceAttributes":{"verb":"get","resource":"pods","fieldSelector":{"rawSelector":"a=b"}}}}"""),
        ("/apis/authentication.k8s.io/v1/tokenreviews", """{"spec":{"token":"a.b.c","audiences":["x"]}}"""),
        ("/api/v1/namespaces/default/serviceaccounts/default/token", """{"spec":{"audiences":["a"],"expirationSeconds":3600,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"x"}}}"""),
        ("/api/v1/namespaces/default/pods/x/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"x"},"deleteOptions":{"gracePeriodSeconds":1}}"""),
        ("/api/v1/namespaces/default/pods/x/binding", """{"apiVersion":"v1","kind":"Binding","metadata":{"name":"x"},"target":{"kind":"Node","name":"x"}}"""),
        ("/apis/certificates.k8s.io/v1/certificatesigningrequests", """{"metadata":{"name":"x"},"spec":{"request":"YQ==","signerName":"kubernetes.io/kube-apiserver-client","usages":["client auth"]}}"""),
        ("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", """{"metadata":{"name":"x"},"spec":{"priorityLevelConfiguration":{"name":"y"},"matchingPrecedence":10,"rules":[{"subjects":[{"kind":"User","user":{"name":"a"}}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}]}}"""),
        ("/apis/example.com/v1/namespaces/default/widgets", Corpus.Text(Corpus.Texts("customs.jsonl").First())),
    ];

    private static readonly string[] Queries = ["", "?watch=1&timeoutSeconds=1", "?limit=1", "?labelSelector=a%3Db&fieldSelector=metadata.name%3Dx", "?resourceVersion=1&resourceVersionMatch=Exact&limit=2", "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", "?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYSJ9"];

    private static readonly string[] Plain = ["/api", "/apis", "/apis/apps", "/apis/apps/v1", "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/example.com/v1", "/version", "/healthz", "/livez/ping", "/readyz?verbose", "/metrics", "/.well-known/openid-configuration", "/openid/v1/jwks", "/"];

    private static Server Start()
    {
        var plane = new ControlPlane(new ControlPlaneOptions { Store = new MemoryStore(), Clock = Time, Random = new Random(1), Log = Note });
        foreach (var (path, body) in Objects)
        {
            var type = path.EndsWith("/token", StringComparison.Ordinal) || path.EndsWith("/eviction", StringComparison.Ordinal) || path.EndsWith("/binding", StringComparison.Ordinal);
            if (!type) Answer(plane.Server, new FuzzRequest("POST", path, "", [new("Content-Type", "application/json")], Utf8.GetBytes(body)));
            // A definition is served once a loop has looked at it.
            if (path.EndsWith("/customresourcedefinitions", StringComparison.Ordinal)) Established(plane.Server);
        }
        lock (Failures) Failures.Clear();
        return plane.Server;
    }

    internal static void Established(Server server) => Answer(server, new FuzzRequest("PATCH", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com/status", "", [new("Content-Type", "application/merge-patch+json")],
        Utf8.GetBytes("""{"status":{"acceptedNames":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList"},"conditions":[{"type":"NamesAccepted","status":"True","reason":"a","message":""},{"type":"Established","status":"True","reason":"a","message":""}],"storedVersions":["v1"]}}""")));

    private static void Note(LogEntry entry)
    {
        if (entry.Severity == LogSeverity.Error) lock (Failures) Failures.Add(entry.Failure is { } e ? Finding.Describe(e) : entry.Message);
    }

    private static IReadOnlyList<Seed> Requests() =>
    [
        .. Corpus.Of(Plain.Select(path => $"GET {path}\nAccept: application/json\n\n")),
        .. Corpus.Of(Objects.SelectMany(o => Queries.Select(query => $"GET {o.Path}{query}\nAccept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json\n\n"))),
        .. Corpus.Of(Objects.Select(o => $"POST {o.Path}?dryRun=All&fieldValidation=Strict\nContent-Type: application/json\n\n{o.Body}")),
        .. Corpus.Of(Objects.Select(o => $"GET {o.Path}/x\nAccept: application/vnd.kubernetes.protobuf\n\n")),
        .. Corpus.Of(Objects.Select(o => $"DELETE {o.Path}/x?dryRun=All\nContent-Type: application/json\n\n{{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":{{\"uid\":\"u\"}},\"propagationPolicy\":\"Foreground\",\"gracePeriodSeconds\":1}}")),
        .. Corpus.Of(Objects.SelectMany(o => Corpus.Texts("patches.jsonl").Select(p => $"PATCH {o.Path}/x?dryRun=All&fieldManager=m\nContent-Type: application/strategic-merge-patch+json\n\n{Corpus.Text(p)}"))),
    ];

    private static void Run(Seed seed)
    {
        var text = Corpus.Text(seed);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, body) = end < 0 ? (text, "") : (text[..end], text[(end + 2)..]);
        var lines = head.Split('\n');
        var line = lines[0].Split(' ', 2);
        var target = line.Length > 1 ? line[1] : "";
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).Where(l => l.Length == 2).Select(l => KeyValuePair.Create(l[0], l[1]));
        // Kestrel takes no path without a slash, and decodes it.
        var path = question < 0 ? target : target[..question];
        if (!path.StartsWith('/')) path = "/" + path;
        Answered(new FuzzRequest(line[0], path, question < 0 ? "" : target[(question + 1)..], [.. headers], Utf8.GetBytes(body)));
    }

    // Bodies in their JSON, each sent in every way that takes one.
    private static IReadOnlyList<Seed> Bodies() =>
    [
        .. Objects.Select((o, tag) => new Seed(tag, Utf8.GetBytes(o.Body))),
        .. Corpus.Texts("patches.jsonl").Select((p, i) => p with { Tag = i + 2 }), .. Corpus.Texts("json-patches.jsonl").Select((p, i) => p with { Tag = i + 4 }),
        .. Corpus.Texts("customs.jsonl").Select(p => p with { Tag = Objects.Length - 1 }),
        new(2, Utf8.GetBytes("""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u","resourceVersion":"1"},"propagationPolicy":"Orphan","gracePeriodSeconds":0,"orphanDependents":true,"dryRun":["All"]}""")),
    ];

    private static void RunBody(Seed seed)
    {
        var path = Objects[seed.Tag].Path;
        var type = Types[seed.Bytes.Length % Types.Length];
        var create = Objects[seed.Tag].Path.EndsWith("/token", StringComparison.Ordinal) ? "POST" : seed.Bytes.Length % 2 == 0 ? "POST" : "PUT";
        Answered(new FuzzRequest(create, create == "PUT" ? path + "/x" : path, "dryRun=All&fieldManager=f", [new("Content-Type", "application/json")], seed.Bytes));
        Answered(new FuzzRequest("PATCH", path + "/x", "dryRun=All&fieldManager=f&force=" + (seed.Bytes.Length % 3 == 0), [new("Content-Type", type)], seed.Bytes));
        if (seed.Bytes.Length % 5 == 0) Answered(new FuzzRequest("DELETE", path + "/x", "dryRun=All", [new("Content-Type", "application/json")], seed.Bytes));
        if (seed.Bytes.Length % 7 == 0) Answered(new FuzzRequest("PATCH", path + "/x/status", "dryRun=All", [new("Content-Type", type)], seed.Bytes));
    }

    private static void Answered(FuzzRequest request)
    {
        var server = Server.Value;
        var (status, body) = Answer(server, request);
        lock (Failures)
        {
            if (Failures.Count > 0)
            {
                var failure = Failures[0];
                Failures.Clear();
                throw new UnsoundException("the server failed: " + failure);
            }
        }
        Sound.True(status is >= 200 and < 600, string.Create(CultureInfo.InvariantCulture, $"there is no status {status}"));
        // As upstream, 406 of a published document has no body.
        if (status >= 400 && status != 406) Sound.True(body.Length > 0, "a refusal says why");
    }

    internal static (int Status, byte[] Body) Answer(Server server, FuzzRequest request)
    {
        using var stop = new CancellationTokenSource();
        ApiResponse response;
        try { response = Wait(server.HandleAsync(request, stop.Token)); }
        catch (OperationCanceledException) { throw new UnsoundException("a request that nobody cancelled was cancelled"); }
        switch (response.Body)
        {
            case BytesBody whole: return (response.Status, whole.Utf8.ToArray());
            case PiecesBody { Pieces: var pieces }: return (response.Status, [.. pieces.SelectMany(p => p.ToArray())]);
            case WatchBody watch:
                // Two events, if there are any without waiting.
                watch.Stream.Dispose();
                return (response.Status, []);
            default: return (response.Status, []);
        }
    }

    // The server has no threads of its own: a request that does not complete waits for something.
    private static ApiResponse Wait(ValueTask<ApiResponse> answer)
    {
        var task = answer.AsTask();
        // What it waits for may be time, which passes here.
        for (var i = 0; i < 3000 && !task.Wait(TimeSpan.FromMilliseconds(20)); i++) Time.Advance(TimeSpan.FromSeconds(1));
        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new UnsoundException("a request is never answered");
    }
}

/// <summary>A request as it came.</summary>
internal sealed class FuzzRequest : ApiRequest
{
    private readonly byte[] body;
    private readonly KeyValuePair<string, string>[] headers;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public FuzzRequest(string method, string path, string query, KeyValuePair<string, string>[] headers, byte[] body)
    {
        (Method, Path, Query, this.headers, this.body) = (method, path, query, headers, body);
        Identity = new User { Name = "admin", Groups = ["system:masters", "system:authenticated"] };
    }

    public override string? Header(string name) => headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public override IEnumerable<KeyValuePair<string, string>> Headers => headers;

    public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) =>
        new(body.Length > limit ? ApiStatus.TooLarge(limit) : (Result<ReadOnlyMemory<byte>>)(ReadOnlyMemory<byte>)body);
}
