using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A namespace selector and an object selector, read once (upstream: admission/plugin/webhook/predicates).</summary>
internal sealed class SelectorMatch
{
    private readonly LabelQuery? _namespaces;
    private readonly LabelQuery? _objects;
    private readonly string? _error;

    public SelectorMatch(LabelSelector? namespaces, LabelSelector? objects)
    {
        _namespaces = Query(namespaces, ref _error);
        _objects = Query(objects, ref _error);
    }

    // Null for everything: most selectors say nothing.
    private static LabelQuery? Query(LabelSelector? selector, ref string? error)
    {
        if (selector is null) return null;
        var query = LabelQuery.From(selector.MatchLabels, selector.MatchExpressions?.Select(e => new LabelExpression(e.Key, e.Operator, e.Values)), out var wrong);
        error ??= wrong;
        return query is { IsEverything: true } ? null : query;
    }

    /// <summary>Whether the request is selected, or why that cannot be said.</summary>
    public Result<bool> Matches(AdmissionContext context, in AdmissionTarget target)
    {
        if (_error is { } error) return ApiStatus.Internal(error);
        if (_objects is not null && !Selects(_objects, context.Object) && !Selects(_objects, context.Old)) return false;
        if (_namespaces is null || target.Namespace.Length == 0 && !target.IsNamespace) return true;
        if (target.IsNamespace && target.Subresource.Length == 0 && context.Object is { } changed) return Selects(_namespaces, changed);
        var namespaces = context.Server.Resources.Find("", "v1", "namespaces")!;
        return namespaces.Cache.Get(target.Namespace) is { } found ? _namespaces.Matches(found.Labels) : ApiStatus.NotFound(namespaces.Kind, target.Namespace);
    }

    private static bool Selects(LabelQuery query, JsonObject? obj) => obj is not null && query.Matches(Labels(obj));

    private static Dictionary<string, string> Labels(JsonObject obj)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Meta.Of(obj)["labels"] as JsonObject ?? [])
            if (value is JsonValue text && text.TryGetValue<string>(out var given)) labels[key] = given;
        return labels;
    }
}
