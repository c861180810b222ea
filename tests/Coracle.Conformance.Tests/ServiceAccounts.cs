using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/auth/service_accounts.go.</summary>
public sealed class ServiceAccounts(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<string> Namespace() => $"/api/v1/namespaces/{await cluster.Namespace()}";

    private Task<Answer> Account(string ns, string name, string more = "") => cluster.Create($"{ns}/serviceaccounts", $$$"""{"metadata":{"name":"{{{name}}}"}{{{more}}}}""");

    private Task<Answer> Token(string ns, string account) =>
        cluster.Create($"{ns}/serviceaccounts/{account}/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}""");

    [Fact, Behaviour("ServiceAccount lifecycle test")]
    public async Task ServiceAccount_lifecycle()
    {
        var ns = await Namespace();
        var created = await cluster.Create($"{ns}/serviceaccounts", """{"metadata":{"name":"testserviceaccount","labels":{"test-serviceaccount-static":"true"}}}""");
        Assert.Equal(created.Uid, (await cluster.Get($"{ns}/serviceaccounts/testserviceaccount")).Is(200).Uid);
        await using var watch = await cluster.Watch($"{ns}/serviceaccounts?labelSelector=test-serviceaccount-static%3Dtrue&timeoutSeconds=180");
        Assert.Equal("ADDED testserviceaccount", (await watch.Next()).ToString());
        (await cluster.Patch($"{ns}/serviceaccounts/testserviceaccount", """{"automountServiceAccountToken":false}""", Cluster.Strategic)).Is(200);
        Assert.Equal("MODIFIED testserviceaccount", (await watch.Next()).ToString());
        var listed = Assert.Single((await cluster.Get("/api/v1/serviceaccounts?labelSelector=test-serviceaccount-static%3Dtrue")).Is(200).Items);
        Assert.Equal((created.Uid, "false"), (listed.Text("metadata.uid"), listed.Text("automountServiceAccountToken")));
        (await cluster.Delete($"{ns}/serviceaccounts")).Is(200);
        Assert.Equal("DELETED testserviceaccount", (await watch.Next()).ToString());
    }

    [Fact, Behaviour("ServiceAccount, update a ServiceAccount")]
    public async Task Update_a_ServiceAccount()
    {
        var ns = await Namespace();
        Assert.Equal("false", (await Account(ns, "e2e-sa", ""","automountServiceAccountToken":false"""))["automountServiceAccountToken"]);
        Assert.Equal("true", (await cluster.Update($"{ns}/serviceaccounts/e2e-sa", found => found["automountServiceAccountToken"] = true))["automountServiceAccountToken"]);
    }

    [Fact, Behaviour("RootCA ConfigMap test")]
    public async Task RootCA_ConfigMap()
    {
        var map = $"{await Namespace()}/configmaps/kube-root-ca.crt";
        var first = await cluster.Until(map, found => found.Code == 200);
        (await cluster.Delete(map, """{"gracePeriodSeconds":0}""")).Is(200);
        var second = await cluster.Until(map, found => found.Code == 200);
        Assert.NotEqual(first.Uid, second.Uid);
        await cluster.Update(map, found => found["data"] = new JsonObject { ["ca.crt"] = "another's" });
        await cluster.Until(map, found => found.Json["data"]!.ToJsonString() == first.Json["data"]!.ToJsonString());
    }

    [Fact, Behaviour("Service account tokens auto mount optionally")]
    public async Task Service_account_tokens_auto_mount_optionally()
    {
        var ns = await Namespace();
        await Account(ns, "mount", ""","automountServiceAccountToken":true""");
        await Account(ns, "nomount", ""","automountServiceAccountToken":false""");
        foreach (var account in (string[])["default", "mount", "nomount"])
            foreach (var asked in (string[])["", "true", "false"])
            {
                var name = $"pod-{account}-{(asked.Length > 0 ? asked : "defaulted")}";
                var choice = asked.Length > 0 ? $",\"automountServiceAccountToken\":{asked}" : "";
                var pod = await cluster.Create($"{ns}/pods", Samples.Pod(name, spec: $",\"serviceAccountName\":\"{account}\"{choice}"));
                var isMounted = pod["spec.containers.0.volumeMounts"].Contains("\"/var/run/secrets/kubernetes.io/serviceaccount\"", StringComparison.Ordinal);
                Assert.Equal((name, asked == "true" || asked.Length == 0 && account != "nomount"), (name, isMounted));
            }
    }

    [Fact, Behaviour("ServiceAccount, create and review token")]
    public async Task Create_and_review_token()
    {
        var ns = await Namespace();
        var account = await Account(ns, "e2e-sa");
        var token = await Token(ns, "e2e-sa");
        var review = await cluster.Create("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{{token["status.token"]}}}"} }""");
        Assert.Equal(("true", ""), (review["status.authenticated"], review["status.error"]));
        Assert.Equal((Username(account), account.Uid), (review["status.user.username"], review["status.user.uid"]));
    }

    private static string Username(Answer account) => $"system:serviceaccount:{account["metadata.namespace"]}:{account.Name}";

    // Upstream's program in a pod does the same with the token that it finds mounted.
    [Fact, Behaviour("OIDC Discovery (ServiceAccountIssuerDiscovery)")]
    public async Task OIDC_discovery_of_the_service_account_issuer()
    {
        var ns = await Namespace();
        var account = await Account(ns, "reader");
        var parts = (await Token(ns, "reader"))["status.token"].Split('.');
        var (header, claims) = (JsonNode.Parse(Decode(parts[0]))!, JsonNode.Parse(Decode(parts[1]))!);
        var reader = cluster.As(Username(account), "system:serviceaccounts");

        var configuration = (await cluster.Send("GET", "/.well-known/openid-configuration", client: reader)).Is(200);
        Assert.Equal(claims.Text("iss"), configuration["issuer"]);
        Assert.Equal(Username(account), claims.Text("sub"));
        var keys = (await cluster.Send("GET", new Uri(configuration["jwks_uri"]).AbsolutePath, client: reader)).Is(200);
        var key = Assert.Single(keys.Json["keys"]!.AsArray(), k => k!.Text("kid") == header.Text("kid"))!;
        Assert.Contains(header.Text("alg"), configuration["id_token_signing_alg_values_supported"], StringComparison.Ordinal);

        using var verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Decode(key.Text("x")), Y = Decode(key.Text("y")) } });
        Assert.True(verifier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256));
    }

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
