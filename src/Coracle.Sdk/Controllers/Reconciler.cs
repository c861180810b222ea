namespace Coracle.Sdk;

/// <summary>
/// Brings the world to what one object asks for. It is called with a key, not an event: it reads what is (from caches), does what is missing, and
/// may be called again at any time. For one key it never runs twice at once. What it wrote is in its caches when it is called for that key again.
/// </summary>
public interface IReconciler
{
    /// <summary>Brings the world to what the object of this key asks for; the object may be gone.</summary>
    ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel);
}

/// <summary>
/// How a reconcile ended. Throwing is the same as <see cref="Fail(Exception)"/>. A Conflict needs no handling: thrown, it calls again after a wait, and is not counted or told as an error.
/// </summary>
public readonly struct Result
{
    private Result(TimeSpan? after, Exception? failure) => (RequeueAfter, Failure) = (after, failure);

    /// <summary>All is as asked; the next change calls again.</summary>
    public static Result Done => default;

    /// <summary>All is well, and time alone will change it: call again then, if nothing else does before.</summary>
    public static Result After(TimeSpan delay) => new(delay > TimeSpan.Zero ? delay : TimeSpan.FromTicks(1), null);

    /// <summary>It did not work: call again after a wait that grows with each failure.</summary>
    public static Result Fail(Exception failure) => new(null, failure);
    /// <summary>It did not work, in words.</summary>
    public static Result Fail(string message) => new(null, new ReconcileException(message));

    /// <summary>It did not work, and will not until something changes: count and tell it, but do not call again by itself.</summary>
    public static Result FailForGood(Exception failure) => new(null, failure) { IsTerminal = true };

    /// <summary>When to call again though nothing changes; null: not.</summary>
    public TimeSpan? RequeueAfter { get; }
    /// <summary>Why it did not work; null when it did.</summary>
    public Exception? Failure { get; }
    /// <summary>It is not to be tried again by itself.</summary>
    public bool IsTerminal { get; private init; }
}

/// <summary>A failure told in words.</summary>
public sealed class ReconcileException(string message) : Exception(message);
