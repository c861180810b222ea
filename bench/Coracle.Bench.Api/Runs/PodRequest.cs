using System.Globalization;
using System.Text;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs;

/// <summary>Requests that create pods, all of one size: bytes that are made once, of which a request changes the digits of the name.</summary>
internal sealed class PodRequest
{
    private readonly byte[] _bytes;
    private readonly int _name;
    private readonly int _part;

    public PodRequest(RequestBytes requests, string path, int podBytes)
    {
        var name = Target.PodName(0);
        _bytes = requests.WithBody("POST", path, PodText.Pod(name, podBytes));
        _name = _bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"name\":\"{name}\"")) + "\"name\":\"p-".Length;
        _part = _bytes.AsSpan().IndexOf("\"part\":\"p0\""u8) + "\"part\":\"p".Length;
    }

    /// <summary>A buffer for <see cref="Fill"/>, one a worker.</summary>
    public byte[] NewBuffer() => (byte[])_bytes.Clone();

    public ReadOnlyMemory<byte> Fill(byte[] buffer, long i)
    {
        i.TryFormat(buffer.AsSpan(_name, Target.NameDigits), out _, "D7", CultureInfo.InvariantCulture);
        buffer[_part] = buffer[_name + Target.NameDigits - 1];
        return buffer;
    }
}
