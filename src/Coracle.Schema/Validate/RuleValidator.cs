using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema.Cel;

namespace Coracle.Schema;

/// <summary>
/// Custom resources against the rules of their schema, in upstream's order and words and within its budget (apiextensions-apiserver,
/// pkg/apiserver/schema/cel/validation.go). A rule that does not hold but would not have held before either only warns.
/// </summary>
public sealed class RuleValidator
{
    private readonly FieldErrors errors;
    private readonly List<string> warnings;
    private long budget = CelLimits.RuntimeBudget;
    private bool ended;

    // Of one node at a time: those below come after all rules of the one above.
    private readonly CelActivation activation = new();

    private RuleValidator(FieldErrors errors, List<string> warnings) => (this.errors, this.warnings) = (errors, warnings);

    /// <summary>Whether there are any rules at or below a node.</summary>
    public static bool HasRules(SchemaNode node) => node.HasRules;

    /// <param name="value">The object.</param>
    /// <param name="old">What it was before a change; null for a new one.</param>
    /// <param name="schema">The schema of the whole resource.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="warnings">Gets what was wrong before as well.</param>
    public static void Validate(JsonObject value, JsonObject? old, SchemaNode schema, FieldErrors errors, List<string> warnings)
    {
        if (!schema.HasRules) return;
        var before = old is null ? default : new Before(true, value, old);
        new RuleValidator(errors, warnings).Node(value, old, schema, root: true, before, default, null);
    }

    /// <summary>A default of a schema: a value that has been what it is all along.</summary>
    public static void ValidateDefault(JsonNode? value, SchemaNode schema, FieldPath path, FieldErrors errors)
    {
        if (schema.HasRules) new RuleValidator(errors, []).Node(value, value, schema, root: false, default, default, path);
    }

    /// <summary>A value and what it was, where it is known which that was.</summary>
    private readonly record struct Before(bool IsKnown, JsonNode? Value, JsonNode? Old)
    {
        public bool IsSame => IsKnown && JsonNode.DeepEquals(Value, Old);
    }

    private void Node(JsonNode? value, JsonNode? old, SchemaNode node, bool root, Before current, Before above, FieldPath? path)
    {
        if (value is null || ended || !node.HasRules) return;
        if (node.Rules.Count > 0) Rules(value, old, node, root, current.IsKnown ? current : above, path);
        if (ended) return;
        switch (value)
        {
            case JsonArray list when node.Type == SchemaType.Array && node.Items is { HasRules: true } items: Items(list, old as JsonArray, node, items, current, above, path); break;
            case JsonObject obj: Fields(obj, old as JsonObject, node, root, current, above, path); break;
        }
    }

    private void Items(JsonArray list, JsonArray? old, SchemaNode node, SchemaNode items, Before current, Before above, FieldPath? path)
    {
        var before = new OldItems(node, old);
        for (var i = 0; i < list.Count && !ended; i++)
        {
            var was = before.Of(list[i], out var known);
            var item = current.IsKnown && known ? new Before(true, list[i], was) : default;
            Node(list[i], was, items, false, item, current.IsKnown ? current : above, path is null ? FieldPath.Root[i] : path[i]);
        }
    }

    private void Fields(JsonObject obj, JsonObject? old, SchemaNode node, bool root, Before current, Before above, FieldPath? path)
    {
        foreach (var (name, value) in obj)
        {
            if (ended) return;
            var isEntry = node.Type == SchemaType.Map;
            if ((isEntry ? node.Items : node.Property(name)?.Node) is not { HasRules: true } below) continue;
            JsonNode? was = null;
            var known = !node.Atomic && old?.TryGetPropertyValue(name, out was) == true;
            var field = known && current.IsKnown && !(root && name is "kind" or "apiVersion") ? new Before(true, value, was) : default;
            Node(value, was, below, false, field, current.IsKnown ? current : above, isEntry ? (path ?? FieldPath.Root).Key(name) : (path ?? FieldPath.Root).Child(name));
        }
    }

    private void Rules(JsonNode value, JsonNode? old, SchemaNode node, bool root, Before before, FieldPath? path)
    {
        var set = node.RuleSet(root);
        if (set.Self is null)
        {
            Error(path, node, "rule compiler initialization error: failed to convert to declType for CEL validation rules");
            return;
        }
        var self = CelJson.Typed(value, set.Schema);
        activation.Set("self", self);
        var oldSelf = set.UsesOldSelf && old is not null ? CelJson.Typed(old, set.Schema) : (CelValue?)null;
        foreach (var rule in set.All)
        {
            if (ended) return;
            if (rule.Error is { } error)
            {
                Error(path, node, $"rule compile error: {error}");
                continue;
            }
            if (rule.Program is null || rule.UsesOldSelf && old is null && !rule.Rule.OptionalOldSelf) continue;
            if (rule.UsesOldSelf) activation.Set("oldSelf", rule.Rule.OptionalOldSelf ? oldSelf is { } was ? CelValue.Optional(was) : CelValue.None : oldSelf!.Value);
            Rule(rule, value, node, before, path);
        }
    }

    private void Rule(CompiledRule rule, JsonNode value, SchemaNode node, Before before, FieldPath? path)
    {
        if (budget <= 0)
        {
            End(path, node, "validation failed due to running out of cost budget, no further validation rules will be run");
            return;
        }
        var result = rule.Program!.Evaluate(activation);
        if (result.Cost > budget)
        {
            End(path, node, "validation failed due to running out of cost budget, no further validation rules will be run");
            return;
        }
        budget -= result.Cost;
        if (result.LimitExceeded) End(path, node, $"'{result.Error}': no further validation rules will be run due to call cost exceeds limit for rule: {Said(rule.Rule)}");
        else if (result.Error is { } failed)
        {
            Error(path, node, failed.StartsWith("no such overload", StringComparison.Ordinal)
                ? $"'{failed}': call arguments did not match a supported operator, function or macro signature for rule: {Said(rule.Rule)}"
                : $"{failed} evaluating rule: {Said(rule.Rule)}");
        }
        else if (!result.IsTrue) Refuse(rule, value, node, before, path);
    }

    private void Refuse(CompiledRule rule, JsonNode value, SchemaNode node, Before before, FieldPath? path)
    {
        var detail = Message(rule, node, path);
        if (ended) return;
        var field = Place(path, rule.Rule.FieldPath);
        var shown = value is JsonObject or JsonArray ? null : FieldErrors.Show(value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value);
        var error = rule.Rule.Reason switch
        {
            "FieldValueForbidden" => new FieldError(FieldErrorType.Forbidden, field, null, detail),
            "FieldValueRequired" => new FieldError(FieldErrorType.Required, field, null, detail),
            "FieldValueDuplicate" => new FieldError(FieldErrorType.Duplicate, field, shown, ""),
            _ => new FieldError(FieldErrorType.Invalid, field, shown, detail),
        };
        if (!rule.UsesOldSelf && before.IsSame) warnings.Add(error.ToString());
        else errors.Add(error);
    }

    // A message that cannot be made is no reason not to say what is wrong.
    private string Message(CompiledRule rule, SchemaNode node, FieldPath? path)
    {
        if (rule.Message is null) return rule.Rule.Message?.Trim() ?? $"failed rule: {Said(rule.Rule)}";
        var result = rule.Message.Evaluate(activation);
        if (result.Cost > budget) End(path, node, "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run");
        else if (result.LimitExceeded) End(path, node, $"no further validation rules will be run due to call cost exceeds limit for messageExpression: {GoText.Quote(rule.Rule.MessageExpression!)}");
        budget -= result.Cost;
        var text = result.IsError ? "" : result.Value.ToString()?.Trim() ?? "";
        return text.Length == 0 || text.Contains('\n', StringComparison.Ordinal) || System.Text.Encoding.UTF8.GetByteCount(text) > CelLimits.MessageBytes
            ? rule.Rule.Message?.Trim() ?? $"failed rule: {Said(rule.Rule)}" : text;
    }

    private static string Said(SchemaRule rule) => (rule.Message ?? rule.Expression).Trim();

    private static string Place(FieldPath? path, string? field)
    {
        var at = path?.ToString() ?? "";
        if (field is null) return path is null ? "<nil>" : at;
        return at.Length == 0 ? field.TrimStart('.') : $"{at}.{field.TrimStart('.')}";
    }

    private void Error(FieldPath? path, SchemaNode node, string detail) =>
        errors.Add(new(FieldErrorType.Invalid, Place(path, null), GoText.Quote(node.Checks is { Types: [var single] } ? single : ""), detail));

    private void End(FieldPath? path, SchemaNode node, string detail)
    {
        Error(path, node, detail);
        ended = true;
    }
}
