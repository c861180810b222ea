using System.Buffers.Binary;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// An event of a watch in protobuf: four bytes of length, then a WatchEvent without an envelope, in which the object is raw bytes with one (upstream: apimachinery,
/// pkg/util/framer and pkg/runtime/serializer/protobuf).
/// </summary>
public static class ProtobufFrame
{
    /// <summary>How many bytes an event takes.</summary>
    public static int Size(in WatchFrame frame) => (int)(sizeof(uint) + ProtobufWriter.FieldSize(1, frame.Type.Length) + ProtobufWriter.FieldSize(2, ProtobufWriter.FieldSize(1, frame.Object.Length)));

    /// <summary>Writes one; answers how many bytes.</summary>
    public static int Write(Span<byte> into, in WatchFrame frame)
    {
        var head = new ProtobufWriter();
        head.Text(1, frame.Type);
        head.Start(2, ProtobufWriter.FieldSize(1, frame.Object.Length));
        head.Start(1, frame.Object.Length);
        BinaryPrimitives.WriteUInt32BigEndian(into, (uint)(head.Length + frame.Object.Length));
        head.Written.CopyTo(into[sizeof(uint)..]);
        frame.Object.Span.CopyTo(into[(sizeof(uint) + head.Length)..]);
        return sizeof(uint) + head.Length + frame.Object.Length;
    }
}
