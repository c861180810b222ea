using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Coracle.Schema.Generator.Emit;

/// <summary>C# text under construction, with indentation by braces.</summary>
internal sealed class Code
{
    /// <summary>Before a type of Coracle.Schema: a type or property of the user's may have the same name.</summary>
    public const string S = "global::Coracle.Schema.";

    /// <summary>Before a type of System.Text.Json.</summary>
    public const string J = "global::System.Text.Json.";

    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line)
    {
        if (line.Length > 0) text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
    }

    public void Line() => Line("");

    /// <summary>A line, then a block in braces; <paramref name="end"/> follows the closing one.</summary>
    public void Block(string head, Action body, string end = "")
    {
        Line(head);
        Line("{");
        depth++;
        body();
        depth--;
        Line("}" + end);
    }

    /// <summary>A line and one below it that depends on it.</summary>
    public void Under(string head, string statement)
    {
        Line(head);
        depth++;
        Line(statement);
        depth--;
    }

    public override string ToString() => text.ToString();

    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
    public static string LiteralOrNull(string? value) => value is null ? "null" : Literal(value);
    public static string Utf8(string value) => Literal(value) + "u8";
    public static string Literal(bool value) => value ? "true" : "false";

    public static string Strings(IEnumerable<string> values) => $"new string[] {{ {string.Join(", ", values.Select(Literal))} }}";

    /// <summary>A property's name as code.</summary>
    public static string Identifier(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>A property of this object; one in lower case could be mistaken for a parameter.</summary>
    public static string Own(string name) => char.IsUpper(name[0]) ? name : "this." + Identifier(name);
}
