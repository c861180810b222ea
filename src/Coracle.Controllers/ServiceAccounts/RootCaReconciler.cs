using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Publishes the cluster's certificate authority to every namespace, as the config map from which pods get their ca.crt (upstream:
/// root-ca-certificate-publisher-controller). What others change in it is put right.
/// </summary>
public sealed class RootCaReconciler : IReconciler
{
    public const string ConfigMapName = "kube-root-ca.crt";
    public const string CertificateKey = "ca.crt";
    public const string DescriptionAnnotation = "kubernetes.io/description";

    private const string Description =
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
        + "No other usage is guaranteed across distributions of Kubernetes clusters.";

    private readonly Client client;
    private readonly string certificates;
    private readonly Informer<Namespace> namespaces;
    private readonly Informer<ConfigMap> configMaps;

    private RootCaReconciler(Client client, InformerSet informers, string certificates)
    {
        this.client = client;
        this.certificates = certificates;
        namespaces = informers.For<Namespace>();
        configMaps = informers.For<ConfigMap>(OwnMaps);
    }

    // Config maps of users can be large and many: the cache holds those of this one name.
    private static CacheScope OwnMaps { get; } = new() { FieldSelector = $"metadata.name={ConfigMapName}" };

    /// <param name="informers">The caches.</param>
    /// <param name="certificates">The authority's certificates in PEM.</param>
    public static Controller NewController(InformerSet informers, string certificates) => new ControllerBuilder("root-ca-certificate-publisher-controller", informers)
        .For<Namespace>()
        .Watches<ConfigMap>(map => [new Key(map.Metadata.Namespace)], delta => delta.Type != DeltaType.Added, OwnMaps)
        .Build(new RootCaReconciler(informers.Client.As("root-ca-cert-publisher"), informers, certificates));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (namespaces.Get(key) is not { Metadata.DeletionTimestamp: null }) return Result.Done;
        var current = configMaps.Get(new(key.Name, ConfigMapName));
        if (current is not null && IsAsWanted(current)) return Result.Done;
        var wanted = current?.DeepCopy() ?? new() { Metadata = new() { Namespace = key.Name, Name = ConfigMapName } };
        wanted.Data = new() { [CertificateKey] = certificates };
        (wanted.Metadata.Annotations ??= [])[DescriptionAnnotation] = Description;
        var written = current is null ? await client.TryCreateAsync(wanted, cancel) : await client.TryUpdateAsync(wanted, cancel);
        return written.Ok || written.IsNotFound || written.IsAlreadyExists || written.Failure.IsNamespaceTerminating ? Result.Done : Result.Fail(new ApiException(written.Failure));
    }

    private bool IsAsWanted(ConfigMap map) =>
        map.Data is { Count: 1 } data && data.GetValueOrDefault(CertificateKey) == certificates
        && map.Metadata.Annotations?.GetValueOrDefault(DescriptionAnnotation) is { Length: > 0 };
}
