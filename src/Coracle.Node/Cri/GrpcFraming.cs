using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace Coracle.Node.Cri;

/// <summary>The framing of gRPC: a message is one byte (0: not compressed), its length in four bytes big-endian, and the message.</summary>
internal static class GrpcFraming
{
    public const int PrefixLength = 5;

    /// <summary>The largest answer we take. The largest of the CRI is an ExecSync with 16 MB on each stream.</summary>
    public const int message_bytes_max = 64 * 1024 * 1024;

    public static byte[] Frame(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    /// <summary>Reads one message; default at the end of the stream.</summary>
    public static async ValueTask<T?> Read<T>(Stream from, MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        var prefix = new byte[PrefixLength];
        var got = await from.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancel);
        if (got == 0)
            return null;
        if (got < PrefixLength)
            throw new GrpcException(GrpcStatusCode.Internal, "the answer ended inside a message");
        if (prefix[0] != 0)
            throw new GrpcException(GrpcStatusCode.Internal, "the answer is compressed, which was not asked for");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (length > message_bytes_max)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"the answer has {length} bytes, more than {message_bytes_max}");
        var body = new byte[length];
        await from.ReadExactlyAsync(body, cancel);
        return parser.ParseFrom(body);
    }

    /// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
    public static string Timeout(TimeSpan deadline)
    {
        var ms = Math.Max(1, (long)deadline.TotalMilliseconds);
        return ms <= 99_999_999
            ? ms.ToString(CultureInfo.InvariantCulture) + "m"
            : Math.Min(99_999_999, ms / 1000).ToString(CultureInfo.InvariantCulture) + "S";
    }

    /// <summary>Undoes the percent-encoding of <c>grpc-message</c>; what is not a valid escape stays as it is.</summary>
    public static string DecodeMessage(string encoded)
    {
        if (!encoded.Contains('%'))
            return encoded;
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded, i, 1));
            }
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
