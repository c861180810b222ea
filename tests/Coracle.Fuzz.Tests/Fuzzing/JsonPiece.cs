using System.Text;
using System.Text.Json;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>JSON to be changed: keys may stand twice, and values may be texts that are no JSON.</summary>
internal sealed class JsonPiece
{
    /// <summary>'{', '[', or 'v' for any other value.</summary>
    public char Kind { get; private set; } = 'v';

    /// <summary>The text of a value that is neither object nor list.</summary>
    public string Text { get; private set; } = "null";

    /// <summary>The keys of an object, with their quotes.</summary>
    public List<string> Keys { get; } = [];
    public List<JsonPiece> Children { get; } = [];

    /// <summary>Null when the text is not JSON.</summary>
    public static JsonPiece? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 600 });
            reader.Read();
            return Read(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonPiece Raw(string text) => new() { Text = text };

    private static JsonPiece Read(ref Utf8JsonReader reader)
    {
        var piece = new JsonPiece { Kind = reader.TokenType switch { JsonTokenType.StartObject => '{', JsonTokenType.StartArray => '[', _ => 'v' } };
        if (piece.Kind == 'v')
        {
            var text = Encoding.UTF8.GetString(reader.ValueSpan);
            piece.Text = reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
            return piece;
        }
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (piece.Kind == '{')
            {
                piece.Keys.Add($"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"");
                reader.Read();
            }
            piece.Children.Add(Read(ref reader));
        }
        return piece;
    }

    /// <summary>Becomes another value.</summary>
    public void Set(JsonPiece other)
    {
        var (keys, children) = (other.Keys.ToArray(), other.Children.Select(c => c.Copy()).ToArray());
        (Kind, Text) = (other.Kind, other.Text);
        Keys.Clear();
        Children.Clear();
        Keys.AddRange(keys);
        Children.AddRange(children);
    }

    /// <summary>Is put into that many lists or objects.</summary>
    public void Nest(string? key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var inner = Copy();
            Keys.Clear();
            Children.Clear();
            Kind = key is null ? '[' : '{';
            if (key is not null) Keys.Add(key);
            Children.Add(inner);
            if (times > 3) break;
        }
        // Deep ones are text: copies of copies would take long.
        if (times > 3) Set(Raw(string.Concat(Enumerable.Repeat(key is null ? "[" : $"{{{key}:", times)) + this + new string(key is null ? ']' : '}', times)));
    }

    public JsonPiece Copy()
    {
        var copy = new JsonPiece { Kind = Kind, Text = Text };
        copy.Keys.AddRange(Keys);
        copy.Children.AddRange(Children.Select(c => c.Copy()));
        return copy;
    }

    /// <summary>This and everything below.</summary>
    public void Collect(List<JsonPiece> all)
    {
        all.Add(this);
        foreach (var child in Children) child.Collect(all);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        if (Kind == 'v')
        {
            text.Append(Text);
            return;
        }
        text.Append(Kind);
        for (var i = 0; i < Children.Count; i++)
        {
            if (i > 0) text.Append(',');
            if (Kind == '{') text.Append(Keys[i]).Append(':');
            Children[i].Write(text);
        }
        text.Append(Kind == '{' ? '}' : ']');
    }
}
