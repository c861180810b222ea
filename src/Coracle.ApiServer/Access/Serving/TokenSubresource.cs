using System.Text;
using Coracle.Kinds.Authentication.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>serviceaccounts/token: a create of a TokenRequest answers it with a token, once admission has nothing against it.</summary>
public sealed class TokenSubresource(TokenRequests requests)
{
    public KeyValuePair<string, Subresource> Entry => new("serviceaccounts/token", new(TokenRequest.Info.GroupVersionKind, ["create"], Handle));

    private async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ctx.Info.Verb != "create")
            return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var body = await BodyReader.ReadObject(ctx, TokenRequest.Info);
        if (body.Failed)
            return ApiResponse.Of(body.Error);
        using var admission = new AdmissionContext(ctx, TokenRequest.Info, Operation.Create, body.Value, old: null) { Subresource = "token" };
        if (await ctx.Server.Admission.AdmitAsync(admission) is { } refused)
            return ApiResponse.Of(refused);
        var answer = requests.Answer(ctx.Info.Namespace, ctx.Info.Name, ApiJson.Parse<TokenRequest>(Encoding.UTF8.GetBytes(admission.Object!.ToJsonString())));
        ctx.Warnings.AddRange(answer.Warnings);
        return answer.Request is { } request
            ? Representation.Encoded(ctx, new BytesBody(ApiJson.ToBytes(request)), 201)
            : ApiResponse.Of(answer.Refusal!);
    }
}
