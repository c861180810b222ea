using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access.Tests;

/// <summary>Authenticators and authorizers that ask nobody outside answer at once, without a wait: these calls rely on it.</summary>
internal static class AtOnce
{
    public static T Now<T>(this ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.Result;
    }

    public static AuthenticationResult Authenticate(this Authenticator authenticator, Credentials credentials) => authenticator.AuthenticateAsync(credentials, default).Now();

    public static Decision Authorize(this Authorization authorization, RequestAttributes request) => authorization.AuthorizeAsync(request, default).Now();

    public static ApiStatus? Check(this NodeRestriction restriction, NodeWrite write) => restriction.CheckAsync(write, default).Now();

    public static TokenReviewStatus Answer(this CredentialReviews reviews, TokenReviewSpec spec) => reviews.AnswerAsync(spec, default).Now();

    public static ApiStatus? ForClusterRole(this GrantCheck grants, User user, string requestName, ClusterRole role, ClusterRole? old) => grants.ForClusterRole(user, requestName, role, old, default).Now();

    public static ApiStatus? ForRole(this GrantCheck grants, User user, string ns, string requestName, Role role) => grants.ForRole(user, ns, requestName, role, default).Now();

    public static ApiStatus? ForClusterRoleBinding(this GrantCheck grants, User user, ClusterRoleBinding binding) => grants.ForClusterRoleBinding(user, binding, default).Now();
}
