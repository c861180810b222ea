using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Tests;

public sealed class BannedSymbolsTests
{
    /// <summary>The analyzer passes over a line that it does not understand, and the ban with it.</summary>
    [Fact]
    public void Every_banned_symbol_exists_and_says_what_to_do_instead()
    {
        var compilation = GeneratorRun.On("").Input;
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "BannedSymbols.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split(';', 2))
            .ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.NotNull(DocumentationCommentId.GetFirstSymbolForDeclarationId(line[0], compilation)));
        Assert.All(lines, line => Assert.NotEmpty(line[1]));
    }
}
