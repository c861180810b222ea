using System.Globalization;

namespace Coracle.ApiServer.OpenApi;

/// <summary>One media range of an Accept header.</summary>
internal readonly record struct AcceptClause(string Type, string Subtype, double Quality)
{
    /// <summary>The first of the served types that the client prefers; null for none. No header accepts all.</summary>
    public static string? FirstOf(string? accept, IReadOnlyList<string> served)
    {
        foreach (var clause in Parse(string.IsNullOrEmpty(accept) ? "*/*" : accept))
            foreach (var type in served)
                if (clause.Covers(type))
                    return type;
        return null;
    }

    private bool Covers(string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return (Type == "*" || Type == type[..slash]) && (Subtype == "*" || Subtype == type[(slash + 1)..]);
    }

    // As upstream's goautoneg: the better ones first, of equals the more exact ones, else as they came.
    private static IEnumerable<AcceptClause> Parse(string accept) => accept.Split(',')
        .Select(ParseOne).OfType<AcceptClause>()
        .OrderByDescending(c => c.Quality).ThenBy(c => c.Type == "*").ThenBy(c => c.Subtype == "*");

    private static AcceptClause? ParseOne(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return parts[0] == "*" ? new("*", "*", 1) : null;
        var quality = 1.0;
        foreach (var part in parts.Skip(1))
            if (part.StartsWith("q=", StringComparison.Ordinal) && double.TryParse(part.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q))
                quality = q;
        return new(parts[0][..slash], parts[0][(slash + 1)..], quality);
    }
}
