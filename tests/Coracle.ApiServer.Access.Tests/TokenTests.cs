using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Coracle.Kinds.Authentication.V1;

namespace Coracle.ApiServer.Access.Tests;

public sealed class TokenTests
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private readonly FakeClock _clock = new();
    private readonly SigningKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly Dictionary<string, BoundObject> _objects = new()
    {
        ["serviceaccounts/n/sa"] = new("sa-uid"),
        ["pods/n/p"] = new("pod-uid") { ServiceAccountName = "sa", NodeName = "node" },
        ["pods/n/lost"] = new("lost-uid") { ServiceAccountName = "sa", NodeName = "gone" },
        ["pods/n/other"] = new("other-uid") { ServiceAccountName = "other" },
        ["secrets/n/s"] = new("secret-uid"),
        ["nodes/node"] = new("node-uid"),
    };

    private int _ids;

    [Fact]
    public void A_token_for_a_pod_says_who_and_where_its_holder_is()
    {
        var outcome = Tokens().Authenticate(Request("Pod", "p"));
        Assert.Equal(TokenVerdict.Valid, outcome.Verdict);
        var user = outcome.User!;
        Assert.Equal(("system:serviceaccount:n:sa", "sa-uid"), (user.Name, user.Uid));
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:n"], user.Groups);
        Assert.Equal(["authentication.kubernetes.io/credential-id=JTI=id-1", "authentication.kubernetes.io/node-name=node", "authentication.kubernetes.io/node-uid=node-uid",
            "authentication.kubernetes.io/pod-name=p", "authentication.kubernetes.io/pod-uid=pod-uid"],
            user.Extra.Select(pair => $"{pair.Key}={pair.Value.Single()}").Order(StringComparer.Ordinal));
        Assert.Equal([Issuer], outcome.Audiences);
    }

    [Fact]
    public void A_token_has_upstreams_form()
    {
        var parts = Request("Pod", "p").Split('.');
        Assert.Equal($$"""{"alg":"ES256","kid":"{{_key.Id}}"}""", Decode(parts[0]));
        var at = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $"{{\"aud\":[\"{Issuer}\"],\"exp\":{at + 3600},\"iat\":{at},\"iss\":\"{Issuer}\",\"jti\":\"id-1\",\"kubernetes.io\":{{\"namespace\":\"n\",\"node\":{{\"name\":\"node\",\"uid\":\"node-uid\"}},"
            + $"\"pod\":{{\"name\":\"p\",\"uid\":\"pod-uid\"}},\"serviceaccount\":{{\"name\":\"sa\",\"uid\":\"sa-uid\"}}}},\"nbf\":{at},\"sub\":\"system:serviceaccount:n:sa\"}}",
            Decode(parts[1]));
    }

    [Fact]
    public void A_token_is_verified_with_the_published_key()
    {
        var token = Request();
        using var keys = JsonDocument.Parse(OpenIdDocuments.Keys(Tokens().Keys));
        var jwk = keys.RootElement.GetProperty("keys")[0];
        Assert.Equal(("sig", "EC", "P-256", "ES256"), (jwk.GetProperty("use").GetString(), jwk.GetProperty("kty").GetString(), jwk.GetProperty("crv").GetString(), jwk.GetProperty("alg").GetString()));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(jwk.GetProperty("x").GetString()!), Y = Bytes(jwk.GetProperty("y").GetString()!) },
        });
        var dot = token.LastIndexOf('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(token[..dot]), Bytes(token[(dot + 1)..]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        using var configuration = JsonDocument.Parse(OpenIdDocuments.Configuration(Issuer, "https://h:6443/openid/v1/jwks", Tokens().Keys));
        Assert.Equal(Issuer, configuration.RootElement.GetProperty("issuer").GetString());
        Assert.Equal("ES256", configuration.RootElement.GetProperty("id_token_signing_alg_values_supported")[0].GetString());
    }

    [Fact]
    public void The_tokens_of_a_former_rsa_key_are_still_good()
    {
        var rsa = new SigningKey(RSA.Create(2048));
        var old = new ServiceAccountTokens(Options() with { SigningKey = rsa, Issuer = "https://old" });
        var token = old.Issue(new TokenClaims { Namespace = "n", ServiceAccount = new("sa", "sa-uid"), Audiences = [Issuer], Expiry = _clock.GetUtcNow().ToUnixTimeSeconds() + 600 });
        Assert.Equal(TokenVerdict.Valid, new ServiceAccountTokens(Options() with { FormerKeys = [rsa], FormerIssuers = ["https://old"] }).Authenticate(token).Verdict);
        Assert.Equal(TokenVerdict.Unknown, new ServiceAccountTokens(Options() with { FormerKeys = [rsa] }).Authenticate(token).Verdict);
        Assert.Equal("invalid signature, no keys found", new ServiceAccountTokens(Options() with { FormerIssuers = ["https://old"] }).Authenticate(token).Error);
    }

    [Fact]
    public void A_changed_token_is_refused_wherever_the_change_is()
    {
        var token = Request("Pod", "p");
        var tokens = Tokens();
        Assert.Equal(TokenVerdict.Valid, tokens.Authenticate(token).Verdict);
        // The last character of the signature carries bits that do not count.
        for (var i = 0; i < token.Length - 1; i++)
        {
            if (token[i] == '.')
                continue;
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.NotEqual(TokenVerdict.Valid, tokens.Authenticate(changed).Verdict);
        }
        Assert.NotEqual(TokenVerdict.Valid, tokens.Authenticate(token[..^1]).Verdict);
        Assert.NotEqual(TokenVerdict.Valid, tokens.Authenticate(token + "A").Verdict);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS256","kid":"KID"}""")]
    [InlineData("""{"alg":"RS256","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","crit":["x"]}""")]
    [InlineData("""{"alg":"ES384","kid":"KID"}""")]
    [InlineData("""{"kid":"KID"}""")]
    public void A_token_of_another_algorithm_is_refused(string header)
    {
        var payload = Request("Pod", "p").Split('.')[1];
        var signed = $"{Encode(header.Replace("KID", _key.Id))}.{payload}";
        Assert.NotEqual(TokenVerdict.Valid, Tokens().Authenticate($"{signed}.").Verdict);
        // Signed with the public key as the secret of HS256: the classic confusion.
        Assert.NotEqual(TokenVerdict.Valid, Tokens().Authenticate($"{signed}.{Encode(Encoding.ASCII.GetString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.Id), Encoding.ASCII.GetBytes(signed))))}").Verdict);
        Assert.NotEqual(TokenVerdict.Valid, Tokens().Authenticate($"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(_key.Sign(Encoding.ASCII.GetBytes(signed)))}").Verdict);
    }

    [Fact]
    public void A_token_ends_in_time_and_does_not_begin_early()
    {
        var token = Request();
        var tokens = Tokens();
        _clock.Advance(TimeSpan.FromSeconds(3600 + 60));
        Assert.Equal(TokenVerdict.Valid, tokens.Authenticate(token).Verdict);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("service account token has expired", tokens.Authenticate(token).Error);
        var at = _clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new TokenClaims { Namespace = "n", ServiceAccount = new("sa", "sa-uid"), Audiences = [Issuer] };
        Assert.Equal("service account token is not valid yet", tokens.Authenticate(tokens.Issue(claims with { NotBefore = at + 61 })).Error);
        Assert.Equal("service account token is issued in the future", tokens.Authenticate(tokens.Issue(claims with { IssuedAt = at + 61 })).Error);
    }

    [Fact]
    public void A_token_is_good_only_for_its_audience()
    {
        var token = Request(audiences: "vault");
        Assert.Equal($"token audiences [\"vault\"] is invalid for the target audiences [\"{Issuer}\"]", Tokens().Authenticate(token).Error);
        Assert.Equal(["vault"], Tokens().Authenticate(token, ["other", "vault"]).Audiences);
    }

    [Theory]
    [InlineData("serviceaccounts/n/sa", "serviceaccounts \"sa\" not found")]
    [InlineData("pods/n/p", "service account token has been invalidated")]
    public void A_token_ends_with_what_it_is_bound_to_even_when_it_is_remembered(string key, string error)
    {
        var tokens = Tokens();
        var token = Request("Pod", "p");
        Assert.Equal(TokenVerdict.Valid, tokens.Authenticate(token).Verdict);
        _objects.Remove(key);
        Assert.Equal(error, tokens.Authenticate(token).Error);
    }

    [Theory]
    [InlineData("Pod", "p", "pods/n/p", "pod UID (new) does not match service account pod ref claim (pod-uid)")]
    [InlineData("Secret", "s", "secrets/n/s", "secret UID (new) does not match service account secret ref claim (secret-uid)")]
    [InlineData("Node", "node", "nodes/node", "node UID (new) does not match service account node ref claim (node-uid)")]
    [InlineData("Node", "node", "serviceaccounts/n/sa", "service account UID (new) does not match claim (sa-uid)")]
    public void A_token_is_not_good_for_a_namesake_of_what_it_is_bound_to(string kind, string name, string key, string error)
    {
        var token = Request(kind, name);
        _objects[key] = _objects[key] with { Uid = "new" };
        Assert.Equal(error, Tokens().Authenticate(token).Error);
    }

    [Fact]
    public void A_token_outlives_the_deletion_of_its_pod_by_a_minute()
    {
        var token = Request("Pod", "p");
        _objects["pods/n/p"] = _objects["pods/n/p"] with { DeletionTimestamp = _clock.GetUtcNow() };
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TokenVerdict.Valid, Tokens().Authenticate(token).Verdict);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("service account token has been invalidated", Tokens().Authenticate(token).Error);
    }

    [Fact]
    public void The_node_of_a_pods_token_is_only_information()
    {
        var outcome = Tokens().Authenticate(Request("Pod", "lost"));
        Assert.Equal(TokenVerdict.Valid, outcome.Verdict);
        Assert.Equal("gone", outcome.User!.Extra["authentication.kubernetes.io/node-name"].Single());
        Assert.DoesNotContain("authentication.kubernetes.io/node-uid", outcome.User.Extra.Keys);
    }

    [Fact]
    public void The_token_of_a_default_volume_lives_on_with_a_warning()
    {
        var answer = Answer(3607, "Pod", "p");
        Assert.Equal(_clock.GetUtcNow().AddSeconds(3607), answer.Request!.Status.ExpirationTimestamp);
        var token = answer.Request.Status.Token;
        Assert.False(Tokens().Authenticate(token).IsStale);
        _clock.Advance(TimeSpan.FromSeconds(3608));
        Assert.True(Tokens().Authenticate(token).IsStale);
        _clock.Advance(TimeSpan.FromDays(364));
        Assert.Equal(TokenVerdict.Valid, Tokens().Authenticate(token).Verdict);
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("service account token has expired", Tokens().Authenticate(token).Error);
        Assert.DoesNotContain("warnafter", Decode(Answer(3607, "Pod", "p", "vault").Request!.Status.Token.Split('.')[1]));
        Assert.DoesNotContain("warnafter", Decode(Answer(3607).Request!.Status.Token.Split('.')[1]));
    }

    [Theory]
    [InlineData(599, "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData(4294967297, "spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds")]
    public void A_lifetime_out_of_bounds_is_invalid(long seconds, string error)
    {
        var refusal = Answer(seconds).Refusal!;
        Assert.Equal(422, refusal.Code);
        Assert.Equal($"TokenRequest.authentication.k8s.io \"\" is invalid: {error}", refusal.Message);
    }

    [Fact]
    public void A_lifetime_beyond_the_servers_limit_is_shortened_with_a_warning()
    {
        var requests = new TokenRequests(Tokens(), new TokenRequestOptions { MaxExpiration = TimeSpan.FromHours(1) }, NewId);
        var answer = requests.Answer("n", "sa", new TokenRequest { Spec = new TokenRequestSpec { ExpirationSeconds = 7200 } });
        Assert.Equal("requested expiration of 7200 seconds shortened to 3600 seconds", Assert.Single(answer.Warnings));
        Assert.Equal(3600, answer.Request!.Spec.ExpirationSeconds);
    }

    [Theory]
    [InlineData("none", "v1", "Pod", "p", "", 404, "serviceaccounts \"none\" not found")]
    [InlineData("sa", "v1", "Pod", "none", "", 404, "pods \"none\" not found")]
    [InlineData("sa", "v1", "Secret", "none", "", 404, "secrets \"none\" not found")]
    [InlineData("sa", "v1", "Node", "none", "", 404, "nodes \"none\" not found")]
    [InlineData("sa", "v1", "Pod", "other", "", 400, "cannot bind token for serviceaccount \"sa\" to pod running with different serviceaccount name.")]
    [InlineData("sa", "v1", "Pod", "p", "wrong", 409, "Operation cannot be fulfilled on Pod \"p\": the UID in the bound object reference (wrong) does not match the UID in record. The object might have been deleted and then recreated")]
    [InlineData("sa", "apps/v1", "Deployment", "d", "", 400, "cannot bind token to object of type apps/v1, Kind=Deployment")]
    [InlineData("sa", "v1", "ConfigMap", "d", "", 400, "cannot bind token to object of type /v1, Kind=ConfigMap")]
    public void A_token_is_bound_only_to_what_exists(string account, string apiVersion, string kind, string name, string uid, int code, string message)
    {
        var request = new TokenRequest { Spec = new TokenRequestSpec { BoundObjectRef = new BoundObjectReference { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = uid } } };
        var refusal = new TokenRequests(Tokens(), new TokenRequestOptions(), NewId).Answer("n", account, request).Refusal!;
        Assert.Equal((code, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void A_token_request_for_a_former_service_account_conflicts()
    {
        var request = new TokenRequest();
        request.Metadata.Uid = "former";
        var refusal = new TokenRequests(Tokens(), new TokenRequestOptions(), NewId).Answer("n", "sa", request).Refusal!;
        Assert.Equal("Operation cannot be fulfilled on TokenRequest.authentication.k8s.io \"sa\": the UID in the token request (former) does not match the UID of the service account (sa-uid)", refusal.Message);
    }

    [Fact]
    public void Garbage_is_never_more_than_an_unknown_or_invalid_token()
    {
        var random = new Random(42);
        var tokens = Tokens();
        var valid = Request("Pod", "p");
        string[] pieces = [.. valid.Split('.'), ".", "..", "=", " ", "{", "eyJ", "\0", "ü", "\ud800", Encode("{}"), Encode("[]"), Encode("null"), Encode("{\"iss\":1}"), Encode("{\"alg\":{}}"),
            Encode($"{{\"iss\":\"{Issuer}\",\"aud\":{{}}}}"), Encode($"{{\"iss\":\"{Issuer}\",\"exp\":1e999}}"), Encode($"{{\"iss\":\"{Issuer}\",\"exp\":\"x\"}}"),
            Encode("{\"iss\":\"\\ud800\"}"), Encode(new string('[', 1000)), Encode($"{{\"alg\":\"ES256\",\"kid\":\"{_key.Id}\"}}"), Encode($"{{\"iss\":\"{Issuer}\",\"kubernetes.io\":[]}}")];
        for (var i = 0; i < 10_000; i++)
        {
            var token = i % 3 == 0
                ? string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]))
                : i % 3 == 1 ? string.Join('.', Enumerable.Range(0, 3).Select(_ => pieces[random.Next(pieces.Length)])) : Mutate(valid, random);
            if (token != valid)
                Assert.NotEqual(TokenVerdict.Valid, tokens.Authenticate(token).Verdict == TokenVerdict.Valid && token[..^1] == valid[..^1] ? TokenVerdict.Unknown : tokens.Authenticate(token).Verdict);
        }
    }

    [Fact]
    public void Memory_for_verified_tokens_is_bounded_and_forgets_in_time()
    {
        var cache = new BoundedCache<int, int>(10, TimeSpan.FromMinutes(1), _clock);
        for (var i = 0; i < 1000; i++)
        {
            cache.Set(i, i);
            Assert.True(cache.Count <= 10);
            Assert.True(cache.TryGet(i, out _));
        }
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(cache.TryGet(999, out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Static_tokens_are_read_from_lines_of_values()
    {
        var tokens = StaticTokens.Parse("abc,ann,1,\"dev,ops\"\r\n\ndef,bob,2\n,nobody,3\n\"q\"\"q\",eve,4,\n");
        Assert.Equal(["dev", "ops"], tokens.Authenticate("abc").User!.Groups);
        Assert.Equal(("bob", "2"), (tokens.Authenticate("def").User!.Name, tokens.Authenticate("def").User!.Uid));
        Assert.Equal("eve", tokens.Authenticate("q\"q").User!.Name);
        Assert.Equal(TokenVerdict.Unknown, tokens.Authenticate("").Verdict);
        Assert.Throws<FormatException>(() => StaticTokens.Parse("abc,ann"));
    }

    [Theory]
    [InlineData("abcdef.0123456789abcdef", "system:bootstrap:abcdef")]
    [InlineData("abcdef.0123456789abcdeX", null)]
    [InlineData("abcdef.1123456789abcdef", null)]
    [InlineData("zzzzzz.0123456789abcdef", null)]
    [InlineData("expire.0123456789abcdef", null)]
    [InlineData("master.0123456789abcdef", null)]
    public void A_bootstrap_token_lets_a_node_join(string token, string? user)
    {
        var tokens = new BootstrapTokens((_, name) =>
        {
            var id = name["bootstrap-token-".Length..];
            if (id == "zzzzzz")
                return null;
            return ("bootstrap.kubernetes.io/token", new Dictionary<string, string>
            {
                ["token-id"] = id, ["token-secret"] = "0123456789abcdef", ["usage-bootstrap-authentication"] = "true",
                ["expiration"] = id == "expire" ? "2029-01-01T00:00:00Z" : "2031-01-01T00:00:00Z",
                ["auth-extra-groups"] = id == "master" ? "system:masters" : "system:bootstrappers:workers",
            });
        }, _clock);
        Assert.Equal(user, tokens.Authenticate(token).User?.Name);
        if (user is not null)
            Assert.Equal(["system:bootstrappers", "system:bootstrappers:workers"], tokens.Authenticate(token).User!.Groups);
    }

    private ServiceAccountTokenOptions Options() => new()
    {
        SigningKey = _key, Clock = _clock,
        Lookups = new TokenLookups
        {
            ServiceAccount = (ns, name) => _objects.GetValueOrDefault($"serviceaccounts/{ns}/{name}"), Pod = (ns, name) => _objects.GetValueOrDefault($"pods/{ns}/{name}"),
            Secret = (ns, name) => _objects.GetValueOrDefault($"secrets/{ns}/{name}"), Node = name => _objects.GetValueOrDefault($"nodes/{name}"),
        },
    };

    internal ServiceAccountTokens Tokens() => new(Options());

    private string NewId() => $"id-{++_ids}";

    internal string Request(string kind = "", string name = "", params string[] audiences) => Answer(3600, kind, name, audiences).Request!.Status.Token;

    private TokenRequestAnswer Answer(long seconds, string kind = "", string name = "", params string[] audiences) =>
        new TokenRequests(Tokens(), new TokenRequestOptions(), NewId).Answer("n", "sa", new TokenRequest
        {
            Spec = new TokenRequestSpec
            {
                ExpirationSeconds = seconds, Audiences = [.. audiences], BoundObjectRef = kind.Length == 0 ? null : new BoundObjectReference { ApiVersion = "v1", Kind = kind, Name = name },
            },
        });

    private static string Mutate(string token, Random random)
    {
        var chars = token.ToCharArray();
        for (var i = random.Next(1, 4); i > 0; i--)
            chars[random.Next(chars.Length)] = (char)random.Next(32, 127);
        return new string(chars);
    }

    private static byte[] Bytes(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
    private static string Decode(string text) => Encoding.UTF8.GetString(Bytes(text));
    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
