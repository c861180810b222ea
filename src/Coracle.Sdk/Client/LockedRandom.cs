namespace Coracle.Sdk;

/// <summary>A random source that may be drawn from by several threads.</summary>
internal sealed class LockedRandom(Random random)
{
    /// <summary>From 0 up to, not including, 1.</summary>
    public double NextDouble()
    {
        lock (random) return random.NextDouble();
    }

    /// <summary>The span lengthened by up to <paramref name="share"/> of it.</summary>
    public TimeSpan Jitter(TimeSpan span, double share) => span * (1 + NextDouble() * share);

    /// <summary>Letters and digits as upstream's suffixes have them: no vowels, so no words.</summary>
    public string Suffix(int length)
    {
        const string alphabet = "bcdfghjklmnpqrstvwxz2456789";
        lock (random)
            return string.Create(length, random, static (span, source) =>
            {
                foreach (ref var c in span) c = alphabet[source.Next(alphabet.Length)];
            });
    }
}
