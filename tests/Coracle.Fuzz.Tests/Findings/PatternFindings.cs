using Coracle.Schema.Cel;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class PatternFindings
{
    [Fact]
    public void A_pattern_of_unlimited_length_is_not_compiled()
    {
        Assert.False(GoRegex.TryCompile(new string('a', 3_000_000), out _, out var error));
        Assert.Equal("error parsing regexp: expression too large: ``", error);
    }
}
