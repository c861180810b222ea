namespace Coracle.Schema.Cel;

/// <summary>
/// Cuts an expression into tokens, the longest that fits each time. What is no token is told as cel-go's lexer tells it: from the start of the
/// attempt to the character at which it failed, after which it goes on.
/// </summary>
internal sealed class Lexer(CelSource source, CelIssues issues)
{
    private readonly string text = source.Text;
    private int position;
    private int failedAt;

    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        while (true)
        {
            SkipSpace();
            if (position >= text.Length) break;
            var start = position;
            failedAt = start;
            var kind = Read(start, out var end);
            if (kind == TokenKind.End)
            {
                Unrecognized(start);
                continue;
            }
            tokens.Add(new(kind, start, end - start));
            position = end;
        }
        tokens.Add(new(TokenKind.End, text.Length, 0));
        return tokens;
    }

    private void Unrecognized(int start)
    {
        var end = Math.Min(failedAt + Width(failedAt), text.Length);
        issues.Add(start, $"Syntax error: token recognition error at: '{text[start..end]}'");
        position = Math.Max(end, start + 1);
    }

    private int Width(int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private void SkipSpace()
    {
        while (position < text.Length)
        {
            if (text[position] is '\t' or ' ' or '\r' or '\n' or '\f') position++;
            else if (text[position] == '/' && position + 1 < text.Length && text[position + 1] == '/')
            {
                var end = text.IndexOf('\n', position);
                position = end < 0 ? text.Length : end;
            }
            else return;
        }
    }

    private char At(int index) => index < text.Length ? text[index] : '\0';

    private TokenKind Read(int start, out int end)
    {
        var c = text[start];
        end = start + 1;
        switch (c)
        {
            case '=': return Second(start, '=', TokenKind.Equals, TokenKind.End, ref end);
            case '!': return Second(start, '=', TokenKind.NotEquals, TokenKind.Not, ref end);
            case '<': return Second(start, '=', TokenKind.LessEquals, TokenKind.Less, ref end);
            case '>': return Second(start, '=', TokenKind.GreaterEquals, TokenKind.Greater, ref end);
            case '&': return Second(start, '&', TokenKind.And, TokenKind.End, ref end);
            case '|': return Second(start, '|', TokenKind.Or, TokenKind.End, ref end);
            case '[': return TokenKind.LeftBracket;
            case ']': return TokenKind.RightBracket;
            case '{': return TokenKind.LeftBrace;
            case '}': return TokenKind.RightBrace;
            case '(': return TokenKind.LeftParen;
            case ')': return TokenKind.RightParen;
            case ',': return TokenKind.Comma;
            case '-': return TokenKind.Minus;
            case '?': return TokenKind.Question;
            case ':': return TokenKind.Colon;
            case '+': return TokenKind.Plus;
            case '*': return TokenKind.Star;
            case '/': return TokenKind.Slash;
            case '%': return TokenKind.Percent;
            case '`': return Escaped(start, out end);
        }
        if (c == '.' && !char.IsAsciiDigit(At(start + 1))) return TokenKind.Dot;
        if (char.IsAsciiDigit(c) || c == '.') return Number(start, out end);
        if (Quoted(start, out end) is var quoted && quoted != TokenKind.End) return quoted;
        if (!IsLetter(c)) return TokenKind.End;
        end = start + 1;
        while (end < text.Length && (IsLetter(text[end]) || char.IsAsciiDigit(text[end]))) end++;
        return text.AsSpan(start, end - start) switch
        {
            "in" => TokenKind.In,
            "true" => TokenKind.True,
            "false" => TokenKind.False,
            "null" => TokenKind.Null,
            _ => TokenKind.Identifier,
        };
    }

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_';

    private TokenKind Second(int start, char second, TokenKind both, TokenKind first, ref int end)
    {
        if (At(start + 1) == second)
        {
            end = start + 2;
            return both;
        }
        failedAt = start + 1;
        return first;
    }

    private TokenKind Escaped(int start, out int end)
    {
        end = start + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.' or '-' or '/' or ' ')) end++;
        failedAt = end;
        if (At(end) != '`' || end == start + 1) return TokenKind.End;
        end++;
        return TokenKind.EscapedIdentifier;
    }

    private TokenKind Number(int start, out int end)
    {
        if (text[start] == '0' && At(start + 1) == 'x' && char.IsAsciiHexDigit(At(start + 2)))
        {
            end = start + 2;
            while (char.IsAsciiHexDigit(At(end))) end++;
            return Unsigned(ref end, TokenKind.Int);
        }
        end = Digits(start);
        var kind = TokenKind.Int;
        if (At(end) == '.' && char.IsAsciiDigit(At(end + 1)))
        {
            kind = TokenKind.Double;
            end = Digits(end + 1);
        }
        if (At(end) is 'e' or 'E')
        {
            var exponent = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (char.IsAsciiDigit(At(exponent)))
            {
                end = Digits(exponent);
                return TokenKind.Double;
            }
        }
        return kind == TokenKind.Double ? kind : Unsigned(ref end, kind);
    }

    private TokenKind Unsigned(ref int end, TokenKind otherwise)
    {
        if (At(end) is not ('u' or 'U')) return otherwise;
        end++;
        return TokenKind.Uint;
    }

    private int Digits(int from)
    {
        while (char.IsAsciiDigit(At(from))) from++;
        return from;
    }

    private TokenKind Quoted(int start, out int end)
    {
        end = start;
        var at = start;
        var bytes = At(at) is 'b' or 'B';
        if (bytes) at++;
        var raw = At(at) is 'r' or 'R';
        if (raw) at++;
        if (At(at) is not ('"' or '\'') || at >= text.Length) return TokenKind.End;
        var kind = bytes ? TokenKind.Bytes : TokenKind.String;
        var quote = text[at];
        if (At(at + 1) == quote && At(at + 2) == quote && Body(at + 3, quote, 3, raw, out end)) return kind;
        return Body(at + 1, quote, 1, raw, out end) ? kind : TokenKind.End;
    }

    private bool Body(int at, char quote, int quotes, bool raw, out int end)
    {
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == quote && (quotes == 1 || (At(at + 1) == quote && At(at + 2) == quote)))
            {
                end = at + quotes;
                return true;
            }
            if (quotes == 1 && c is '\n' or '\r' && quotes == 1) break;
            if (c != '\\' || raw) continue;
            var length = EscapeLength(at, out var bad);
            if (length == 0)
            {
                failedAt = Math.Max(failedAt, bad);
                end = at;
                return false;
            }
            at += length - 1;
        }
        failedAt = Math.Max(failedAt, at);
        end = at;
        return false;
    }

    /// <summary>How long the escape at a backslash is; 0 when it is none, and then where it goes wrong.</summary>
    private int EscapeLength(int at, out int bad)
    {
        bad = at + 1;
        switch (At(at + 1))
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '"' or '\'' or '\\' or '?' or '`': return 2;
            case 'x' or 'X': return Hex(at, 2, out bad);
            case 'u': return Hex(at, 4, out bad);
            case 'U': return Hex(at, 8, out bad);
            case >= '0' and <= '3':
                for (bad = at + 2; bad < at + 4; bad++)
                    if (At(bad) is < '0' or > '7')
                        return 0;
                return 4;
            default: return 0;
        }
    }

    private int Hex(int at, int digits, out int bad)
    {
        for (bad = at + 2; bad < at + 2 + digits; bad++)
            if (!char.IsAsciiHexDigit(At(bad)))
                return 0;
        return digits + 2;
    }
}
