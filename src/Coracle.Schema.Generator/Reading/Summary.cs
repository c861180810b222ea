using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Reading;

/// <summary>
/// The text of a declaration's summary. Read from the comment itself: the compiler parses documentation only in projects that
/// publish it, but descriptions belong to every schema.
/// </summary>
internal static class Summary
{
    /// <summary>
    /// The summary in plain words. A cref stands for the name of what it refers to, which <paramref name="rename"/> may change: to a
    /// property's JSON name.
    /// </summary>
    public static string Of(ISymbol symbol, Func<string, string> rename, CancellationToken cancellation)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            var text = Comment(reference.GetSyntax(cancellation));
            if (text.Length > 0) return Plain(text, rename);
        }
        return "";
    }

    private static string Comment(SyntaxNode declaration)
    {
        var text = new StringBuilder();
        foreach (var line in declaration.GetLeadingTrivia().ToFullString().Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith("///", StringComparison.Ordinal)) text.Append(trimmed.Substring(3)).Append('\n');
            else if (trimmed.Length > 0) text.Clear();
        }
        return text.ToString();
    }

    private static string Plain(string comment, Func<string, string> rename)
    {
        try
        {
            var summary = XElement.Parse($"<doc>{comment}</doc>", LoadOptions.PreserveWhitespace).Element("summary");
            if (summary is null) return "";
            var text = new StringBuilder();
            Append(text, summary, rename);
            return string.Join(" ", text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        catch (XmlException)
        {
            return ""; // The compiler warns about malformed comments itself.
        }
    }

    private static void Append(StringBuilder text, XElement element, Func<string, string> rename)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText words) text.Append(words.Value);
            else if (node is XElement { HasElements: false, Value.Length: 0 } reference) text.Append(Name(reference, rename));
            else if (node is XElement inner)
            {
                var apart = inner.Name.LocalName is "para" or "item" or "list";
                if (apart) text.Append(' ');
                Append(text, inner, rename);
                if (apart) text.Append(' ');
            }
        }
    }

    private static string Name(XElement reference, Func<string, string> rename)
    {
        if (reference.Attribute("cref")?.Value is { } target) return rename(Last(target));
        return reference.Attribute("langword")?.Value ?? reference.Attribute("name")?.Value ?? reference.Attribute("href")?.Value ?? " ";
    }

    /// <summary>"Some.Space.Kind{T}.Method(int)" to "Method".</summary>
    private static string Last(string target)
    {
        var end = target.IndexOfAny(['(', '{', '<']);
        if (end >= 0) target = target.Substring(0, end);
        return target.Substring(target.LastIndexOfAny(['.', ':']) + 1);
    }
}
