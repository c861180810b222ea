using System.Text;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>System.Text has an Encoder and a Decoder of its own, which would be in the way of ours.</summary>
internal static class Encodings
{
    public static Encoding Utf8 => Encoding.UTF8;
}
