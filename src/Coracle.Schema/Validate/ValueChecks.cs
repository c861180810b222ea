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

    /// <summary>There may be no properties that are not named (additionalProperties: false).</summary>
    public bool Closed { get; init; }

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
