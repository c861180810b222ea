using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>The objects that tune a policy where it is bound (upstream: admission/plugin/policy/generic, CollectParams).</summary>
internal static class PolicyParameters
{
    private static readonly (string Key, CelValue Value)[] Nothing = [("", CelValue.Null)];

    /// <summary>Each with a name by which it is known during a request. One that is null where the policy is not tuned; none where there need not be any.</summary>
    public static IReadOnlyList<(string Key, CelValue Value)> Of(AdmissionContext context, in AdmissionTarget target, ParamKind? kind, ParamRef? reference, out string? error)
    {
        error = null;
        if (kind is null || reference is null) return Nothing;
        var (group, version) = kind.ApiVersion.Split('/') is [var g, var v] ? (g, v) : ("", kind.ApiVersion);
        if (context.Server.Resources.Find(new GroupVersionKind(group, version, kind.Kind)) is not { } resource)
        {
            error = $"paramKind kind `&ParamKind{{APIVersion:{kind.ApiVersion},Kind:{kind.Kind},}}` not known";
            return [];
        }
        var ns = "";
        if (resource.Kind.Namespaced) ns = reference.Namespace.Length > 0 ? reference.Namespace : target.IsNamespace ? "" : target.Namespace;
        if (resource.Kind.Namespaced && ns.Length == 0) error = "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources";
        else if (!resource.Kind.Namespaced && reference.Namespace.Length > 0) error = "paramRef.namespace must not be provided for a cluster-scoped `paramKind`";
        if (error is not null) return [];
        var found = Find(resource, ns, reference, out error);
        if (error is null && found.Count == 0 && reference.ParameterNotFoundAction != "Allow") error = "no params found for policy binding with `Deny` parameterNotFoundAction";
        return found;
    }

    private static List<(string, CelValue)> Find(Resource resource, string ns, ParamRef reference, out string? error)
    {
        error = null;
        if (reference.Name.Length > 0)
            return resource.Cache.Get(ns.Length == 0 ? reference.Name : $"{ns}/{reference.Name}") is { } one ? [Read(resource, one)] : [];
        var query = LabelQuery.From(reference.Selector?.MatchLabels, reference.Selector?.MatchExpressions?.Select(e => new LabelExpression(e.Key, e.Operator, e.Values)), out error);
        if (query is null) return [];
        return [.. resource.Cache.Last.After.From(ns.Length == 0 ? "" : ns + "/").TakeWhile(s => s.Namespace == ns).Where(s => query.Matches(s.Labels)).Select(s => Read(resource, s))];
    }

    private static (string, CelValue) Read(Resource resource, StoredObject stored) => (stored.Key, CelJson.Dynamic(ApiJson.ParseTree(resource.View(stored).Span)));
}
