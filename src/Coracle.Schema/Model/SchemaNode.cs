using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>What a JSON value may be at one place.</summary>
public enum SchemaType
{
    /// <summary>An object with named properties.</summary>
    Object,

    /// <summary>An object with any keys and one schema for the values.</summary>
    Map,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,

    /// <summary>A resource quantity: a string or a number on the wire.</summary>
    Quantity,

    /// <summary>Anything, kept as it came.</summary>
    Any,
}

/// <summary>
/// The schema of a value: one tree for built-in kinds and custom resources alike, from which decoding, pruning, defaulting, validation,
/// merging and publishing all read. Immutable once built; types refer to each other lazily, so they may be recursive.
/// </summary>
public sealed class SchemaNode
{
    public required SchemaType Type { get; init; }

    /// <summary>"int32", "int64", "double", "date-time", "micro-time", "byte", or a format of a custom resource.</summary>
    public string? Format { get; init; }

    /// <summary>The name under which an object type is published: "io.k8s.api.apps.v1.DeploymentSpec".</summary>
    public string? Definition { get; init; }
    public string Description { get; init; } = "";

    /// <summary>For <see cref="SchemaType.Object"/>, in the order in which they are written.</summary>
    public IReadOnlyList<SchemaProperty> Properties { get; init; } = [];

    /// <summary>The same to go through quickly: every write passes here many times.</summary>
    internal SchemaProperty[] Fields => fields ??= [.. Properties];
    private SchemaProperty[]? fields;

    /// <summary>The schema of an array's items or a map's values.</summary>
    public SchemaNode? Items { get => items ??= ItemsSource?.Invoke(); init => items = value; }
    public Func<SchemaNode>? ItemsSource { private get; init; }
    private SchemaNode? items;

    /// <summary>"atomic", "set" or "map"; null means atomic under apply, and "not said" where published.</summary>
    public string? ListType { get; init; }
    public IReadOnlyList<string> ListKeys { get; init; } = [];

    /// <summary>The object or map is owned and replaced as one.</summary>
    public bool Atomic { get; init; }

    /// <summary>The field says of an object or map that its fields are owned one by one, though the type may say otherwise.</summary>
    public bool Granular { get; init; }

    /// <summary>The type as it is by itself, where this is how one field uses it.</summary>
    public SchemaNode Unrefined { get => unrefined ?? this; private init => unrefined = value; }
    private readonly SchemaNode? unrefined;

    /// <summary>Unknown fields are kept below here (x-kubernetes-preserve-unknown-fields).</summary>
    public bool PreserveUnknown { get; init; }

    /// <summary>What is here is written with its fields in the order in which they came, as upstream does with embedded JSON of built-in kinds.</summary>
    public bool Verbatim { get; init; }

    /// <summary>A whole API object is embedded here: apiVersion, kind and metadata are known fields (x-kubernetes-embedded-resource).</summary>
    public bool EmbeddedResource { get; init; }
    public bool Nullable { get; init; }

    public IReadOnlyList<string>? Enum { get; init; }
    public string? Pattern { get; init; }

    /// <summary>
    /// What a value of a custom resource must be, its type included; null in built-in kinds. Decoding keeps what does not fit such a node, for validation to refuse.
    /// </summary>
    public ValueChecks? Checks { get; init; }

    /// <summary>Where a value may be of several types: the schema of one that is an object.</summary>
    public SchemaNode? WhenObject => whenObject ??= WhenObjectSource?.Invoke();
    public Func<SchemaNode>? WhenObjectSource { private get; init; }
    private SchemaNode? whenObject;

    /// <summary>JSON text of what takes the place of a null as an item of a list or map; null for none.</summary>
    public string? NullDefault { get; init; }

    /// <summary>What is published of a schema that is not this node's but the user's own: JSON, of the second edition of OpenAPI (true) or the third.</summary>
    public Func<bool, byte[]>? Published { get; init; }

    /// <summary>Published without a type: a value of more than one.</summary>
    public bool Untyped { get; init; }

    /// <summary>Bounds of a number's value, a string's length or an array's count.</summary>
    public double? Minimum { get; init; }
    public double? Maximum { get; init; }
    public IReadOnlyList<SchemaRule> Rules { get; init; } = [];
    public IReadOnlyList<SchemaUnion> Unions { get; init; } = [];

    /// <summary>Group, version and kind of a type that is a kind's root or is sent on its own; published as x-kubernetes-group-version-kind.</summary>
    public IReadOnlyList<GroupVersionKind> GroupVersionKinds { get; init; } = [];

    /// <summary>How objects of this type are written in protobuf.</summary>
    internal ProtobufPlan Protobuf => protobuf ??= ProtobufPlan.Of(this);
    private ProtobufPlan? protobuf;

    /// <summary>Whether anything at or below this node has a default, so that walks can pass by what has none.</summary>
    internal bool HasDefaults => hasDefaults ??= FindDefaults([]);
    private bool? hasDefaults;

    /// <summary>The properties that have a default, or whose values have some.</summary>
    internal SchemaProperty[] DefaultedFields => defaultedFields ??= System.Array.FindAll(Fields, p => p.Default is not null || p.Node.HasDefaults);
    private SchemaProperty[]? defaultedFields;

    /// <summary>Places in <see cref="Fields"/> of what is written even when it is absent.</summary>
    internal int[] AlwaysWritten => alwaysWritten ??= [.. Enumerable.Range(0, Fields.Length).Where(i => Fields[i].Presence == Presence.Always)];
    private int[]? alwaysWritten;

    /// <summary>An object without content: with the fields that are always there. Shared: not to be changed, and parsed to the last so that many may read it at once.</summary>
    internal JsonObject Zero => zero ??= (JsonObject)Decoder.DecodeTree(Encoder.Encode([], this)).Value!;
    private JsonObject? zero;

    private bool FindDefaults(HashSet<SchemaNode> above)
    {
        if (hasDefaults is { } known) return known;
        if (!above.Add(this)) return false;
        var found = NullDefault is not null || (Items?.FindDefaults(above) ?? false) || (WhenObject?.FindDefaults(above) ?? false);
        foreach (var property in Properties)
            found = found || property.Default is not null || property.Node.FindDefaults(above);
        above.Remove(this);
        return found;
    }

    /// <summary>Whether there are rules at or below this node of a custom resource.</summary>
    internal bool HasRules => hasRules ??= Rules.Count > 0 || Items is { Checks: not null, HasRules: true } || Properties.Any(p => p.Node is { Checks: not null, HasRules: true });
    private bool? hasRules;

    /// <summary>Whether there are lists at or below this node of a custom resource that hold nothing twice.</summary>
    internal bool HasSets => hasSets ??= ListType is "set" or "map" || Items is { Checks: not null, HasSets: true } || Properties.Any(p => p.Node is { Checks: not null, HasSets: true });
    private bool? hasSets;

    /// <summary>Whether there are whole objects at or below this node of a custom resource.</summary>
    public bool HasEmbedded => hasEmbedded ??= EmbeddedResource || Items is { Checks: not null, HasEmbedded: true } || Properties.Any(p => p.Node is { Checks: not null, HasEmbedded: true });
    private bool? hasEmbedded;

    /// <summary>The rules of this node, compiled when first needed.</summary>
    internal RuleSet RuleSet(bool root) => ruleSet ??= Schema.RuleSet.Of(this, root);
    private RuleSet? ruleSet;

    /// <summary>The property of this name, or null.</summary>
    public SchemaProperty? Property(string name) => IndexOf(name) is >= 0 and var at ? Fields[at] : null;

    /// <summary>The place of a property in <see cref="Fields"/>, or -1.</summary>
    internal int IndexOf(string name) => (byName ??= Index()).TryGetValue(name, out var at) ? at : -1;

    /// <summary>The property of this name, or null, without making a string of it.</summary>
    public SchemaProperty? Property(ReadOnlySpan<byte> utf8Name)
    {
        foreach (var property in Fields)
            if (utf8Name.SequenceEqual(property.Utf8Name))
                return property;
        return null;
    }

    /// <summary>This object type as one field uses it: with what the field says on top of the type.</summary>
    public SchemaNode Refined(bool atomic = false, IReadOnlyList<SchemaRule>? rules = null, bool granular = false) => new()
    {
        Type = Type,
        Format = Format,
        Definition = Definition,
        Description = Description,
        Properties = Properties,
        items = items,
        ItemsSource = ItemsSource,
        ListType = ListType,
        ListKeys = ListKeys,
        Atomic = (Atomic || atomic) && !granular,
        Granular = granular,
        Unrefined = Unrefined,
        PreserveUnknown = PreserveUnknown,
        Verbatim = Verbatim,
        EmbeddedResource = EmbeddedResource,
        Checks = Checks,
        WhenObjectSource = WhenObjectSource,
        NullDefault = NullDefault,
        Untyped = Untyped,
        Nullable = Nullable,
        Enum = Enum,
        Pattern = Pattern,
        Minimum = Minimum,
        Maximum = Maximum,
        Rules = rules is null ? Rules : [.. Rules, .. rules],
        Unions = Unions,
        GroupVersionKinds = GroupVersionKinds,
    };

    private Dictionary<string, int>? byName;

    private Dictionary<string, int> Index()
    {
        var index = new Dictionary<string, int>(Fields.Length, StringComparer.Ordinal);
        for (var i = 0; i < Fields.Length; i++) index.Add(Fields[i].Name, i);
        return index;
    }
}

/// <summary>When a property without content is left out of what is written. Follows what Go's encoder does with upstream's types.</summary>
public enum Presence
{
    /// <summary>Left out only when absent or null (upstream: a pointer with omitempty; every field of a custom resource).</summary>
    WhenSet,

    /// <summary>Left out when zero: "", 0, false, an empty list or map (upstream: a value with omitempty).</summary>
    WhenNotEmpty,

    /// <summary>Always there: as "", 0, false, {} or, for lists and maps, null (upstream: no omitempty, or an embedded struct).</summary>
    Always,
}

/// <summary>One named field of an object.</summary>
public sealed class SchemaProperty
{
    /// <summary>A field whose schema is looked up when first needed, so that types may refer to each other.</summary>
    public SchemaProperty(string name, Func<SchemaNode> node) : this(name) => source = node;

    public SchemaProperty(string name, SchemaNode node) : this(name) => this.node = node;

    private SchemaProperty(string name)
    {
        Name = name;
        Utf8Name = System.Text.Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }
    public byte[] Utf8Name { get; }
    public SchemaNode Node => node ??= source!();
    private readonly Func<SchemaNode>? source;
    private SchemaNode? node;

    public string Description { get; init; } = "";

    /// <summary>The protobuf field number; 0 where there is none.</summary>
    public int Number { get; init; }
    public bool Required { get; init; }
    public Presence Presence { get; init; }

    /// <summary>The Go field is a pointer, so null and zero differ; published schemas then show no zero default.</summary>
    public bool Pointer { get; init; }

    /// <summary>JSON text of the value that fills an absent field, or null.</summary>
    public string? Default { get; init; }

    /// <summary>JSON text of a default that is published but not the zero value's, or null.</summary>
    public string? PublishedDefault { get; init; }

    public string? PatchStrategy { get; init; }
    public string? PatchMergeKey { get; init; }

    /// <summary>A fresh copy of the default.</summary>
    public JsonNode? NewDefault() => Default is null ? null : (parsedDefault ??= ApiJson.ParseTree(Default))?.DeepClone();
    private JsonNode? parsedDefault;
}

/// <summary>A CEL rule: x-kubernetes-validations.</summary>
public sealed record SchemaRule(string Expression, string? Message, string? MessageExpression, string? Reason, string? FieldPath, bool OptionalOldSelf);

/// <summary>A discriminated union as published: discriminator (or null) and field name to discriminator value.</summary>
public sealed record SchemaUnion(string? Discriminator, IReadOnlyList<KeyValuePair<string, string>> Members);

public readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary>"apps/v1", or "v1" for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
    public override string ToString() => $"{ApiVersion}, Kind={Kind}";
}
