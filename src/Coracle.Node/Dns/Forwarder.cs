using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Coracle.Node.Dns;

/// <summary>
/// Looks names up at upstream servers: in order, with a time-out each, equal questions once, answers cached as long as they live.
/// </summary>
/// <param name="nextId">Gives query ids that nobody can guess; see <see cref="UnguessableId"/>.</param>
public sealed class Forwarder(ForwarderOptions options, TimeProvider time, Func<ushort> nextId) : IDisposable
{
    private static readonly DnsName ProbeZone = DnsName.Parse("coracle-probe");

    private readonly Lock _gate = new();
    private readonly DnsCache _cache = new(options, time);
    private readonly Dictionary<LookupKey, Task<DnsMessage>> _underWay = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly Upstream[] _upstreams = [.. options.Upstreams.Select(server => new Upstream(server))];
    private readonly string _token = $"{nextId():x4}{nextId():x4}{nextId():x4}{nextId():x4}";
    private long _cacheHits;

    /// <summary>A source of ids for the constructor.</summary>
    public static ushort UnguessableId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    public long CacheHits => Interlocked.Read(ref _cacheHits);

    public ImmutableArray<UpstreamHealth> Health
    {
        get
        {
            lock (_gate)
            {
                return [.. _upstreams.Select(u => new UpstreamHealth(u.Server, u.Failures, u.IsLoop))];
            }
        }
    }

    /// <summary>
    /// The response to one question: answers and code are what counts, id and flags are the upstream's. SERVFAIL if nobody answers,
    /// REFUSED if there is nobody to ask.
    /// </summary>
    public Task<DnsMessage> LookUpAsync(DnsQuestion question, DnsMessage query)
    {
        var key = new LookupKey(question, query.RecursionDesired, query.CheckingDisabled, query.Edns is { DnssecOk: true });
        lock (_gate)
        {
            if (_cache.Find(key) is { } known)
            {
                Interlocked.Increment(ref _cacheHits);
                return Task.FromResult(known);
            }

            // A query that comes back to us through a loop finds itself here, and waits for itself instead of going round again.
            if (_underWay.TryGetValue(key, out var same))
            {
                return same;
            }

            if (_underWay.Count >= options.ConcurrentMax)
            {
                return Task.FromResult(Failed(question, DnsCode.ServFail));
            }

            return _underWay[key] = LookUpOnceAsync(key);
        }
    }

    /// <summary>
    /// Finds upstreams that lead back to us (the host's resolver may itself forward to the cluster): asks each for a name of its own that
    /// only we know. Whoever sees <see cref="IsProbe"/> come in has found a loop.
    /// </summary>
    public async Task ProbeForLoopsAsync()
    {
        for (var i = 0; i < _upstreams.Length; i++)
        {
            if (ProbeZone.TryPrepend([_token, i.ToString(CultureInfo.InvariantCulture)], out var name))
            {
                await AskAsync(_upstreams[i], Query(new LookupKey(new DnsQuestion(name, DnsType.HINFO), true, false, false)));
            }
        }
    }

    /// <summary>True if the question is one of our own probes; its upstream is not asked any more.</summary>
    public bool IsProbe(DnsQuestion question)
    {
        if (!question.Name.IsWithin(ProbeZone)
            || question.Name.LowerLabels() is not [var token, var index, _]
            || token != _token
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            || i >= _upstreams.Length)
        {
            return false;
        }

        lock (_gate)
        {
            _upstreams[i].IsLoop = true;
        }

        return true;
    }

    public void Dispose() => _disposed.Cancel();

    /// <summary>State of one server; guarded by the gate.</summary>
    private sealed class Upstream(IPEndPoint server)
    {
        public IPEndPoint Server => server;

        public int Failures { get; set; }

        public long LastFailure { get; set; }

        public bool IsLoop { get; set; }
    }

    /// <summary>Called with the gate held, so it yields at once; it can only end, and be forgotten, after the caller has noted it.</summary>
    private async Task<DnsMessage> LookUpOnceAsync(LookupKey key)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var response = Failed(key.Question, DnsCode.ServFail);
        try
        {
            response = await AskAroundAsync(key);
        }
        catch (OperationCanceledException)
        {
            // We are being stopped.
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(key);
                _cache.Store(key, response);
            }
        }

        return response;
    }

    private async Task<DnsMessage> AskAroundAsync(LookupKey key)
    {
        DnsMessage? last = null;
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var upstream in InOrder())
            {
                var response = await AskAsync(upstream, Query(key));
                if (response is { Code: DnsCode.FormErr or DnsCode.NotImp })
                {
                    // Perhaps it is too old for EDNS.
                    response = await AskAsync(upstream, Query(key) with { Edns = null }) ?? response;
                }

                if (response is { Code: DnsCode.NoError or DnsCode.NXDomain })
                {
                    return response;
                }

                last = response ?? last;
            }
        }

        return last ?? Failed(key.Question, InOrder().Count == 0 ? DnsCode.Refused : DnsCode.ServFail);
    }

    private async Task<DnsMessage?> AskAsync(Upstream upstream, DnsMessage query)
    {
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _disposed.Token);
        DnsMessage? response = null;
        try
        {
            response = await UpstreamExchange.AskAsync(upstream.Server, query, either.Token);
        }
        catch (OperationCanceledException) when (!_disposed.IsCancellationRequested)
        {
            // No answer in time.
        }

        lock (_gate)
        {
            upstream.Failures = response is null ? upstream.Failures + 1 : 0;
            upstream.LastFailure = time.GetTimestamp();
        }

        return response;
    }

    private List<Upstream> InOrder()
    {
        lock (_gate)
        {
            return [.. _upstreams.Where(u => !u.IsLoop).OrderBy(u => ComesLast(u) ? 1 : 0)];
        }
    }

    private bool ComesLast(Upstream upstream) =>
        upstream.Failures >= options.FailuresUntilLast && time.GetElapsedTime(upstream.LastFailure) < options.LastFor;

    private DnsMessage Query(LookupKey key) => new()
    {
        Id = nextId(),
        RecursionDesired = key.RecursionDesired,
        CheckingDisabled = key.CheckingDisabled,
        Questions = [key.Question],
        Edns = new Edns(DnsLimits.UdpPayload) { DnssecOk = key.DnssecOk },
    };

    private static DnsMessage Failed(DnsQuestion question, DnsCode code) =>
        new() { IsResponse = true, Code = code, Questions = [question] };
}
