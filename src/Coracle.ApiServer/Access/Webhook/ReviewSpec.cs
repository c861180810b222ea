using System.Text.Json.Nodes;
using Coracle.Kinds.Authorization.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>What is requested, as a SubjectAccessReview says it, and back.</summary>
internal static class ReviewSpec
{
    /// <summary>The spec that an authorizer outside is asked with.</summary>
    public static SubjectAccessReviewSpec Of(RequestAttributes request)
    {
        var user = request.User;
        var spec = new SubjectAccessReviewSpec
        {
            User = user.Name, Uid = user.Uid, Groups = [.. user.Groups], Extra = user.Extra.Count == 0 ? null : user.Extra.ToDictionary(e => e.Key, e => e.Value.ToList()),
        };
        if (!request.IsResourceRequest)
        {
            spec.NonResourceAttributes = new NonResourceAttributes { Path = request.Path, Verb = request.Verb };
            return spec;
        }
        spec.ResourceAttributes = new ResourceAttributes
        {
            Namespace = request.Namespace, Verb = request.Verb, Group = request.ApiGroup, Version = request.ApiVersion, Resource = request.Resource, Subresource = request.Subresource,
            Name = request.Name, FieldSelector = FieldsOf(request), LabelSelector = LabelsOf(request),
        };
        return spec;
    }

    private static FieldSelectorAttributes? FieldsOf(RequestAttributes request) => request.FieldSelector.Count == 0 ? null : new()
    {
        Requirements = [.. request.FieldSelector.Select(term => new FieldSelectorRequirement { Key = term.Field, Operator = term.Negated ? "NotIn" : "In", Values = [term.Value] })],
    };

    // Requirements only narrow: those that cannot be told may be left out.
    private static LabelSelectorAttributes? LabelsOf(RequestAttributes request)
    {
        if (request.LabelSelector.Length == 0 || !LabelQuery.TryParse(request.LabelSelector, out var query, out _)) return null;
        List<LabelSelectorRequirement> told =
        [
            .. query.Requirements.Where(r => OperatorOf(r.Operator).Length > 0)
                .Select(r => new LabelSelectorRequirement { Key = r.Key, Operator = OperatorOf(r.Operator), Values = r.Values.Count > 0 ? [.. r.Values] : null }),
        ];
        return told.Count > 0 ? new() { Requirements = told } : null;
    }

    private static string OperatorOf(LabelOperator given) => given switch
    {
        LabelOperator.Equals or LabelOperator.DoubleEquals or LabelOperator.In => "In",
        LabelOperator.NotEquals or LabelOperator.NotIn => "NotIn",
        LabelOperator.Exists => "Exists",
        LabelOperator.DoesNotExist => "DoesNotExist",
        _ => "",
    };

    /// <summary>What a review asks about.</summary>
    public static RequestAttributes AttributesOf(User user, ResourceAttributes? resource, NonResourceAttributes? other) => resource is null
        ? new RequestAttributes { User = user, Verb = other!.Verb, IsResourceRequest = false, Path = other.Path }
        : new RequestAttributes
        {
            User = user, Verb = resource.Verb, ApiGroup = resource.Group, ApiVersion = resource.Version, Resource = resource.Resource, Subresource = resource.Subresource,
            Namespace = resource.Namespace, Name = resource.Name, FieldSelector = TermsOf(resource.FieldSelector), LabelSelector = SelectorOf(resource.LabelSelector),
        };

    private static IReadOnlyList<FieldRequirement> TermsOf(FieldSelectorAttributes? selector)
    {
        if (selector is null) return [];
        if (selector.RawSelector.Length > 0) return FieldRequirement.TryParse(selector.RawSelector, out var terms, out _) ? terms : [];
        // One value each: what demands one of several cannot be said by terms that all hold.
        return
        [
            .. (selector.Requirements ?? []).Where(r => r.Operator is "In" or "NotIn" && r.Values is [_]).Select(r => new FieldRequirement(r.Key, r.Values![0], r.Operator == "NotIn")),
        ];
    }

    private static string SelectorOf(LabelSelectorAttributes? selector)
    {
        if (selector is null) return "";
        if (selector.RawSelector.Length > 0) return selector.RawSelector;
        var query = LabelQuery.From(null, (selector.Requirements ?? []).Select(r => new LabelExpression(r.Key, r.Operator, r.Values)), out _);
        return query?.ToString() ?? "";
    }

    /// <summary>A spec as expressions see it: all texts are there, also those that the wire leaves out.</summary>
    public static JsonObject ForExpressions(SubjectAccessReviewSpec spec)
    {
        var seen = new JsonObject
        {
            ["user"] = spec.User, ["uid"] = spec.Uid, ["groups"] = Texts(spec.Groups),
            ["extra"] = new JsonObject((spec.Extra ?? []).Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Texts(e.Value)))),
        };
        if (spec.ResourceAttributes is { } resource) seen["resourceAttributes"] = ForExpressions(resource);
        if (spec.NonResourceAttributes is { } other) seen["nonResourceAttributes"] = new JsonObject { ["verb"] = other.Verb, ["path"] = other.Path };
        return seen;
    }

    private static JsonObject ForExpressions(ResourceAttributes resource)
    {
        var seen = new JsonObject
        {
            ["namespace"] = resource.Namespace, ["verb"] = resource.Verb, ["group"] = resource.Group, ["version"] = resource.Version, ["resource"] = resource.Resource,
            ["subresource"] = resource.Subresource, ["name"] = resource.Name,
        };
        if (resource.FieldSelector is { } fields) seen["fieldSelector"] = Selector((fields.Requirements ?? []).Select(r => (r.Key, r.Operator, r.Values)));
        if (resource.LabelSelector is { } labels) seen["labelSelector"] = Selector((labels.Requirements ?? []).Select(r => (r.Key, r.Operator, r.Values)));
        return seen;
    }

    private static JsonObject Selector(IEnumerable<(string Key, string Operator, List<string>? Values)> requirements) => new()
    {
        ["requirements"] = new JsonArray([.. requirements.Select(r => (JsonNode)new JsonObject { ["key"] = r.Key, ["operator"] = r.Operator, ["values"] = Texts(r.Values) })]),
    };

    private static JsonArray Texts(List<string>? texts) => [.. (texts ?? []).Select(t => (JsonNode)t)];
}
