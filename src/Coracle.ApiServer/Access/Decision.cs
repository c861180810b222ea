namespace Coracle.ApiServer.Access;

public enum Verdict
{
    /// <summary>Neither for nor against: the next authorizer is asked, and the request is forbidden when none allows it.</summary>
    NoOpinion,
    Allow,

    /// <summary>Forbidden, whatever later authorizers would say.</summary>
    Deny,
}

/// <summary>Decides about a request. Those that ask nobody outside answer at once.</summary>
public delegate ValueTask<Decision> Authorizer(RequestAttributes request, CancellationToken cancel);

/// <summary>What an authorizer says of a request, and why. The reason of a refusal is part of the message that the client reads.</summary>
public readonly record struct Decision(Verdict Verdict, string Reason = "")
{
    private readonly string? _error;

    public bool IsAllowed => Verdict == Verdict.Allow;

    /// <summary>What went wrong while it was decided; a request that is not allowed then fails, rather than being forbidden.</summary>
    public string Error { get => _error ?? ""; init => _error = value; }

    public static Decision Allow(string reason = "") => new(Verdict.Allow, reason);
    public static Decision Deny(string reason = "") => new(Verdict.Deny, reason);
    public static Decision NoOpinion(string reason = "") => new(Verdict.NoOpinion, reason);
}
