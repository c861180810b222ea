using System.Text.Json.Nodes;
using Coracle.Schema.Cel;

namespace Coracle.Schema.Tests.Cel;

/// <summary>Runs expressions in the environment that Kubernetes gives them.</summary>
internal static class CelCases
{
    public static CelProgram Program(string expression, CelEnvironment? environment = null)
    {
        var compiled = CelProgram.Compile(expression, environment ?? CelEnvironment.Kubernetes);
        Assert.True(compiled.Program is not null, $"{expression}\n{compiled.IssueText}");
        return compiled.Program;
    }

    public static CelResult Run(string expression, CelEnvironment? environment = null, CelActivation? activation = null, long limit = CelLimits.PerCall) =>
        Program(expression, environment).Evaluate(activation ?? new CelActivation(), limit);

    /// <summary>The expression is true.</summary>
    public static void Holds(string expression, CelEnvironment? environment = null, CelActivation? activation = null)
    {
        var result = Run(expression, environment, activation);
        Assert.True(result.IsTrue, $"{expression}\n{result.Value}");
    }

    /// <summary>The expression compiles and gives this error.</summary>
    public static void Fails(string expression, string error, CelEnvironment? environment = null, CelActivation? activation = null) =>
        Assert.Equal(error, Run(expression, environment, activation).Error);

    /// <summary>The expression does not compile; the first line of what is wrong.</summary>
    public static void Wrong(string expression, string firstLine, CelEnvironment? environment = null)
    {
        var compiled = CelProgram.Compile(expression, environment ?? CelEnvironment.Kubernetes);
        Assert.Null(compiled.Program);
        Assert.Equal(firstLine, compiled.IssueText.Split('\n')[0]);
    }

    /// <summary>"self" as the JSON that a schema describes.</summary>
    public static (CelEnvironment Environment, CelActivation Activation) Self(CelSchema schema, string json)
    {
        var environment = CelEnvironment.Kubernetes.WithVariable("self", CelDeclaration.From(schema, "self")!);
        return (environment, new CelActivation().Set("self", CelJson.Typed(JsonNode.Parse(json), schema)));
    }
}
