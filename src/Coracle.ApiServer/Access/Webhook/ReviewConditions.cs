using Coracle.Kinds.Apiserver.V1;
using Coracle.Kinds.Authorization.V1;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer.Access;

/// <summary>Conditions in CEL under which an authorizer outside is asked (upstream: apiserver, authorization/cel).</summary>
internal sealed class ReviewConditions
{
    private const int ConditionsMax = 64;
    private const long Unbounded = -1;

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithVariable("request", Request());

    private readonly List<(string Text, CelProgram Program)> _conditions = [];

    private ReviewConditions() { }

    public bool IsEmpty => _conditions.Count == 0;

    public static ReviewConditions Compile(List<WebhookMatchCondition>? conditions, FieldPath path, FieldErrors errors)
    {
        var compiled = new ReviewConditions();
        if (conditions is null) return compiled;
        if (conditions.Count > ConditionsMax)
        {
            errors.TooMany(path, conditions.Count, ConditionsMax);
            return compiled;
        }
        var seen = new HashSet<string>();
        for (var i = 0; i < conditions.Count; i++)
        {
            var (text, at) = (conditions[i].Expression, path[i] / "expression");
            if (text.Trim().Length == 0) errors.Required(at);
            else if (!seen.Add(text)) errors.Duplicate(at, text);
            else compiled.Add(text, at, errors);
        }
        return compiled;
    }

    private void Add(string text, FieldPath at, FieldErrors errors)
    {
        var result = CelProgram.Compile(text, Environment);
        if (result.Program is not { } program) errors.Invalid(at, text, "compilation failed: " + result.IssueText);
        else if (!program.OutputType.Equals(CelType.Bool)) errors.Invalid(at, text, $"must evaluate to bool but got {program.OutputType}");
        else _conditions.Add((text, program));
    }

    /// <summary>Whether all hold. One that does not decides, whatever goes wrong with others.</summary>
    public bool Hold(SubjectAccessReviewSpec spec, out string? error)
    {
        error = null;
        if (IsEmpty) return true;
        var request = CelJson.Dynamic(ReviewSpec.ForExpressions(spec));
        var errors = new List<string>();
        foreach (var (text, program) in _conditions)
        {
            var result = program.Evaluate(new CelActivation().Set("request", request));
            if (result.IsError) errors.Add($"cel evaluation error: expression '{text}' resulted in error: {result.Error}");
            else if (!result.IsTrue) return false;
        }
        if (errors.Count == 0) return true;
        error = errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors.Distinct())}]";
        return false;
    }

    private static CelDeclaration Request()
    {
        var texts = CelDeclaration.List(CelDeclaration.String, Unbounded);
        var requirement = Make("SelectorRequirement", ("key", CelDeclaration.String), ("operator", CelDeclaration.String), ("values", texts));
        var requirements = CelDeclaration.List(requirement, Unbounded);
        var fields = Make("FieldSelectorAttributes", ("rawSelector", CelDeclaration.String), ("requirements", requirements));
        var labels = Make("LabelSelectorAttributes", ("rawSelector", CelDeclaration.String), ("requirements", requirements));
        var resource = Make("ResourceAttributes",
        [
            .. new[] { "namespace", "verb", "group", "version", "resource", "subresource", "name" }.Select(name => (name, CelDeclaration.String)), ("fieldSelector", fields), ("labelSelector", labels),
        ]);
        var other = Make("NonResourceAttributes", ("path", CelDeclaration.String), ("verb", CelDeclaration.String));
        return Make("SubjectAccessReviewSpec", ("resourceAttributes", resource), ("nonResourceAttributes", other), ("user", CelDeclaration.String), ("groups", texts),
            ("extra", CelDeclaration.Map(CelDeclaration.String, texts, Unbounded)), ("uid", CelDeclaration.String));
    }

    private static CelDeclaration Make(string name, params (string Name, CelDeclaration Type)[] fields) =>
        CelDeclaration.Object("kubernetes." + name, fields.ToDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal));
}
