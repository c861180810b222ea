using System.Text;
using Coracle.Schema.Generator.Emit;
using Coracle.Schema.Generator.Model;
using Coracle.Schema.Generator.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Coracle.Schema.Generator;

/// <summary>
/// Writes down what attributes say of reconcilers and webhooks ([Rbac], [Webhook] of Coracle.Sdk), so that manifests can be made of it without reflection: the classes implement IDeclaredRules and
/// IDeclaredWebhook.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class DeclarationGenerator : IIncrementalGenerator
{
    private const string Sdk = "Coracle.Sdk.";

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Declare(context, "RbacAttribute", "Rules", DeclarationEmitter.Rules);
        Declare(context, "WebhookAttribute", "Webhook", DeclarationEmitter.Webhook);
    }

    private static void Declare(IncrementalGeneratorInitializationContext context, string attribute, string part, Func<DeclarationModel, string> emit)
    {
        var found = context.SyntaxProvider.ForAttributeWithMetadataName(Sdk + attribute, static (node, _) => node is ClassDeclarationSyntax, static (found, _) => Read(found));
        context.RegisterSourceOutput(found, (output, model) =>
        {
            if (model.Finding is { } finding) output.ReportDiagnostic(finding.ToDiagnostic());
            else output.AddSource($"{model.FullName}.{part}.g.cs", SourceText.From(emit(model), Utf8));
        });
    }

    private static DeclarationModel Read(GeneratorAttributeSyntaxContext found)
    {
        var type = (INamedTypeSymbol)found.TargetSymbol;
        var space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();
        var partial = ((ClassDeclarationSyntax)found.TargetNode).Modifiers.Any(SyntaxKind.PartialKeyword);
        if (!partial || type.ContainingType is not null || type.IsGenericType)
            return new(space, type.Name, default, new(Diagnostics.NotCompletable.Id, PlaceModel.Of(type.Locations.FirstOrDefault()), new[] { type.Name }.ToEquatable()));
        return new(space, type.Name, found.Attributes.Select(Said).ToEquatable(), null);
    }

    // The attribute as code, with constants in the place of names.
    private static string Said(AttributeData attribute)
    {
        var arguments = attribute.ConstructorArguments.SelectMany(a => a.Kind == TypedConstantKind.Array ? a.Values.Select(Constant) : [Constant(a)]);
        var properties = string.Join(", ", attribute.NamedArguments.Select(a => $"{a.Key} = {Constant(a.Value)}"));
        var name = attribute.AttributeClass!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return $"new {name}({string.Join(", ", arguments)})" + (properties.Length > 0 ? $" {{ {properties} }}" : "");
    }

    private static string Constant(TypedConstant value) => value switch
    {
        { Kind: TypedConstantKind.Array, IsNull: false } => $"new string[] {{ {string.Join(", ", value.Values.Select(Constant))} }}",
        { Value: string text } => Code.Literal(text),
        { Value: int number } => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "\"\"",
    };
}
