using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Coracle.Node.Dns;

/// <summary>
/// Decodes messages. Anything may come in: every read is checked, a compression pointer must lead backwards, and the work is bounded by
/// the message's length. Garbage gives false, never an exception.
/// </summary>
internal ref struct DnsReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _at;

    private DnsReader(ReadOnlySpan<byte> message) => _message = message;

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (bytes.Length > DnsLimits.MessageMax)
        {
            return false;
        }

        return new DnsReader(bytes).TryReadMessage(out message);
    }

    /// <summary>The header alone, for answering a query whose rest cannot be read; null if there is not even a header.</summary>
    public static DnsMessage? ReadHeader(ReadOnlySpan<byte> bytes) => bytes.Length < HeaderLength ? null : Header(bytes);

    private const int HeaderLength = 12;

    private static DnsMessage Header(ReadOnlySpan<byte> bytes)
    {
        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return new DnsMessage
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            IsResponse = (flags & DnsFlags.Response) != 0,
            OpCode = (flags >> DnsFlags.OpCodeShift) & 0xf,
            Authoritative = (flags & DnsFlags.Authoritative) != 0,
            Truncated = (flags & DnsFlags.Truncated) != 0,
            RecursionDesired = (flags & DnsFlags.RecursionDesired) != 0,
            RecursionAvailable = (flags & DnsFlags.RecursionAvailable) != 0,
            AuthenticData = (flags & DnsFlags.AuthenticData) != 0,
            CheckingDisabled = (flags & DnsFlags.CheckingDisabled) != 0,
            Code = (DnsCode)(flags & 0xf),
        };
    }

    private bool TryReadMessage([NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (_message.Length < HeaderLength)
        {
            return false;
        }

        var head = Header(_message);
        _at = HeaderLength;
        Edns? edns = null;
        var code = head.Code;
        if (!TryReadQuestions(Count(4), out var questions)
            || !TryReadRecords(Count(6), ref edns, ref code, out var answers)
            || !TryReadRecords(Count(8), ref edns, ref code, out var authority)
            || !TryReadRecords(Count(10), ref edns, ref code, out var additional))
        {
            return false;
        }

        message = head with
        {
            Code = code, Questions = questions, Answers = answers, Authority = authority, Additional = additional, Edns = edns,
        };
        return true;
    }

    private readonly int Count(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]);

    private bool TryReadQuestions(int count, out ImmutableArray<DnsQuestion> questions)
    {
        questions = [];
        var builder = ImmutableArray.CreateBuilder<DnsQuestion>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadName(out var name) || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class))
            {
                return false;
            }

            builder.Add(new DnsQuestion(name, (DnsType)type, (DnsClass)@class));
        }

        questions = builder.DrainToImmutable();
        return true;
    }

    private bool TryReadRecords(int count, ref Edns? edns, ref DnsCode code, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        var builder = ImmutableArray.CreateBuilder<DnsRecord>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadName(out var name) || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class)
                || !TryReadUInt32(out var ttl) || !TryReadUInt16(out var length) || length > _message.Length - _at)
            {
                return false;
            }

            if ((DnsType)type == DnsType.OPT)
            {
                if (edns is not null)
                {
                    return false;
                }

                edns = new Edns(@class) { Version = (int)(ttl >> 16) & 0xff, DnssecOk = (ttl & DnsFlags.DnssecOk) != 0 };
                code = (DnsCode)((int)code | ((int)(ttl >> 24) << 4));
                _at += length;
                continue;
            }

            if (!TryReadData((DnsType)type, length, out var data))
            {
                return false;
            }

            // A TTL with the highest bit set means 0 (RFC 2181, section 8).
            builder.Add(new DnsRecord(name, (DnsType)type, (DnsClass)@class, ttl > int.MaxValue ? 0 : ttl, data));
        }

        records = builder.DrainToImmutable();
        return true;
    }

    private bool TryReadData(DnsType type, int length, [NotNullWhen(true)] out RData? data)
    {
        data = null;
        var end = _at + length;
        // Only the Internet's types have layouts; empty data (dynamic updates) is no name.
        var layout = length == 0 ? "" : RDataLayout.Of(type);
        var parts = ImmutableArray.CreateBuilder<RData.Part>();
        foreach (var field in layout)
        {
            if (field == 'n')
            {
                if (!TryReadName(out var name) || _at > end)
                {
                    return false;
                }

                parts.Add(new RData.Part(name, default));
                continue;
            }

            var size = field switch
            {
                '*' => end - _at,
                's' => _at < end ? _message[_at] + 1 : int.MaxValue,
                _ => field - '0',
            };
            if (size > end - _at)
            {
                return false;
            }

            parts.Add(new RData.Part(null, _message.Slice(_at, size).ToArray()));
            _at += size;
        }

        data = new RData(parts.DrainToImmutable());
        return _at == end;
    }

    private bool TryReadName([NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DnsName.WireLengthMax];
        var written = 0;
        var at = _at;
        var lowest = _at; // Every pointer leads below everything read before: no loops, and at most 127 jumps.
        var after = -1;
        while (true)
        {
            if (at >= _message.Length)
            {
                return false;
            }

            int length = _message[at];
            if ((length & 0xc0) == 0xc0)
            {
                if (at + 1 >= _message.Length)
                {
                    return false;
                }

                var target = ((length & 0x3f) << 8) | _message[at + 1];
                if (target >= lowest || target < HeaderLength)
                {
                    return false;
                }

                after = after < 0 ? at + 2 : after;
                at = lowest = target;
                continue;
            }

            if (length > DnsName.LabelLengthMax || at + 1 + length > _message.Length || written + 1 + length > DnsName.WireLengthMax)
            {
                return false;
            }

            _message.Slice(at, length + 1).CopyTo(wire[written..]);
            written += length + 1;
            at += length + 1;
            if (length == 0)
            {
                break;
            }
        }

        _at = after < 0 ? at : after;
        name = written == 1 ? DnsName.Root : DnsName.FromWire(wire[..written]);
        return true;
    }

    private bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (_message.Length - _at < 2)
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[_at..]);
        _at += 2;
        return true;
    }

    private bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (_message.Length - _at < 4)
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(_message[_at..]);
        _at += 4;
        return true;
    }
}

/// <summary>Bits of the header's second word, and of the EDNS record's TTL.</summary>
internal static class DnsFlags
{
    public const int Response = 0x8000;
    public const int OpCodeShift = 11;
    public const int Authoritative = 0x0400;
    public const int Truncated = 0x0200;
    public const int RecursionDesired = 0x0100;
    public const int RecursionAvailable = 0x0080;
    public const int AuthenticData = 0x0020;
    public const int CheckingDisabled = 0x0010;
    public const uint DnssecOk = 0x8000;
}
