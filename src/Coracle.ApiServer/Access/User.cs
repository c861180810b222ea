namespace Coracle.ApiServer.Access;

/// <summary>Who makes a request, once authenticated: upstream's user.Info.</summary>
public sealed record User
{
    public required string Name { get; init; }

    /// <summary>Differs between two users that had the same name at different times. Empty when the credential says nothing of it.</summary>
    public string Uid { get; init; } = "";

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What else the credential says, keys in lower case: "authentication.kubernetes.io/pod-name" and the like.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = NoExtra;

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> NoExtra { get; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Nobody in particular: a request without credentials.</summary>
    public static User Anonymous { get; } = new() { Name = WellKnown.Anonymous, Groups = [WellKnown.Unauthenticated] };

    /// <summary>The API server itself, when it calls itself: allowed everything.</summary>
    public static User ApiServer { get; } = new() { Name = WellKnown.ApiServerUser, Groups = [WellKnown.Masters, WellKnown.Authenticated] };

    public bool IsIn(string group)
    {
        for (var i = 0; i < Groups.Count; i++)
            if (Groups[i] == group)
                return true;
        return false;
    }
}
