namespace Coracle.Kubectl.Tests;

/// <summary>The transcripts are worth what their comparison is.</summary>
public sealed class ComparisonTests
{
    private static Dictionary<string, string> Nothing => new(StringComparer.Ordinal);

    [Theory]
    [InlineData("web   1/1   Running   0   <age>", "web   1/1     Running   0          3m12s", true)]
    [InlineData("web   1/1   Running   0   <age>", "web   0/1     Running   0          3m12s", false)]
    [InlineData("web   1/1   Running   0   <age>", "web   1/1     Running   0          <invalid>", false)]
    [InlineData("web   1/1   Running   0   <age>", "web   1/1     Running   1 (3s ago)   3m12s", false)]
    [InlineData("a   <none>", "a         <none>", true)]
    [InlineData("a   <none>", "a   b", false)]
    [InlineData("  indented", "   indented", false)]
    [InlineData("one two", "one  two", false)]
    [InlineData("5 * 5 (x)", "5 * 5 (x)", true)]
    [InlineData("<ip>:80", "10.0.0.1:80", true)]
    [InlineData("<ip>:80", "10.0.0.1:81", false)]
    public void A_line_matches_when_it_differs_in_what_varies_alone(string expected, string actual, bool matches) =>
        Assert.Equal(matches, LinePattern.Matches(expected, actual, Nothing));

    [Fact]
    public void What_was_given_a_name_means_the_same_text_from_then_on()
    {
        var known = Nothing;
        Assert.NotNull(Comparison.Consumed(["pod/web-<hash:rs>-<hash:pod>"], ["pod/web-5d4f-x7k2p"], known));
        Assert.Equal("5d4f", known["rs"]);
        Assert.NotNull(Comparison.Consumed(["rs/web-<hash:rs>"], ["rs/web-5d4f"], known));
        Assert.Null(Comparison.Consumed(["rs/web-<hash:rs>"], ["rs/web-ffff"], known));
        Assert.Null(Comparison.Consumed(["<hash:a> <hash:a>"], ["x y"], known));
    }

    [Fact]
    public void Lines_that_are_missing_or_too_many_are_differences()
    {
        Assert.Null(Comparison.Consumed(["a", "b"], ["a"], Nothing));
        Assert.Null(Comparison.Consumed(["a"], ["a", "b"], Nothing));
        Assert.Null(Comparison.Consumed([], ["a"], Nothing));
        Assert.Equal(1, Comparison.Consumed(["a"], ["a", "b"], Nothing, prefix: true));
    }

    [Fact]
    public void Any_lines_stand_for_as_many_as_there_are_until_the_next_that_is_expected()
    {
        Assert.NotNull(Comparison.Consumed(["a", "<lines>", "d"], ["a", "b", "c", "d"], Nothing));
        Assert.NotNull(Comparison.Consumed(["a", "<lines>", "d"], ["a", "d"], Nothing));
        Assert.Null(Comparison.Consumed(["a", "<lines>", "d"], ["a", "b", "c"], Nothing));
        Assert.Null(Comparison.Consumed(["a", "<lines>", "d"], ["a", "d", "e"], Nothing));
    }

    [Fact]
    public void A_difference_shows_what_is_missing_and_what_is_too_much() =>
        Assert.Equal("    a\n  - b\n  + x\n    c\n", Comparison.Difference(["a", "b", "c"], ["a", "x", "c"], Nothing));

    [Fact]
    public void A_transcript_with_a_line_that_belongs_to_nothing_is_refused() =>
        Assert.Throws<FormatException>(() => Transcript.Parse("x", ["pod/web created"]));
}
