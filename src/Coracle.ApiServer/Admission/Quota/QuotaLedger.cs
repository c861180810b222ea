using System.Buffers;
using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>
/// What is used up of every quota: by the objects that are stored, which the caches tell, and by those that have been admitted and are on their way. Nothing is
/// counted in namespaces without a quota, and nothing at all where there is none.
/// </summary>
internal sealed class QuotaLedger
{
    private readonly Lock _lock = new();
    private readonly Server _server;
    private readonly ResourceCache _quotas;
    private readonly Dictionary<(string Resource, string Key), Entry> _entries = [];
    private readonly Dictionary<(string Resource, string Key), Reservation> _reservations = [];
    private volatile ResourceEvent? _seen;
    private Dictionary<string, QuotaState[]> _byNamespace = new(StringComparer.Ordinal);
    private string[] _counted = [];
    private CacheFollower? _follower;
    private byte[] _terms = [];

    /// <summary>What one object uses up, and of which quotas.</summary>
    private sealed record Entry(ResourceAmounts Usage, QuotaState[] Of);

    /// <summary>What an object that is on its way will use up.</summary>
    private sealed class Reservation(IReadOnlyList<(QuotaState Quota, ResourceAmounts More)> shares)
    {
        private bool _open = true;

        public void Release()
        {
            if (!_open) return;
            _open = false;
            foreach (var (quota, more) in shares) quota.Reserved.Subtract(more);
        }
    }

    public QuotaLedger(Server server) => (_server, _quotas) = (server, server.Cache.Resource("resourcequotas"));

    /// <summary>No quota anywhere: the common case, found out without a lock.</summary>
    public bool IsIdle => _quotas.Last.After.Count == 0;

    /// <summary>Refuses what would exceed a quota; takes note of what would not until it is known what became of it.</summary>
    public ApiStatus? Admit(AdmissionContext context, string resource)
    {
        lock (_lock)
        {
            CatchUp();
            if (!_byNamespace.TryGetValue(context.Namespace, out var quotas) || !_counted.Contains(resource)) return null;
            var obj = QuotaObject.Of(resource, context.Object!);
            var old = context.Old is { } before ? QuotaObject.Of(resource, before) : null;
            var shares = new List<(QuotaState, ResourceAmounts)>();
            foreach (var quota in quotas)
            {
                if (!quota.Counts(resource, obj)) continue;
                if (obj.Lacking(quota.HardOf(resource)) is { Length: > 0 } lacking) return context.Forbidden($"failed quota: {quota.Name}: must specify {lacking}");
                var more = quota.Limited(obj.Usage);
                if (old is not null && quota.Counts(resource, old)) more.Subtract(quota.Limited(old.Usage));
                foreach (var name in more.Where(m => m.Value.Sign <= 0).Select(m => m.Key).ToList()) more.Remove(name);
                if (more.Count == 0) continue;
                if (quota.Exceeded(more) is { } why) return context.Forbidden(why);
                shares.Add((quota, more));
            }
            if (shares.Count > 0 && !context.DryRun) Reserve(context, resource, shares);
            return null;
        }
    }

    private void Reserve(AdmissionContext context, string resource, List<(QuotaState Quota, ResourceAmounts More)> shares)
    {
        var at = (resource, $"{context.Namespace}/{context.ObjectName}");
        var reservation = new Reservation(shares);
        foreach (var (quota, more) in shares) quota.Reserved.Add(more);
        // Two of one name at the same time: only one will be stored, each lets go of its own.
        _reservations.TryAdd(at, reservation);
        context.OnFinished(() =>
        {
            lock (_lock)
            {
                reservation.Release();
                if (_reservations.TryGetValue(at, out var known) && ReferenceEquals(known, reservation)) _reservations.Remove(at);
            }
        });
    }

    /// <summary>What is used up of every quota at this moment, for those who write it down.</summary>
    public IReadOnlyList<QuotaUsage> Read()
    {
        lock (_lock)
        {
            CatchUp();
            return [.. _byNamespace.Values.SelectMany(q => q).Select(q => new QuotaUsage(q.Namespace, q.Name, q.Hard.Copy(), Total(q)))];
        }
    }

    private static ResourceAmounts Total(QuotaState quota)
    {
        var total = new ResourceAmounts();
        foreach (var name in quota.Hard.Keys) total[name] = quota.Used.TryGetValue(name, out var used) ? used : 0;
        return total;
    }

    private void CatchUp()
    {
        var last = _quotas.Last;
        if (!ReferenceEquals(_seen, last))
        {
            Rebuild(last);
            _seen = last;
        }
        _follower?.CatchUp();
    }

    // Only when what quotas demand has changed; what is written into their status changes nothing here.
    private void Rebuild(ResourceEvent last)
    {
        var quotas = last.After.From("").Select(Configuration.Read<ResourceQuota>).OfType<ResourceQuota>().ToList();
        var terms = Terms(quotas);
        if (_follower is not null && terms.AsSpan().SequenceEqual(_terms)) return;
        var reservations = _reservations.Count;
        _terms = terms;
        _byNamespace = quotas.Select(q => new QuotaState(q)).GroupBy(q => q.Namespace).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _counted = [.. _byNamespace.Values.SelectMany(q => q).SelectMany(q => q.Counted).Distinct(StringComparer.Ordinal)];
        _entries.Clear();
        if (reservations > 0) _reservations.Clear();
        _follower = new CacheFollower(Reset, [.. _counted.Select(Follow)]);
    }

    private static byte[] Terms(List<ResourceQuota> quotas)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var quota in quotas)
        {
            buffer.Write(Encoding.UTF8.GetBytes($"{quota.Metadata.Namespace}/{quota.Metadata.Name}\n"));
            buffer.Write(Schema.ApiJson.ToBytes(quota.Spec));
        }
        return buffer.WrittenSpan.ToArray();
    }

    private Followed Follow(string resource) => new(_server.Cache.Resource(resource), stored => Set(resource, stored), stored => Remove(resource, stored.Key));

    private void Reset()
    {
        _entries.Clear();
        foreach (var quota in _byNamespace.Values.SelectMany(q => q)) quota.Used.Clear();
    }

    private void Set(string resource, StoredObject stored)
    {
        if (!_byNamespace.TryGetValue(stored.Namespace, out var quotas)) return;
        Remove(resource, stored.Key);
        if (_reservations.Remove((resource, stored.Key), out var reservation)) reservation.Release();
        var obj = QuotaObject.Of(resource, stored.ToTree());
        var of = quotas.Where(q => q.Counts(resource, obj)).ToArray();
        if (of.Length == 0) return;
        foreach (var quota in of) quota.Used.Add(quota.Limited(obj.Usage));
        _entries[(resource, stored.Key)] = new Entry(obj.Usage, of);
    }

    private void Remove(string resource, string key)
    {
        if (!_entries.Remove((resource, key), out var entry)) return;
        foreach (var quota in entry.Of) quota.Used.Subtract(quota.Limited(entry.Usage));
    }
}
