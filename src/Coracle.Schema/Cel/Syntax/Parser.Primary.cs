using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>What expressions begin with: literals, names, and what is in brackets.</summary>
internal sealed partial class Parser
{
    // One after the other: a row of tokens that do not belong there must not become as many calls.
    private Expr Primary()
    {
        while (true)
            if (Operand() is { } operand)
                return operand;
    }

    /// <summary>An operand; null when what stood there was passed over, and one may follow.</summary>
    private Expr? Operand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.LeftParen:
                Take();
                var inner = Expression();
                Match(TokenKind.RightParen, out _);
                return inner;
            case TokenKind.LeftBracket: return List();
            case TokenKind.LeftBrace: return Map();
            case TokenKind.Dot or TokenKind.Identifier: return Name();
            case TokenKind.Minus when Next is TokenKind.Int or TokenKind.Double:
                Take();
                return Kind == TokenKind.Int ? Int(token.Start, "-") : Double(token.Start, "-");
            case TokenKind.Int: return Int(token.Start, "");
            case TokenKind.Double: return Double(token.Start, "");
            case TokenKind.Uint: return Uint();
            case TokenKind.String: return String();
            case TokenKind.Bytes: return Bytes();
            case TokenKind.True: return new ConstantExpr(Take().Start, CelValue.True);
            case TokenKind.False: return new ConstantExpr(Take().Start, CelValue.False);
            case TokenKind.Null: return new ConstantExpr(Take().Start, CelValue.Null);
        }
        var expected = position > 0 && position == opened ? FirstExpected(tokens[position - 1].Kind) : PrimaryExpected;
        if (BeginsOperand(Next))
        {
            Tell(token, $"extraneous input '{Text(token)}' expecting {expected}");
            position++;
            return null;
        }
        Tell(token, $"mismatched input '{Text(token)}' expecting {expected}");
        SkipToFollowing();
        return Broken(token.Start);
    }

    /// <summary>Where the first element of a list or map could stand, or none.</summary>
    private int opened = -1;

    private static string FirstExpected(TokenKind open) => open == TokenKind.LeftBrace
        ? "{'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
        : "{'[', ']', '{', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    private static bool BeginsOperand(TokenKind kind) => kind is TokenKind.LeftParen or TokenKind.LeftBracket or TokenKind.LeftBrace or TokenKind.Dot or TokenKind.Minus
        or TokenKind.Not or TokenKind.True or TokenKind.False or TokenKind.Null or TokenKind.Double or TokenKind.Int or TokenKind.Uint or TokenKind.String or TokenKind.Bytes
        or TokenKind.Identifier;

    private Expr Int(int start, string sign)
    {
        var digits = Text(Take());
        var hex = digits.StartsWith("0x", StringComparison.Ordinal);
        if (!UInt128.TryParse(hex ? digits.AsSpan(2) : digits, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > (UInt128)long.MaxValue + (sign.Length == 0 ? 0u : 1u))
            return Wrong(start, "invalid int literal");
        return new ConstantExpr(start, CelValue.Int(sign.Length == 0 ? (long)value : (long)-(Int128)value));
    }

    private Expr Uint()
    {
        var token = Take();
        var digits = Text(token)[..^1];
        var hex = digits.StartsWith("0x", StringComparison.Ordinal);
        return ulong.TryParse(hex ? digits.AsSpan(2) : digits, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new ConstantExpr(token.Start, CelValue.Uint(value))
            : Wrong(token.Start, "invalid uint literal");
    }

    private Expr Double(int start, string sign)
    {
        var value = double.Parse(sign + Text(Take()), CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? Wrong(start, "invalid double literal") : new ConstantExpr(start, CelValue.Double(value));
    }

    private Expr String()
    {
        var token = Take();
        return Unescape.Text(Text(token), out var error) is { } value ? new ConstantExpr(token.Start, CelValue.String(value)) : Wrong(token.Start, error!);
    }

    private Expr Bytes()
    {
        var token = Take();
        return Unescape.Bytes(Text(token), out var error) is { } value ? new ConstantExpr(token.Start, CelValue.Bytes(value)) : Wrong(token.Start, error!);
    }

    /// <summary>A variable, a function call, or an object literal; with a leading dot, taken from the outermost scope.</summary>
    private Expr Name()
    {
        var start = Current;
        var dot = Kind == TokenKind.Dot;
        if (dot) Take();
        if (Kind != TokenKind.Identifier)
        {
            NoIdentifier(start);
            return Broken(start.Start);
        }
        if (StructAhead()) return Struct(dot);
        var token = Take();
        var name = Text(token);
        var called = Kind == TokenKind.LeftParen;
        if (Reserved.Contains(name))
        {
            if (called)
            {
                Take();
                Arguments();
            }
            return Wrong(start.Start, $"reserved identifier: {name}");
        }
        if (dot) name = "." + name;
        if (!called) return new IdentExpr(token.Start, name);
        var open = Take();
        return Call(open.Start, name, null, Arguments());
    }

    /// <summary>Names with dots between, and then a brace.</summary>
    private bool StructAhead()
    {
        var ahead = position + 1;
        while (ahead + 1 < tokens.Count && tokens[ahead].Kind == TokenKind.Dot && tokens[ahead + 1].Kind == TokenKind.Identifier) ahead += 2;
        return tokens[ahead].Kind == TokenKind.LeftBrace;
    }

    private Expr Struct(bool dot)
    {
        var name = (dot ? "." : "") + Text(Take());
        while (Kind == TokenKind.Dot)
        {
            Take();
            name += "." + Text(Take());
        }
        var brace = Take();
        List<StructField> fields = [];
        while (Kind is not (TokenKind.RightBrace or TokenKind.Comma or TokenKind.End))
        {
            var start = Current;
            var optional = Kind == TokenKind.Question;
            if (optional) Take();
            if (Kind == TokenKind.EscapedIdentifier)
            {
                Take();
                issues.Add(start.Start, "unsupported syntax: '`'");
            }
            else if (!Match(TokenKind.Identifier, out _, fields.Count == 0 ? "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}" : "{'?', IDENTIFIER, ESC_IDENTIFIER}")) break;
            var field = Text(tokens[position - 1]);
            if (!Match(TokenKind.Colon, out var colon)) break;
            fields.Add(new(colon.Start, field, Expression(), optional));
            if (Kind != TokenKind.Comma) break;
            Take();
        }
        if (Kind == TokenKind.Comma && fields.Count == 0) Take();
        Match(TokenKind.RightBrace, out _);
        return new StructExpr(brace.Start, name, [.. fields]);
    }

    private ListExpr List()
    {
        var open = Take();
        opened = position;
        List<Expr> elements = [];
        List<bool> optional = [];
        while (Kind is not (TokenKind.RightBracket or TokenKind.Comma or TokenKind.End))
        {
            optional.Add(Kind == TokenKind.Question);
            if (optional[^1]) Take();
            elements.Add(Expression());
            if (Kind != TokenKind.Comma) break;
            Take();
        }
        if (Kind == TokenKind.Comma && elements.Count == 0) Take();
        if (Kind == TokenKind.End && elements.Count == 0)
            Tell(Current, "mismatched input '<EOF>' expecting " + FirstExpected(TokenKind.LeftBracket));
        Match(TokenKind.RightBracket, out _);
        return new(open.Start, [.. elements], optional.Contains(true) ? [.. optional] : []);
    }

    private MapExpr Map()
    {
        var open = Take();
        opened = position;
        List<MapEntry> entries = [];
        while (Kind is not (TokenKind.RightBrace or TokenKind.Comma or TokenKind.End))
        {
            var optional = Kind == TokenKind.Question;
            if (optional) Take();
            var key = Expression();
            if (!Match(TokenKind.Colon, out var colon)) break;
            entries.Add(new(colon.Start, key, Expression(), optional));
            if (Kind != TokenKind.Comma) break;
            Take();
        }
        if (Kind == TokenKind.Comma && entries.Count == 0) Take();
        if (Kind == TokenKind.End && entries.Count == 0)
            Tell(Current, "mismatched input '<EOF>' expecting " + FirstExpected(TokenKind.LeftBrace));
        Match(TokenKind.RightBrace, out _);
        return new(open.Start, [.. entries]);
    }
}
