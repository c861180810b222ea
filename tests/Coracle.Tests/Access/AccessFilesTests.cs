using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Tests.Running;

namespace Coracle.Tests.Access;

/// <summary>The program with the files that say who is believed, who decides, what is encrypted and what is written down.</summary>
public sealed class AccessFilesTests : IDisposable
{
    private const string Secret = "nobody-finds-this-on-the-disk";
    private readonly string _folder = Directory.CreateTempSubdirectory("coracle-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Issuers(TlsWorld world, string prefix) => $$$"""
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthenticationConfiguration
        anonymous: {enabled: true, conditions: [{path: /livez}, {path: /readyz}]}
        jwt:
        - issuer:
            url: "{{{world.Url}}}"
            audiences: [api]
            certificateAuthority: "{{{world.Authority.ReplaceLineEndings("\\n")}}}"
          claimMappings: {username: {claim: sub, prefix: "{{{prefix}}}"}}
        """;

    private string Authorizers(TlsWorld world) => $$$"""
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthorizationConfiguration
        authorizers:
        - {type: Node, name: node}
        - {type: RBAC, name: rbac}
        - type: Webhook
          name: outside
          webhook: {timeout: 10s, subjectAccessReviewVersion: v1, failurePolicy: NoOpinion, connectionInfo: {type: KubeConfigFile, kubeConfigFile: "{{{Write("authorizer", world.Kubeconfig("/authorize"))}}}"}}
        """;

    private static string Keys(string keys) => $$$"""
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources: [{resources: [secrets], providers: [{{{keys}}}, {identity: {}}]}]
        """;

    private const string Box = "{secretbox: {keys: [{name: one, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}}";
    private const string Gcm = "{aesgcm: {keys: [{name: two, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}}";

    [Fact]
    public async Task Files_say_who_is_believed_who_decides_what_is_encrypted_and_what_is_written_down()
    {
        var cancel = TestInstance.Limit();
        await using var world = await TlsWorld.StartAsync(cancel);
        var issuers = Write("issuers", Issuers(world, "oidc:"));
        var keys = Write("keys", Keys(Box));
        await using var cluster = TestInstance.New("none", "--authentication-config", issuers, "--authorization-config", Write("authorizers", Authorizers(world)),
            "--token-auth-file", Write("tokens", "master,root,1,\"system:masters,more\"\nplain,bob,2\n"), "--encryption-provider-config", keys,
            "--audit-policy-file", Write("policy", "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, resources: [{group: '', resources: [secrets]}]}]\n"),
            "--audit-webhook-config-file", Write("audit", world.Kubeconfig("/audit")), "--audit-webhook-batch-max-wait", "1s");
        await cluster.Start(cancel);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = new Uri($"https://127.0.0.1:{cluster.Port}") };

        // Who is believed.
        Assert.Equal("root", await WhoAmI(http, "master", cancel));
        Assert.Equal("oidc:ann", await WhoAmI(http, world.Token("ann"), cancel));
        Assert.Equal(401, await Send(http, "wrong", "/api", cancel));
        Assert.Equal((401, 200), (await Send(http, "", "/api", cancel), await Send(http, "", "/livez", cancel)));

        // Who decides.
        Assert.Equal((200, 403), (await Send(http, world.Token("ann"), "/api/v1/secrets", cancel), await Send(http, "plain", "/api/v1/secrets", cancel)));
        Assert.Contains("apiserver_authorization_webhook_evaluations_total{name=\"outside\",result=\"success\"}", await Text(http, "master", "/metrics", cancel), StringComparison.Ordinal);

        // What is encrypted.
        await Post(http, "master", "/api/v1/namespaces/default/secrets", $$$"""{"metadata":{"name":"s"},"stringData":{"k":"{{{Secret}}}"}}""", cancel);
        Assert.True(DiskHas(cluster, "k8s:enc:secretbox:v1:one:"));
        Assert.False(DiskHas(cluster, Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))));
        File.WriteAllText(keys, Keys(Gcm + ", " + Box));
        await Until(() => Text(http, "master", "/metrics", cancel), text => text.Contains("apiserver_encryption_config_controller_automatic_reloads_total{status=\"success\"}", StringComparison.Ordinal), cancel);
        var before = await Text(http, "master", "/api/v1/namespaces/default/secrets/s", cancel);
        await Send(http, "master", HttpMethod.Put, "/api/v1/namespaces/default/secrets/s", before, cancel);
        Assert.True(DiskHas(cluster, "k8s:enc:aesgcm:v1:two:"));

        // What changes while it runs.
        File.WriteAllText(issuers, Issuers(world, "new:"));
        await Until(() => WhoAmI(http, world.Token("ann"), cancel), name => name == "new:ann", cancel);
        File.WriteAllText(issuers, "nonsense: [");
        await Until(() => Text(http, "master", "/metrics", cancel), text => text.Contains("apiserver_authentication_config_controller_automatic_reloads_total{status=\"failure\"}", StringComparison.Ordinal), cancel);
        Assert.Equal("new:ann", await WhoAmI(http, world.Token("ann"), cancel));

        // What is written down, here and outside.
        var written = File.ReadAllText(Path.Combine(cluster.DataDirectory, "audit.log"));
        // The last line may be on its way.
        var log = written[..(written.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonObject)JsonNode.Parse(line)!).ToList();
        Assert.All(log, e => Assert.Equal(("audit.k8s.io/v1", "Metadata", "secrets"), ((string)e["apiVersion"]!, (string)e["level"]!, (string)e["objectRef"]!["resource"]!)));
        Assert.Contains(log, e => (string?)e["user"]!["username"] == "bob" && (int?)e["responseStatus"]?["code"] == 403);
        await Until(() => Task.FromResult(world.Audited), text => text.Contains("\"EventList\"", StringComparison.Ordinal) && text.Contains("oidc:ann", StringComparison.Ordinal), cancel);

        // A restart reads what was encrypted.
        await cluster.Kill(cancel);
        File.WriteAllText(issuers, Issuers(world, "oidc:"));
        await cluster.Start(cancel);
        Assert.Equal(Secret, Encoding.UTF8.GetString(Convert.FromBase64String((string)JsonNode.Parse(await Text(http, "master", "/api/v1/namespaces/default/secrets/s", cancel))!["data"]!["k"]!)));
    }

    [Fact]
    public async Task Secrets_are_encrypted_without_being_asked_and_what_that_stored_opens_under_a_configuration_too()
    {
        var cancel = TestInstance.Limit();
        var tokens = Write("tokens", "master,root,1,system:masters\n");
        await using var cluster = TestInstance.New("none", "--token-auth-file", tokens);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = new Uri($"https://127.0.0.1:{cluster.Port}") };
        await cluster.Start(cancel);
        await Post(http, "master", "/api/v1/namespaces/default/secrets", $$$"""{"metadata":{"name":"s"},"stringData":{"k":"{{{Secret}}}"}}""", cancel);
        Assert.False(DiskHas(cluster, Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))));
        Assert.True(DiskHas(cluster, "k8s:enc:aesgcm:v1:coracle:"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(cluster.DataDirectory, "encryption.key")));
        await cluster.Kill(cancel);
        cluster.More = ["--token-auth-file", tokens, "--encryption-provider-config", Write("keys", Keys(Box))];
        await cluster.Start(cancel);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), await Text(http, "master", "/api/v1/namespaces/default/secrets/s", cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--authentication-config", "kind: Pod", "Object 'apiVersion' is missing")]
    [InlineData("--authorization-config", "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration}", "authorizers: Required value: at least one authorization mode must be defined")]
    [InlineData("--encryption-provider-config", "{apiVersion: apiserver.config.k8s.io/v1, kind: EncryptionConfiguration}", "resources: Required value: at least one resources is required")]
    [InlineData("--token-auth-file", "a,b", "A token file must have at least 3 columns (token, user name, user uid), found 2.")]
    [InlineData("--audit-policy-file", "kind: Policy", "not a Policy of audit.k8s.io/v1")]
    public async Task A_file_that_is_not_good_keeps_the_program_from_starting_and_says_why(string flag, string text, string why)
    {
        var data = Path.Combine(_folder, "data");
        var outcome = await TheProgram.Run(TestInstance.Limit(), "up", "--data-dir", data, "--api-port", $"{TestInstance.FreePort()}", "--nodes", "none", flag, Write("file", text));
        Assert.Equal(1, outcome.Code);
        Assert.Contains(why, outcome.Errors, StringComparison.Ordinal);
    }

    private static bool DiskHas(TestInstance cluster, string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return Directory.GetFiles(Path.Combine(cluster.DataDirectory, "store"), "store.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray().AsSpan().IndexOf(wanted) >= 0;
        });
    }

    private static async Task Until<T>(Func<Task<T>> look, Func<T, bool> holds, CancellationToken cancel) => await Waiting.Until(look, holds, last => $"{last}", cancel);

    private static async Task<string> WhoAmI(HttpClient http, string token, CancellationToken cancel)
    {
        var (code, body) = await Send(http, token, HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", cancel);
        return code == 201 ? (string)JsonNode.Parse(body)!["status"]!["userInfo"]!["username"]! : $"{code}";
    }

    private static async Task<int> Send(HttpClient http, string token, string path, CancellationToken cancel) => (await Send(http, token, HttpMethod.Get, path, null, cancel)).Code;

    private static async Task<string> Text(HttpClient http, string token, string path, CancellationToken cancel) => (await Send(http, token, HttpMethod.Get, path, null, cancel)).Body;

    private static async Task Post(HttpClient http, string token, string path, string body, CancellationToken cancel) =>
        Assert.Equal(201, (await Send(http, token, HttpMethod.Post, path, body, cancel)).Code);

    private static async Task<(int Code, string Body)> Send(HttpClient http, string token, HttpMethod method, string path, string? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }
}
