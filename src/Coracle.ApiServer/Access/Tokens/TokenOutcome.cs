namespace Coracle.ApiServer.Access;

public enum TokenVerdict
{
    /// <summary>Not a token of this kind: another authenticator may know it.</summary>
    Unknown,

    /// <summary>A token of this kind that is not good; <see cref="TokenOutcome.Error"/> says why.</summary>
    Invalid,
    Valid,
}

/// <summary>What an authenticator says of a bearer token.</summary>
public readonly record struct TokenOutcome(TokenVerdict Verdict, User? User = null, string Error = "")
{
    /// <summary>The audiences that the token is good for, among those asked for.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The token is older than its holder was told that it would live: it should have been read anew.</summary>
    public bool IsStale { get; init; }

    public static TokenOutcome Unknown => new(TokenVerdict.Unknown);
    public static TokenOutcome Invalid(string error) => new(TokenVerdict.Invalid, Error: error);
}
