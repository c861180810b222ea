using System.Buffers.Binary;
using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Deployments;

/// <summary>
/// The suffix that tells a template's replica set and pods apart: a hash in letters that spell no words. The same template has the same one always;
/// when another set has the name that follows, the number of such collisions makes it another (upstream: controller_utils.go, ComputeHash).
/// </summary>
internal static class TemplateHash
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(PodTemplateSpec template, int? collisions)
    {
        var hash = Fnv1a(2166136261, ApiJson.ToBytes(template));
        if (collisions is { } count)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)count);
            hash = Fnv1a(hash, bytes);
        }
        return Encode(hash.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Digits as letters without vowels, each always as the same (upstream: rand.SafeEncodeString).</summary>
    public static string Encode(string text) => string.Concat(text.Select(static c => Alphabet[c % Alphabet.Length]));

    private static uint Fnv1a(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) hash = (hash ^ b) * 16777619;
        return hash;
    }

    /// <summary>The name of a deployment's replica set, cut to what a name may have.</summary>
    public static string SetName(string deployment, string hash)
    {
        const int nameLengthMax = 253;
        var room = nameLengthMax - 1 - hash.Length;
        return $"{(deployment.Length > room ? deployment[..room] : deployment)}-{hash}";
    }
}
