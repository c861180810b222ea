namespace Coracle.Schema;

/// <summary>What is wrong with a text that is not JSON, in the words of Go's encoding/json: its scanner's states, gone through once more for the message alone.</summary>
internal ref struct JsonErrors
{
    /// <summary>As deep as objects may be here; Go allows 10,000 levels.</summary>
    private const int DepthMax = 400;

    private readonly ReadOnlySpan<byte> text;
    private readonly List<char> open = [];
    private int at;
    private string? error;

    private JsonErrors(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>The message for a text that a reader has refused.</summary>
    public static string Describe(ReadOnlySpan<byte> json)
    {
        var scan = new JsonErrors(json);
        scan.Run();
        return scan.error ?? "unexpected end of JSON input";
    }

    private void Run()
    {
        Value("looking for beginning of value");
        while (error is null && Next() is { } c)
            switch (open.Count == 0 ? ' ' : open[^1])
            {
                case '{': Member(c); break;
                case '[': Element(c); break;
                default: Fail(c, "after top-level value"); break;
            }
    }

    // Behind a value in an object.
    private void Member(byte c)
    {
        if (c == '}') open.RemoveAt(open.Count - 1);
        else if (c != ',') Fail(c, "after object key:value pair");
        else if (Next() is { } key) Key(key);
    }

    // Behind a value in an array.
    private void Element(byte c)
    {
        if (c == ']') open.RemoveAt(open.Count - 1);
        else if (c != ',') Fail(c, "after array element");
        else Value("looking for beginning of value");
    }

    private void Key(byte c)
    {
        if (c != '"')
        {
            Fail(c, "looking for beginning of object key string");
            return;
        }
        String();
        if (error is null && Next() is { } colon)
        {
            if (colon != ':') Fail(colon, "after object key");
            else Value("looking for beginning of value");
        }
    }

    private void Value(string expecting)
    {
        if (Next() is not { } c) return;
        switch (c)
        {
            case (byte)'{': Open('{'); if (error is null && Next() is { } key) { if (key == '}') open.RemoveAt(open.Count - 1); else Key(key); } break;
            case (byte)'[': Open('['); if (error is null) First(); break;
            case (byte)'"': String(); break;
            case (byte)'t': Literal("true"); break;
            case (byte)'f': Literal("false"); break;
            case (byte)'n': Literal("null"); break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): Number(c); break;
            default: Fail(c, expecting); break;
        }
    }

    private void First()
    {
        if (Peek() == ']')
        {
            Next();
            open.RemoveAt(open.Count - 1);
        }
        // One at a time, so that depth costs no stack.
        else if (Peek() == '[') Nested();
        else Value("looking for beginning of value");
    }

    private void Nested()
    {
        while (error is null && Peek() == '[')
        {
            Next();
            Open('[');
        }
        if (error is null) First();
    }

    private void Open(char bracket)
    {
        open.Add(bracket);
        if (open.Count > DepthMax) error = "exceeded max depth";
    }

    private void String()
    {
        while (Take() is { } c)
        {
            if (c == '"') return;
            if (c < 0x20) Fail(c, "in string literal");
            else if (c == '\\') Escape();
            if (error is not null) return;
        }
    }

    private void Escape()
    {
        if (Take() is not { } c) return;
        if (c == 'u')
        {
            for (var i = 0; i < 4 && error is null && Take() is { } digit; i++)
                if (!char.IsAsciiHexDigit((char)digit)) Fail(digit, "in \\u hexadecimal character escape");
        }
        else if (!"bfnrt\\/\""u8.Contains(c)) Fail(c, "in string escape code");
    }

    private void Literal(string word)
    {
        for (var i = 1; i < word.Length && Take() is { } c; i++)
        {
            if (c == word[i]) continue;
            Fail(c, $"in literal {word} (expecting '{word[i]}')");
            return;
        }
    }

    private void Number(byte first)
    {
        if (first == '-' && !Digit("in numeric literal", out first)) return;
        if (first != '0') Digits();
        if (At((byte)'.'))
        {
            at++;
            if (!Digit("after decimal point in numeric literal", out _)) return;
            Digits();
        }
        if (!At((byte)'e') && !At((byte)'E')) return;
        at++;
        if (At((byte)'+') || At((byte)'-')) at++;
        if (Digit("in exponent of numeric literal", out _)) Digits();
    }

    private bool Digit(string context, out byte digit)
    {
        digit = 0;
        if (Take() is not { } c) return false;
        digit = c;
        if (c is >= (byte)'0' and <= (byte)'9') return true;
        Fail(c, context);
        return false;
    }

    private void Digits()
    {
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9') at++;
    }

    private readonly bool At(byte c) => at < text.Length && text[at] == c;

    private byte? Take() => at < text.Length ? text[at++] : null;

    private byte? Next()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        return Take();
    }

    private byte? Peek()
    {
        var c = Next();
        if (c is not null) at--;
        return c;
    }

    // Go shows a byte as the character of that number.
    private void Fail(byte c, string context) => error ??= $"invalid character {Shown(c)} {context}";

    private static string Shown(byte c) => c switch
    {
        (byte)'\'' => "'\\''",
        (byte)'"' => "'\"'",
        _ => $"'{GoText.Quote(((char)c).ToString())[1..^1]}'",
    };
}
