using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Fills secrets of the type kubernetes.io/service-account-token with a token that lasts as long as they do, and removes those whose account is gone
/// (upstream: pkg/controller/serviceaccount/tokens_controller.go).
/// </summary>
public sealed class TokenSecretReconciler : IReconciler
{
    public const string SecretType = "kubernetes.io/service-account-token", NameAnnotation = "kubernetes.io/service-account.name", UidAnnotation = "kubernetes.io/service-account.uid";
    private const string TokenKey = "token", NamespaceKey = "namespace", CertificateKey = "ca.crt";

    private readonly Client client;
    private readonly Func<ServiceAccount, Secret, string> issue;
    private readonly byte[] certificates;
    private readonly Informer<Secret> secrets;
    private readonly Informer<ServiceAccount> accounts;

    private TokenSecretReconciler(Client client, InformerSet informers, Func<ServiceAccount, Secret, string> issue, string certificates)
    {
        (this.client, this.issue, this.certificates) = (client, issue, Encoding.UTF8.GetBytes(certificates));
        (secrets, accounts) = (informers.For<Secret>(Tokens), informers.For<ServiceAccount>());
    }

    private static CacheScope Tokens { get; } = new() { FieldSelector = $"type={SecretType}" };

    /// <param name="informers">The caches, and the controller manager's own client.</param>
    /// <param name="issue">Signs a token of an account that ends with a secret.</param>
    /// <param name="certificates">The authority's certificates in PEM.</param>
    public static Controller NewController(InformerSet informers, Func<ServiceAccount, Secret, string> issue, string certificates)
    {
        var secrets = informers.For<Secret>(Tokens);
        return new ControllerBuilder("serviceaccount-token-controller", informers)
            .For<Secret>(scope: Tokens)
            .Watches<ServiceAccount>(account => secrets.List(account.Metadata.Namespace).Where(s => AccountOf(s) == account.Metadata.Name).Select(Key.Of), static delta => delta.Type != DeltaType.Updated)
            .Workers(5)
            .Build(new TokenSecretReconciler(informers.Client, informers, issue, certificates));
    }

    private static string AccountOf(Secret secret) => secret.Metadata.Annotations?.GetValueOrDefault(NameAnnotation) ?? "";

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (secrets.Get(key) is not { Metadata.DeletionTimestamp: null } secret || AccountOf(secret) is not { Length: > 0 } name) return Result.Done;
        // Before something is taken away, the server is asked.
        var account = accounts.Get(new(key.Namespace, name)) ?? await client.TryGetAsync<ServiceAccount>(new Key(key.Namespace, name), cancel);
        var uid = secret.Metadata.Annotations!.GetValueOrDefault(UidAnnotation) ?? "";
        if (account is null || (uid.Length > 0 && uid != account.Metadata.Uid))
        {
            await client.DeleteAsync(secret, null, cancel);
            return Result.Done;
        }
        if (IsComplete(secret, account)) return Result.Done;
        var filled = secret.DeepCopy();
        filled.Metadata.Annotations![UidAnnotation] = account.Metadata.Uid;
        var data = filled.Data ??= [];
        if (certificates.Length > 0) data[CertificateKey] = certificates;
        data[NamespaceKey] = Encoding.UTF8.GetBytes(key.Namespace);
        if (!data.TryGetValue(TokenKey, out var token) || token.Length == 0) data[TokenKey] = Encoding.UTF8.GetBytes(issue(account, secret));
        var written = await client.TryUpdateAsync(filled, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }

    private bool IsComplete(Secret secret, ServiceAccount account) =>
        secret.Metadata.Annotations!.GetValueOrDefault(UidAnnotation) == account.Metadata.Uid && secret.Data is { } data
        && data.ContainsKey(NamespaceKey) && data.TryGetValue(TokenKey, out var token) && token.Length > 0
        && (certificates.Length == 0 || (data.TryGetValue(CertificateKey, out var known) && known.AsSpan().SequenceEqual(certificates)));
}
