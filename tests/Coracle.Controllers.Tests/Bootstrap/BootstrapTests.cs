using System.Security.Cryptography;
using System.Text;
using Coracle.Controllers.Bootstrap;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Bootstrap;

public sealed class BootstrapTests
{
    private static Secret Token(string id, DateTimeOffset? expiration = null, string usage = "usage-bootstrap-signing") => new()
    {
        Metadata = new() { Name = "bootstrap-token-" + id, Namespace = "kube-system" }, Type = "bootstrap.kubernetes.io/token",
        Data = new[]
            {
                ("token-id", id), ("token-secret", "0123456789abcdef"), (usage, "true"), ("expiration", expiration?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) ?? ""),
            }
            .Where(d => d.Item2.Length > 0).ToDictionary(d => d.Item1, d => Encoding.UTF8.GetBytes(d.Item2)),
    };

    private static SimulatedCluster Cluster(int seed)
    {
        var cluster = new SimulatedCluster(seed, TokenCleaningReconciler.NewController, ClusterInfoSigningReconciler.NewController);
        foreach (var name in (string[])["kube-system", "kube-public"])
            if (cluster.Find<Namespace>("", name) is null) cluster.Create(new Namespace { Metadata = new() { Name = name } });
        return cluster;
    }

    private static DateTimeOffset Now(SimulatedCluster cluster) => cluster.Client.Time.GetUtcNow();

    [Fact]
    public void A_token_whose_time_is_over_goes_and_others_stay()
    {
        var cluster = Cluster(1);
        cluster.Create(Token("aaaaaa", Now(cluster).AddSeconds(100)));
        cluster.Create(Token("bbbbbb"));
        cluster.Create(new Secret { Metadata = new() { Name = "bootstrap-token-cccccc", Namespace = "kube-system" }, Data = new() { ["expiration"] = Encoding.UTF8.GetBytes("2000-01-01T00:00:00Z") } });
        cluster.Pass(90);
        Assert.NotNull(cluster.Find<Secret>("kube-system", "bootstrap-token-aaaaaa"));
        cluster.Pass(15);
        Assert.Null(cluster.Find<Secret>("kube-system", "bootstrap-token-aaaaaa"));
        Assert.NotNull(cluster.Find<Secret>("kube-system", "bootstrap-token-bbbbbb"));
        Assert.NotNull(cluster.Find<Secret>("kube-system", "bootstrap-token-cccccc"));
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void The_clusters_address_is_signed_with_each_token_that_may_and_with_no_other()
    {
        var cluster = Cluster(2);
        cluster.Create(Token("aaaaaa"));
        cluster.Create(Token("bbbbbb", usage: "usage-bootstrap-authentication"));
        cluster.Create(new ConfigMap { Metadata = new() { Name = "cluster-info", Namespace = "kube-public" }, Data = new() { ["kubeconfig"] = "address", ["other"] = "stays" } });
        cluster.Pass(1);
        var data = cluster.Get<ConfigMap>("kube-public", "cluster-info").Data!;
        Assert.Equal(["jws-kubeconfig-aaaaaa", "kubeconfig", "other"], data.Keys.Order(StringComparer.Ordinal));
        // {"alg":"HS256","kid":"aaaaaa"}..HMAC of header.content
        var header = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFhYWFhYSJ9";
        var mac = HMACSHA256.HashData("0123456789abcdef"u8, Encoding.ASCII.GetBytes(header + ".YWRkcmVzcw"));
        Assert.Equal($"{header}..{System.Buffers.Text.Base64Url.EncodeToString(mac)}", data["jws-kubeconfig-aaaaaa"]);
        cluster.Delete<Secret>("kube-system", "bootstrap-token-aaaaaa");
        cluster.Pass(1);
        Assert.Equal(["kubeconfig", "other"], cluster.Get<ConfigMap>("kube-public", "cluster-info").Data!.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void A_signature_goes_when_its_tokens_time_is_over()
    {
        var cluster = Cluster(3);
        cluster.Create(Token("aaaaaa", Now(cluster).AddSeconds(50)));
        cluster.Create(new ConfigMap { Metadata = new() { Name = "cluster-info", Namespace = "kube-public" }, Data = new() { ["kubeconfig"] = "address" } });
        cluster.Pass(10);
        Assert.Contains("jws-kubeconfig-aaaaaa", cluster.Get<ConfigMap>("kube-public", "cluster-info").Data!.Keys);
        cluster.Pass(50);
        Assert.Equal(["kubeconfig"], cluster.Get<ConfigMap>("kube-public", "cluster-info").Data!.Keys);
    }
}
