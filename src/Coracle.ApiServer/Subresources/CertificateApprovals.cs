using Coracle.Kinds.Certificates.V1;

namespace Coracle.ApiServer;

/// <summary>certificatesigningrequests/approval: the decisions about a request and nothing else of it.</summary>
public static class CertificateApprovals
{
    public static KeyValuePair<string, Subresource> Entry =>
        new("certificatesigningrequests/approval", new(CertificateSigningRequest.Info.GroupVersionKind, ["get", "patch", "update"], Handle));

    private static ValueTask<ApiResponse> Handle(RequestContext ctx) => ctx.Info.Verb switch
    {
        "get" => GetVerb.Handle(ctx),
        "update" => UpdateVerb.Handle(ctx),
        "patch" => PatchVerb.Handle(ctx),
        _ => ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed)),
    };
}
