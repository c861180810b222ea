namespace Coracle.Schema;

/// <summary>Marks a class as an API kind. The generator gives it a schema, a serializer, a deep copy and a <see cref="KindInfo"/>.</summary>
/// <param name="apiVersion">Group and version, "apps/v1"; the core group has none: "v1".</param>
/// <param name="kind">The kind's name, "Deployment".</param>
/// <param name="plural">The resource's name in paths, "deployments".</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KindAttribute(string apiVersion, string kind, string plural) : Attribute
{
    public string ApiVersion { get; } = apiVersion;
    public string Kind { get; } = kind;
    public string Plural { get; } = plural;

    /// <summary>Name in singular; the kind in lower case when not given.</summary>
    public string? Singular { get; set; }
    public string[] ShortNames { get; set; } = [];
    public string[] Categories { get; set; } = [];

    /// <summary>False for kinds that live outside namespaces.</summary>
    public bool Namespaced { get; set; } = true;

    /// <summary>The kind has a status sub-resource: writes of the object keep the status and the other way round.</summary>
    public bool Status { get; set; }

    /// <summary>The kind has a scale sub-resource.</summary>
    public bool Scale { get; set; }

    /// <summary>Verbs, when not all eight of a stored kind. Reviews, which are answered and never stored, have "create" alone.</summary>
    public string[] Verbs { get; set; } = [];

    /// <summary>Fields that a field selector may name besides metadata.name and metadata.namespace: "spec.nodeName", or "name=path" where they differ; "name=a|b" is the value at b where there is none at a.</summary>
    public string[] Selectable { get; set; } = [];

    /// <summary>A <see cref="KindRules{T}"/> with what the schema cannot say: computed defaults, cross-field validation, table rows.</summary>
    public Type? Rules { get; set; }

    /// <summary>A PUT without a resourceVersion replaces whatever is there, as upstream's AllowUnconditionalUpdate.</summary>
    public bool UnconditionalUpdate { get; set; } = true;

    /// <summary>metadata.generation counts changes outside metadata and status.</summary>
    public bool Generation { get; set; }

    /// <summary>A deletion answers with the object as it last was, rather than with a Status.</summary>
    public bool ReturnDeleted { get; set; }

    /// <summary>A PUT of a name that does not exist creates it, as upstream's AllowCreateOnUpdate.</summary>
    public bool CreateOnUpdate { get; set; }
}

/// <summary>Marks a class that is a part of a kind.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ApiTypeAttribute : Attribute
{
    /// <summary>The whole object is replaced by patches and owned as one: upstream's map type "atomic".</summary>
    public bool Atomic { get; set; }

    /// <summary>The name in published definitions, where it does not follow from the namespace.</summary>
    public string? Definition { get; set; }
}

/// <summary>Says under which package the definitions of a namespace are published: "Coracle.Kinds.Apps.V1" as "io.k8s.api.apps.v1".</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DefinitionPackageAttribute(string @namespace, string package) : Attribute
{
    public string Namespace { get; } = @namespace;
    public string Package { get; } = package;
}
