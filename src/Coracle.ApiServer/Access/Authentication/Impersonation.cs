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
public sealed class Impersonation(Func<RequestAttributes, Decision> authorize)
{
    /// <summary>These headers must not reach anything behind us.</summary>
    public const string HeaderPrefix = "Impersonate-";

    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string AuthenticationGroup = "authentication.k8s.io";

    // From so many groups or extras on, one question about all of them may save many.
    private const int Many = 4;

    /// <param name="credentials">The request's headers.</param>
    /// <param name="request">What is requested, by the one who makes the request.</param>
    public ImpersonationResult Apply(in Credentials credentials, RequestAttributes request)
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
                ? new(null, ApiStatus.BadRequest($"requested {Describe(wanted)} without impersonating a user name"))
                : default;
        return TryModes(wanted, request);
    }

    private static bool HasHeaders(in Credentials credentials)
    {
        for (var i = 0; i < credentials.Headers.Count; i++)
            if (credentials.Headers[i].Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private ImpersonationResult TryModes(User wanted, RequestAttributes request)
    {
        ApiStatus? first = null;
        foreach (var mode in ImpersonationMode.All)
        {
            if (!mode.Fits(wanted, request.User))
                continue;
            var refusal = mode.IsConstrained ? CheckOn(mode, request) : null;
            var (user, error) = refusal is null ? Check(mode, wanted, request.User) : (null, refusal);
            if (user is not null)
                return new(user, null) { Constraint = mode.IsConstrained ? mode.Verb : "" };
            first ??= error;
        }
        return new(null, first);
    }

    /// <summary>May this be requested while being another?</summary>
    private ApiStatus? CheckOn(ImpersonationMode mode, RequestAttributes request) =>
        Ask(mode, request with { Verb = $"impersonate-on:{mode.Name}:{request.Verb}" });

    /// <summary>May the requestor be this user?</summary>
    private (User? User, ApiStatus? Refusal) Check(ImpersonationMode mode, User wanted, User requestor)
    {
        var user = wanted;
        var refusal = CheckName(mode, requestor, ref user) ?? CheckUid(mode, requestor, wanted.Uid) ?? CheckGroups(mode, requestor, wanted.Groups)
            ?? CheckExtra(mode, requestor, wanted.Extra);
        if (refusal is not null)
            return (null, refusal);
        if (user.Name == WellKnown.Anonymous)
            return (WithGroup(user, WellKnown.Unauthenticated), null);
        return (user.IsIn(WellKnown.Unauthenticated) ? user : WithGroup(user, WellKnown.Authenticated), null);
    }

    private ApiStatus? CheckName(ImpersonationMode mode, User requestor, ref User user)
    {
        var attributes = Attributes(mode, requestor, mode.IsConstrained ? AuthenticationGroup : "", "users", user.Name);
        if (mode.IsConstrained && ImpersonationMode.NodeName(user.Name) is { } node)
        {
            attributes = attributes with { Resource = "nodes", Name = mode.HidesNodeName ? "*" : node };
            user = user with { Groups = [WellKnown.Nodes] };
        }
        if (ServiceAccountName.TryParse(user.Name, out var ns, out var name))
        {
            attributes = attributes with { Resource = "serviceaccounts", Namespace = ns, Name = name };
            if (user.Groups.Count == 0)
                user = user with { Groups = ServiceAccountName.Groups(ns) };
        }
        return Ask(mode, attributes);
    }

    private ApiStatus? CheckUid(ImpersonationMode mode, User requestor, string uid) =>
        uid.Length == 0 ? null : Ask(mode, Attributes(mode, requestor, AuthenticationGroup, "uids", uid));

    private ApiStatus? CheckGroups(ImpersonationMode mode, User requestor, IReadOnlyList<string> groups)
    {
        if (groups.Count == 0)
            return null;
        var attributes = Attributes(mode, requestor, mode.IsConstrained ? AuthenticationGroup : "", "groups", "");
        if (mode.IsConstrained && groups.Contains(""))
            return Refusals.Forbidden(attributes, "impersonating the empty string group is not allowed");
        if (mode.IsConstrained && groups.Contains(WellKnown.Masters))
            return Refusals.Forbidden(attributes with { Name = WellKnown.Masters }, "impersonating the system:masters group is not allowed");
        if (mode.IsConstrained && groups.Count >= Many && Ask(mode, attributes with { Name = "*" }) is null)
            return null;
        return groups.Select(group => Ask(mode, attributes with { Name = group })).FirstOrDefault(refusal => refusal is not null);
    }

    private ApiStatus? CheckExtra(ImpersonationMode mode, User requestor, IReadOnlyDictionary<string, IReadOnlyList<string>> extra)
    {
        if (extra.Count == 0)
            return null;
        var attributes = Attributes(mode, requestor, AuthenticationGroup, "userextras", "");
        if (mode.IsConstrained && ImpersonationMode.ExtraError(extra) is { } error)
            return Refusals.Forbidden(attributes, error);
        var isMany = extra.Count >= Many || extra.Values.Sum(values => values.Count) >= Many;
        if (mode.IsConstrained && isMany && Ask(mode, attributes with { Subresource = "*", Name = "*" }) is null)
            return null;
        return extra.SelectMany(pair => pair.Value.Select(value => Ask(mode, attributes with { Subresource = pair.Key, Name = value }))).FirstOrDefault(refusal => refusal is not null);
    }

    private static RequestAttributes Attributes(ImpersonationMode mode, User requestor, string group, string resource, string name) =>
        new() { User = requestor, Verb = mode.Verb, ApiGroup = group, ApiVersion = "v1", Resource = resource, Name = name };

    private ApiStatus? Ask(ImpersonationMode mode, RequestAttributes attributes)
    {
        var asked = mode.HidesNodeName ? attributes with { User = ImpersonationMode.WithoutNode(attributes.User) } : attributes;
        var decision = authorize(asked);
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
