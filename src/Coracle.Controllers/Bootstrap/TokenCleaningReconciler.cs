using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Bootstrap;

/// <summary>Deletes tokens by which nodes join once their time is over (upstream: pkg/controller/bootstrap/tokencleaner.go).</summary>
public sealed class TokenCleaningReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<Secret> secrets;

    private TokenCleaningReconciler(Client client, Informer<Secret> secrets) => (this.client, this.secrets) = (client, secrets);

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("token-cleaner", informers)
        .For<Secret>(scope: BootstrapToken.Secrets)
        .Build(new TokenCleaningReconciler(informers.Client.As("token-cleaner"), informers.For<Secret>(BootstrapToken.Secrets)));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (secrets.Get(key) is not { Metadata.DeletionTimestamp: null } secret || BootstrapToken.Left(secret, client.Time.GetUtcNow()) is not { } left) return Result.Done;
        if (left > TimeSpan.Zero) return Result.After(left);
        await client.DeleteAsync(secret, cancel: cancel);
        return Result.Done;
    }
}
