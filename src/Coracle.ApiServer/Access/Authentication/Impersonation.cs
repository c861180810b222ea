using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Whom a request is made as, by its Impersonate- headers.</summary>
/// <param name="User">The user to go on with; null when the request asks for nobody else, or is refused.</param>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
public readonly record struct ImpersonationResult(User? User, ApiStatus? Refusal)
{
    /// <summary>The verb by which it was allowed, "impersonate:serviceaccount"; empty for the unrestricted "impersonate".</summary>
    public string Constraint { get; init; } = "";
}

/// <summary>
/// Acting as another user (upstream: endpoints/filters/impersonation). Since v1.36 the narrow ways are tried first: "impersonate-on:MODE:VERB" on what is
/// requested, together with "impersonate:MODE" on who is impersonated; the old "impersonate", which knows no limits, comes last.
/// </summary>
/// <param name="authorize">All authorizers.</param>
public sealed class Impersonation(Authorizer authorize)
{
    /// <summary>These headers must not reach anything behind us.</summary>
    public const string HeaderPrefix = "Impersonate-";

    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string AuthenticationGroup = "authentication.k8s.io";

    // From so many groups or extras on, one question about all of them may save many.
    private const int Many = 4;

    /// <param name="credentials">The request's headers.</param>
    /// <param name="request">What is requested, by the one who makes the request.</param>
    public ValueTask<ImpersonationResult> ApplyAsync(in Credentials credentials, RequestAttributes request, CancellationToken cancel)
    {
        if (!HasHeaders(credentials))
            return default;
        var wanted = new User
        {
            Name = credentials.Header("Impersonate-User"), Uid = credentials.Header("Impersonate-Uid"),
            Groups = [.. credentials.AllHeaders("Impersonate-Group")], Extra = credentials.HeadersWith(ExtraPrefix),
        };
        if (wanted.Name.Length == 0)
            return wanted.Uid.Length > 0 || wanted.Groups.Count > 0 || wanted.Extra.Count > 0
                ? new(new ImpersonationResult(null, ApiStatus.BadRequest($"requested {Describe(wanted)} without impersonating a user name")))
                : default;
        return TryModes(wanted, request, cancel);
    }

    private static bool HasHeaders(in Credentials credentials)
    {
        for (var i = 0; i < credentials.Headers.Count; i++)
            if (credentials.Headers[i].Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private async ValueTask<ImpersonationResult> TryModes(User wanted, RequestAttributes request, CancellationToken cancel)
    {
        ApiStatus? first = null;
        foreach (var mode in ImpersonationMode.All)
        {
            if (!mode.Fits(wanted, request.User))
                continue;
            var refusal = mode.IsConstrained ? await CheckOn(mode, request, cancel) : null;
            var (user, error) = refusal is null ? await Check(mode, wanted, request.User, cancel) : (null, refusal);
            if (user is not null)
                return new(user, null) { Constraint = mode.IsConstrained ? mode.Verb : "" };
            first ??= error;
        }
        return new(null, first);
    }

    /// <summary>May this be requested while being another?</summary>
    private ValueTask<ApiStatus?> CheckOn(ImpersonationMode mode, RequestAttributes request, CancellationToken cancel) =>
        Ask(mode, request with { Verb = $"impersonate-on:{mode.Name}:{request.Verb}" }, cancel);

    /// <summary>May the requestor be this user?</summary>
    private async ValueTask<(User? User, ApiStatus? Refusal)> Check(ImpersonationMode mode, User wanted, User requestor, CancellationToken cancel)
    {
        var user = WithOwnGroups(mode, wanted);
        var refusal = await CheckName(mode, requestor, wanted.Name, cancel) ?? await CheckUid(mode, requestor, wanted.Uid, cancel)
            ?? await CheckGroups(mode, requestor, wanted.Groups, cancel) ?? await CheckExtra(mode, requestor, wanted.Extra, cancel);
        if (refusal is not null)
            return (null, refusal);
        if (user.Name == WellKnown.Anonymous)
            return (WithGroup(user, WellKnown.Unauthenticated), null);
        return (user.IsIn(WellKnown.Unauthenticated) ? user : WithGroup(user, WellKnown.Authenticated), null);
    }

    /// <summary>Nodes and service accounts bring their groups with them.</summary>
    private static User WithOwnGroups(ImpersonationMode mode, User wanted)
    {
        if (mode.IsConstrained && ImpersonationMode.NodeName(wanted.Name) is not null)
            return wanted with { Groups = [WellKnown.Nodes] };
        return wanted.Groups.Count == 0 && ServiceAccountName.TryParse(wanted.Name, out var ns, out _) ? wanted with { Groups = ServiceAccountName.Groups(ns) } : wanted;
    }

    private ValueTask<ApiStatus?> CheckName(ImpersonationMode mode, User requestor, string wanted, CancellationToken cancel)
    {
        var attributes = Attributes(mode, requestor, mode.IsConstrained ? AuthenticationGroup : "", "users", wanted);
        if (mode.IsConstrained && ImpersonationMode.NodeName(wanted) is { } node)
            attributes = attributes with { Resource = "nodes", Name = mode.HidesNodeName ? "*" : node };
        if (ServiceAccountName.TryParse(wanted, out var ns, out var name))
            attributes = attributes with { Resource = "serviceaccounts", Namespace = ns, Name = name };
        return Ask(mode, attributes, cancel);
    }

    private ValueTask<ApiStatus?> CheckUid(ImpersonationMode mode, User requestor, string uid, CancellationToken cancel) =>
        uid.Length == 0 ? default : Ask(mode, Attributes(mode, requestor, AuthenticationGroup, "uids", uid), cancel);

    private async ValueTask<ApiStatus?> CheckGroups(ImpersonationMode mode, User requestor, IReadOnlyList<string> groups, CancellationToken cancel)
    {
        if (groups.Count == 0)
            return null;
        var attributes = Attributes(mode, requestor, mode.IsConstrained ? AuthenticationGroup : "", "groups", "");
        if (mode.IsConstrained && groups.Contains(""))
            return Refusals.Forbidden(attributes, "impersonating the empty string group is not allowed");
        if (mode.IsConstrained && groups.Contains(WellKnown.Masters))
            return Refusals.Forbidden(attributes with { Name = WellKnown.Masters }, "impersonating the system:masters group is not allowed");
        if (mode.IsConstrained && groups.Count >= Many && await Ask(mode, attributes with { Name = "*" }, cancel) is null)
            return null;
        foreach (var group in groups)
            if (await Ask(mode, attributes with { Name = group }, cancel) is { } refusal)
                return refusal;
        return null;
    }

    private async ValueTask<ApiStatus?> CheckExtra(ImpersonationMode mode, User requestor, IReadOnlyDictionary<string, IReadOnlyList<string>> extra, CancellationToken cancel)
    {
        if (extra.Count == 0)
            return null;
        var attributes = Attributes(mode, requestor, AuthenticationGroup, "userextras", "");
        if (mode.IsConstrained && ImpersonationMode.ExtraError(extra) is { } error)
            return Refusals.Forbidden(attributes, error);
        var isMany = extra.Count >= Many || extra.Values.Sum(values => values.Count) >= Many;
        if (mode.IsConstrained && isMany && await Ask(mode, attributes with { Subresource = "*", Name = "*" }, cancel) is null)
            return null;
        foreach (var (key, values) in extra)
            foreach (var value in values)
                if (await Ask(mode, attributes with { Subresource = key, Name = value }, cancel) is { } refusal)
                    return refusal;
        return null;
    }

    private static RequestAttributes Attributes(ImpersonationMode mode, User requestor, string group, string resource, string name) =>
        new() { User = requestor, Verb = mode.Verb, ApiGroup = group, ApiVersion = "v1", Resource = resource, Name = name };

    private async ValueTask<ApiStatus?> Ask(ImpersonationMode mode, RequestAttributes attributes, CancellationToken cancel)
    {
        var asked = mode.HidesNodeName ? attributes with { User = ImpersonationMode.WithoutNode(attributes.User) } : attributes;
        var decision = await authorize(asked, cancel);
        return decision.IsAllowed ? null : Refusals.Forbidden(attributes, decision.Reason);
    }

    private static User WithGroup(User user, string group) => user.IsIn(group) ? user : user with { Groups = [.. user.Groups, group] };

    /// <summary>As Go prints the struct, because upstream's message does.</summary>
    private static string Describe(User user)
    {
        var groups = user.Groups.Count == 0 ? "[]string(nil)" : StringSlice(user.Groups);
        var extra = string.Join(", ", user.Extra.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{GoText.Quote(pair.Key)}:{StringSlice(pair.Value)}"));
        var map = user.Extra.Count == 0 ? "map[string][]string(nil)" : $"map[string][]string{{{extra}}}";
        return $"&user.DefaultInfo{{Name:\"\", UID:{GoText.Quote(user.Uid)}, Groups:{groups}, Extra:{map}}}";

        static string StringSlice(IReadOnlyList<string> values) => $"[]string{{{string.Join(", ", values.Select(GoText.Quote))}}}";
    }
}
