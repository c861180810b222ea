namespace Coracle.Schema;

// What a property of a kind can say beyond its C# type. The type itself says most:
//   string, int, long, double, bool      a value; omitted when zero, unless Required
//   T?                                    may be absent, which differs from zero
//   SomeType (not nullable)               always written, as {} when empty
//   List<T>?, Dictionary<string, T>?      omitted when empty, unless Required
//   DateTimeOffset?                       RFC 3339 with seconds; with [MicroTime] microseconds
//   Quantity, IntOrString, RawJson, byte[]

/// <summary>The field's number in the protobuf encoding, and its JSON name where that is not the property's name with a small first letter.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(int number = 0) : Attribute
{
    public int Number { get; } = number;
    public string? Name { get; set; }

    /// <summary>Written even when empty, without being required in the published schema.</summary>
    public bool Always { get; set; }

    /// <summary>Left out when empty, where it would otherwise always be written: a non-nullable object, or a required field that upstream omits all the same.</summary>
    public bool OmitZero { get; set; }
}

/// <summary>Listed as required in the published schema, and always written unless the field says OmitZero.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>The value that an absent field takes. For kinds of our own the published schema shows it too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute : Attribute
{
    public DefaultAttribute(string value) => Json = Quote(value);
    public DefaultAttribute(long value) => Json = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    public DefaultAttribute(bool value) => Json = value ? "true" : "false";

    /// <summary>The default as JSON text.</summary>
    public string Json { get; }

    /// <summary>Published in the OpenAPI of a built-in kind as well (upstream's +default marker).</summary>
    public bool Published { get; set; }

    /// <summary>The schema shows this default, but nothing is filled in by it.</summary>
    public bool PublishedOnly { get; set; }

    private static string Quote(string value) => "\"" + System.Text.Encodings.Web.JavaScriptEncoder.Default.Encode(value) + "\"";
}

/// <summary>The values a string may have; anything else is "Unsupported value".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    public string[] Values { get; } = values;
}

/// <summary>How a list merges under server-side apply: "atomic", "set", or "map" with its keys.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListTypeAttribute(string type, params string[] keys) : Attribute
{
    public string Type { get; } = type;
    public string[] Keys { get; } = keys;
}

/// <summary>How a field merges under a strategic merge patch: "merge", "replace", "retainKeys", or "merge,retainKeys".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatchAttribute(string strategy) : Attribute
{
    public string Strategy { get; } = strategy;
    public string? MergeKey { get; set; }
}

/// <summary>The map or object in this field is owned and replaced as one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtomicAttribute : Attribute;

/// <summary>The fields of the map or object in this field are owned one by one, even where its type is atomic elsewhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GranularAttribute : Attribute;

/// <summary>A discriminated union, published as x-kubernetes-unions on the type: the discriminator's JSON name (or none) and its members.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class UnionAttribute(string? discriminator, params string[] members) : Attribute
{
    public string? Discriminator { get; } = discriminator;

    /// <summary>Pairs "jsonName=DiscriminatorValue".</summary>
    public string[] Members { get; } = members;
}

/// <summary>A time in microseconds: 2006-01-02T15:04:05.000000Z.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MicroTimeAttribute : Attribute;

/// <summary>The OpenAPI format of a string or number where the C# type does not say it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormatAttribute(string format) : Attribute
{
    public string Format { get; } = format;
}

/// <summary>Bounds: of a number its value, of a string its length, of a list its count.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeAttribute : Attribute
{
    public long Min { get; set; } = long.MinValue;
    public long Max { get; set; } = long.MaxValue;
}

/// <summary>A regular expression (RE2 syntax) that a string must match.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string expression) : Attribute
{
    public string Expression { get; } = expression;
}

/// <summary>A rule in CEL on a type or a field: x-kubernetes-validations.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RuleAttribute(string expression) : Attribute
{
    public string Expression { get; } = expression;
    public string? Message { get; set; }
    public string? MessageExpression { get; set; }
    public string? Reason { get; set; }
    public string? FieldPath { get; set; }
    public bool OptionalOldSelf { get; set; }
}

/// <summary>A column of `kubectl get`, read from the object by a JSON path. Kinds with computed cells override <see cref="KindRules.Columns"/> instead.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    /// <summary>"string", "integer", "number", "boolean" or "date".</summary>
    public string Type { get; } = type;
    public string JsonPath { get; } = jsonPath;
    public string Description { get; set; } = "";

    /// <summary>0 is shown always; higher ones with -o wide.</summary>
    public int Priority { get; set; }
    public string? Format { get; set; }
}
