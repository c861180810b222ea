using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Gives every active namespace the service account "default", again when it is deleted (upstream: serviceaccount-controller).</summary>
public sealed class DefaultAccountReconciler : IReconciler
{
    public const string AccountName = "default";

    private readonly Client client;
    private readonly Informer<Namespace> namespaces;
    private readonly Informer<ServiceAccount> accounts;

    private DefaultAccountReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        namespaces = informers.For<Namespace>();
        accounts = informers.For<ServiceAccount>();
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("serviceaccount-controller", informers)
        .For<Namespace>()
        .Watches<ServiceAccount>(account => [new Key(account.Metadata.Namespace)], delta => delta.Type == DeltaType.Deleted && delta.Object.Metadata.Name == AccountName)
        .Build(new DefaultAccountReconciler(informers.Client.As("service-account-controller"), informers));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (namespaces.Get(key) is not { Metadata.DeletionTimestamp: null } || accounts.Get(new(key.Name, AccountName)) is not null) return Result.Done;
        var created = await client.TryCreateAsync(new ServiceAccount { Metadata = new() { Namespace = key.Name, Name = AccountName } }, cancel);
        return created.Ok || created.IsAlreadyExists || created.Failure.IsNamespaceTerminating ? Result.Done : Result.Fail(new ApiException(created.Failure));
    }
}
