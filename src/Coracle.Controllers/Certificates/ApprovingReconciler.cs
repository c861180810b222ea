using Coracle.Kinds.Authorization.V1;
using Coracle.Kinds.Certificates.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Certificates;

/// <summary>
/// Approves the requests of nodes for certificates by which they call the API, where the roles allow it (upstream: pkg/controller/certificates/approver).
/// </summary>
public sealed class ApprovingReconciler : IReconciler
{
    internal const string Identity = "certificate-controller";

    private readonly Client client;
    private readonly Informer<CertificateSigningRequest> requests;

    private ApprovingReconciler(Client client, Informer<CertificateSigningRequest> requests) => (this.client, this.requests) = (client, requests);

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("certificatesigningrequest-approving-controller", informers)
        .For<CertificateSigningRequest>(static delta => delta.New is { } request && IsOpen(request))
        .Build(new ApprovingReconciler(informers.Client.As(Identity), informers.For<CertificateSigningRequest>()));

    private static bool IsOpen(CertificateSigningRequest request) => request.Spec.SignerName == SigningRequestFacts.KubeletClientSigner
        && request.Status.Certificate is not { Length: > 0 } && !request.Has(RequestConditionType.Approved) && !request.Has(RequestConditionType.Denied);

    /// <summary>1. Is it a node's request, for itself or for another. 2. May who asks ask so. 3. Approve.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (requests.Get(key) is not { } request || !IsOpen(request)) return Result.Done;
        if (SigningRequestFacts.Of(request) is not { } facts || facts.ProblemFor(request) is not null) return Result.Done;       // 1
        if (request.Spec.Username == facts.CommonName && await May(request, "selfnodeclient", cancel))                            // 2
            return await Approve(request, "Auto approving self kubelet client certificate after SubjectAccessReview.", cancel);
        if (await May(request, "nodeclient", cancel)) return await Approve(request, "Auto approving kubelet client certificate after SubjectAccessReview.", cancel);
        return Result.Done;
    }

    private async ValueTask<bool> May(CertificateSigningRequest request, string subresource, CancellationToken cancel)
    {
        var review = await client.CreateAsync(new SubjectAccessReview
        {
            Spec = new()
            {
                User = request.Spec.Username, Uid = request.Spec.Uid, Groups = request.Spec.Groups, Extra = request.Spec.Extra,
                ResourceAttributes = new() { Group = "certificates.k8s.io", Version = "*", Resource = "certificatesigningrequests", Subresource = subresource, Verb = "create" },
            },
        }, cancel);
        return review.Status.Allowed;
    }

    private async ValueTask<Result> Approve(CertificateSigningRequest request, string message, CancellationToken cancel)                 // 3
    {
        var approved = request.DeepCopy();
        (approved.Status.Conditions ??= []).Add(new() { Type = RequestConditionType.Approved, Status = "True", Reason = "AutoApproved", Message = message });
        var written = await client.For<CertificateSigningRequest>().TryUpdateSubresourceAsync(approved, "approval", null, cancel);
        return written.Ok || written.IsNotFound ? Result.Done : Result.Fail(new ApiException(written.Failure));
    }
}

/// <summary>Reading what was decided.</summary>
internal static class Decisions
{
    internal static bool Has(this CertificateSigningRequest request, string type) => request.Status.Conditions?.Exists(c => c.Type == type && c.Status == "True") == true;
}
