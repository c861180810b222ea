using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Kinds.FlowControl.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The flow schema and the priority level of a request, as its answer names them.</summary>
/// <param name="SchemaUid">Uid of the schema; empty while there is no object of it.</param>
/// <param name="LevelUid">Uid of the level.</param>
public sealed record FlowStamp(string SchemaUid, string LevelUid)
{
    public const string SchemaHeader = "X-Kubernetes-PF-FlowSchema-UID";
    public const string LevelHeader = "X-Kubernetes-PF-PriorityLevel-UID";
}

/// <summary>
/// API priority and fairness (upstream: util/flowcontrol). Each request belongs to a flow, by the first flow schema that it matches, and is served at a priority
/// level, which has a share of all seats. Levels lend what they do not use. Within a level flows wait in fair queues, so that one that floods delays itself.
/// </summary>
/// <remarks>
/// The schemas and levels in force are taken from the watch cache when they have changed, by the next request. Nothing runs in the background: seats are shared
/// out anew by requests too, every ten seconds at most.
/// </remarks>
internal sealed class FlowControl
{
    private const double AdjustmentSeconds = 10;
    private const int RetryAfterMaxSeconds = 32;

    private readonly int _seats;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _waitMax;
    private readonly WorkEstimate _work;
    private readonly CacheFollower _follower;
    private readonly SortedDictionary<string, FlowSchema> _schemas = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PriorityLevelConfiguration> _configurations = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Schema, string Level), FlowCounters> _counters = [];
    private readonly Lock _changing = new();
    private volatile Classes _classes = new([], []);
    private bool _stale = true;
    private double _adjusted;

    /// <summary>A schema in force: where its requests go.</summary>
    private sealed record Class(FlowRules Rules, string Name, LevelState Level, FlowCounters Counters, FlowStamp Stamp);

    private sealed record Classes(Class[] Schemas, LevelState[] Levels);

    /// <summary>A level in force, with its bounds and how many requests it sent away of late.</summary>
    internal sealed class LevelState(PriorityLevel level)
    {
        public PriorityLevel Level { get; } = level;
        public bool IsExempt { get; set; }
        public int Nominal { get; set; }
        public int Lower { get; set; }
        public int Upper { get; set; }
        public int SeatsMax { get; set; }
        public Drops Drops { get; } = new();
    }

    public FlowControl(int seats, TimeProvider clock, TimeSpan requestTimeout, WatchCache cache, Func<RequestInfo, int> objectsOf)
    {
        (_seats, _clock, _waitMax, _work) = (seats, clock, requestTimeout / 4, new WorkEstimate(objectsOf));
        _follower = new CacheFollower(Forget,
        [
            Follow<FlowSchema>(cache, "flowschemas", s => _schemas[s.Metadata.Name] = s, name => _schemas.Remove(name)),
            Follow<PriorityLevelConfiguration>(cache, "prioritylevelconfigurations", l => _configurations[l.Metadata.Name] = l, name => _configurations.Remove(name)),
        ]);
    }

    internal double Now() => _clock.GetTimestamp() / (double)_clock.TimestampFrequency;

    private void Forget()
    {
        _schemas.Clear();
        _configurations.Clear();
        _stale = true;
    }

    private Followed Follow<T>(WatchCache cache, string resource, Action<T> set, Action<string> remove) where T : class, IApiType<T> => new(
        cache.Resource($"{resource}.flowcontrol.apiserver.k8s.io"),
        found =>
        {
            set(ApiJson.Parse<T>(found.Json.Span));
            _stale = true;
        },
        gone =>
        {
            remove(gone.Name);
            _stale = true;
        });

    /// <summary>A seat, a place in a queue or a refusal, for a request that is neither long-running, but for watches, nor of this process.</summary>
    public FlowTicket Enter(RequestInfo info, User user, string query, out FlowStamp stamp)
    {
        var classes = Current();
        var found = Classify(classes, info, user);
        stamp = found.Stamp;
        var seats = _work.Seats(info, query, found.Level.SeatsMax);
        var flow = found.Level.IsExempt ? 0 : ShuffleShards.Hash(found.Name, found.Rules.Distinguisher(info, user));
        return found.Level.Level.Enter(found.Counters, flow, seats);
    }

    private static Class Classify(Classes classes, RequestInfo info, User user)
    {
        foreach (var candidate in classes.Schemas)
            if (candidate.Rules.Matches(info, user)) return candidate;
        // The last one is for everybody, but for users who are in none of the groups that all users are in.
        return classes.Schemas[^1];
    }

    /// <summary>Waits for the seat of a queued request: for a quarter of the time that requests have at most.</summary>
    public async ValueTask<FlowRejection?> Wait(FlowTicket ticket, CancellationToken cancel)
    {
        var waiter = ticket.Waiter!;
        using var timer = _clock.CreateTimer(static state => GiveUp(state, FlowRejection.TimeOut), (ticket.Level, waiter), _waitMax, Timeout.InfiniteTimeSpan);
        using var gone = cancel.UnsafeRegister(static state => GiveUp(state, FlowRejection.Cancelled), (ticket.Level, waiter));
        return await waiter.Told;
    }

    private static void GiveUp(object? state, FlowRejection why)
    {
        var (level, waiter) = ((PriorityLevel, FlowWaiter))state!;
        level.GiveUp(waiter, why);
    }

    /// <summary>What a request is told that was sent away: to come back later, the later the more there were of them.</summary>
    public ApiStatus Refusal(PriorityLevel level)
    {
        var seconds = Array.Find(_classes.Levels, l => l.Level == level)?.Drops.Count(_clock.GetUtcNow().ToUnixTimeSeconds()) ?? 1;
        return ApiStatus.TooManyRequests("Too many requests, please try again later.", Math.Min(seconds, RetryAfterMaxSeconds));
    }

    private Classes Current()
    {
        if (_stale || _follower.IsBehind || Now() - Volatile.Read(ref _adjusted) >= AdjustmentSeconds)
            lock (_changing)
            {
                _follower.CatchUp();
                if (_stale) Rebuild();
                if (Now() - _adjusted >= AdjustmentSeconds) Adjust(_classes.Levels, endPeriod: true);
            }
        return _classes;
    }

    // What must be is there in any case, whether there is an object of it or not.
    private void Rebuild()
    {
        _stale = false;
        var wanted = FlowDefaults.MandatoryLevels.Where(l => !_configurations.ContainsKey(l.Metadata.Name)).Concat(_configurations.Values).ToList();
        var shares = wanted.Sum(l => (double)Shares(l.Spec).Nominal);
        var levels = wanted.ToDictionary(l => l.Metadata.Name, l => State(l, shares), StringComparer.Ordinal);
        var schemas = FlowDefaults.MandatorySchemas.Where(s => !_schemas.ContainsKey(s.Metadata.Name)).Concat(_schemas.Values)
            .Where(s => levels.ContainsKey(s.Spec.PriorityLevelConfiguration.Name))
            .OrderBy(s => s.Spec.MatchingPrecedence).ThenBy(s => s.Metadata.Name, StringComparer.Ordinal)
            .Select(s => Compiled(s, levels[s.Spec.PriorityLevelConfiguration.Name]));
        var states = levels.Values.ToArray();
        Adjust(states, endPeriod: false);
        _classes = new Classes([.. schemas], states);
    }

    private Class Compiled(FlowSchema schema, LevelState level)
    {
        var key = (schema.Metadata.Name, level.Level.Name);
        if (!_counters.TryGetValue(key, out var counters)) _counters[key] = counters = new FlowCounters(key.Item1, key.Item2);
        var uid = _configurations.GetValueOrDefault(level.Level.Name)?.Metadata.Uid ?? "";
        return new Class(new FlowRules(schema), schema.Metadata.Name, level, counters, new FlowStamp(schema.Metadata.Uid, uid));
    }

    private static (int Nominal, int Lendable, int? Borrowed) Shares(PriorityLevelConfigurationSpec spec) => spec.Type == PriorityLevelEnablement.Exempt
        ? (spec.Exempt?.NominalConcurrencyShares ?? 0, spec.Exempt?.LendablePercent ?? 0, null)
        : (spec.Limited?.NominalConcurrencyShares ?? 30, spec.Limited?.LendablePercent ?? 0, spec.Limited?.BorrowingLimitPercent);

    private LevelState State(PriorityLevelConfiguration wanted, double shares)
    {
        var name = wanted.Metadata.Name;
        var state = Array.Find(_classes.Levels, l => l.Level.Name == name) ?? new LevelState(new PriorityLevel(name, Now));
        var (nominal, lendable, borrowed) = Shares(wanted.Spec);
        var queuing = wanted.Spec.Limited?.LimitResponse.Queuing;
        state.IsExempt = wanted.Spec.Type == PriorityLevelEnablement.Exempt;
        state.Nominal = shares > 0 ? (int)Math.Ceiling(_seats * nominal / shares) : 0;
        state.Lower = state.Nominal - (int)Math.Round(state.Nominal * lendable / 100.0);
        state.Upper = state.Nominal + (borrowed is { } percent ? (int)Math.Round(state.Nominal * percent / 100.0) : _seats);
        // No request takes more than a part of the level, so that a few large ones do not block it.
        state.SeatsMax = queuing is null ? 0 : (int)Math.Max(1, Math.Min(Math.Ceiling(state.Nominal * 0.15), state.Nominal / Math.Max(1, queuing.HandSize)));
        state.Level.Configure(state.IsExempt, queuing?.Queues ?? 0, queuing?.HandSize ?? 0, queuing?.QueueLengthLimit ?? 0);
        return state;
    }

    /// <summary>Shares the seats out by what the levels could use of late (upstream: updateBorrowingLocked).</summary>
    private void Adjust(LevelState[] levels, bool endPeriod)
    {
        if (endPeriod)
            foreach (var level in levels) level.Level.EndPeriod();
        Volatile.Write(ref _adjusted, Now());
        int Least(LevelState l) => Math.Max(l.Lower, l.IsExempt ? l.Level.Demand.HighWatermark : Math.Min(l.Nominal, l.Level.Demand.HighWatermark));
        var limited = Array.FindAll(levels, l => !l.IsExempt);
        var total = levels.Sum(l => l.Nominal);
        var left = total - levels.Where(l => l.IsExempt).Sum(Least);
        var (lower, least) = (limited.Sum(l => l.Lower), limited.Sum(Least));
        var claims = left > least ? SeatShares.Of(total, [.. limited.Select(l => new SeatClaim(Math.Max(Least(l), l.Level.Demand.Smoothed), Least(l), l.Upper))]) : null;
        for (var i = 0; i < limited.Length; i++)
        {
            var level = limited[i];
            var seats = claims is not null ? (int)Math.Round(claims[i])
                : left <= lower ? level.Lower
                : left <= least ? level.Lower + (int)Math.Round((Least(level) - level.Lower) * (double)(left - lower) / (least - lower))
                : level.Nominal;
            level.Level.SetLimit(seats);
        }
        foreach (var level in levels.Where(l => l.IsExempt)) level.Level.SetLimit(Least(level));
    }

    /// <summary>Upstream's metrics of the same names.</summary>
    public void Render(StringBuilder text)
    {
        Current();
        FlowMetrics.Render(text, [.. _counters.Values.OrderBy(c => c.Level, StringComparer.Ordinal).ThenBy(c => c.Schema, StringComparer.Ordinal)], _classes.Levels);
    }

    /// <summary>How many requests a level sent away, and after how many seconds they should come again (upstream: dropped_requests_tracker.go).</summary>
    internal sealed class Drops
    {
        private readonly Lock _lock = new();
        private readonly Queue<(long Second, int Count)> _history = new();
        private long _second;
        private int _count;
        private int _retryAfter = 1;
        private long _raised;

        /// <summary>Counts one more; doubled when there are many, and taken back one by one when there are few.</summary>
        public int Count(long second)
        {
            lock (_lock)
            {
                if (second != _second) Turn(second);
                _count++;
                return _retryAfter;
            }
        }

        private void Turn(long second)
        {
            _history.Enqueue((_second, _count));
            while (_history.TryPeek(out var oldest) && second - oldest.Second > Math.Min(2 * _retryAfter, RetryAfterMaxSeconds)) _history.Dequeue();
            (_second, _count) = (second, 0);
            var dropped = _history.Where(h => second - h.Second <= _retryAfter && h.Second < second).Sum(h => h.Count);
            if (second - _raised >= _retryAfter && dropped >= 3 * _retryAfter) (_retryAfter, _raised) = (Math.Min(2 * _retryAfter, RetryAfterMaxSeconds), second);
            else if (dropped < _retryAfter && _retryAfter > 1) _retryAfter--;
        }
    }
}
