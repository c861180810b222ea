using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>The answer to a TokenRequest: the object with its token, or why there is none. Warnings go to the client either way.</summary>
public sealed record TokenRequestAnswer(TokenRequest? Request, ApiStatus? Refusal, IReadOnlyList<string> Warnings);

public sealed record TokenRequestOptions
{
    /// <summary>The longest life of a token; zero for as long as asked.</summary>
    public TimeSpan MaxExpiration { get; init; }

    /// <summary>
    /// Whether the tokens that are put into pods by default live on for <see cref="ExtendedExpiration"/> after the time they are asked for, with a warning,
    /// for programs that read their token only once.
    /// </summary>
    public bool ExtendExpiration { get; init; } = true;

    public TimeSpan ExtendedExpiration { get; init; } = TimeSpan.FromDays(365);
}

/// <summary>Answers serviceaccounts/NAME/token (upstream: pkg/registry/core/serviceaccount/storage/token.go).</summary>
/// <param name="tokens">Signs them.</param>
/// <param name="options">How long they live.</param>
/// <param name="newId">A new unique id for each token.</param>
public sealed class TokenRequests(ServiceAccountTokens tokens, TokenRequestOptions options, Func<string> newId)
{
    private const string ApiGroup = "authentication.k8s.io";
    private const long MinSeconds = 600;

    // What the default token volume of pods asks for: an hour and the seven seconds by which it is recognized.
    private const long DefaultVolumeSeconds = 3607;

    /// <param name="ns">The namespace in the path.</param>
    /// <param name="name">The service account in the path.</param>
    /// <param name="request">The decoded and defaulted request. It is filled in and returned.</param>
    public TokenRequestAnswer Answer(string ns, string name, TokenRequest request)
    {
        List<string> warnings = [];
        // 1. The names in the object are those of the path.
        if (CheckNames(ns, name, request.Metadata) is { } wrongName)
            return new(null, wrongName, warnings);
        // 2. There is such a service account.
        if (tokens.Lookups.ServiceAccount(ns, name) is not { } account)
            return new(null, Refusals.NotFound("", "serviceaccounts", name), warnings);
        if (request.Metadata.Uid.Length > 0 && request.Metadata.Uid != account.Uid)
            return new(null, Refusals.Conflict(ApiGroup, "TokenRequest", name,
                $"the UID in the token request ({request.Metadata.Uid}) does not match the UID of the service account ({account.Uid})"), warnings);
        // 3. What is left out is filled in, and the whole is valid.
        var now = tokens.Clock.GetUtcNow();
        Fill(ns, name, account, now, request);
        if (Validate(request) is { } invalid)
            return new(null, invalid, warnings);
        // 4. The object that it shall be bound to exists.
        var claims = new TokenClaims { Namespace = ns, ServiceAccount = new(name, account.Uid), Subject = ServiceAccountName.UserName(ns, name) };
        if (request.Spec.BoundObjectRef is { } reference && Bind(ns, name, reference, ref claims) is { } unbound)
            return new(null, unbound, warnings);
        // 5. It lives as long as asked, within limits.
        Limit(request, warnings);
        Sign(request, claims, now);
        return new(request, null, warnings);
    }

    private static ApiStatus? CheckNames(string ns, string name, ObjectMeta metadata)
    {
        var errors = new FieldErrors();
        if (metadata.Name.Length > 0 && metadata.Name != name)
            errors.Invalid(FieldPath.Of("metadata") / "name", metadata.Name, "must match the service account name if specified");
        else if (metadata.Namespace.Length > 0 && metadata.Namespace != ns)
            errors.Invalid(FieldPath.Of("metadata") / "namespace", metadata.Namespace, "must match the service account namespace if specified");
        return errors.Count == 0 ? null : ApiStatus.Invalid(TokenRequest.Info, name, errors.All);
    }

    private void Fill(string ns, string name, BoundObject account, DateTimeOffset now, TokenRequest request)
    {
        if (request.Spec.Audiences is not { Count: > 0 })
            request.Spec.Audiences = [.. tokens.ApiAudiences];
        request.Spec.ExpirationSeconds ??= 3600;
        request.Metadata.Name = name;
        request.Metadata.Namespace = ns;
        request.Metadata.Uid = account.Uid;
        request.Metadata.CreationTimestamp = now;
        request.Status = new TokenRequestStatus();
    }

    private static ApiStatus? Validate(TokenRequest request)
    {
        var errors = new FieldErrors();
        var field = FieldPath.Of("spec") / "expirationSeconds";
        var seconds = request.Spec.ExpirationSeconds!.Value;
        if (seconds < MinSeconds)
            errors.Invalid(field, seconds, "may not specify a duration less than 10 minutes");
        if (seconds > 1L << 32)
            errors.Invalid(field, seconds, "may not specify a duration larger than 2^32 seconds");
        return errors.Count == 0 ? null : ApiStatus.Invalid(TokenRequest.Info, "", errors.All);
    }

    private ApiStatus? Bind(string ns, string name, BoundObjectReference reference, ref TokenClaims claims)
    {
        var (group, version) = SplitApiVersion(reference.ApiVersion);
        if (group.Length > 0 || reference.Kind is not ("Pod" or "Node" or "Secret"))
            return ApiStatus.BadRequest($"cannot bind token to object of type {group}/{version}, Kind={reference.Kind}");
        var (resource, found) = reference.Kind switch
        {
            "Pod" => ("pods", tokens.Lookups.Pod(ns, reference.Name)),
            "Node" => ("nodes", tokens.Lookups.Node(reference.Name)),
            _ => ("secrets", tokens.Lookups.Secret(ns, reference.Name)),
        };
        if (found is null)
            return Refusals.NotFound("", resource, reference.Name);
        if (reference.Kind == "Pod" && found.ServiceAccountName != name)
            return ApiStatus.BadRequest($"cannot bind token for serviceaccount {GoText.Quote(name)} to pod running with different serviceaccount name.");
        if (reference.Uid.Length > 0 && reference.Uid != found.Uid)
            return Refusals.Conflict("", reference.Kind, reference.Name,
                $"the UID in the bound object reference ({reference.Uid}) does not match the UID in record. The object might have been deleted and then recreated");
        var bound = new TokenReference(reference.Name, found.Uid);
        claims = reference.Kind switch
        {
            // The node of a pod goes into the token for information, without uid when it is gone.
            "Pod" => claims with { Pod = bound, Node = found.NodeName.Length == 0 ? null : new(found.NodeName, tokens.Lookups.Node(found.NodeName)?.Uid ?? "") },
            "Node" => claims with { Node = bound },
            _ => claims with { Secret = bound },
        };
        return null;
    }

    private void Limit(TokenRequest request, List<string> warnings)
    {
        var (asked, max) = (request.Spec.ExpirationSeconds!.Value, (long)options.MaxExpiration.TotalSeconds);
        if (max <= 0 || asked <= max)
            return;
        warnings.Add($"requested expiration of {asked} seconds shortened to {max} seconds");
        request.Spec.ExpirationSeconds = max;
    }

    private void Sign(TokenRequest request, TokenClaims claims, DateTimeOffset now)
    {
        var (lifetime, at) = (request.Spec.ExpirationSeconds!.Value, now.ToUnixTimeSeconds());
        var isExtended = options.ExtendExpiration && claims.Pod is not null && lifetime == DefaultVolumeSeconds && request.Spec.Audiences!.All(tokens.ApiAudiences.Contains);
        request.Status = new TokenRequestStatus
        {
            Token = tokens.Issue(claims with
            {
                Audiences = request.Spec.Audiences!, IssuedAt = at, NotBefore = at, Id = newId(),
                Expiry = at + (isExtended ? (long)options.ExtendedExpiration.TotalSeconds : lifetime), WarnAfter = isExtended ? at + lifetime : null,
            }),
            ExpirationTimestamp = DateTimeOffset.FromUnixTimeSeconds(at + lifetime),
        };
    }

    private static (string Group, string Version) SplitApiVersion(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/');
        return slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
    }
}
