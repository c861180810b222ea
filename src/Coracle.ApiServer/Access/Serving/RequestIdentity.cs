namespace Coracle.ApiServer.Access;

/// <summary>Who makes a request, and as whom: what <see cref="ServerOptions"/> asks for.</summary>
public sealed class RequestIdentity(Authenticator authenticator, Impersonation impersonation)
{
    public ValueTask<Result<User>> Authenticate(ApiRequest request, CancellationToken cancel)
    {
        var found = authenticator.AuthenticateAsync(CredentialsOf(request), cancel);
        return found.IsCompletedSuccessfully ? new(Answer(found.Result)) : Later(found);

        static async ValueTask<Result<User>> Later(ValueTask<AuthenticationResult> found) => Answer(await found);
        static Result<User> Answer(AuthenticationResult found) => found.User is { } user ? user : ApiStatus.Unauthorized;
    }

    public ValueTask<Result<User>> Impersonate(ApiRequest request, User user, CancellationToken cancel) => Asks(request) ? Change(request, user, cancel) : new(user);

    private async ValueTask<Result<User>> Change(ApiRequest request, User user, CancellationToken cancel)
    {
        var attributes = RequestInfo.Parse(request.Method, request.Path, request.Query).AttributesFor(user);
        var result = await impersonation.ApplyAsync(CredentialsOf(request), attributes, cancel);
        request.ImpersonationConstraint = result.Constraint;
        return result.Refusal is { } refusal ? refusal : result.User ?? user;
    }

    private static bool Asks(ApiRequest request)
    {
        foreach (var header in request.Headers)
            if (header.Key.StartsWith(Impersonation.HeaderPrefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private static Credentials CredentialsOf(ApiRequest request) => new()
    {
        ClientCertificate = request.ClientCertificate, Path = request.Path,
        Headers = request.Headers as IReadOnlyList<KeyValuePair<string, string>> ?? [.. request.Headers],
    };
}
