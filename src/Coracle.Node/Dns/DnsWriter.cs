using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Coracle.Node.Dns;

/// <summary>
/// Encodes messages, names compressed. What does not fit is left out: of answers and authority records with the truncation bit set,
/// of additional records silently, as they are optional.
/// </summary>
internal sealed class DnsWriter
{
    private const int EdnsLength = 11;

    // Pointers have 14 bits.
    private const int PointerTargetMax = 0x3fff;

    private readonly byte[] _buffer;
    private readonly Dictionary<Suffix, int> _written = [];
    private int _limit;
    private int _at;

    private DnsWriter(int limit)
    {
        _buffer = new byte[limit];
        _limit = limit;
    }

    /// <summary>The message in at most <paramref name="limit"/> bytes (at least 512, so that header and question always fit).</summary>
    public static byte[] Write(DnsMessage message, int limit) =>
        new DnsWriter(Math.Clamp(limit, DnsLimits.UdpPayloadMin, DnsLimits.MessageMax)).WriteMessage(message);

    private byte[] WriteMessage(DnsMessage message)
    {
        _limit -= message.Edns is null ? 0 : EdnsLength;
        _at = 12;
        var questions = 0;
        foreach (var question in message.Questions)
        {
            if (!TryAll(() => TryName(question.Name, compress: true) && TryUInt16((int)question.Type) && TryUInt16((int)question.Class)))
            {
                break;
            }

            questions++;
        }

        var answers = Records(message.Answers);
        var authority = answers < message.Answers.Length ? 0 : Records(message.Authority);
        var isCut = answers < message.Answers.Length || authority < message.Authority.Length;
        var additional = isCut ? 0 : Records(message.Additional);
        if (message.Edns is { } edns)
        {
            _limit += EdnsLength;
            WriteEdns(edns, message.Code);
            additional++;
        }

        WriteHeader(message, isCut || message.Truncated, questions, answers, authority, additional);
        return _buffer.AsSpan(0, _at).ToArray();
    }

    private void WriteHeader(DnsMessage message, bool truncated, params ReadOnlySpan<int> counts)
    {
        var flags = (message.OpCode << DnsFlags.OpCodeShift) | ((int)message.Code & 0xf)
            | (message.IsResponse ? DnsFlags.Response : 0)
            | (message.Authoritative ? DnsFlags.Authoritative : 0)
            | (truncated ? DnsFlags.Truncated : 0)
            | (message.RecursionDesired ? DnsFlags.RecursionDesired : 0)
            | (message.RecursionAvailable ? DnsFlags.RecursionAvailable : 0)
            | (message.AuthenticData ? DnsFlags.AuthenticData : 0)
            | (message.CheckingDisabled ? DnsFlags.CheckingDisabled : 0);
        var header = _buffer.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(header, message.Id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)flags);
        for (var i = 0; i < counts.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[(4 + (2 * i))..], (ushort)counts[i]);
        }
    }

    private int Records(ImmutableArray<DnsRecord> records)
    {
        var count = 0;
        foreach (var record in records)
        {
            if (!TryAll(() => TryRecord(record)))
            {
                break;
            }

            count++;
        }

        return count;
    }

    private bool TryRecord(DnsRecord record)
    {
        if (!TryName(record.Name, compress: true) || !TryUInt16((int)record.Type) || !TryUInt16((int)record.Class) || !TryUInt32(record.Ttl))
        {
            return false;
        }

        var lengthAt = _at;
        if (!TryUInt16(0))
        {
            return false;
        }

        var compress = RDataLayout.MayCompress(record.Type);
        foreach (var part in record.Data.Parts)
        {
            if (!(part.Name is { } name ? TryName(name, compress) : TryBytes(part.Bytes.Span)))
            {
                return false;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), (ushort)(_at - lengthAt - 2));
        return true;
    }

    private void WriteEdns(Edns edns, DnsCode code)
    {
        TryBytes([0]);
        TryUInt16((int)DnsType.OPT);
        TryUInt16(edns.UdpPayload);
        TryUInt32(((uint)code >> 4 << 24) | ((uint)edns.Version << 16) | (edns.DnssecOk ? DnsFlags.DnssecOk : 0));
        TryUInt16(0);
    }

    /// <summary>Writes all of it, or nothing; then no pointer may lead to what was taken back.</summary>
    private bool TryAll(Func<bool> write)
    {
        var before = _at;
        if (write())
        {
            return true;
        }

        _at = before;
        _written.Clear();
        return false;
    }

    private bool TryName(DnsName name, bool compress)
    {
        var wire = name.Wire;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            var suffix = new Suffix(name, at);
            if (compress && _written.TryGetValue(suffix, out var target))
            {
                return TryUInt16(0xc000 | target);
            }

            if (_at <= PointerTargetMax)
            {
                _written[suffix] = _at;
            }

            if (!TryBytes(wire.Slice(at, wire[at] + 1)))
            {
                return false;
            }
        }

        return TryBytes([0]);
    }

    private bool TryBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _limit - _at)
        {
            return false;
        }

        bytes.CopyTo(_buffer.AsSpan(_at));
        _at += bytes.Length;
        return true;
    }

    private bool TryUInt16(int value) => TryBytes([(byte)(value >> 8), (byte)value]);

    private bool TryUInt32(uint value) => TryBytes([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    /// <summary>The end of a name from some label on, compared to the letter: compression must not change a name's spelling.</summary>
    private readonly struct Suffix(DnsName name, int start) : IEquatable<Suffix>
    {
        private readonly DnsName _name = name;
        private readonly int _start = start;

        public bool Equals(Suffix other) => _name.Wire[_start..].SequenceEqual(other._name.Wire[other._start..]);

        public override bool Equals(object? obj) => obj is Suffix other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(_name.Wire[_start..]);
            return hash.ToHashCode();
        }
    }
}
