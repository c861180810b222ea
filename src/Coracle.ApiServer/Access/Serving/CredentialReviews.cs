using System.Text;
using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Authorization.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>The reviews that need the authenticator or the whole set of rules: TokenReview and SelfSubjectRulesReview.</summary>
public sealed class CredentialReviews(Authenticator authenticator, Authorization authorization)
{
    public IEnumerable<KeyValuePair<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>> All =>
    [
        new(TokenReview.Info.GroupVersionKind, ctx => Answer<TokenReview>(ctx, async review =>
        {
            if (review.Spec.Token.Length == 0)
                return ApiStatus.BadRequest("token is required for TokenReview in authentication");
            review.Status = await AnswerAsync(review.Spec, ctx.Cancel);
            return null;
        })),
        new(SelfSubjectRulesReview.Info.GroupVersionKind, ctx => Answer<SelfSubjectRulesReview>(ctx, review =>
        {
            if (review.Spec.Namespace.Length == 0)
                return new(ApiStatus.BadRequest("no namespace on request"));
            review.Status = authorization.RulesFor(ctx.User, review.Spec.Namespace);
            return default;
        })),
    ];

    internal async ValueTask<TokenReviewStatus> AnswerAsync(TokenReviewSpec spec, CancellationToken cancel)
    {
        var outcome = await authenticator.AuthenticateTokenAsync(spec.Token, spec.Audiences, cancel);
        return outcome.Verdict switch
        {
            TokenVerdict.Valid => new TokenReviewStatus
            {
                Authenticated = true, User = AccessReviews.ToUserInfo(outcome.User!), Audiences = outcome.Audiences.Count == 0 ? null : [.. outcome.Audiences],
            },
            TokenVerdict.Invalid => new TokenReviewStatus { Error = outcome.Error },
            _ => new TokenReviewStatus { Error = "invalid bearer token" },
        };
    }

    private static async ValueTask<ApiResponse> Answer<T>(RequestContext ctx, Func<T, ValueTask<ApiStatus?>> answer) where T : class, IApiType<T>
    {
        var body = await BodyReader.ReadObject(ctx, ctx.Kind);
        if (body.Failed)
            return ApiResponse.Of(body.Error);
        var review = ApiJson.Parse<T>(Encoding.UTF8.GetBytes(body.Value.ToJsonString()));
        return await answer(review) is { } refused ? ApiResponse.Of(refused) : Representation.Encoded(ctx, new BytesBody(ApiJson.ToBytes(review)), 201);
    }
}
