using Coracle.Schema.Cel;

namespace Coracle.Schema;

/// <summary>The rules of one node of a schema, compiled once (apiextensions-apiserver, pkg/apiserver/schema/cel/compilation.go).</summary>
public sealed class RuleSet
{
    private RuleSet(CelSchema schema, CelDeclaration? self, CompiledRule[] rules) => (Schema, Self, All) = (schema, self, rules);

    internal CelSchema Schema { get; }

    /// <summary>The type of the value; null where expressions cannot see it.</summary>
    public CelDeclaration? Self { get; }
    public IReadOnlyList<CompiledRule> Rules => All;
    internal CompiledRule[] All { get; }
    internal bool UsesOldSelf { get; private init; }

    /// <param name="node">The node.</param>
    /// <param name="root">It is the root of a resource: apiVersion, kind and the name are there.</param>
    public static RuleSet Of(SchemaNode node, bool root)
    {
        var schema = CelSchema.From(node);
        if (CelDeclaration.From(schema, "self", root || node.EmbeddedResource) is not { } self) return new(schema, null, []);
        var environment = CelEnvironment.Kubernetes.WithVariable("self", self);
        var (old, optional) = (environment.WithVariable("oldSelf", self), environment.WithVariable("oldSelf", CelType.Optional(self.Type)));
        var rules = node.Rules.Select(rule => CompiledRule.Of(rule, rule.OptionalOldSelf ? optional : old)).ToArray();
        return new(root || node.EmbeddedResource ? schema.WithTypeAndObjectMeta() : schema, self, rules) { UsesOldSelf = System.Array.Exists(rules, rule => rule.UsesOldSelf) };
    }
}

/// <summary>One rule, and what is wrong with it.</summary>
public sealed class CompiledRule
{
    public required SchemaRule Rule { get; init; }
    public CelProgram? Program { get; private init; }

    /// <summary>Why there is no program; null where nothing is wrong.</summary>
    public string? Error { get; private init; }
    public CelProgram? Message { get; private init; }
    public string? MessageError { get; private init; }

    /// <summary>The rule compares with what was before.</summary>
    public bool UsesOldSelf { get; private init; }

    internal static CompiledRule Of(SchemaRule rule, CelEnvironment environment)
    {
        if (rule.Expression.Trim().Length == 0) return new() { Rule = rule };
        var compiled = CelProgram.Compile(rule.Expression, environment);
        if (compiled.Program is not { } program) return new() { Rule = rule, Error = compiled.FailureText };
        if (!program.OutputType.Equals(CelType.Bool)) return new() { Rule = rule, Error = "cel expression must evaluate to a bool" };
        var (message, error) = MessageOf(rule, environment);
        return new() { Rule = rule, Program = program, UsesOldSelf = program.Variables.Contains("oldSelf"), Message = message, MessageError = error };
    }

    private static (CelProgram?, string?) MessageOf(SchemaRule rule, CelEnvironment environment)
    {
        if (rule.MessageExpression is not { Length: > 0 } text) return (null, null);
        var compiled = CelProgram.Compile(text, environment);
        if (compiled.Program is not { } program) return (null, compiled.MessageFailureText);
        return program.OutputType.Equals(CelType.String) ? (program, null) : (null, "messageExpression must evaluate to a string");
    }
}
