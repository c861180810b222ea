using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema.Cel;

namespace Coracle.Schema;

/// <summary>What the schema of a custom resource demands of a value. Its properties and items are those of the node that has the checks.</summary>
public sealed class ValueChecks
{
    /// <summary>"string", "integer" and the like; none: any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>A format that is known and checked; null for none.</summary>
    public string? Format { get; init; }
    public double? Maximum { get; init; }
    public double? Minimum { get; init; }
    public bool ExclusiveMaximum { get; init; }
    public bool ExclusiveMinimum { get; init; }
    public double? MultipleOf { get; init; }
    public long? MaxLength { get; init; }
    public long? MinLength { get; init; }
    public string? Pattern { get; init; }
    public long? MaxItems { get; init; }
    public long? MinItems { get; init; }
    public long? MaxProperties { get; init; }
    public long? MinProperties { get; init; }
    public IReadOnlyList<string> Required { get; init; } = [];
    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];
    public IReadOnlyList<SchemaNode> AllOf { get; init; } = [];
    public IReadOnlyList<SchemaNode> AnyOf { get; init; } = [];
    public IReadOnlyList<SchemaNode> OneOf { get; init; } = [];
    public SchemaNode? Not { get; init; }

    internal bool HasAlternatives => AnyOf.Count > 0 || OneOf.Count > 0 || AllOf.Count > 0 || Not is not null;

    /// <summary>There may be no properties that are not named (additionalProperties: false).</summary>
    public bool Closed { get; init; }

    internal bool HasType(JsonValueKind kind) => (kind switch
    {
        JsonValueKind.Object => ValueTypes.Object,
        JsonValueKind.Array => ValueTypes.Array,
        JsonValueKind.String => ValueTypes.String,
        JsonValueKind.True or JsonValueKind.False => ValueTypes.Boolean,
        _ => ValueTypes.None,
    } & Known) != 0;

    /// <summary>The types as bits.</summary>
    private ValueTypes Known => known ??= TypesOf();
    private ValueTypes? known;

    private ValueTypes TypesOf()
    {
        var all = ValueTypes.None;
        foreach (var type in Types)
            all |= type switch { "object" => ValueTypes.Object, "array" => ValueTypes.Array, "string" => ValueTypes.String, "boolean" => ValueTypes.Boolean, _ => ValueTypes.None };
        return all;
    }

    [Flags]
    private enum ValueTypes { None = 0, Object = 1, Array = 2, String = 4, Boolean = 8 }

    /// <summary>Names to go through without an enumerator.</summary>
    internal string[] RequiredNames => requiredNames ??= [.. Required];
    private string[]? requiredNames;

    /// <summary>The values of an enumeration that are texts.</summary>
    internal string[] EnumTexts => enumTexts ??= [.. Enum.Select(value => value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : null).OfType<string>()];
    private string[]? enumTexts;

    /// <summary>There is nothing but a type: one of those that all definitions share.</summary>
    internal bool IsTypeAlone => ReferenceEquals(this, OfType(Types.Count == 1 ? Types[0] : ""));

    /// <summary>The pattern, compiled when first needed; null where it is none.</summary>
    internal GoRegex? Expression => expression ??= GoRegex.TryCompile(Pattern!, out var compiled, out _) ? compiled : null;
    private GoRegex? expression;

    /// <summary>Checks of a type alone: shared, as most values have no others.</summary>
    public static ValueChecks OfType(string type) => type switch
    {
        "string" => String,
        "integer" => Integer,
        "number" => Number,
        "boolean" => Boolean,
        "object" => Object,
        "array" => Array,
        "" => None,
        _ => new() { Types = [type] },
    };

    public static ValueChecks None { get; } = new();
    private static readonly ValueChecks String = new() { Types = ["string"] };
    private static readonly ValueChecks Integer = new() { Types = ["integer"] };
    private static readonly ValueChecks Number = new() { Types = ["number"] };
    private static readonly ValueChecks Boolean = new() { Types = ["boolean"] };
    private static readonly ValueChecks Object = new() { Types = ["object"] };
    private static readonly ValueChecks Array = new() { Types = ["array"] };
    internal static readonly ValueChecks IntegerOrString = new() { Types = ["integer", "string"] };
}
