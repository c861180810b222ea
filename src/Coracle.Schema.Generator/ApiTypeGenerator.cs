using System.Collections.Immutable;
using System.Text;
using Coracle.Schema.Generator.Emit;
using Coracle.Schema.Generator.Model;
using Coracle.Schema.Generator.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Coracle.Schema.Generator;

/// <summary>
/// Completes annotated classes: a schema, a serializer, a deep copy and an equality for each, a KindInfo for each kind, and the list of an
/// assembly's kinds. Runs in three steps, so that an edit redoes only what it changes: annotated class to model, model to code, all
/// models to the list.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ApiTypeGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // A class may carry both attributes; the kind's then says all.
        var parts = Annotated(context, Attributes.ApiType, isKind: false);
        var kinds = Annotated(context, Attributes.Kind, isKind: true);
        context.RegisterSourceOutput(parts, Complete);
        context.RegisterSourceOutput(kinds, Complete);

        var rootNamespace = context.AnalyzerConfigOptionsProvider.Select((options, _) =>
            options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var space) && space.Length > 0 ? space : null);
        var assemblyName = context.CompilationProvider.Select((compilation, _) => compilation.AssemblyName ?? "Kinds");
        var space = rootNamespace.Combine(assemblyName).Select((pair, _) => pair.Left ?? pair.Right);
        var listed = kinds.Where(result => result.Type is not null).Select((result, _) => result.Type!).Collect();
        var hasParts = parts.Collect().Select((all, _) => all.Length > 0);
        context.RegisterSourceOutput(
            listed.Combine(hasParts).Combine(space),
            static (output, input) => List(output, input.Left.Left, input.Left.Right, input.Right));
    }

    private static IncrementalValuesProvider<ReadResult> Annotated(
        IncrementalGeneratorInitializationContext context, string attribute, bool isKind) => context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                (found, cancellation) => !isKind && found.TargetSymbol.Has("Kind") ? null : TypeReader.Read(found, cancellation))
            .Where(result => result is not null)
            .Select((result, _) => result!);

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private static void Complete(SourceProductionContext output, ReadResult result)
    {
        foreach (var finding in result.Findings) output.ReportDiagnostic(finding.ToDiagnostic());
        if (result.Type is { } type) output.AddSource($"{type.FullName}.g.cs", SourceText.From(TypeEmitter.Emit(type), Utf8));
    }

    private static void List(SourceProductionContext output, ImmutableArray<ApiTypeModel> kinds, bool hasParts, string space)
    {
        if (kinds.Length == 0 && !hasParts) return;
        output.AddSource("GeneratedKinds.g.cs", SourceText.From(RegistryEmitter.Emit(space, kinds), Utf8));
    }
}
