using Coracle.ApiServer.Access;
using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Authorization.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The reviews: questions about access, answered and never stored.</summary>
public static class AccessReviews
{
    public static IEnumerable<KeyValuePair<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>> All =>
    [
        new(SubjectAccessReview.Info.GroupVersionKind, Subject),
        new(LocalSubjectAccessReview.Info.GroupVersionKind, LocalSubject),
        new(SelfSubjectAccessReview.Info.GroupVersionKind, Self),
        new(SelfSubjectReview.Info.GroupVersionKind, WhoAmI),
    ];

    private static async ValueTask<ApiResponse> Answer<T>(RequestContext ctx, Func<T, ValueTask> answer) where T : class, IApiType<T>
    {
        var body = await BodyReader.ReadObject(ctx, ctx.Kind);
        if (body.Failed) return ApiResponse.Of(body.Error);
        if (ctx.Kind.Namespaced && Place(ctx, Meta.Of(body.Value)) is { } misplaced) return ApiResponse.Of(misplaced);
        var bytes = Encoder.Encode(body.Value, ctx.Kind.Schema);
        var errors = new FieldErrors();
        ctx.Kind.Rules.Validate(bytes, errors);
        if (errors.Count > 0) return ApiResponse.Of(ApiStatus.Invalid(ctx.Kind, "", errors.All));
        var review = ApiJson.Parse<T>(bytes);
        await answer(review);
        return Representation.Encoded(ctx, new BytesBody(ApiJson.ToBytes(review)), 201);
    }

    private static ValueTask<ApiResponse> Subject(RequestContext ctx) => Answer<SubjectAccessReview>(ctx, async review =>
    {
        review.Status = await Ask(ctx, UserOf(review.Spec), review.Spec.ResourceAttributes, review.Spec.NonResourceAttributes);
    });

    private static ValueTask<ApiResponse> LocalSubject(RequestContext ctx) => Answer<LocalSubjectAccessReview>(ctx, async review =>
    {
        review.Status = await Ask(ctx, UserOf(review.Spec), review.Spec.ResourceAttributes, null);
    });

    private static ValueTask<ApiResponse> Self(RequestContext ctx) => Answer<SelfSubjectAccessReview>(ctx, async review =>
    {
        review.Status = await Ask(ctx, ctx.User, review.Spec.ResourceAttributes, review.Spec.NonResourceAttributes);
    });

    private static ValueTask<ApiResponse> WhoAmI(RequestContext ctx) => Answer<SelfSubjectReview>(ctx, review =>
    {
        review.Metadata.CreationTimestamp = ctx.Server.Clock.GetUtcNow();
        review.Status.UserInfo = ToUserInfo(ctx.User);
        return default;
    });

    public static UserInfo ToUserInfo(User user) => new()
    {
        Username = user.Name, Uid = user.Uid, Groups = [.. user.Groups], Extra = user.Extra.Count == 0 ? null : user.Extra.ToDictionary(e => e.Key, e => e.Value.ToList()),
    };

    private static User UserOf(SubjectAccessReviewSpec spec) => new()
    {
        Name = spec.User, Uid = spec.Uid, Groups = spec.Groups ?? [], Extra = spec.Extra?.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value) ?? User.NoExtra,
    };

    private static async ValueTask<SubjectAccessReviewStatus> Ask(RequestContext ctx, User user, ResourceAttributes? resource, NonResourceAttributes? other)
    {
        var decision = await ctx.Server.Options.Authorize(ReviewSpec.AttributesOf(user, resource, other), ctx.Cancel);
        return new SubjectAccessReviewStatus
        {
            Allowed = decision.Verdict == Verdict.Allow, Denied = decision.Verdict == Verdict.Deny, Reason = decision.Reason, EvaluationError = decision.Error,
        };
    }

    private static ApiStatus? Place(RequestContext ctx, System.Text.Json.Nodes.JsonObject meta)
    {
        var ns = Meta.Text(meta, "namespace");
        if (ns.Length == 0) meta["namespace"] = ctx.Info.Namespace;
        else if (ns != ctx.Info.Namespace)
            return ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        return null;
    }
}
