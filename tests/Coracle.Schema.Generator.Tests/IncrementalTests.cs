using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Coracle.Schema.Generator.Tests;

public sealed class IncrementalTests
{
    private const string Text = """
        using Coracle.Schema;
        namespace N;
        /// <summary>A part.</summary>
        [ApiType] public sealed partial class Part { [Field(1), OneOf("A", "B")] public string Mode { get; set; } = ""; public List<Part>? Parts { get; set; } }
        [Kind("a.example/v1", "Thing", "things")] public sealed partial class Thing { public Part? Part { get; set; } }
        [ApiType] public sealed class Wrong { }
        """;

    [Fact]
    public void An_edit_elsewhere_generates_nothing_anew()
    {
        var again = GeneratorRun.On(Text).After(c => c.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated { }", (CSharpParseOptions)c.SyntaxTrees.First().Options)));

        Assert.All(Reasons(again), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
    }

    [Fact]
    public void An_edit_of_one_class_generates_that_class_anew()
    {
        var first = GeneratorRun.On(Text);
        var again = first.After(c => c.ReplaceSyntaxTree(c.SyntaxTrees.Last(), CSharpSyntaxTree.ParseText(
            Text.Replace("\"B\"", "\"C\""), (CSharpParseOptions)c.SyntaxTrees.Last().Options, c.SyntaxTrees.Last().FilePath)));

        Assert.Single(Reasons(again), IncrementalStepRunReason.Modified);
        Assert.Contains("\"C\"", again.Texts["N.Part.g.cs"]);
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run) =>
        run.Driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason);
}
