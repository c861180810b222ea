using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Authentication.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>serviceaccounts/token: a create of a TokenRequest answers it with a token.</summary>
public sealed class TokenSubresource(TokenRequests requests, NodeRestrictionAdmission nodes)
{
    public KeyValuePair<string, Subresource> Entry => new("serviceaccounts/token", new(TokenRequest.Info.GroupVersionKind, ["create"], Handle));

    private async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ctx.Info.Verb != "create")
            return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var body = await BodyReader.ReadObject(ctx, TokenRequest.Info);
        if (body.Failed)
            return ApiResponse.Of(body.Error);
        if (await Restrict(ctx, body.Value) is { } refused)
            return ApiResponse.Of(refused);
        var answer = requests.Answer(ctx.Info.Namespace, ctx.Info.Name, ApiJson.Parse<TokenRequest>(Encoding.UTF8.GetBytes(body.Value.ToJsonString())));
        ctx.Warnings.AddRange(answer.Warnings);
        return answer.Request is { } request
            ? Representation.Encoded(ctx, new BytesBody(ApiJson.ToBytes(request)), 201)
            : ApiResponse.Of(answer.Refusal!);
    }

    private ValueTask<ApiStatus?> Restrict(RequestContext ctx, JsonObject body) => NodeIdentity.Of(ctx.User) is null
        ? default
        : nodes.For(ctx.Server).CheckAsync(new NodeWrite
        {
            User = ctx.User, Operation = "CREATE", Resource = "serviceaccounts", Subresource = "token", Namespace = ctx.Info.Namespace, Name = ctx.Info.Name,
            Object = JsonElement.Parse(body.ToJsonString()),
        }, ctx.Cancel);
}
