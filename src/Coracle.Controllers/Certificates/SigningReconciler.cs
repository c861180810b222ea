using System.Text;
using Coracle.Kinds.Certificates.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Certificates;

/// <summary>Makes a certificate of a request.</summary>
/// <param name="pem">The request in PKCS#10, as PEM.</param>
/// <param name="forServer">For servers, not for clients.</param>
/// <param name="lifetime">How long it is to be valid.</param>
/// <returns>The certificate as PEM; null when the request cannot be read.</returns>
public delegate string? CertificateSigner(string pem, bool forServer, TimeSpan lifetime);

/// <summary>Signs approved requests of the signers that every cluster has, or says why not (upstream: pkg/controller/certificates/signer).</summary>
public sealed class SigningReconciler : IReconciler
{
    /// <summary>How long certificates are valid, unless the request wants them shorter.</summary>
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(365);

    private readonly Client client;
    private readonly Informer<CertificateSigningRequest> requests;
    private readonly CertificateSigner sign;

    private SigningReconciler(Client client, Informer<CertificateSigningRequest> requests, CertificateSigner sign) =>
        (this.client, this.requests, this.sign) = (client, requests, sign);

    public static Controller NewController(InformerSet informers, CertificateSigner sign) => new ControllerBuilder("certificatesigningrequest-signing-controller", informers)
        .For<CertificateSigningRequest>(static delta => delta.New is { } request && IsReady(request))
        .Build(new SigningReconciler(informers.Client.As(ApprovingReconciler.Identity), informers.For<CertificateSigningRequest>(), sign));

    private static bool IsReady(CertificateSigningRequest request) =>
        request.Spec.SignerName is SigningRequestFacts.ClientSigner or SigningRequestFacts.KubeletClientSigner or SigningRequestFacts.KubeletServingSigner
        && request.Status.Certificate is not { Length: > 0 }
        && request.Has(RequestConditionType.Approved) && !request.Has(RequestConditionType.Denied) && !request.Has(RequestConditionType.Failed);

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (requests.Get(key) is not { } request || !IsReady(request)) return Result.Done;
        if (SigningRequestFacts.Of(request) is not { } facts) return Result.Done;
        var signed = request.DeepCopy();
        if (facts.ProblemFor(request) is { } problem)
            (signed.Status.Conditions ??= []).Add(new() { Type = RequestConditionType.Failed, Status = "True", Reason = "SignerValidationFailure", Message = problem });
        else if (sign(Encoding.UTF8.GetString(request.Spec.Request!), request.Spec.SignerName == SigningRequestFacts.KubeletServingSigner, Lifetime(request)) is { } pem)
            signed.Status.Certificate = Encoding.UTF8.GetBytes(pem);
        else return Result.Done;
        var written = await client.TryUpdateStatusAsync(signed, cancel);
        return written.Ok || written.IsNotFound ? Result.Done : Result.Fail(new ApiException(written.Failure));
    }

    private static TimeSpan Lifetime(CertificateSigningRequest request) =>
        request.Spec.ExpirationSeconds is { } seconds && TimeSpan.FromSeconds(seconds) < LifetimeMax ? TimeSpan.FromSeconds(seconds) : LifetimeMax;
}
