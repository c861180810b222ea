namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>Changes of JSON that leave it JSON, mostly.</summary>
internal static class JsonMutation
{
    public static byte[] Change(Random random, byte[] text, byte[] other, IReadOnlyList<string> words, int changes)
    {
        if (JsonPiece.Parse(text) is not { } root) return ByteMutation.Change(random, text, other, words);
        for (var i = 0; i < changes; i++)
        {
            var all = new List<JsonPiece>();
            root.Collect(all);
            One(random, all[random.Next(all.Count)], all, other, words);
        }
        return root.ToBytes();
    }

    private static void One(Random random, JsonPiece piece, List<JsonPiece> all, byte[] other, IReadOnlyList<string> words)
    {
        switch (random.Next(16))
        {
            case 0 or 1 or 2: piece.Set(JsonPiece.Raw(Odd.Json[random.Next(Odd.Json.Length)])); break;
            case 3: piece.Set(all[random.Next(all.Count)].Copy()); break;
            case 4: FromOther(random, piece, other); break;
            case 5: Remove(random, piece); break;
            case 6: Again(random, piece); break;
            case 7: Rename(random, piece, all, words); break;
            case 8: piece.Nest(random.Next(2) == 0 ? null : Key(random, all, words), random.Next(12) == 0 ? random.Next(50, 600) : random.Next(1, 4)); break;
            case 9: Swap(random, piece); break;
            case 10 when piece.Kind == 'v': piece.Set(JsonPiece.Raw(Texts.Change(random, piece.Text, words))); break;
            case 11 when words.Count > 0: piece.Set(JsonPiece.Raw(Texts.Quoted(words[random.Next(words.Count)]))); break;
            case 12: Member(random, piece, all, words); break;
            default: piece.Set(JsonPiece.Raw(Odd.Json[random.Next(Odd.Json.Length)])); break;
        }
    }

    private static void FromOther(Random random, JsonPiece piece, byte[] other)
    {
        if (JsonPiece.Parse(other) is not { } tree) return;
        var all = new List<JsonPiece>();
        tree.Collect(all);
        piece.Set(all[random.Next(all.Count)]);
    }

    private static void Remove(Random random, JsonPiece piece)
    {
        if (piece.Children.Count == 0) return;
        var at = random.Next(piece.Children.Count);
        piece.Children.RemoveAt(at);
        if (piece.Kind == '{') piece.Keys.RemoveAt(at);
    }

    // A list's item or an object's key once more.
    private static void Again(Random random, JsonPiece piece)
    {
        if (piece.Children.Count == 0) return;
        var at = random.Next(piece.Children.Count);
        var times = random.Next(15) == 0 ? random.Next(20, 300) : 1;
        if (piece.Children[at].Children.Count > 20) times = 1;
        for (var i = 0; i < times; i++)
        {
            piece.Children.Add(piece.Children[at].Copy());
            if (piece.Kind == '{') piece.Keys.Add(i == 0 ? piece.Keys[at] : $"\"{i}\"");
        }
    }

    private static void Rename(Random random, JsonPiece piece, List<JsonPiece> all, IReadOnlyList<string> words)
    {
        if (piece.Kind == '{' && piece.Children.Count > 0) piece.Keys[random.Next(piece.Keys.Count)] = Key(random, all, words);
    }

    private static void Member(Random random, JsonPiece piece, List<JsonPiece> all, IReadOnlyList<string> words)
    {
        if (piece.Kind == 'v') return;
        if (piece.Kind == '{') piece.Keys.Add(Key(random, all, words));
        piece.Children.Add(random.Next(2) == 0 ? JsonPiece.Raw(Odd.Json[random.Next(Odd.Json.Length)]) : all[random.Next(all.Count)].Copy());
    }

    private static string Key(Random random, List<JsonPiece> all, IReadOnlyList<string> words)
    {
        if (words.Count > 0 && random.Next(2) == 0) return Texts.Quoted(words[random.Next(words.Count)]);
        var keyed = all[random.Next(all.Count)];
        return keyed.Keys.Count > 0 ? keyed.Keys[random.Next(keyed.Keys.Count)] : Odd.Json[random.Next(Odd.Json.Length)] is ['"', ..] odd ? odd : "\"x\"";
    }

    private static void Swap(Random random, JsonPiece piece)
    {
        if (piece.Children.Count < 2) return;
        var (a, b) = (random.Next(piece.Children.Count), random.Next(piece.Children.Count));
        (piece.Children[a], piece.Children[b]) = (piece.Children[b], piece.Children[a]);
    }
}

/// <summary>Changes of the text of a JSON value.</summary>
internal static class Texts
{
    public static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    public static string Change(Random random, string text, IReadOnlyList<string> words)
    {
        if (text is not ['"', .., '"'] || text.Length < 2) return text + random.Next(10);
        var inner = text[1..^1];
        var at = random.Next(inner.Length + 1);
        var changed = random.Next(6) switch
        {
            0 => inner[..at],
            1 => inner[at..],
            2 => inner + inner,
            3 => string.Concat(Enumerable.Repeat(inner, random.Next(2, random.Next(10) == 0 ? 400 : 5))),
            4 => inner.Insert(at, words.Count > 0 ? words[random.Next(words.Count)].Replace("\"", "\\\"", StringComparison.Ordinal) : "a"),
            _ => inner.Insert(at, Odd.Texts[random.Next(Odd.Texts.Length)].Replace("\"", "\\\"", StringComparison.Ordinal)),
        };
        return $"\"{changed}\"";
    }
}
