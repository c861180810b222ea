using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// Values against the schema of a custom resource, in upstream's order, counting and words (kube-openapi, pkg/validation/validate). What was wrong before a change
/// and is the same after it is let pass, item by item where items can be told apart.
/// </summary>
public sealed partial class ValueValidator
{
    private readonly List<(string? Name, int Index)> path = [];
    private readonly string prefix;
    private int alternatives;

    private ValueValidator(string prefix) => this.prefix = prefix;

    /// <summary>The errors of a new value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="prefix">What errors' fields begin with, such as "status"; messages do not say it.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Validate(JsonNode? value, SchemaNode schema, string prefix, FieldErrors errors) => Run(value, schema, Old.None, prefix, errors);

    /// <summary>The errors of a change.</summary>
    public static void ValidateUpdate(JsonNode? value, JsonNode? old, SchemaNode schema, string prefix, FieldErrors errors) =>
        Run(value, schema, new Old(true, old), prefix, errors);

    private static void Run(JsonNode? value, SchemaNode schema, Old old, string prefix, FieldErrors errors)
    {
        var found = new ValueValidator(prefix).Ratcheted(value, schema, old);
        if (found.Errors is not { } all) return;
        foreach (var fault in all) errors.Add(fault.Error);
    }

    /// <summary>The value that is changed, where it is known which.</summary>
    private readonly record struct Old(bool IsKnown, JsonNode? Value)
    {
        public static Old None => default;
    }

    // Upstream leaves out errors with the same text.
    private sealed record Fault(string Text, FieldError Error);

    /// <summary>What came of a check: errors, and how much of it matched, by which the best of several alternatives is told.</summary>
    private struct Outcome
    {
        public List<Fault>? Errors;
        public int Matches;
        public readonly bool IsValid => Errors is null;

        public void Add(Fault fault)
        {
            Errors ??= [];
            foreach (var known in Errors)
                if (known.Text == fault.Text) return;
            Errors.Add(fault);
        }

        public void Merge(in Outcome other)
        {
            Matches += other.Matches;
            if (other.Errors is null) return;
            foreach (var fault in other.Errors) Add(fault);
        }
    }

    private Outcome Ratcheted(JsonNode? value, SchemaNode node, Old old)
    {
        // Nothing could be said of a scalar that is what it was. How much matched counts among alternatives alone.
        if (old is { IsKnown: true, Value: JsonValue was } && value is JsonValue && alternatives == 0 && Same(value, was)) return default;
        var result = Value(value, node, old);
        return !result.IsValid && old.IsKnown && JsonNode.DeepEquals(value, old.Value) ? new Outcome { Matches = result.Matches } : result;
    }

    private Outcome Value(JsonNode? value, SchemaNode node, Old old)
    {
        var checks = node.Checks!;
        var result = new Outcome();
        if (value is null)
        {
            Type(null, node, checks, ref result);
            Enumeration(null, checks, ref result);
            return result;
        }
        if (checks.Types.Count > 0 || checks.Format is not null)
        {
            Type(value, node, checks, ref result);
            result.Matches++;
        }
        if (checks.HasAlternatives)
        {
            alternatives++;
            Alternatives(value, checks, old, ref result);
            alternatives--;
        }
        else result.Matches++;
        result.Matches++;
        switch (value)
        {
            case JsonArray list:
                Items(list, node, checks, old, ref result);
                result.Matches++;
                break;
            case JsonObject obj: break;
            default: Scalar((JsonValue)value, checks, ref result); break;
        }
        Enumeration(value, checks, ref result);
        result.Matches++;
        if (value is JsonObject map)
        {
            Properties(map, node, checks, old, ref result);
            result.Matches++;
        }
        result.Matches++;
        return result;
    }

    private void Items(JsonArray list, SchemaNode node, ValueChecks checks, Old old, ref Outcome result)
    {
        if (node.Items is { Checks: not null } items && node.Type != SchemaType.Map)
        {
            var before = new OldItems(node, old.Value as JsonArray);
            for (var i = 0; i < list.Count; i++)
            {
                path.Add((null, i));
                result.Merge(Ratcheted(list[i], items, before.Of(list[i], out var known) is var item && known ? new Old(true, item) : Old.None));
                path.RemoveAt(path.Count - 1);
            }
        }
        if (checks.MinItems is { } min && list.Count < min) result.Add(Invalid((long)list.Count, $"should have at least {min} items"));
        if (checks.MaxItems is { } max && list.Count > max)
            result.Add(new($"{Name} should have at most {max} items", new(FieldErrorType.TooMany, Field, FieldErrors.Show((long)list.Count), $"must have at most {max} item{(max == 1 ? "" : "s")}")));
        result.Matches++;
    }

    private void Properties(JsonObject obj, SchemaNode node, ValueChecks checks, Old old, ref Outcome result)
    {
        if (checks.MinProperties is { } min && obj.Count < min) result.Add(Invalid((long)obj.Count, $"should have at least {min} properties"));
        if (checks.MaxProperties is { } max && obj.Count > max)
            result.Add(new($"{Name} should have at most {max} properties", new(FieldErrorType.TooMany, Field, FieldErrors.Show((long)obj.Count), $"must have at most {max} item{(max == 1 ? "" : "s")}")));
        // Of an object that is owned as one nothing is known by parts.
        var before = node.Atomic ? null : old.Value as JsonObject;
        for (var i = 0; i < obj.Count; i++)
        {
            var (key, value) = obj.GetAt(i);
            if (Below(node, key) is not { Checks: not null } below)
            {
                if (checks.Closed && node.Property(key) is null) result.Add(new($"{Name}.{key} in body is a forbidden property", new(FieldErrorType.Invalid, Field, FieldErrors.Show(key), $"{Name}.{key} in body is a forbidden property")));
                continue;
            }
            JsonNode? was = null;
            var known = before is not null && before.TryGetPropertyValue(key, out was) && !(path.Count == 0 && key is "kind" or "apiVersion");
            path.Add((key, 0));
            result.Merge(known ? Ratcheted(value, below, new Old(true, was)) : Value(value, below, Old.None));
            path.RemoveAt(path.Count - 1);
        }
        foreach (var required in checks.RequiredNames)
            if (!obj.ContainsKey(required))
                result.Add(new($"{Name}.{required} is required", new(FieldErrorType.Required, FieldOf(required), null, "")));
    }

    private static SchemaNode? Below(SchemaNode node, string key) => node.Property(key)?.Node ?? (node.Type == SchemaType.Map ? node.Items : null) ?? node.WhenObject?.Property(key)?.Node;

    private void Alternatives(JsonNode value, ValueChecks checks, Old old, ref Outcome result)
    {
        if (checks.AnyOf.Count > 0) AnyOf(value, checks.AnyOf, old, ref result);
        if (checks.OneOf.Count > 0) OneOf(value, checks.OneOf, old, ref result);
        if (checks.AllOf.Count > 0)
        {
            var valid = 0;
            foreach (var schema in checks.AllOf)
            {
                var one = Value(value, schema, old);
                if (one.IsValid) valid++;
                result.Merge(one);
            }
            if (valid != checks.AllOf.Count) result.Add(Composite($"must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}"));
        }
        if (checks.Not is { } not && Value(value, not, old).IsValid) result.Add(Composite("must not validate the schema (not)"));
        result.Matches++;
    }

    // What it is that alternatives of types alone have found wrong need not be said where one of them fits.
    private static int FirstOfType(JsonNode value, IReadOnlyList<SchemaNode> schemas)
    {
        for (var i = 0; value is JsonValue && i < schemas.Count && schemas[i].Checks is { IsTypeAlone: true, Types.Count: 1 } checks; i++)
            if (checks.HasType(value.GetValueKind())) return i;
        return 0;
    }

    private void AnyOf(JsonNode value, IReadOnlyList<SchemaNode> schemas, Old old, ref Outcome result)
    {
        Outcome? best = null;
        for (var i = FirstOfType(value, schemas); i < schemas.Count; i++)
        {
            var schema = schemas[i];
            var one = Value(value, schema, old);
            if (one.IsValid)
            {
                result.Merge(one);
                return;
            }
            if (best is null || one.Matches > best.Value.Matches) best = one;
        }
        result.Add(Composite("must validate at least one schema (anyOf)"));
        result.Merge(best!.Value);
    }

    private void OneOf(JsonNode value, IReadOnlyList<SchemaNode> schemas, Old old, ref Outcome result)
    {
        Outcome? best = null, first = null;
        var valid = 0;
        foreach (var schema in schemas)
        {
            var one = Value(value, schema, old);
            if (one.IsValid)
            {
                valid++;
                best = null;
                first ??= one;
            }
            else if (valid == 0 && (best is null || one.Matches > best.Value.Matches)) best = one;
        }
        if (valid == 1)
        {
            result.Merge(first!.Value);
            return;
        }
        result.Add(Composite($"must validate one and only one schema (oneOf). {(valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives")}"));
        if (best is { } failure) result.Merge(failure);
    }

    // Errors of several schemas at once have no field.
    private Fault Composite(string text)
    {
        var message = $"{GoText.Quote(Name)} {text}";
        return new(message, new(FieldErrorType.Invalid, prefix.Length == 0 ? "<nil>" : prefix, "\"\"", message));
    }

    private void Enumeration(JsonNode? value, ValueChecks checks, ref Outcome result)
    {
        if (checks.Enum.Count == 0) return;
        if (value?.GetValueKind() == JsonValueKind.String && Array.IndexOf(checks.EnumTexts, value.GetValue<string>()) >= 0) return;
        foreach (var allowed in checks.Enum)
            if (allowed is not null && value is not null && SameValue(value, allowed)) return;
        var supported = checks.Enum.Select(allowed => allowed is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : allowed?.ToJsonString() ?? "null");
        result.Add(new($"{Name} should be one of [{string.Join(' ', supported)}]",
            new(FieldErrorType.NotSupported, Field, FieldErrors.Show(Shown(value)), "supported values: " + string.Join(", ", supported.Select(GoText.Quote)))));
    }

    private static bool Same(JsonNode value, JsonNode other) =>
        value.GetValueKind() == JsonValueKind.String && other.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() == other.GetValue<string>() : JsonNode.DeepEquals(value, other);

    private static bool SameValue(JsonNode value, JsonNode allowed) => JsonNode.DeepEquals(value, allowed);

    private static object? Shown(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value;

    /// <summary>The value's path as messages say it: "spec.items[0].name".</summary>
    private string Name
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (name, index) in path)
            {
                if (name is null) text.Append('[').Append(index).Append(']');
                else if (text.Length == 0) text.Append(name);
                else text.Append('.').Append(name);
            }
            return text.ToString();
        }
    }

    private string Field => Prefixed(Name);
    private string FieldOf(string name) => Prefixed(Name is { Length: > 0 } above ? $"{above}.{name}" : name);
    private string Prefixed(string name) => prefix.Length == 0 ? name.Length == 0 ? "<nil>" : name : name.Length == 0 ? prefix : $"{prefix}.{name}";

    private Fault Invalid(object? value, string text)
    {
        var message = $"{Name} in body {text}";
        return new(message, new(FieldErrorType.Invalid, Field, FieldErrors.Show(value), message));
    }
}
