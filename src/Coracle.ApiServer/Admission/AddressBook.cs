using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>
/// Who has which address and node port. Follows the services' event log, so it is never wrong for longer than a write is under way; what has been
/// given out to a write that has yet to commit is held for a short time.
/// </summary>
internal sealed class AddressBook
{
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly Dictionary<string, HashSet<string>> _ownersOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Owner, DateTimeOffset Until)> _held = new(StringComparer.Ordinal);
    private ResourceEvent _seen;

    public AddressBook(ResourceCache services, TimeProvider clock)
    {
        _clock = clock;
        _seen = services.Last;
        foreach (var service in _seen.After.From("")) Take(service);
    }

    public void CatchUp()
    {
        while (_seen.Next is { } next)
        {
            _seen = next;
            if (next.Previous is { } before) Drop(before);
            if (next.Current is { } after) Take(after);
        }
        if (_held.Count == 0) return;
        var now = _clock.GetUtcNow();
        foreach (var key in _held.Where(h => h.Value.Until < now).Select(h => h.Key).ToList()) _held.Remove(key);
    }

    public bool IsTaken(string what, string byOtherThan) =>
        _ownersOf.TryGetValue(what, out var owners) && owners.Any(o => o != byOtherThan) || _held.TryGetValue(what, out var held) && held.Owner != byOtherThan;

    public void Reserve(string what, string owner, bool dryRun)
    {
        if (!dryRun && !IsTaken(what, owner)) _held[what] = (owner, _clock.GetUtcNow() + HeldFor);
    }

    /// <summary>A free address. The first 256 or so are kept for those who ask for one by number, as upstream.</summary>
    public string? FreeAddress(IPNetwork range, Func<int, int> random)
    {
        var size = (int)Math.Min(1L << (32 - range.PrefixLength), int.MaxValue) - 2;
        var reserved = Math.Min(Math.Max(16, size / 16), 256);
        return Search(range, reserved, size, random) ?? Search(range, 1, Math.Min(reserved, size), random);
    }

    private string? Search(IPNetwork range, int from, int to, Func<int, int> random)
    {
        if (to <= from) return null;
        var start = random(to - from);
        for (var i = 0; i < to - from; i++)
        {
            var address = Offset(range.BaseAddress, from + (start + i) % (to - from));
            if (IsFree(address)) return address;
        }
        return null;
    }

    public long FreePort(int first, int last, Func<int, int> random)
    {
        var count = last - first + 1;
        var start = random(count);
        for (var i = 0; i < count; i++)
        {
            var port = first + (start + i) % count;
            if (IsFree(string.Create(CultureInfo.InvariantCulture, $"TCP/{port}")) && IsFree(string.Create(CultureInfo.InvariantCulture, $"UDP/{port}"))) return port;
        }
        return 0;
    }

    private bool IsFree(string what) => !(_ownersOf.TryGetValue(what, out var owners) && owners.Count > 0) && !_held.ContainsKey(what);

    private static string Offset(IPAddress first, int offset)
    {
        if (first.AddressFamily != AddressFamily.InterNetwork) throw new NotSupportedException("service addresses are IPv4");
        Span<byte> bytes = stackalloc byte[4];
        first.TryWriteBytes(bytes, out _);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)offset;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }

    private void Take(StoredObject service)
    {
        foreach (var what in Holdings(service))
        {
            if (!_ownersOf.TryGetValue(what, out var owners)) _ownersOf[what] = owners = [];
            owners.Add(service.Key);
            _held.Remove(what);
        }
    }

    private void Drop(StoredObject service)
    {
        foreach (var what in Holdings(service))
            if (_ownersOf.TryGetValue(what, out var owners) && owners.Remove(service.Key) && owners.Count == 0) _ownersOf.Remove(what);
    }

    private static IEnumerable<string> Holdings(StoredObject stored)
    {
        var service = stored.Typed<Service>();
        foreach (var address in service.Spec.ClusterIPs ?? [])
            if (address is not ("" or "None")) yield return address;
        foreach (var port in service.Spec.Ports ?? [])
            if (port.NodePort != 0) yield return string.Create(CultureInfo.InvariantCulture, $"{(port.Protocol.Length == 0 ? "TCP" : port.Protocol)}/{port.NodePort}");
    }
}
