using System.Buffers.Text;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>Makes the text of an iteration: nothing but the target, the seed and the number decides what it is.</summary>
internal static class Inputs
{
    private const int LengthMax = 512 * 1024;

    public static Seed Make(FuzzTarget target, int seed, long iteration)
    {
        // Any mixing does, but it must not change: seeds are written down.
        var random = new Random(unchecked((int)((uint)seed * 2654435761u ^ (uint)iteration * 2246822519u ^ (uint)(iteration >> 32))));
        var seeds = target.Seeds;
        var chosen = seeds[random.Next(seeds.Count)];
        var text = chosen.Bytes;
        // Some as they are: the corpus must pass too.
        for (var i = random.Next(20) == 0 ? 0 : random.Next(10) == 0 ? random.Next(1, 20) : random.Next(1, 5); i > 0; i--)
        {
            var changed = Change(random, target.Shape, text, seeds[random.Next(seeds.Count)].Bytes, target.Words);
            if (changed.Length <= LengthMax) text = changed;
        }
        var made = chosen with { Bytes = text };
        return target.Repair is { } repair ? repair(random, made) : made;
    }

    private static byte[] Change(Random random, Shape shape, byte[] text, byte[] other, IReadOnlyList<string> words) => shape switch
    {
        Shape.Json when random.Next(12) > 0 => JsonMutation.Change(random, text, other, words, random.Next(1, 4)),
        Shape.Protobuf => ProtobufMutation.Change(random, text, other, words),
        Shape.Der => DerMutation.Change(random, text, other, words),
        Shape.Token => Token(random, text, other, words),
        _ => ByteMutation.Change(random, text, other, words),
    };

    private static byte[] Token(Random random, byte[] text, byte[] other, IReadOnlyList<string> words)
    {
        var parts = System.Text.Encoding.Latin1.GetString(text).Split('.');
        var at = random.Next(Math.Min(parts.Length, 2));
        if (random.Next(8) == 0 || !Base64Url.IsValid(parts[at])) return ByteMutation.Change(random, text, other, words);
        parts[at] = Base64Url.EncodeToString(JsonMutation.Change(random, Base64Url.DecodeFromChars(parts[at]), "{}"u8.ToArray(), words, 1));
        return System.Text.Encoding.Latin1.GetBytes(string.Join('.', parts));
    }
}
