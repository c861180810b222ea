using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Coracle.Node.Dns;

/// <summary>What tells look-ups apart: answers differ by these.</summary>
internal readonly record struct LookupKey(DnsQuestion Question, bool RecursionDesired, bool CheckingDisabled, bool DnssecOk);

/// <summary>Answers of upstream servers for as long as they said; bounded, least recently used first out. Not safe for concurrent use.</summary>
internal sealed class DnsCache(ForwarderOptions options, TimeProvider time)
{
    private readonly Dictionary<LookupKey, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _byUse = new();

    private sealed record Entry(LookupKey Key, DnsMessage Response, long StoredAt, TimeSpan Ttl);

    public int Count => _byKey.Count;

    /// <summary>The answer with its TTLs counted down by its age; null if there is none, or none any more.</summary>
    public DnsMessage? Find(LookupKey key)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        var age = time.GetElapsedTime(node.Value.StoredAt);
        if (age >= node.Value.Ttl)
        {
            _byKey.Remove(key);
            return null;
        }

        _byUse.AddFirst(node);
        return Aged(node.Value.Response, (uint)age.TotalSeconds);
    }

    public void Store(LookupKey key, DnsMessage response)
    {
        var ttl = TtlOf(response);
        if (ttl <= TimeSpan.Zero || options.CacheEntriesMax <= 0)
        {
            return;
        }

        if (_byKey.Remove(key, out var before))
        {
            _byUse.Remove(before);
        }

        if (_byKey.Count >= options.CacheEntriesMax)
        {
            var oldest = _byUse.Last!;
            _byUse.RemoveLast();
            _byKey.Remove(oldest.Value.Key);
        }

        _byKey[key] = _byUse.AddFirst(new Entry(key, response, time.GetTimestamp(), ttl));
    }

    private TimeSpan TtlOf(DnsMessage response)
    {
        if (response.Truncated)
        {
            return TimeSpan.Zero;
        }

        if (response.Code is not (DnsCode.NoError or DnsCode.NXDomain))
        {
            return options.FailureCacheTtl;
        }

        if (response.Code == DnsCode.NoError && !response.Answers.IsEmpty)
        {
            return Min(options.CacheTtlMax, response.Answers.Min(r => r.Ttl));
        }

        // RFC 2308: a denial lives as long as the zone's SOA says; without one it is not kept.
        var soa = response.Authority.FirstOrDefault(r => r.Type == DnsType.SOA && r.Data.LastBytes.Length == 20);
        return soa is null
            ? TimeSpan.Zero
            : Min(options.NegativeCacheTtlMax, Math.Min(soa.Ttl, BinaryPrimitives.ReadUInt32BigEndian(soa.Data.LastBytes.Span[16..])));
    }

    private static TimeSpan Min(TimeSpan most, uint seconds) => TimeSpan.FromSeconds(Math.Min(most.TotalSeconds, seconds));

    private static DnsMessage Aged(DnsMessage response, uint seconds) => seconds == 0 ? response : response with
    {
        Answers = Aged(response.Answers, seconds),
        Authority = Aged(response.Authority, seconds),
        Additional = Aged(response.Additional, seconds),
    };

    private static ImmutableArray<DnsRecord> Aged(ImmutableArray<DnsRecord> records, uint seconds) =>
        [.. records.Select(r => r with { Ttl = r.Ttl > seconds ? r.Ttl - seconds : 0 })];
}
