using System.Buffers.Binary;

namespace Coracle.Node.Streaming;

/// <summary>
/// The frames of SPDY/3.1 as bytes. A control frame: 1 bit set, version 3 in 15 bits, type (16), flags (8), length (24).
/// A data frame: 1 bit clear, stream id (31), flags (8), length (24). All big-endian.
/// </summary>
internal static class SpdyFrames
{
    public const int HeaderLength = 8;
    public const byte Fin = 1;
    public const int SettingInitialWindowSize = 7;

    /// <summary>How large a window is when no SETTINGS frame says otherwise.</summary>
    public const int DefaultWindow = 64 * 1024;

    /// <summary>A control frame with its body already laid out.</summary>
    public static byte[] Control(SpdyControl type, byte flags, ReadOnlySpan<byte> body)
    {
        var frame = new byte[HeaderLength + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8003);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        frame[4] = flags;
        body.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>SYN_STREAM: stream, associated stream (none), priority 0; then the header block.</summary>
    public static byte[] SynStream(int id, ReadOnlySpan<byte> headerBlock)
    {
        var body = new byte[10 + headerBlock.Length];
        BinaryPrimitives.WriteInt32BigEndian(body, id);
        headerBlock.CopyTo(body.AsSpan(10));
        return Control(SpdyControl.SynStream, 0, body);
    }

    public static byte[] SynReply(int id, ReadOnlySpan<byte> headerBlock)
    {
        var body = new byte[4 + headerBlock.Length];
        BinaryPrimitives.WriteInt32BigEndian(body, id);
        headerBlock.CopyTo(body.AsSpan(4));
        return Control(SpdyControl.SynReply, 0, body);
    }

    public static byte[] RstStream(int id, SpdyReset status) => TwoNumbers(SpdyControl.RstStream, id, (int)status);

    public static byte[] WindowUpdate(int id, int delta) => TwoNumbers(SpdyControl.WindowUpdate, id, delta);

    public static byte[] GoAway(int lastId) => TwoNumbers(SpdyControl.GoAway, lastId, 0);

    public static byte[] Ping(ReadOnlySpan<byte> id) => Control(SpdyControl.Ping, 0, id);

    /// <summary>One setting: the window that each stream starts with.</summary>
    public static byte[] InitialWindow(int size)
    {
        Span<byte> body = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(body, 1);
        BinaryPrimitives.WriteInt32BigEndian(body[4..], SettingInitialWindowSize);
        BinaryPrimitives.WriteInt32BigEndian(body[8..], size);
        return Control(SpdyControl.Settings, 0, body);
    }

    public static void DataHeader(Span<byte> into, int id, bool fin, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(into, id);
        BinaryPrimitives.WriteInt32BigEndian(into[4..], length);
        into[4] = fin ? Fin : (byte)0;
    }

    private static byte[] TwoNumbers(SpdyControl type, int first, int second)
    {
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(body, first);
        BinaryPrimitives.WriteInt32BigEndian(body[4..], second);
        return Control(type, 0, body);
    }
}

internal enum SpdyControl : ushort
{
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}

internal enum SpdyReset
{
    ProtocolError = 1,
    InvalidStream = 2,
    RefusedStream = 3,
    Cancel = 5,
    FlowControlError = 7,
}

/// <summary>The first eight bytes of a frame.</summary>
internal readonly record struct SpdyFrameHeader(bool IsControl, SpdyControl Type, int StreamId, byte Flags, int Length)
{
    public bool IsFin => (Flags & SpdyFrames.Fin) != 0;

    public static SpdyFrameHeader Parse(ReadOnlySpan<byte> header)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(header);
        var second = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFFFFFF));
        if ((first & 0x8000_0000) == 0)
            return new SpdyFrameHeader(false, default, (int)first, flags, length);
        return (first >> 16) == 0x8003
            ? new SpdyFrameHeader(true, (SpdyControl)(first & 0xFFFF), 0, flags, length)
            : throw new IOException($"not SPDY/3: a frame starts with 0x{first:x8}");
    }
}
