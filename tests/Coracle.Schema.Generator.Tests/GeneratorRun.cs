using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Coracle.Schema.Generator.Tests;

/// <summary>The generator run on a text, as a compiler would.</summary>
internal sealed class GeneratorRun
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => path != typeof(GeneratorRun).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    private const string Usings = "global using System; global using System.Collections.Generic;";

    private GeneratorRun(GeneratorDriver driver, Compilation input, Compilation output)
    {
        Driver = driver;
        Input = input;
        Findings = driver.GetRunResult().Diagnostics;
        Compiler = output.GetDiagnostics();
        Texts = driver.GetRunResult().GeneratedTrees.ToImmutableDictionary(tree => Path.GetFileName(tree.FilePath), tree => tree.ToString());
    }

    public GeneratorDriver Driver { get; }
    public Compilation Input { get; }

    /// <summary>What the generator has to say.</summary>
    public ImmutableArray<Diagnostic> Findings { get; }

    /// <summary>What the compiler has to say about the text and the generated code together.</summary>
    public ImmutableArray<Diagnostic> Compiler { get; }

    /// <summary>Generated code by file name.</summary>
    public ImmutableDictionary<string, string> Texts { get; }

    public static GeneratorRun On(string text, string assembly = "Samples", DocumentationMode documentation = DocumentationMode.None)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, documentation);
        var input = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(Usings, options), CSharpSyntaxTree.ParseText(text, options, "Text.cs")],
            References,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(
            [new ApiTypeGenerator().AsSourceGenerator(), new DeclarationGenerator().AsSourceGenerator()],
            parseOptions: options,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Run(driver, input);
    }

    /// <summary>Runs again after an edit.</summary>
    public GeneratorRun After(Func<Compilation, Compilation> edit) => Run(Driver, edit(Input));

    private static GeneratorRun Run(GeneratorDriver driver, Compilation input)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return new(driver, input, output);
    }
}
