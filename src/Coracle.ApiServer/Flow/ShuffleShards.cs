namespace Coracle.ApiServer;

/// <summary>
/// Deals each flow a hand of queues, so that two flows hardly ever have the same ones and a flood fills few of those that others use (upstream: util/shufflesharding).
/// </summary>
internal static class ShuffleShards
{
    public const int HandMax = 15;

    /// <summary>The flow as a number from which hands are dealt.</summary>
    public static ulong Hash(string schema, string distinguisher)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in schema) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ 0xffff) * 1099511628211UL;
        foreach (var c in distinguisher) hash = (hash ^ c) * 1099511628211UL;
        // Dealing divides by small numbers, to which all bits must matter.
        hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ hash >> 27) * 0x94d049bb133111ebUL;
        return hash ^ hash >> 31;
    }

    /// <summary>Different cards below <paramref name="deck"/>, as many as the hand holds: the same for the same number.</summary>
    public static void Deal(ulong hash, int deck, Span<int> hand)
    {
        for (var i = 0; i < hand.Length; i++)
        {
            var left = (ulong)(deck - i);
            hand[i] = (int)(hash % left);
            hash /= left;
        }
        // Each remainder counts the cards that are left: it is moved past those that were dealt before.
        for (var i = hand.Length - 1; i >= 0; i--)
            for (var j = i - 1; j >= 0; j--)
                if (hand[i] >= hand[j]) hand[i]++;
    }
}
