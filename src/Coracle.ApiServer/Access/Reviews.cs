using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Authorization.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.ApiServer.Access;

/// <summary>Answers the questions that clients put as objects: who am I, who is this token, may he do that. The specs are taken as valid.</summary>
public static class Reviews
{
    public static SubjectAccessReviewStatus Answer(Authorization authorization, SelfSubjectAccessReviewSpec spec, User user) =>
        Answer(authorization, Attributes(user, spec.ResourceAttributes, spec.NonResourceAttributes));

    /// <summary>For a SubjectAccessReview or a LocalSubjectAccessReview.</summary>
    public static SubjectAccessReviewStatus Answer(Authorization authorization, SubjectAccessReviewSpec spec)
    {
        var user = new User
        {
            Name = spec.User, Uid = spec.Uid, Groups = spec.Groups ?? [],
            Extra = (spec.Extra ?? []).ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => (IReadOnlyList<string>)pair.Value),
        };
        return Answer(authorization, Attributes(user, spec.ResourceAttributes, spec.NonResourceAttributes));
    }

    public static TokenReviewStatus Answer(Authenticator authenticator, TokenReviewSpec spec)
    {
        var outcome = authenticator.AuthenticateToken(spec.Token, spec.Audiences);
        return outcome.Verdict switch
        {
            TokenVerdict.Valid => new TokenReviewStatus { Authenticated = true, User = ToUserInfo(outcome.User!), Audiences = outcome.Audiences.Count == 0 ? null : [.. outcome.Audiences] },
            TokenVerdict.Invalid => new TokenReviewStatus { Error = outcome.Error },
            _ => new TokenReviewStatus { Error = "invalid bearer token" },
        };
    }

    public static SelfSubjectReviewStatus Answer(User user) => new() { UserInfo = ToUserInfo(user) };

    public static UserInfo ToUserInfo(User user) => new()
    {
        Username = user.Name, Uid = user.Uid, Groups = user.Groups.Count == 0 ? null : [.. user.Groups],
        Extra = user.Extra.Count == 0 ? null : user.Extra.ToDictionary(pair => pair.Key, pair => pair.Value.ToList()),
    };

    private static SubjectAccessReviewStatus Answer(Authorization authorization, RequestAttributes attributes)
    {
        var decision = authorization.Authorize(attributes);
        return new SubjectAccessReviewStatus { Allowed = decision.IsAllowed, Denied = decision.Verdict == Verdict.Deny, Reason = decision.Reason };
    }

    private static RequestAttributes Attributes(User user, ResourceAttributes? resource, NonResourceAttributes? path) => resource is null
        ? new RequestAttributes { User = user, Verb = path?.Verb ?? "", Path = path?.Path ?? "", IsResourceRequest = false }
        : new RequestAttributes
        {
            User = user, Verb = resource.Verb, ApiGroup = resource.Group, ApiVersion = resource.Version, Resource = resource.Resource, Subresource = resource.Subresource,
            Namespace = resource.Namespace, Name = resource.Name, FieldSelector = FieldTerms(resource.FieldSelector), LabelSelector = resource.LabelSelector?.RawSelector ?? "",
        };

    private static IReadOnlyList<FieldRequirement> FieldTerms(FieldSelectorAttributes? selector)
    {
        if (selector is null)
            return [];
        if (selector.RawSelector.Length > 0)
            return FieldRequirement.TryParse(selector.RawSelector, out var terms, out _) ? terms : [];
        return [.. (selector.Requirements ?? []).Where(term => term.Values?.Count == 1 && (term.Operator is FieldSelectorOperator.In or FieldSelectorOperator.NotIn))
            .Select(term => new FieldRequirement(term.Key, term.Values![0], term.Operator == FieldSelectorOperator.NotIn))];
    }
}
