using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer.Access;

/// <summary>An expression of an authentication configuration, ready to run (upstream: apiserver, authentication/cel).</summary>
internal sealed record ClaimExpression(string Text, string Message, CelProgram Program)
{
    /// <summary>The value, or why there is none.</summary>
    public CelValue Evaluate(string variable, CelValue value, out string? error)
    {
        var result = Program.Evaluate(new CelActivation().Set(variable, value));
        error = result.IsError ? $"expression '{Text}' resulted in error: {result.Error}" : null;
        return result.Value;
    }
}

/// <summary>What expressions over claims and users may name, and their compilation.</summary>
internal static class ClaimExpressions
{
    public const string Claims = "claims";
    public const string User = "user";

    private const long Unbounded = -1;
    private static readonly CelDeclaration Texts = CelDeclaration.List(CelDeclaration.String, Unbounded);

    private static readonly CelEnvironment OverClaims = CelEnvironment.Kubernetes.WithVariable(Claims, CelDeclaration.Map(CelDeclaration.String, CelDeclaration.Dyn, Unbounded));

    private static readonly CelEnvironment OverUser = CelEnvironment.Kubernetes.WithVariable(User, CelDeclaration.Object("kubernetes.UserInfo", new Dictionary<string, CelDeclaration>
    {
        ["username"] = CelDeclaration.String, ["uid"] = CelDeclaration.String, ["groups"] = Texts, ["extra"] = CelDeclaration.Map(CelDeclaration.String, Texts, Unbounded),
    }));

    /// <summary>Compiles an expression that gives something.</summary>
    public static ClaimExpression? Mapping(string text, FieldPath path, FieldErrors errors) => Compile(text, "", OverClaims, isRule: false, path, errors);

    /// <summary>Compiles an expression that has to hold.</summary>
    public static ClaimExpression? Rule(string variable, string text, string message, FieldPath path, FieldErrors errors) =>
        Compile(text, message, variable == Claims ? OverClaims : OverUser, isRule: true, path, errors);

    private static ClaimExpression? Compile(string text, string message, CelEnvironment environment, bool isRule, FieldPath path, FieldErrors errors)
    {
        var compiled = CelProgram.Compile(text, environment);
        if (compiled.Program is not { } program)
        {
            errors.Invalid(path, text, "compilation failed: " + compiled.IssueText);
            return null;
        }
        if (!isRule || program.OutputType.Equals(CelType.Bool)) return new(text, message, program);
        errors.Invalid(path, text, "must evaluate to bool");
        return null;
    }

    /// <summary>A user as expressions see it.</summary>
    public static CelValue Of(User user)
    {
        var extra = new System.Text.Json.Nodes.JsonObject(user.Extra.Select(e => KeyValuePair.Create(e.Key, (System.Text.Json.Nodes.JsonNode?)ToJson(e.Value))));
        return CelJson.Dynamic(new System.Text.Json.Nodes.JsonObject { ["username"] = user.Name, ["uid"] = user.Uid, ["groups"] = ToJson(user.Groups), ["extra"] = extra });
    }

    private static System.Text.Json.Nodes.JsonArray ToJson(IEnumerable<string> texts) => [.. texts.Select(t => (System.Text.Json.Nodes.JsonNode)t)];

    /// <summary>A text or texts; empty ones count as absent. Null when it is something else.</summary>
    public static List<string>? Strings(CelValue value)
    {
        if (value.Kind == CelKind.Null) return [];
        if (value.Kind == CelKind.String) return value.AsString.Length == 0 ? [] : [value.AsString];
        if (value.Kind != CelKind.List) return null;
        var found = new List<string>();
        foreach (var item in value.AsList.Items())
        {
            if (item.Kind != CelKind.String) return null;
            if (item.AsString.Length > 0) found.Add(item.AsString);
        }
        return found;
    }
}
