using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Store;

namespace Coracle.ApiServer.Access.Tests;

/// <summary>A whole server whose rights come from its own objects.</summary>
public sealed class ServingTests : IAsyncDisposable
{
    private const string Admin = "root";
    private const string PodReader = """{"metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""";
    private const string AnnReads =
        """{"metadata":{"name":"ann-reads"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"reader"},"subjects":[{"kind":"User","name":"ann"}]}""";

    private const string Roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/n/roles";
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/n/rolebindings";

    private readonly FakeClock _clock = new();
    private readonly MemoryStore _store = new();
    private readonly Server _server;
    private readonly TokenAdmission _tokenAdmission = new();

    public ServingTests()
    {
        AccessFollower follower = null!;
        var tokens = new ServiceAccountTokens(new ServiceAccountTokenOptions
        {
            SigningKey = new SigningKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), Clock = _clock,
            Lookups = new TokenLookups
            {
                ServiceAccount = (ns, name) => follower.Lookups.ServiceAccount(ns, name), Pod = (ns, name) => follower.Lookups.Pod(ns, name),
                Secret = (ns, name) => follower.Lookups.Secret(ns, name), Node = name => follower.Lookups.Node(name),
            },
        });
        var authorization = new Authorization(() => follower.Rbac, () => follower.Nodes);
        var authenticator = new Authenticator(new AuthenticatorOptions
        {
            ServiceAccounts = tokens, BootstrapTokens = new BootstrapTokens((ns, name) => follower.FindSecret(ns, name), _clock),
            StaticTokens = StaticTokens.Parse($"{Admin},root,,system:masters\nann,ann,\nnode,system:node:a,,system:nodes"),
        });
        var identity = new RequestIdentity(authenticator, new Impersonation(authorization.AuthorizeAsync));
        var restriction = new NodeRestrictionAdmission(authorization.AuthorizeAsync);
        var ids = 0;
        _server = new Server(new ServerOptions
        {
            Store = _store, Kinds = Kinds.GeneratedKinds.All, Clock = _clock, Random = new Random(1), AdvertisedAddress = "127.0.0.1:6443",
            Authenticate = identity.Authenticate, Impersonate = identity.Impersonate, Authorize = authorization.AuthorizeAsync,
            Admission = [_tokenAdmission, restriction, new GrantAdmission(authorization.Grants)],
            Subresources = new Dictionary<string, Subresource>([new TokenSubresource(new TokenRequests(tokens, new(), () => $"id-{++ids}")).Entry]),
            Reviews = new Dictionary<Schema.GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>(
                [.. AccessReviews.All, .. new CredentialReviews(authenticator, authorization).All]),
            Endpoints = OpenIdEndpoints.All(tokens, "127.0.0.1:6443"),
        });
        follower = new AccessFollower(_server.Cache);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_grant_is_in_force_when_its_write_is_answered_and_out_of_force_when_it_is_deleted()
    {
        Assert.Equal(403, (await Send("ann", "GET", "/api/v1/namespaces/n/pods")).Code);
        Assert.Equal(201, (await Send(Admin, "POST", Roles, PodReader)).Code);
        Assert.Equal(403, (await Send("ann", "GET", "/api/v1/namespaces/n/pods")).Code);
        Assert.Equal(201, (await Send(Admin, "POST", Bindings, AnnReads)).Code);
        Assert.Equal(200, (await Send("ann", "GET", "/api/v1/namespaces/n/pods")).Code);
        Assert.Equal(403, (await Send("ann", "GET", "/api/v1/namespaces/m/pods")).Code);
        Assert.Equal(200, (await Send(Admin, "DELETE", $"{Bindings}/ann-reads")).Code);
        var (code, body) = await Send("ann", "GET", "/api/v1/namespaces/n/pods");
        Assert.Equal((403, """pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "n" """.TrimEnd()), (code, (string?)body["message"]));
    }

    [Fact]
    public async Task What_was_there_before_counts_and_so_does_what_happened_while_nobody_asked()
    {
        await Send(Admin, "POST", Roles, PodReader);
        await Send(Admin, "POST", Bindings, AnnReads);
        var follower = new AccessFollower(_server.Cache);
        var request = RbacTests.Request("list /api/v1/namespaces/n/pods", new User { Name = "ann" });
        Assert.True(Allows(follower, request));
        // More than the cache's history holds, so that the follower has to start over.
        for (var i = 0; i < ResourceCache.HistoryMax + 10; i++)
            await Store($"rolebindings.rbac.authorization.k8s.io/n/b{i % 3}", $$$"""{"metadata":{"name":"b{{{i % 3}}}","namespace":"n"},"roleRef":{"name":"x"}}""");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Send(Admin, "DELETE", $"{Bindings}/ann-reads");
        Assert.False(Allows(follower, request));
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_grants_nothing_and_harms_no_other()
    {
        await Store("roles.rbac.authorization.k8s.io/n/broken", """{"metadata":{"name":"broken","namespace":"n"},"rules":"none"}""");
        await Send(Admin, "POST", Roles, PodReader);
        await Send(Admin, "POST", Bindings, AnnReads);
        Assert.Equal(200, (await Send("ann", "GET", "/api/v1/namespaces/n/pods")).Code);
    }

    [Fact]
    public async Task Roles_are_not_written_with_more_rights_than_the_writer_has()
    {
        await Send(Admin, "POST", Roles, """{"metadata":{"name":"writer"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"],"verbs":["create","update","get"]}]}""");
        await Send(Admin, "POST", Bindings, AnnReads.Replace("\"reader\"", "\"writer\"", StringComparison.Ordinal));
        var (code, body) = await Send("ann", "POST", Roles, PodReader);
        Assert.Equal(403, code);
        Assert.Equal("roles.rbac.authorization.k8s.io \"reader\" is forbidden: user \"ann\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\" \"list\"]}", (string?)body["message"]);
        // One who cannot grant a role can still let go of it: nothing but its owners changes.
        var (_, stored) = await Send(Admin, "POST", Roles, PodReader.Replace("\"reader\"", "\"reader\",\"finalizers\":[\"x/y\"]", StringComparison.Ordinal));
        ((JsonObject)stored["metadata"]!).Remove("finalizers");
        Assert.Equal(200, (await Send("ann", "PUT", $"{Roles}/reader", stored.ToJsonString())).Code);
    }

    [Fact]
    public async Task A_token_is_made_for_an_account_and_ends_with_it()
    {
        const string path = "/api/v1/namespaces/n/serviceaccounts/robot";
        Assert.Equal(404, (await Send(Admin, "POST", $"{path}/token", """{"spec":{}}""")).Code);
        await Send(Admin, "POST", "/api/v1/namespaces/n/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        var (code, answer) = await Send(Admin, "POST", $"{path}/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}""");
        Assert.Equal(201, code);
        var token = (string)answer["status"]!["token"]!;
        Assert.Equal(403, (await Send(token, "GET", "/api/v1/namespaces/n/pods")).Code);
        var review = $$$"""{"spec":{"token":"{{{token}}}"}}""";
        var (_, reviewed) = await Send(Admin, "POST", "/apis/authentication.k8s.io/v1/tokenreviews", review);
        Assert.Equal(("system:serviceaccount:n:robot", true), ((string?)reviewed["status"]!["user"]!["username"], (bool)reviewed["status"]!["authenticated"]!));
        await Send(Admin, "DELETE", path);
        Assert.Equal(401, (await Send(token, "GET", "/api/v1/namespaces/n/pods")).Code);
    }

    [Fact]
    public async Task A_token_is_given_once_admission_has_nothing_against_it_and_as_it_has_changed_what_is_asked_for()
    {
        const string path = "/api/v1/namespaces/n/serviceaccounts/robot/token";
        await Send(Admin, "POST", "/api/v1/namespaces/n/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        var (code, answer) = await Send(Admin, "POST", path, """{"spec":{"audiences":["wide"]}}""");
        Assert.Equal((201, "narrow"), (code, (string?)answer["spec"]!["audiences"]![0]));
        Assert.Equal(("serviceaccounts", "token", "TokenRequest", "robot", "n"), _tokenAdmission.Seen);
        Assert.Equal(403, (await Send(Admin, "POST", path, """{"spec":{"audiences":["never"]}}""")).Code);
    }

    /// <summary>Stands for webhooks: narrows an audience, and refuses one.</summary>
    private sealed class TokenAdmission : AdmissionPlugin
    {
        public (string Resource, string Subresource, string Kind, string Name, string Namespace) Seen { get; private set; }

        public override string Name => "TokenAdmission";

        public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
        {
            if (context.Subresource != "token") return default;
            Seen = (context.Request.Kind.Plural, context.Subresource, context.Kind.Kind, context.Request.Info.Name, context.Namespace);
            if ((string?)context.Object!["spec"]?["audiences"]?[0] == "wide") context.Object["spec"]!["audiences"]![0] = "narrow";
            return default;
        }

        public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context) =>
            context.Subresource == "token" && (string?)context.Object!["spec"]?["audiences"]?[0] == "never" ? new(context.Forbidden("never")) : default;
    }

    [Fact]
    public async Task A_new_node_comes_with_a_token_that_a_secret_holds()
    {
        const string token = "abcdef.0123456789abcdef";
        Assert.Equal(401, (await Send(token, "GET", "/api/v1/nodes")).Code);
        await Send(Admin, "POST", "/api/v1/namespaces/kube-system/secrets",
            """
            {"metadata":{"name":"bootstrap-token-abcdef"},"type":"bootstrap.kubernetes.io/token",
             "stringData":{"token-id":"abcdef","token-secret":"0123456789abcdef","usage-bootstrap-authentication":"true"}}
            """);
        var (code, body) = await Send(token, "GET", "/api/v1/nodes");
        Assert.Equal(403, code);
        Assert.StartsWith("nodes is forbidden: User \"system:bootstrap:abcdef\" cannot list", (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_acts_as_another_with_that_ones_rights()
    {
        Assert.Equal(403, (await Send(Admin, "GET", "/api/v1/namespaces/n/pods", impersonate: "ann")).Code);
        var (code, body) = await Send("ann", "GET", "/api/v1/namespaces/n/pods", impersonate: "root");
        Assert.Equal(403, code);
        Assert.Contains("cannot impersonate", (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_reads_and_writes_what_is_its_own()
    {
        await Send(Admin, "POST", "/api/v1/nodes", """{"metadata":{"name":"b"}}""");
        Assert.Equal(201, (await Send("node", "POST", "/api/v1/nodes", """{"metadata":{"name":"a"}}""")).Code);
        Assert.Equal(403, (await Send("node", "POST", "/api/v1/nodes", """{"metadata":{"name":"c"}}""")).Code);
        await Send(Admin, "POST", "/api/v1/namespaces/n/secrets", """{"metadata":{"name":"s"}}""");
        Assert.Equal(403, (await Send("node", "GET", "/api/v1/namespaces/n/secrets/s")).Code);
        await Store("pods/n/p", """{"metadata":{"name":"p","namespace":"n","uid":"u"},"spec":{"nodeName":"a","volumes":[{"name":"v","secret":{"secretName":"s"}}]}}""");
        Assert.Equal(200, (await Send("node", "GET", "/api/v1/namespaces/n/secrets/s")).Code);
        var (code, body) = await Send("node", "PATCH", "/api/v1/nodes/b/status", """{"status":{}}""");
        Assert.Equal(403, code);
        Assert.Contains("is not allowed to modify node", (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_tokens_are_served()
    {
        var (code, keys) = await Send(Admin, "GET", "/openid/v1/jwks");
        Assert.Equal((200, "EC"), (code, (string?)keys["keys"]![0]!["kty"]));
        Assert.Equal(200, (await Send(Admin, "GET", "/openid/v1/jwks/")).Code); // as the path is published
        var (_, configuration) = await Send(Admin, "GET", "/.well-known/openid-configuration");
        Assert.Equal("https://127.0.0.1:6443/openid/v1/jwks", (string?)configuration["jwks_uri"]);
    }

    [Fact]
    public async Task A_user_is_told_its_rules()
    {
        await Send(Admin, "POST", Roles, PodReader);
        await Send(Admin, "POST", Bindings, AnnReads);
        await Send(Admin, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"basic"},"rules":[{"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectrulesreviews"],"verbs":["create"]}]}""");
        await Send(Admin, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """{"metadata":{"name":"basic"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"basic"},"subjects":[{"kind":"Group","name":"system:authenticated"}]}""");
        var (code, review) = await Send("ann", "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", """{"spec":{"namespace":"n"}}""");
        Assert.Equal((201, 2), (code, review["status"]!["resourceRules"]!.AsArray().Count));
    }

    private async Task<(int Code, JsonObject Body)> Send(string token, string method, string path, string body = "", string? impersonate = null)
    {
        var request = new Request(token, impersonate, body, method == "PATCH" ? "application/merge-patch+json" : "application/json") { Method = method, Path = path };
        var response = await _server.HandleAsync(request, TestContext.Current.CancellationToken);
        var bytes = response.Body switch
        {
            BytesBody whole => whole.Utf8.ToArray(),
            PiecesBody { Pieces: var pieces } => [.. pieces.SelectMany(piece => piece.ToArray())],
            _ => [],
        };
        return (response.Status, (JsonObject)JsonNode.Parse(bytes)!);
    }

    private sealed class Request(string token, string? impersonate, string body, string contentType) : ApiRequest
    {
        public override IEnumerable<KeyValuePair<string, string>> Headers
        {
            get
            {
                yield return new("authorization", $"Bearer {token}");
                if (impersonate is not null)
                    yield return new("impersonate-user", impersonate);
            }
        }

        public override string? Header(string name) => name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? contentType : null;
        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(body));
    }

    private async Task Store(string key, string json) =>
        await _store.WriteAsync(new Write(key, null, new StoredBytes(Encoding.UTF8.GetBytes(json))), TestContext.Current.CancellationToken);

    private static bool Allows(AccessFollower follower, RequestAttributes request) => new Authorization(() => follower.Rbac, () => follower.Nodes).Authorize(request).IsAllowed;
}
