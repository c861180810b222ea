using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Kinds.Certificates.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Certificates;

/// <summary>
/// Deletes requests for certificates that have had their time: a day while nobody decides, an hour after they were denied, failed or issued, and at once when
/// the certificate has expired (upstream: pkg/controller/certificates/cleaner).
/// </summary>
public sealed class CleaningReconciler : IReconciler
{
    private static readonly TimeSpan Pending = TimeSpan.FromHours(24);
    private static readonly TimeSpan Decided = TimeSpan.FromHours(1);

    private readonly Client client;
    private readonly Informer<CertificateSigningRequest> requests;

    private CleaningReconciler(Client client, Informer<CertificateSigningRequest> requests) => (this.client, this.requests) = (client, requests);

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("certificatesigningrequest-cleaner-controller", informers)
        .For<CertificateSigningRequest>()
        .Build(new CleaningReconciler(informers.Client.As(ApprovingReconciler.Identity), informers.For<CertificateSigningRequest>()));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (requests.Get(key) is not { Metadata.DeletionTimestamp: null } request || End(request) is not { } end) return Result.Done;
        var left = end - client.Time.GetUtcNow();
        if (left > TimeSpan.Zero) return Result.After(left);
        await client.DeleteAsync(request, cancel: cancel);
        return Result.Done;
    }

    /// <summary>When the request is to go; null while it is approved and waits for its certificate.</summary>
    internal static DateTimeOffset? End(CertificateSigningRequest request)
    {
        var conditions = request.Status.Conditions ?? [];
        if (conditions.Count == 0) return request.Metadata.CreationTimestamp + Pending;
        var issued = request.Status.Certificate is { Length: > 0 };
        DateTimeOffset? end = null;
        foreach (var condition in conditions)
        {
            var ends = condition.Type is RequestConditionType.Denied or RequestConditionType.Failed || condition.Type == RequestConditionType.Approved && issued;
            if (ends && condition.LastUpdateTime + Decided is { } then && !(end <= then)) end = then;
        }
        return issued && request.Has(RequestConditionType.Approved) && Expiry(request.Status.Certificate!) is { } expiry && !(end <= expiry) ? expiry : end;
    }

    private static DateTimeOffset? Expiry(byte[] pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(pem));
            return certificate.NotAfter.ToUniversalTime();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
