namespace Coracle.Testing;

/// <summary>
/// How often what goes wrong, in one run. A seed draws which faults there are at all, so that some runs have few and others many: a run with all of them at once hides
/// what only one of them shows.
/// </summary>
public sealed class FaultPlan
{
    private static readonly TimeSpan LongestFull = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWithoutLeases = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FarthestJump = TimeSpan.FromSeconds(90);

    private readonly Random _random;
    private long _fullUntil, _leasesLostUntil;

    /// <param name="random">Decides.</param>
    /// <param name="machines">Machines fail too: <see cref="DiskFull"/>, <see cref="LeaseLost"/>, <see cref="ClockJump"/>.</param>
    public FaultPlan(Random random, bool machines = false)
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
        if (!machines) return;
        DiskFull = Draw(0.005);
        LeaseLost = Draw(0.05);
        ClockJump = Draw(0.002);
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

    /// <summary>Chance, at each write, that the server's disk is full from then on, for up to a minute: it refuses every write.</summary>
    public double DiskFull { get; init; }

    /// <summary>Chance, at each renewal of a lease, that none arrives from then on, for up to two minutes.</summary>
    public double LeaseLost { get; init; }

    /// <summary>Chance, at each call, that the clock jumps by up to a minute and a half, forwards or backwards.</summary>
    public double ClockJump { get; init; }

    internal bool DiskIsFull(TimeProvider time) => Lasts(ref _fullUntil, DiskFull, LongestFull, time);
    internal bool LeasesAreLost(TimeProvider time) => Lasts(ref _leasesLostUntil, LeaseLost, LongestWithoutLeases, time);

    internal void MayJump(TimeProvider time)
    {
        if (Happens(ClockJump) && time is Sdk.VirtualTime clock) clock.Jump(FarthestJump * (2 * _random.NextDouble() - 1));
    }

    private bool Lasts(ref long until, double chance, TimeSpan most, TimeProvider time)
    {
        if (!Active) return false;
        var now = time.GetTimestamp();
        if (now < until) return true;
        if (!Happens(chance)) return false;
        until = now + UpTo(most).Ticks;
        return true;
    }

    private double Draw(double most) => _random.Next(2) == 0 ? 0 : _random.NextDouble() * most;

    internal bool Happens(double chance) => Active && chance > 0 && _random.NextDouble() < chance;
    internal TimeSpan UpTo(TimeSpan most) => most * _random.NextDouble();
    internal T OneOf<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"slow {Slow:P1}, unreachable {Unreachable:P1}, answer lost {AnswerLost:P1}, refused {Refused:P1}, conflict {Conflict:P1}, watch cut {WatchCut:P1}, expired {WatchExpired:P1}, delayed {WatchDelayed:P1}, crash {Crash:P1}, disk full {DiskFull:P1}, lease lost {LeaseLost:P1}, clock jump {ClockJump:P1}");
}
