using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Coracle.Schema.Generator.Tests;

public sealed class GoldenTests
{
    private static readonly string Here = AppContext.BaseDirectory;

    /// <summary>With CORACLE_GOLDEN=write the files are written anew; the change is then reviewed as any other.</summary>
    [Fact]
    public void The_generated_code_of_a_sample_kind_is_the_committed_one()
    {
        var run = GeneratorRun.On(File.ReadAllText(Path.Combine(Here, "Samples/Widget.cs")));
        if (Environment.GetEnvironmentVariable("CORACLE_GOLDEN") == "write") WriteAnew(run);

        Assert.Empty(run.Findings);
        Assert.Equal(Directory.GetFiles(Path.Combine(Here, "Golden")).Select(path => Path.GetFileName(path)).Order(), run.Texts.Keys.Order());
        foreach (var (name, text) in run.Texts) Assert.Equal(File.ReadAllText(Path.Combine(Here, "Golden", name)), text);
    }

    [Fact]
    public void Generated_code_compiles_without_warnings()
    {
        foreach (var sample in new[] { "Widget.cs", "Shapes.cs" })
            Assert.Empty(GeneratorRun.On(File.ReadAllText(Path.Combine(Here, "Samples", sample))).Compiler.Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    private static void WriteAnew(GeneratorRun run, [CallerFilePath] string path = "")
    {
        foreach (var folder in new[] { Path.Combine(Path.GetDirectoryName(path)!, "Golden"), Path.Combine(Here, "Golden") })
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in run.Texts) File.WriteAllText(Path.Combine(folder, name), text);
        }
    }
}
