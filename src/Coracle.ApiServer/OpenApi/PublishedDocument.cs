using System.IO.Compression;
using System.Security.Cryptography;

namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// A document in both encodings. Made when first asked for and kept compressed alone, a fifteenth of its size: most clients take it so, and it is unpacked for the others.
/// </summary>
internal sealed class PublishedDocument(Edition edition, Func<byte[]> make)
{
    private readonly Lock _lock = new();
    private (Packed Json, string Hash)? _made;
    private Packed? _protobuf;

    /// <summary>Changes with the content; the same for both encodings.</summary>
    public string Hash => Made().Hash;

    public Packed Json => Made().Json;

    public Packed Protobuf
    {
        get
        {
            lock (_lock) return _protobuf ??= Packed.Of(Gnostic.Encode(edition, Made().Json.Unpack()));
        }
    }

    private (Packed Json, string Hash) Made()
    {
        lock (_lock)
        {
            if (_made is { } known) return known;
            var json = make();
            _made = (Packed.Of(json), Convert.ToHexString(SHA512.HashData(json)));
            return _made.Value;
        }
    }
}

/// <summary>Bytes, compressed.</summary>
/// <param name="Gzip">As gzip has them.</param>
/// <param name="Length">How many there are.</param>
internal sealed record Packed(byte[] Gzip, int Length)
{
    public static Packed Of(byte[] bytes)
    {
        using var packed = new MemoryStream(bytes.Length / 8 + 64);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return new(packed.ToArray(), bytes.Length);
    }

    public byte[] Unpack()
    {
        var bytes = new byte[Length];
        using var gzip = new GZipStream(new MemoryStream(Gzip), CompressionMode.Decompress);
        gzip.ReadExactly(bytes);
        return bytes;
    }
}
