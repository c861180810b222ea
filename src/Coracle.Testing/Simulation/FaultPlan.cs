namespace Coracle.Testing;

/// <summary>
/// How often what goes wrong, in one run. A seed draws which faults there are at all, so that some runs have few and others many: a run with all of them at once hides
/// what only one of them shows.
/// </summary>
public sealed class FaultPlan
{
    private readonly Random _random;

    public FaultPlan(Random random)
    {
        _random = random;
        Slow = Draw(0.3);
        Unreachable = Draw(0.1);
        AnswerLost = Draw(0.1);
        Refused = Draw(0.1);
        Conflict = Draw(0.2);
        WatchCut = Draw(0.05);
        WatchExpired = Draw(0.05);
        WatchDelayed = Draw(0.3);
        Crash = Draw(0.01);
    }

    /// <summary>Faults happen; later they stop, and all must come right.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Chance that a call takes up to two seconds.</summary>
    public double Slow { get; init; }

    /// <summary>Chance that a call does not reach the server.</summary>
    public double Unreachable { get; init; }

    /// <summary>Chance that a call is carried out and nobody told.</summary>
    public double AnswerLost { get; init; }

    /// <summary>Chance that the server answers 429, 500 or 503.</summary>
    public double Refused { get; init; }

    /// <summary>Chance that an update or a patch is answered 409.</summary>
    public double Conflict { get; init; }

    /// <summary>Chance, at each frame, that a watch ends or breaks.</summary>
    public double WatchCut { get; init; }

    /// <summary>Chance, at each frame, that a watch is told that its revision has expired.</summary>
    public double WatchExpired { get; init; }

    /// <summary>Chance, at each frame, that it comes up to ten seconds late: until then, caches are stale.</summary>
    public double WatchDelayed { get; init; }

    /// <summary>Chance, at each write, that the process ends before or after it.</summary>
    public double Crash { get; init; }

    private double Draw(double most) => _random.Next(2) == 0 ? 0 : _random.NextDouble() * most;

    internal bool Happens(double chance) => Active && chance > 0 && _random.NextDouble() < chance;
    internal TimeSpan UpTo(TimeSpan most) => most * _random.NextDouble();
    internal T OneOf<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"slow {Slow:P1}, unreachable {Unreachable:P1}, answer lost {AnswerLost:P1}, refused {Refused:P1}, conflict {Conflict:P1}, watch cut {WatchCut:P1}, expired {WatchExpired:P1}, delayed {WatchDelayed:P1}, crash {Crash:P1}");
}
