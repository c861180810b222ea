using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>A schema after JSON Schema draft 4, with what OpenAPI and Kubernetes add to it.</summary>
[ApiType]
public sealed partial class JSONSchemaProps
{
    /// <summary>Not supported.</summary>
    [Field(1)]
    public string Id { get; set; } = "";

    /// <summary>Not supported.</summary>
    [Field(2, Name = "$schema")]
    public string SchemaUri { get; set; } = "";

    /// <summary>Not supported.</summary>
    [Field(3, Name = "$ref")]
    public string? Ref { get; set; }

    /// <summary>What the value is, in words.</summary>
    [Field(4)]
    public string Description { get; set; } = "";

    /// <summary>object, array, string, integer, number or boolean.</summary>
    [Field(5)]
    public string Type { get; set; } = "";

    /// <summary>A form that a value has beyond its type: date-time, ipv4, uuid and others. Unknown ones are ignored.</summary>
    [Field(6)]
    public string Format { get; set; } = "";

    /// <summary>A name for people.</summary>
    [Field(7)]
    public string Title { get; set; } = "";

    /// <summary>What an absent value becomes.</summary>
    [Field(8)]
    public SchemaValue? Default { get; set; }

    /// <summary>The highest number.</summary>
    [Field(9)]
    public double? Maximum { get; set; }

    /// <summary>The highest number itself is too high.</summary>
    [Field(10)]
    public bool ExclusiveMaximum { get; set; }

    /// <summary>The lowest number.</summary>
    [Field(11)]
    public double? Minimum { get; set; }

    /// <summary>The lowest number itself is too low.</summary>
    [Field(12)]
    public bool ExclusiveMinimum { get; set; }

    /// <summary>The most characters.</summary>
    [Field(13)]
    public long? MaxLength { get; set; }

    /// <summary>The fewest characters.</summary>
    [Field(14)]
    public long? MinLength { get; set; }

    /// <summary>A regular expression (RE2) that texts match somewhere.</summary>
    [Field(15)]
    public string Pattern { get; set; } = "";

    /// <summary>The most items.</summary>
    [Field(16)]
    public long? MaxItems { get; set; }

    /// <summary>The fewest items.</summary>
    [Field(17)]
    public long? MinItems { get; set; }

    /// <summary>Not supported: lists of the types "set" and "map" hold nothing twice.</summary>
    [Field(18)]
    public bool UniqueItems { get; set; }

    /// <summary>Numbers are multiples of it.</summary>
    [Field(19)]
    public double? MultipleOf { get; set; }

    /// <summary>The values that are allowed.</summary>
    [Field(20), ListType("atomic")]
    public List<SchemaValue>? Enum { get; set; }

    /// <summary>The most entries of an object.</summary>
    [Field(21)]
    public long? MaxProperties { get; set; }

    /// <summary>The fewest entries of an object.</summary>
    [Field(22)]
    public long? MinProperties { get; set; }

    /// <summary>Properties that must be there.</summary>
    [Field(23), ListType("atomic")]
    public List<string>? Required { get; set; }

    [Field(24)]
    public SchemaOrArray? Items { get; set; }

    /// <summary>Every one of these holds as well.</summary>
    [Field(25), ListType("atomic")]
    public List<JSONSchemaProps>? AllOf { get; set; }

    /// <summary>Exactly one of these holds.</summary>
    [Field(26), ListType("atomic")]
    public List<JSONSchemaProps>? OneOf { get; set; }

    /// <summary>At least one of these holds.</summary>
    [Field(27), ListType("atomic")]
    public List<JSONSchemaProps>? AnyOf { get; set; }

    [Field(28)]
    public JSONSchemaProps? Not { get; set; }

    /// <summary>An object's properties by name.</summary>
    [Field(29)]
    public Dictionary<string, JSONSchemaProps>? Properties { get; set; }

    [Field(30)]
    public SchemaOrBool? AdditionalProperties { get; set; }

    /// <summary>Not supported.</summary>
    [Field(31)]
    public Dictionary<string, JSONSchemaProps>? PatternProperties { get; set; }

    /// <summary>Not supported.</summary>
    [Field(32)]
    public Dictionary<string, SchemaOrStrings>? Dependencies { get; set; }

    [Field(33)]
    public SchemaOrBool? AdditionalItems { get; set; }

    /// <summary>Not supported.</summary>
    [Field(34)]
    public Dictionary<string, JSONSchemaProps>? Definitions { get; set; }

    [Field(35)]
    public ExternalDocumentation? ExternalDocs { get; set; }

    [Field(36)]
    public SchemaValue? Example { get; set; }

    /// <summary>The value may be null.</summary>
    [Field(37, Name = "nullable")]
    public bool IsNullable { get; set; }

    /// <summary>Fields that are not named here are kept.</summary>
    [Field(38, Name = "x-kubernetes-preserve-unknown-fields")]
    public bool? PreserveUnknownFields { get; set; }

    /// <summary>The value is a whole object of some kind, with apiVersion, kind and metadata.</summary>
    [Field(39, Name = "x-kubernetes-embedded-resource")]
    public bool EmbeddedResource { get; set; }

    /// <summary>The value is a whole number or a text.</summary>
    [Field(40, Name = "x-kubernetes-int-or-string")]
    public bool IntOrString { get; set; }

    /// <summary>The properties that tell items of a list of the type "map" apart.</summary>
    [Field(41, Name = "x-kubernetes-list-map-keys"), ListType("atomic")]
    public List<string>? ListMapKeys { get; set; }

    /// <summary>How a list merges: atomic, set or map.</summary>
    [Field(42, Name = "x-kubernetes-list-type")]
    public string? ListType { get; set; }

    /// <summary>How an object merges: granular or atomic.</summary>
    [Field(43, Name = "x-kubernetes-map-type")]
    public string? MapType { get; set; }

    /// <summary>Rules in CEL.</summary>
    [Field(44, Name = "x-kubernetes-validations"), ListType("map", "rule"), Patch("merge", MergeKey = "rule")]
    public List<ValidationRule>? Validations { get; set; }
}

/// <summary>A rule in CEL that a value obeys.</summary>
[ApiType]
public sealed partial class ValidationRule
{
    /// <summary>The rule: "self" is the value, "oldSelf" what it was before a change.</summary>
    [Field(1), Required]
    public string Rule { get; set; } = "";

    /// <summary>What clients are told when it does not hold.</summary>
    [Field(2)]
    public string Message { get; set; } = "";

    /// <summary>An expression that makes the message.</summary>
    [Field(3)]
    public string MessageExpression { get; set; } = "";

    /// <summary>FieldValueInvalid, FieldValueForbidden, FieldValueRequired or FieldValueDuplicate.</summary>
    [Field(4)]
    public string? Reason { get; set; }

    /// <summary>The field that the error is about, as a path from the value on.</summary>
    [Field(5)]
    public string FieldPath { get; set; } = "";

    /// <summary>The rule is checked where there is no old value too, and sees oldSelf as an optional.</summary>
    [Field(6)]
    public bool? OptionalOldSelf { get; set; }
}

/// <summary>Where more is to be read.</summary>
[ApiType]
public sealed partial class ExternalDocumentation
{
    /// <summary>What is there.</summary>
    [Field(1)]
    public string Description { get; set; } = "";

    /// <summary>Its address.</summary>
    [Field(2)]
    public string Url { get; set; } = "";
}
