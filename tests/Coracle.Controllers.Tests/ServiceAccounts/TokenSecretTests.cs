using System.Text;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.ServiceAccounts;

public sealed class TokenSecretTests
{
    private readonly SimulatedCluster cluster = new(1, informers => TokenSecretReconciler.NewController(informers, (account, secret) => $"token of {account.Metadata.Name} in {secret.Metadata.Name}", "the authority"));

    private static Secret Secret(string account) => new()
    {
        Metadata = new() { Namespace = "default", Name = "s", Annotations = new() { ["kubernetes.io/service-account.name"] = account } }, Type = "kubernetes.io/service-account-token",
    };

    private string Data(string key) => cluster.Get<Secret>("default", "s").Data?.GetValueOrDefault(key) is { } value ? Encoding.UTF8.GetString(value) : "";

    [Fact]
    public void A_secret_for_an_account_gets_its_token()
    {
        var account = cluster.Create(new ServiceAccount { Metadata = new() { Namespace = "default", Name = "bot" } });
        cluster.Create(Secret("bot"));
        cluster.Until(() => Data("token").Length > 0, 10, "the token");
        Assert.Equal(("token of bot in s", "default", "the authority"), (Data("token"), Data("namespace"), Data("ca.crt")));
        Assert.Equal(account.Metadata.Uid, cluster.Get<Secret>("default", "s").Metadata.Annotations!["kubernetes.io/service-account.uid"]);
    }

    [Fact]
    public void It_goes_with_its_account()
    {
        cluster.Create(new ServiceAccount { Metadata = new() { Namespace = "default", Name = "bot" } });
        cluster.Create(Secret("bot"));
        cluster.Until(() => Data("token").Length > 0, 10, "the token");
        cluster.Delete<ServiceAccount>("default", "bot");
        cluster.Until(() => cluster.Find<Secret>("default", "s") is null, 10, "its end");
    }
}
