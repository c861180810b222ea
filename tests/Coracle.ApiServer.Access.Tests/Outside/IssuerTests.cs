namespace Coracle.ApiServer.Access.Tests;

public sealed class IssuerTests
{
    private const string Plain = """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthenticationConfiguration
        jwt:
        - issuer: {url: "https://issuer.example.com", audiences: [api]}
          claimMappings:
            username: {claim: sub, prefix: "oidc:"}
            groups: {claim: roles, prefix: "oidc:"}
            uid: {claim: id}
        """;

    private readonly FakeClock _clock = new();
    private readonly Provider _provider = new();
    private readonly World _world = new();
    private readonly TrustedIssuers _issuers;

    public IssuerTests()
    {
        _world.Serve(_provider);
        _issuers = new TrustedIssuers(_world, _clock);
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    private void Use(string text) => _issuers.Use(AuthenticationSettings.Parse(text, [], out var error) ?? throw new ArgumentException(error));

    private string Token(string more = "", string aud = "api", long exp = 600) => _provider.Sign($$"""{"iss":"https://issuer.example.com","sub":"ann","id":"7","aud":"{{aud}}","exp":{{Now + exp}}{{more}}}""");

    private TokenOutcome Authenticate(string token) => _issuers.AuthenticateAsync(token, TestContext.Current.CancellationToken).Now();

    [Fact]
    public void A_token_of_a_trusted_issuer_is_its_claims_user()
    {
        Use(Plain);
        var user = Authenticate(Token(""","roles":["dev","ops"],"jti":"j" """)).User!;
        Assert.Equal(("oidc:ann", "7"), (user.Name, user.Uid));
        Assert.Equal(["oidc:dev", "oidc:ops"], user.Groups);
        Assert.Equal(["JTI=j"], user.Extra["authentication.kubernetes.io/credential-id"]);
        Assert.Equal(["oidc:dev"], Authenticate(Token(""","roles":"dev" """)).User!.Groups);
    }

    [Fact]
    public void A_token_of_another_issuer_is_left_to_others()
    {
        Use(Plain);
        Assert.Equal(TokenVerdict.Unknown, Authenticate(new Provider("https://other.example.com").Sign("""{"iss":"https://other.example.com"}""")).Verdict);
        foreach (var garbage in (string[])["", "a.b.c", "..", "{}", new string('.', 5)]) Assert.Equal(TokenVerdict.Unknown, Authenticate(garbage).Verdict);
        Assert.Empty(_world.Calls);
    }

    [Fact]
    public void A_token_that_is_not_for_us_not_of_now_or_not_signed_is_refused_with_the_reason()
    {
        Use(Plain);
        Assert.Equal("oidc: verify token: oidc: expected audience \"api\" got [\"other\"]", Authenticate(Token(aud: "other")).Error);
        Assert.StartsWith("oidc: verify token: oidc: token is expired (Token Expiry: ", Authenticate(Token(exp: -1)).Error, StringComparison.Ordinal);
        Assert.StartsWith("oidc: verify token: oidc: current time ", Authenticate(Token($$""","nbf":{{Now + 301}}""")).Error, StringComparison.Ordinal);
        var other = new Provider();
        Assert.Equal("oidc: verify token: failed to verify signature: failed to verify id token signature",
            Authenticate(other.Sign($$"""{"iss":"https://issuer.example.com","sub":"ann","aud":"api","exp":{{Now + 600}}}""")).Error);
        Assert.Equal("oidc: parse username claims \"sub\": json: cannot unmarshal number into Go value of type string", Authenticate(Token(""","sub":7""")).Error);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void All_of_upstreams_algorithms_are_taken(string algorithm)
    {
        _provider.Rotate(algorithm);
        Use(Plain);
        Assert.Equal("oidc:ann", Authenticate(Token()).User?.Name);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS384")]
    public void A_token_does_not_choose_how_it_is_verified(string algorithm)
    {
        Use(Plain);
        Assert.Equal(TokenVerdict.Invalid, Authenticate(_provider.Sign($$"""{"iss":"https://issuer.example.com","sub":"ann","aud":"api","exp":{{Now + 600}}}""", algorithm)).Verdict);
    }

    [Fact]
    public void Keys_are_asked_for_once_and_again_when_the_issuer_has_changed_them()
    {
        Use(Plain);
        Assert.NotNull(Authenticate(Token()).User);
        Assert.NotNull(Authenticate(Token(""","n":1""")).User);
        Assert.Equal(2, _world.Calls.Count);
        _provider.Rotate();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(Authenticate(Token()).User);
        Assert.Equal(3, _world.Calls.Count);
    }

    [Fact]
    public void Garbage_does_not_make_us_ask_for_keys_all_the_time()
    {
        Use(Plain);
        var other = new Provider();
        for (var i = 0; i < 10; i++) Authenticate(other.Sign($$"""{"iss":"https://issuer.example.com","sub":"ann{{i}}","aud":"api","exp":{{Now + 600}}}"""));
        Assert.Equal(2, _world.Calls.Count);
    }

    [Fact]
    public void An_issuer_that_does_not_answer_is_asked_again_after_a_while()
    {
        _world.Serve(_provider.Issuer + "/.well-known/openid-configuration", () => "", 503);
        Use(Plain);
        Assert.Equal("oidc: authenticator not initialized", Authenticate(Token()).Error);
        _world.Serve(_provider);
        Assert.Equal("oidc: authenticator not initialized", Authenticate(Token()).Error);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(Authenticate(Token()).User);
    }

    [Fact]
    public void Who_pretends_to_be_another_issuer_is_not_believed()
    {
        _world.Serve(_provider.Issuer + "/.well-known/openid-configuration", () => """{"issuer":"https://evil.example.com","jwks_uri":"https://issuer.example.com/keys"}""");
        Use(Plain);
        Assert.Equal("oidc: authenticator not initialized", Authenticate(Token()).Error);
    }

    [Fact]
    public void The_configuration_may_be_elsewhere_than_at_the_issuer()
    {
        _world.Serve(_provider.Issuer + "/.well-known/openid-configuration", () => "", 404).Serve("https://inside.example.com/config", () => _provider.Configuration);
        Use(Plain.Replace("audiences: [api]", "discoveryURL: \"https://inside.example.com/config\", audiences: [api]", StringComparison.Ordinal));
        Assert.NotNull(Authenticate(Token()).User);
    }

    [Fact]
    public void Expressions_make_the_user_and_decide_about_claims_and_user()
    {
        Use("""
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthenticationConfiguration
            jwt:
            - issuer: {url: "https://issuer.example.com", audiences: [api, other], audienceMatchPolicy: MatchAny}
              claimValidationRules:
              - {claim: hd, requiredValue: example.com}
              - {expression: "claims.exp - claims.iat <= 86400", message: "lives too long"}
              claimMappings:
                username: {expression: "'x:' + claims.sub"}
                groups: {expression: "claims.roles.split(',')"}
                uid: {expression: "claims.?id.orValue('none')"}
                extra:
                - {key: example.com/tenant, valueExpression: "claims.tenant"}
                - {key: example.com/none, valueExpression: "''"}
              userValidationRules:
              - {expression: "!user.username.startsWith('x:system:')", message: "reserved"}
              - {expression: "user.groups.all(g, g != 'root')"}
            """);
        var good = $$""","iat":{{Now}},"hd":"example.com","roles":"dev,ops","tenant":["a","b"]""";
        var user = Authenticate(Token(good)).User!;
        Assert.Equal(("x:ann", "7"), (user.Name, user.Uid));
        Assert.Equal(["dev", "ops"], user.Groups);
        Assert.Equal(["example.com/tenant"], user.Extra.Keys);
        Assert.Equal(["a", "b"], user.Extra["example.com/tenant"]);
        Assert.Equal("oidc: required claim hd not present in ID token", Authenticate(Token(good.Replace("hd", "h", StringComparison.Ordinal))).Error);
        Assert.Equal("oidc: required claim hd value does not match. Got = other.com, want = example.com", Authenticate(Token(good.Replace("example.com", "other.com", StringComparison.Ordinal))).Error);
        Assert.Equal("oidc: error evaluating claim validation expression: validation expression 'claims.exp - claims.iat <= 86400' failed: lives too long",
            Authenticate(Token(good, exp: 100_000)).Error);
        Assert.Equal("oidc: error evaluating user info validation rule: validation expression '!user.username.startsWith('x:system:')' failed: reserved",
            Authenticate(Token(good + ""","sub":"system:admin" """)).Error);
        Assert.Equal("oidc: error evaluating user info validation rule: validation expression 'user.groups.all(g, g != 'root')' failed: ",
            Authenticate(Token(good.Replace("dev,ops", "root", StringComparison.Ordinal))).Error);
        Assert.Equal("oidc: error evaluating username claim expression: expression ''x:' + claims.sub' resulted in error: no such key: sub",
            Authenticate(_provider.Sign($$"""{"iss":"https://issuer.example.com","aud":"api","exp":{{Now + 60}}}""")).Error);
    }

    [Fact]
    public void An_address_that_is_not_verified_is_nobodys_name()
    {
        Use(Plain.Replace("claim: sub", "claim: email", StringComparison.Ordinal));
        Assert.Equal("oidc:a@b", Authenticate(Token(""","email":"a@b" """)).User!.Name);
        Assert.Equal("oidc:a@b", Authenticate(Token(""","email":"a@b","email_verified":true""")).User!.Name);
        Assert.Equal("oidc: email not verified", Authenticate(Token(""","email":"a@b","email_verified":false""")).Error);
    }

    [Fact]
    public void Groups_may_be_told_by_somebody_else_whom_the_token_names()
    {
        var directory = new Provider("https://directory.example.com");
        _world.Serve(directory).Serve("https://directory.example.com/groups", call =>
        {
            Assert.Equal("Bearer let-me", call.Authorization);
            var token = directory.Sign($$"""{"iss":"https://directory.example.com","aud":"api","roles":["far"],"exp":{{Now + 600}}}""");
            return new(new WebhookAnswer(200, System.Text.Encoding.UTF8.GetBytes(token)));
        });
        Use(Plain);
        const string elsewhere = ""","_claim_names":{"roles":"d"},"_claim_sources":{"d":{"endpoint":"https://directory.example.com/groups","access_token":"let-me"}}""";
        Assert.Equal(["oidc:far"], Authenticate(Token(elsewhere)).User!.Groups);
        Assert.Contains("missing in _claims_sources", Authenticate(Token(elsewhere.Replace("\"d\":{", "\"e\":{", StringComparison.Ordinal))).Error, StringComparison.Ordinal);
        Assert.StartsWith("oidc: could not expand distributed claims: while getting distributed claim \"roles\": ",
            Authenticate(Token(elsewhere.Replace("/groups", "/gone", StringComparison.Ordinal))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_configuration_is_in_force_at_once_and_what_was_asked_is_not_asked_again()
    {
        Use(Plain);
        var token = Token();
        Assert.Equal("oidc:ann", Authenticate(token).User!.Name);
        Use(Plain.Replace("prefix: \"oidc:\"", "prefix: \"new:\"", StringComparison.Ordinal));
        Assert.Equal("new:ann", Authenticate(token).User!.Name);
        Assert.Equal(2, _world.Calls.Count);
        Use("{apiVersion: apiserver.config.k8s.io/v1, kind: AuthenticationConfiguration}");
        Assert.Equal(TokenVerdict.Unknown, Authenticate(token).Verdict);
    }

    [Fact]
    public void No_text_makes_it_throw_and_no_changed_token_is_good()
    {
        Use(Plain);
        var random = new Random(1);
        var token = Token();
        Assert.NotNull(Authenticate(token).User);
        for (var i = 0; i < 2000; i++)
        {
            var text = token.ToCharArray();
            // The last character has bits that mean nothing.
            for (var changes = random.Next(1, 4); changes > 0; changes--) text[random.Next(text.Length - 1)] = "AZaz09-_.={}\"\\\ud800"[random.Next(15)];
            var changed = new string(text);
            if (changed != token) Assert.NotEqual(TokenVerdict.Valid, Authenticate(changed).Verdict);
        }
        var keys = System.Text.Encoding.UTF8.GetBytes(_provider.Keys);
        for (var i = 0; i < 2000; i++)
        {
            var changed = keys.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            foreach (var key in IssuerKey.ReadSet(changed) ?? []) key.Signed(CompactToken.Parse(token)!);
        }
    }

    [Fact]
    public async Task Many_who_wait_for_the_keys_cause_one_fetch()
    {
        var keys = new TaskCompletionSource<WebhookAnswer>();
        _world.Serve(_provider.KeysUrl, _ => new(keys.Task));
        Use(Plain);
        var waiting = Enumerable.Range(0, 20).Select(i => _issuers.AuthenticateAsync(Token($",\"n\":{i}"), TestContext.Current.CancellationToken).AsTask()).ToList();
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        keys.SetResult(new WebhookAnswer(200, System.Text.Encoding.UTF8.GetBytes(_provider.Keys)));
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.NotNull(outcome.User));
        Assert.Equal(2, _world.Calls.Count);
    }
}
