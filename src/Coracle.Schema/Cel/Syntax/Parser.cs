using System.Globalization;

namespace Coracle.Schema.Cel;

/// <summary>Nesting that is deeper than upstream's parser goes: what was read so far is worth nothing.</summary>
internal sealed class ParseAbortedException : Exception;

/// <summary>
/// Reads the grammar of CEL by recursive descent. What is wrong is told as upstream's generated parser tells it: one token too many or one too few
/// is passed by, so that more than one mistake is found; after anything else, messages wait until a token fits again.
/// </summary>
internal sealed partial class Parser
{
    private const int MaxCodePoints = 100_000;
    private const int MaxDepth = 250;
    private const int MaxRecoveries = 30;

    private const string PrimaryExpected =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "package", "namespace", "null",
        "return", "true", "var", "void", "while",
    };

    private readonly string text;
    private readonly CelIssues issues;
    private readonly bool bindings;
    private readonly List<Token> tokens;
    private int position;
    private bool recovering;
    private int recoveries;
    private int expressions, relations, calcs, members;

    private Parser(CelSource source, CelIssues issues, List<Token> tokens, bool bindings)
    {
        text = source.Text;
        this.issues = issues;
        this.tokens = tokens;
        this.bindings = bindings;
    }

    /// <summary>The tree of an expression; null when <paramref name="issues"/> got what is wrong with it.</summary>
    public static Expr? Parse(CelSource source, CelIssues issues, bool bindings = false)
    {
        var size = CelSource.CodePoints(source.Text);
        if (size > MaxCodePoints)
        {
            issues.Add(-1, string.Create(CultureInfo.InvariantCulture, $"expression code point size exceeds limit: size: {size}, limit {MaxCodePoints}"));
            return null;
        }
        var parser = new Parser(source, issues, new Lexer(source, issues).ReadAll(), bindings);
        try
        {
            var tree = parser.Expression();
            parser.MatchEnd();
            return issues.Count == 0 ? tree : null;
        }
        catch (ParseAbortedException)
        {
            return null;
        }
    }

    private Token Current => tokens[position];
    private TokenKind Kind => tokens[position].Kind;
    private TokenKind Next => tokens[Math.Min(position + 1, tokens.Count - 1)].Kind;
    private string Text(Token token) => token.Kind == TokenKind.End ? "<EOF>" : text.Substring(token.Start, token.Length);

    private Token Take()
    {
        recovering = false;
        var token = tokens[position];
        if (position < tokens.Count - 1) position++;
        return token;
    }

    private void Enter(ref int depth)
    {
        if (++depth <= MaxDepth) return;
        issues.Add(-1, $"expression recursion limit exceeded: {MaxDepth}");
        throw new ParseAbortedException();
    }

    private ConstantExpr Broken(int offset) => new(offset, CelValue.Null);

    private ConstantExpr Wrong(int offset, string message)
    {
        issues.Add(offset, message);
        return Broken(offset);
    }

    /// <summary>A syntax error, unless one was told since the last token that fitted.</summary>
    private void Tell(Token at, string message)
    {
        if (recovering) return;
        recovering = true;
        if (++recoveries > MaxRecoveries)
        {
            issues.Add(-1, $"error recovery attempt limit exceeded: {MaxRecoveries}");
            throw new ParseAbortedException();
        }
        issues.Add(at.Start, "Syntax error: " + message);
    }

    /// <summary>The token that must come now. One too many is passed by; a missing one is taken as read where what comes could follow it.</summary>
    private bool Match(TokenKind kind, out Token token, string? expecting = null)
    {
        expecting ??= Token.Name(kind);
        token = Current;
        if (Kind == kind)
        {
            token = Take();
            return true;
        }
        if (Next == kind)
        {
            Tell(Current, $"extraneous input '{Text(Current)}' expecting {expecting}");
            position++;
            token = Take();
            return true;
        }
        if (kind is TokenKind.RightParen or TokenKind.RightBracket or TokenKind.RightBrace && CanFollowOperand(Kind))
            Tell(Current, $"missing {Token.Name(kind)} at '{Text(Current)}'");
        else
        {
            Tell(Current, $"mismatched input '{Text(Current)}' expecting {expecting}");
            SkipToFollowing();
        }
        return false;
    }

    private void MatchEnd()
    {
        if (Kind == TokenKind.End || recovering) return;
        Tell(Current, Next == TokenKind.End ? $"extraneous input '{Text(Current)}' expecting <EOF>" : $"mismatched input '{Text(Current)}' expecting <EOF>");
    }

    private static bool CanFollowOperand(TokenKind kind) => kind is TokenKind.End or TokenKind.Equals or TokenKind.NotEquals or TokenKind.In or TokenKind.Less
        or TokenKind.LessEquals or TokenKind.GreaterEquals or TokenKind.Greater or TokenKind.And or TokenKind.Or or TokenKind.RightBracket or TokenKind.RightBrace
        or TokenKind.RightParen or TokenKind.Comma or TokenKind.Question or TokenKind.Colon or TokenKind.Plus or TokenKind.Minus or TokenKind.Star
        or TokenKind.Slash or TokenKind.Percent or TokenKind.Dot or TokenKind.LeftBracket;

    private void SkipToFollowing()
    {
        while (Kind != TokenKind.End && !CanFollowOperand(Kind)) position++;
    }

    private Expr Expression()
    {
        Enter(ref expressions);
        var condition = Or();
        if (Kind == TokenKind.Question)
        {
            var op = Take();
            var whenTrue = Or();
            Match(TokenKind.Colon, out _);
            condition = new CallExpr(op.Start, Operators.Conditional, null, [condition, whenTrue, Expression()]);
        }
        expressions--;
        return condition;
    }

    private Expr Or() => Logical(TokenKind.Or, Operators.Or, And);

    private Expr And() => Logical(TokenKind.And, Operators.And, Relation);

    /// <summary>A chain of one logical operator becomes a balanced tree, so that long chains stay shallow.</summary>
    private Expr Logical(TokenKind kind, string function, Func<Expr> operand)
    {
        var first = operand();
        if (Kind != kind) return first;
        List<Expr> terms = [first];
        List<int> offsets = [];
        while (Kind == kind)
        {
            offsets.Add(Take().Start);
            terms.Add(operand());
        }
        return Balance(function, terms, offsets, 0, offsets.Count - 1);
    }

    private static CallExpr Balance(string function, List<Expr> terms, List<int> offsets, int low, int high)
    {
        var middle = (low + high + 1) / 2;
        var left = middle == low ? terms[middle] : Balance(function, terms, offsets, low, middle - 1);
        var right = middle == high ? terms[middle + 1] : Balance(function, terms, offsets, middle + 1, high);
        return new(offsets[middle], function, null, [left, right]);
    }

    private Expr Relation()
    {
        Enter(ref relations);
        var entered = 1;
        var left = Sum();
        while (RelationOperator(Kind) is { } function)
        {
            var op = Take();
            Enter(ref relations);
            entered++;
            left = new CallExpr(op.Start, function, null, [left, Sum()]);
        }
        relations -= entered;
        return left;
    }

    private static string? RelationOperator(TokenKind kind) => kind switch
    {
        TokenKind.Less => Operators.Less,
        TokenKind.LessEquals => Operators.LessEqual,
        TokenKind.GreaterEquals => Operators.GreaterEqual,
        TokenKind.Greater => Operators.Greater,
        TokenKind.Equals => Operators.Equal,
        TokenKind.NotEquals => Operators.NotEqual,
        TokenKind.In => Operators.In,
        _ => null,
    };

    private Expr Sum()
    {
        Enter(ref calcs);
        var entered = 1;
        var left = Product(ref entered);
        while (Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var op = Take();
            Enter(ref calcs);
            entered++;
            left = new CallExpr(op.Start, op.Kind == TokenKind.Plus ? Operators.Add : Operators.Subtract, null, [left, Product(ref entered)]);
        }
        calcs -= entered;
        return left;
    }

    private Expr Product(ref int entered)
    {
        var left = Unary();
        while (Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            var op = Take();
            Enter(ref calcs);
            entered++;
            var function = op.Kind switch { TokenKind.Star => Operators.Multiply, TokenKind.Slash => Operators.Divide, _ => Operators.Modulo };
            left = new CallExpr(op.Start, function, null, [left, Unary()]);
        }
        return left;
    }

    private Expr Unary()
    {
        if (Kind is not (TokenKind.Not or TokenKind.Minus) || (Kind == TokenKind.Minus && Next is TokenKind.Int or TokenKind.Double)) return Member();
        var kind = Kind;
        var first = Current;
        var count = 0;
        NoOperandAfterMinus();
        // The last minus before a number belongs to the number.
        while (Kind == kind && !(count > 0 && kind == TokenKind.Minus && Next is TokenKind.Int or TokenKind.Double))
        {
            Take();
            count++;
        }
        var operand = Member();
        return count % 2 == 0 ? operand : new CallExpr(first.Start, kind == TokenKind.Not ? Operators.Not : Operators.Negate, null, [operand]);
    }

    /// <summary>A minus could begin a number or stand before anything: what follows the last one decides, and is told first when it is neither.</summary>
    private void NoOperandAfterMinus()
    {
        var last = position;
        while (tokens[last].Kind == TokenKind.Minus) last++;
        if (last == position || BeginsOperand(tokens[last].Kind)) return;
        Tell(tokens[last], "no viable alternative at input '-'");
    }

    private Expr Member()
    {
        Enter(ref members);
        var entered = 1;
        var operand = Primary();
        while (Kind is TokenKind.Dot or TokenKind.LeftBracket)
        {
            Enter(ref members);
            entered++;
            operand = Kind == TokenKind.Dot ? Selection(operand) : Indexed(operand);
        }
        members -= entered;
        return operand;
    }

    private Expr Indexed(Expr operand)
    {
        var op = Take();
        var optional = Kind == TokenKind.Question;
        if (optional) Take();
        var index = Expression();
        Match(TokenKind.RightBracket, out _);
        return new CallExpr(op.Start, optional ? Operators.OptIndex : Operators.Index, null, [operand, index]);
    }

    private Expr Selection(Expr operand)
    {
        var dot = Take();
        var optional = Kind == TokenKind.Question;
        if (optional) Take();
        if (Kind == TokenKind.EscapedIdentifier)
        {
            return Wrong(Take().Start, "unsupported syntax: '`'");
        }
        if (Kind != TokenKind.Identifier)
        {
            NoIdentifier(dot);
            return Broken(dot.Start);
        }
        var name = Take();
        var field = Text(name);
        if (optional) return new CallExpr(dot.Start, Operators.OptSelect, null, [operand, new ConstantExpr(name.Start, CelValue.String(field))]);
        if (Kind != TokenKind.LeftParen) return new SelectExpr(dot.Start, operand, field);
        var open = Take();
        return Call(open.Start, field, operand, Arguments());
    }

    private void NoIdentifier(Token dot)
    {
        var end = Kind == TokenKind.End ? tokens[position - 1].End : Current.End;
        Tell(Current, Kind is TokenKind.True or TokenKind.False or TokenKind.Null
            ? $"mismatched input '{Text(Current)}' expecting IDENTIFIER"
            : $"no viable alternative at input '{text[dot.Start..end]}'");
        SkipToFollowing();
    }

    private Expr[] Arguments()
    {
        List<Expr> args = [];
        if (Kind != TokenKind.RightParen)
        {
            args.Add(Expression());
            while (Kind == TokenKind.Comma)
            {
                Take();
                args.Add(Expression());
            }
        }
        Match(TokenKind.RightParen, out _);
        return [.. args];
    }
}
