namespace Coracle.ApiServer.Access;

/// <summary>Who makes a request, and as whom: what <see cref="ServerOptions"/> asks for.</summary>
public sealed class RequestIdentity(Authenticator authenticator, Impersonation impersonation)
{
    public Result<User> Authenticate(ApiRequest request)
    {
        var found = authenticator.Authenticate(CredentialsOf(request));
        return found.User is { } user ? user : ApiStatus.Unauthorized;
    }

    public Result<User> Impersonate(ApiRequest request, User user)
    {
        if (!Asks(request))
            return user;
        var attributes = RequestInfo.Parse(request.Method, request.Path, request.Query).AttributesFor(user);
        var result = impersonation.Apply(CredentialsOf(request), attributes);
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
