using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>Precedence, subjects and rules of flow schemas (upstream: apis/flowcontrol/validation).</summary>
public sealed partial class FlowSchemaRules
{
    private const int PrecedenceMax = 10000;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

    public override void Validate(FlowSchema obj, FieldErrors errors)
    {
        var (spec, precedence) = (obj.Spec, obj.Spec.MatchingPrecedence);
        var path = SpecPath / "matchingPrecedence";
        if (precedence <= 0) errors.Invalid(path, precedence, "must be a positive value");
        if (precedence > PrecedenceMax) errors.Invalid(path, precedence, $"must not be greater than {PrecedenceMax}");
        if (precedence == 1 && obj.Metadata.Name != "exempt") errors.Invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        if (spec.DistinguisherMethod is { } method && method.Type is not (FlowDistinguisherMethodType.ByUser or FlowDistinguisherMethodType.ByNamespace))
            errors.NotSupported(SpecPath / "distinguisherMethod" / "type", new JsonObject { ["Type"] = method.Type }, [FlowDistinguisherMethodType.ByNamespace, FlowDistinguisherMethodType.ByUser]);
        var level = spec.PriorityLevelConfiguration.Name;
        if (level.Length == 0) errors.Required(SpecPath / "priorityLevelConfiguration" / "name", "must reference a priority level");
        else errors.Subdomain(SpecPath / "priorityLevelConfiguration" / "name", level);
        for (var i = 0; i < (spec.Rules?.Count ?? 0); i++) Rule(spec.Rules![i], (SpecPath / "rules")[i], errors);
        if (FlowDefaults.MandatorySchemas.FirstOrDefault(s => s.Metadata.Name == obj.Metadata.Name) is { } mandatory && !spec.ContentEquals(mandatory.Spec))
            errors.Invalid(SpecPath, Checks.Shown(spec), $"spec of '{obj.Metadata.Name}' must equal the fixed value");
        FlowConditions.Check((obj.Status.Conditions ?? []).Select(c => c.Type), errors);
    }

    public override void ValidateUpdate(FlowSchema obj, FlowSchema old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") FlowConditions.Check((obj.Status.Conditions ?? []).Select(c => c.Type), errors);
        else Validate(obj, errors);
    }

    private static void Rule(PolicyRulesWithSubjects rule, FieldPath path, FieldErrors errors)
    {
        if (rule.Subjects is not { Count: > 0 }) errors.Required(path / "subjects", "subjects must contain at least one value");
        for (var i = 0; i < (rule.Subjects?.Count ?? 0); i++) Subject(rule.Subjects![i], (path / "subjects")[i], errors);
        if (rule.ResourceRules is not { Count: > 0 } && rule.NonResourceRules is not { Count: > 0 })
            errors.Required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        for (var i = 0; i < (rule.ResourceRules?.Count ?? 0); i++) Resources(rule.ResourceRules![i], (path / "resourceRules")[i], errors);
        for (var i = 0; i < (rule.NonResourceRules?.Count ?? 0); i++) Paths(rule.NonResourceRules![i], (path / "nonResourceRules")[i], errors);
    }

    private static void Subject(Subject subject, FieldPath path, FieldErrors errors)
    {
        switch (subject.Kind)
        {
            case FlowSubjectKind.ServiceAccount: Account(subject.ServiceAccount, path / "serviceAccount", errors); break;
            case FlowSubjectKind.User: Named(subject.User?.Name, "user", "User", path, errors); break;
            case FlowSubjectKind.Group: Named(subject.Group?.Name, "group", "Group", path, errors); break;
            default:
                errors.NotSupported(path / "kind", subject.Kind, [FlowSubjectKind.Group, FlowSubjectKind.ServiceAccount, FlowSubjectKind.User]);
                return;
        }
        if (subject.Kind != FlowSubjectKind.ServiceAccount && subject.ServiceAccount is not null) Foreign("serviceAccount", "ServiceAccount", path, errors);
        if (subject.Kind != FlowSubjectKind.User && subject.User is not null) Foreign("user", "User", path, errors);
        if (subject.Kind != FlowSubjectKind.Group && subject.Group is not null) Foreign("group", "Group", path, errors);
    }

    private static void Foreign(string field, string kind, FieldPath path, FieldErrors errors) =>
        errors.Forbidden(path / field, $"{field} is forbidden when subject kind is not '{kind}'");

    private static void Named(string? name, string field, string kind, FieldPath path, FieldErrors errors)
    {
        if (name is null) errors.Required(path / field, $"{field} is required when subject kind is '{kind}'");
        else errors.RequiredText(path / field / "name", name);
    }

    private static void Account(ServiceAccountSubject? account, FieldPath path, FieldErrors errors)
    {
        if (account is null)
        {
            errors.Required(path, "serviceAccount is required when subject kind is 'ServiceAccount'");
            return;
        }
        if (account.Name.Length == 0) errors.Required(path / "name");
        else if (account.Name != "*") errors.Subdomain(path / "name", account.Name);
        if (account.Namespace.Length == 0) errors.Required(path / "namespace", "must specify namespace for service account");
        else errors.Label(path / "namespace", account.Namespace);
    }

    private static void Resources(ResourcePolicyRule rule, FieldPath path, FieldErrors errors)
    {
        VerbsOf(rule.Verbs, path / "verbs", errors);
        All(rule.ApiGroups, "resource rules must supply at least one api group", "api groups", path / "apiGroups", errors);
        All(rule.Resources, "resource rules must supply at least one resource", "resources", path / "resources", errors);
        var namespaces = rule.Namespaces ?? [];
        if (namespaces.Count == 0 && !rule.ClusterScope)
            errors.Required(path / "namespaces", "resource rules that are not cluster scoped must supply at least one namespace");
        else if (namespaces.Contains("*")) Alone(namespaces, "namespaces", path / "namespaces", errors);
        else
            for (var i = 0; i < namespaces.Count; i++)
                foreach (var problem in NameRules.Dns1123Label(namespaces[i]))
                    errors.Invalid((path / "namespaces")[i], namespaces[i], "each member of this list must be '*' or a DNS-1123 label; " + problem);
    }

    private static void Paths(NonResourcePolicyRule rule, FieldPath path, FieldErrors errors)
    {
        VerbsOf(rule.Verbs, path / "verbs", errors);
        var urls = rule.NonResourceURLs ?? [];
        if (urls.Count == 0) errors.Required(path / "nonResourceURLs", "nonResourceURLs must contain at least one value");
        else if (urls.Contains("*")) Alone(urls, "non-resource URLs", path / "nonResourceURLs", errors);
        else
            for (var i = 0; i < urls.Count; i++)
                if (Problem(urls[i]) is { } problem) errors.Invalid((path / "nonResourceURLs")[i], urls[i], problem);
    }

    private static string? Problem(string url) => url switch
    {
        "" => "must not be empty",
        "/" => null,
        _ when url[0] != '/' => "must start with slash",
        _ when url.Contains(' ', StringComparison.Ordinal) => "must not contain white-space",
        _ when url.Contains("//", StringComparison.Ordinal) => "must not contain double slash",
        _ when url.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && (star < url.Length - 1 || !url.EndsWith("/*", StringComparison.Ordinal)) => "wildcard can only do suffix matching",
        _ => null,
    };

    private static void VerbsOf(List<string>? verbs, FieldPath path, FieldErrors errors)
    {
        if (verbs is not { Count: > 0 }) errors.Required(path, "verbs must contain at least one value");
        else if (verbs.Contains("*")) Alone(verbs, "verbs", path, errors);
        else if (!verbs.All(Verbs.Contains)) errors.NotSupported(path, Checks.Shown(verbs), Verbs);
    }

    private static void All(List<string>? items, string none, string what, FieldPath path, FieldErrors errors)
    {
        if (items is not { Count: > 0 }) errors.Required(path, none);
        else if (items.Contains("*")) Alone(items, what, path, errors);
    }

    private static void Alone(List<string> items, string what, FieldPath path, FieldErrors errors)
    {
        if (items.Count > 1) errors.Invalid(path, Checks.Shown(items), $"if '*' is present, must not specify other {what}");
    }
}

/// <summary>Conditions of both kinds of the group.</summary>
internal static class FlowConditions
{
    internal static void Check(IEnumerable<string> types, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, type) in types.Index())
        {
            var path = (FieldPath.Of("status") / "conditions")[i] / "type";
            if (!seen.Add(type)) errors.Duplicate(path, type);
            errors.RequiredText(path, type, "must not be empty");
        }
    }
}
