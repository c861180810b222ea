using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Bootstrap;

/// <summary>
/// Signs the config map kube-public/cluster-info with each token by which nodes join, so that who knows a token can tell that the cluster's address and authority are
/// genuine before trusting it (upstream: pkg/controller/bootstrap/bootstrapsigner.go).
/// </summary>
public sealed class ClusterInfoSigningReconciler : IReconciler
{
    private const string KubeconfigKey = "kubeconfig";
    private const string SignaturePrefix = "jws-kubeconfig-";

    private readonly Client client;
    private readonly Informer<Secret> secrets;
    private readonly Informer<ConfigMap> maps;

    private ClusterInfoSigningReconciler(Client client, Informer<Secret> secrets, Informer<ConfigMap> maps) => (this.client, this.secrets, this.maps) = (client, secrets, maps);

    private static CacheScope Info { get; } = new() { Namespace = "kube-public", FieldSelector = "metadata.name=cluster-info" };
    private static Key InfoKey { get; } = new("kube-public", "cluster-info");

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("bootstrap-signer", informers)
        .For<ConfigMap>(scope: Info)
        .Watches<Secret>(_ => [InfoKey], scope: BootstrapToken.Secrets)
        .Build(new ClusterInfoSigningReconciler(informers.Client.As("bootstrap-signer"), informers.For<Secret>(BootstrapToken.Secrets), informers.For<ConfigMap>(Info)));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (maps.Get(key) is not { Metadata.DeletionTimestamp: null } map || map.Data?.GetValueOrDefault(KubeconfigKey) is not { } content) return Result.Done;
        var now = client.Time.GetUtcNow();
        var wanted = map.Data.Where(d => !d.Key.StartsWith(SignaturePrefix, StringComparison.Ordinal)).ToDictionary();
        var next = TimeSpan.MaxValue;
        foreach (var secret in secrets.List())
        {
            if (BootstrapToken.Of(secret, "signing", now) is not { } token) continue;
            wanted[SignaturePrefix + token.Id] = Sign(content, token);
            if (BootstrapToken.Left(secret, now) is { } left && left < next) next = left;
        }
        if (wanted.Count != map.Data.Count || wanted.Any(w => map.Data.GetValueOrDefault(w.Key) != w.Value))
        {
            var signed = map.DeepCopy();
            signed.Data = wanted;
            await client.UpdateAsync(signed, cancel);
        }
        return next == TimeSpan.MaxValue ? Result.Done : Result.After(next);
    }

    /// <summary>A JSON Web Signature without its content: the reader has that already.</summary>
    internal static string Sign(string content, BootstrapToken token)
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","kid":"{{token.Id}}"}"""));
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(content));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(token.Value), Encoding.ASCII.GetBytes($"{header}.{payload}"));
        return $"{header}..{Base64Url.EncodeToString(signature)}";
    }
}
