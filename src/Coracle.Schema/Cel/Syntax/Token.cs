namespace Coracle.Schema.Cel;

internal enum TokenKind : byte
{
    End, Equals, NotEquals, In, Less, LessEquals, GreaterEquals, Greater, And, Or, LeftBracket, RightBracket, LeftBrace, RightBrace,
    LeftParen, RightParen, Dot, Comma, Minus, Not, Question, Colon, Plus, Star, Slash, Percent, True, False, Null,
    Double, Int, Uint, String, Bytes, Identifier, EscapedIdentifier,
}

/// <summary>A piece of an expression's text.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>The kind as cel-go's messages name it.</summary>
    public static string Name(TokenKind kind) => kind switch
    {
        TokenKind.End => "<EOF>",
        TokenKind.RightParen => "')'",
        TokenKind.RightBracket => "']'",
        TokenKind.RightBrace => "'}'",
        TokenKind.LeftBrace => "'{'",
        TokenKind.Colon => "':'",
        TokenKind.Comma => "','",
        TokenKind.Identifier => "IDENTIFIER",
        _ => kind.ToString(),
    };
}
